#include "tfsdk/engine/validate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace tfsdk {
namespace {

class ConfigValidator {
 public:
  ConfigValidator(const Value& root, Diagnostics& diagnostics, bool write_only_allowed)
      : root_(&root), diagnostics_(diagnostics), write_only_allowed_(write_only_allowed) {}

  void Schema(const tfsdk::Schema& schema, const Value& object, const Path& path) {
    if (!object.HasValue()) return;
    enclosing_.push_back(&object);
    for (const Attribute& attribute : schema.attributes) One(attribute, object, path.At(attribute.name));
    for (const Block& block : schema.blocks) Repeat(block, object, path.At(block.name));
    Judge(schema.rules, object, object, path, "Invalid combination of arguments");
    enclosing_.pop_back();
  }

 private:
  void Nested(const NestedObject& nested, const Value& written, const Path& path) {
    if (!written.IsKnown()) return;
    // An element that is null is an object without attributes: what it must have is missing.
    const Value object = written.IsNull() ? NullsOf(written.type()) : written;
    enclosing_.push_back(&object);
    for (const Attribute& attribute : nested.attributes) One(attribute, object, path.At(attribute.name));
    Judge(nested.rules, object, object, path, "Invalid combination of arguments");
    enclosing_.pop_back();
  }

  static Value NullsOf(const Type& type) {
    std::vector<Value> nulls;
    for (const auto& [name, inner] : type.attributes()) nulls.push_back(Value::Null(inner));
    return Value::Object(type, std::move(nulls));
  }

  // `object` is the innermost of enclosing_.
  void Judge(const std::vector<Validator>& rules, const Value& value, const Value& object, const Path& path,
             absl::string_view summary) {
    if (rules.empty()) return;
    const Surroundings around{object, *root_, path, enclosing_, write_only_allowed_};
    for (const Validator& rule : rules) {
      const absl::Status said = rule(value, around);
      diagnostics_.AddStatus(summary, set_.has_value() ? At(*set_, WithoutPath(said)) : Inside(path, said));
    }
  }

  // Says that something is wrong at `path`, or with the set that it is in.
  void Say(std::string summary, std::string detail, const Path& path) {
    diagnostics_.AddError(std::move(summary), std::move(detail), set_.value_or(path));
  }

  void One(const Attribute& attribute, const Value& object, const Path& path) {
    const Value& value = object.attribute(attribute.name);
    if (value.IsKnown() && value.IsNull() && attribute.mode == Mode::kRequired) {
      Say("Missing required argument",
          absl::StrCat("The argument ", path.ToString(), " is required, but has no value."), path);
      return;
    }
    if (!attribute.IsSettable()) {
      if (!value.IsKnown() || !value.IsNull()) {
        Say("Invalid configuration",
            absl::StrCat(path.ToString(), " is decided by the provider and cannot be set."), path);
      }
      return;
    }
    Judge(attribute.validators, value, object, path, absl::StrCat("Invalid value for ", attribute.name));
    if (attribute.nested != nullptr) {
      Each(value, path,
           [&](const Value& element, const Path& at) { Nested(*attribute.nested, element, at); });
    }
  }

  void Repeat(const Block& block, const Value& object, const Path& path) {
    const Value& value = object.attribute(block.name);
    if (!value.HasValue()) {
      if (value.IsKnown() && block.min_items > 0) Count(block, 0, path);
    } else if (block.nesting == Nesting::kList || block.nesting == Nesting::kSet) {
      Count(block, static_cast<int64_t>(value.elements().size()), path);
    }
    Judge(block.validators, value, object, path, absl::StrCat("Invalid block ", block.name));
    Each(value, path, [&](const Value& element, const Path& at) { Schema(block.schema, element, at); });
  }

  void Count(const Block& block, int64_t count, const Path& path) {
    if (count < block.min_items) {
      Say("Missing block", absl::StrCat("At least ", block.min_items, " ", block.name, " required."), path);
    }
    if (block.max_items != 0 && count > block.max_items) {
      Say("Too many blocks", absl::StrCat("At most ", block.max_items, " ", block.name, " allowed."), path);
    }
  }

  // Calls `visit` for each object in `value`: itself, or the elements of a collection. Elements of a set have
  // no key, so what is wrong with one is said of the set.
  template <class Visit>
  void Each(const Value& value, const Path& path, const Visit& visit) {
    if (!value.HasValue()) return;
    if (value.type().kind() == Type::Kind::kObject) return visit(value, path);
    enclosing_.push_back(&value);
    switch (value.type().kind()) {
      case Type::Kind::kList:
      case Type::Kind::kTuple:
        for (size_t i = 0; i < value.elements().size(); ++i) {
          visit(value.elements()[i], path.AtIndex(static_cast<int64_t>(i)));
        }
        break;
      case Type::Kind::kSet:
        InSet(value, path, visit);
        break;
      case Type::Kind::kMap:
        for (const auto& [key, element] : value.entries()) visit(element, path.AtKey(key));
        break;
      default:
        break;
    }
    enclosing_.pop_back();
  }

  template <class Visit>
  void InSet(const Value& set, const Path& path, const Visit& visit) {
    const bool outermost = !set_.has_value();
    if (outermost) set_ = path;
    for (const Value& element : set.elements()) visit(element, path);
    if (outermost) set_.reset();
  }

  const Value* root_;
  Diagnostics& diagnostics_;
  const bool write_only_allowed_;
  std::optional<Path> set_;              // the outermost set that is being looked into: no path leads further
  std::vector<const Value*> enclosing_;  // from the root to the object whose attributes are being looked at
};

}  // namespace

void ValidateConfig(const Schema& schema, const Value& config, Diagnostics& diagnostics,
                    bool write_only_allowed) {
  if (config.IsKnown() && config.IsNull()) {
    diagnostics.AddError("Invalid configuration", "The configuration is null, where an object is required.");
    return;
  }
  ConfigValidator(config, diagnostics, write_only_allowed).Schema(schema, config, Path());
}

std::optional<Path> FirstUnknown(const Value& value) {
  if (!value.IsKnown()) return Path();
  if (value.IsNull() || value.type().IsPrimitive()) return std::nullopt;
  if (value.type().kind() == Type::Kind::kMap) {
    for (const auto& [key, element] : value.entries()) {
      if (const auto inner = FirstUnknown(element)) return Path().AtKey(key).Then(*inner);
    }
    return std::nullopt;
  }
  const bool object = value.type().kind() == Type::Kind::kObject;
  const bool set = value.type().kind() == Type::Kind::kSet;
  for (size_t i = 0; i < value.elements().size(); ++i) {
    const auto inner = FirstUnknown(value.elements()[i]);
    if (!inner.has_value()) continue;
    if (set) return Path();  // no path leads to an element of it
    const Path outer =
        object ? Path(value.type().attributes()[i].first) : Path().AtIndex(static_cast<int64_t>(i));
    return outer.Then(*inner);
  }
  return std::nullopt;
}

}  // namespace tfsdk
