#include <algorithm>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tfsdk/protocol/data_files.h"

namespace tfsdk::protocol {
namespace {

std::string Quote(absl::string_view text) {
  return nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// What is known of the parts of one object: its attributes, and its blocks.
struct Parts {
  const std::vector<Attribute>* attributes = nullptr;
  const std::vector<Block>* blocks = nullptr;
};

class Printer {
 public:
  std::string Print(const Value& value, const Parts& parts) {
    Write(value, parts, 0);
    out_ += "\n";
    return std::move(out_);
  }

 private:
  template <class Items, class Each>
  void Bracket(const char* brackets, const Items& items, int depth, Each each) {
    out_ += brackets[0];
    bool first = true;
    for (const auto& item : items) {
      absl::StrAppend(&out_, first ? "\n" : ",\n", std::string(static_cast<size_t>(depth) * 2 + 2, ' '));
      first = false;
      each(item);
    }
    if (!first) absl::StrAppend(&out_, "\n", std::string(static_cast<size_t>(depth) * 2, ' '));
    out_ += brackets[1];
  }

  // A collection hands `parts` on to its elements: a schema describes those.
  void Write(const Value& value, const Parts& parts, int depth) {
    if (!value.IsKnown()) {
      out_ += Quote("(unknown)");
      return;
    }
    if (value.IsNull()) {
      out_ += "null";
      return;
    }
    switch (value.type().kind()) {
      case Type::Kind::kBool:
        out_ += value.AsBool() ? "true" : "false";
        return;
      case Type::Kind::kNumber:
        out_ += value.AsNumber().ToString();
        return;
      case Type::Kind::kString:
        out_ += Quote(value.AsString());
        return;
      case Type::Kind::kMap:
        return Bracket("{}", value.entries(), depth, [&](const Value::Entry& entry) {
          absl::StrAppend(&out_, Quote(entry.first), ": ");
          Write(entry.second, parts, depth + 1);
        });
      case Type::Kind::kObject: {
        size_t i = 0;
        return Bracket("{}", value.type().attributes(), depth, [&](const Type::Attribute& attribute) {
          absl::StrAppend(&out_, Quote(attribute.first), ": ");
          WriteAttribute(attribute.first, value.elements()[i++], parts, depth + 1);
        });
      }
      default:
        return Bracket("[]", value.elements(), depth,
                       [&](const Value& element) { Write(element, parts, depth + 1); });
    }
  }

  void WriteAttribute(const std::string& name, const Value& value, const Parts& parts, int depth) {
    const auto named = [&](const auto& part) { return part.name == name; };
    if (parts.attributes != nullptr) {
      const auto attribute = std::find_if(parts.attributes->begin(), parts.attributes->end(), named);
      if (attribute != parts.attributes->end()) {
        if ((attribute->sensitive || attribute->write_only) && value.HasValue()) {
          out_ += Quote(attribute->write_only ? "(write-only)" : "(sensitive)");
          return;
        }
        return Write(
            value, {attribute->nested == nullptr ? nullptr : &attribute->nested->attributes, nullptr}, depth);
      }
    }
    if (parts.blocks != nullptr) {
      const auto block = std::find_if(parts.blocks->begin(), parts.blocks->end(), named);
      if (block != parts.blocks->end())
        return Write(value, {&block->schema.attributes, &block->schema.blocks}, depth);
    }
    // Inside an attribute of object type, whose parts have no flags of their own.
    Write(value, {}, depth);
  }

  std::string out_;
};

}  // namespace

std::string ReadableJson(const Value& value, const Schema* schema) {
  if (value.IsNull()) return "null\n";
  if (schema == nullptr) return Quote("(masked)") + "\n";
  return Printer().Print(value, {&schema->attributes, &schema->blocks});
}

}  // namespace tfsdk::protocol
