#include "tfsdk/engine/deprecations.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tfsdk/path.h"

namespace tfsdk {
namespace {

using Visit = std::function<void(const Value& object, const Path& path)>;

// Calls `visit` for each object in `value`: itself, or the elements of a collection.
void Each(const Value& value, const Path& path, const Visit& visit) {
  if (!value.HasValue()) return;
  if (value.type().kind() == Type::Kind::kObject) return visit(value, path);
  if (value.type().kind() == Type::Kind::kMap) {
    for (const auto& [key, element] : value.entries()) Each(element, path.AtKey(key), visit);
    return;
  }
  // No path leads into a set.
  const bool set = value.type().kind() == Type::Kind::kSet;
  int64_t index = 0;
  for (const Value& element : value.elements()) Each(element, set ? path : path.AtIndex(index++), visit);
}

class Warner {
 public:
  explicit Warner(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void Attributes(const std::vector<Attribute>& attributes, const Value& object, const Path& path,
                  bool in_set) {
    for (const Attribute& attribute : attributes) {
      const Value& value = object.attribute(attribute.name);
      if (!value.HasValue()) continue;
      const Path at = in_set ? path : path.At(attribute.name);
      Say("Deprecated argument", attribute.deprecation, at);
      if (attribute.nested == nullptr) continue;
      Each(value, at, [&](const Value& element, const Path& deeper) {
        Attributes(attribute.nested->attributes, element, deeper,
                   in_set || attribute.nested->nesting == Nesting::kSet);
      });
    }
  }

  void Blocks(const std::vector<Block>& blocks, const Value& object, const Path& path, bool in_set) {
    for (const Block& block : blocks) {
      const Path at = in_set ? path : path.At(block.name);
      bool there = false;
      Each(object.attribute(block.name), at, [&](const Value& element, const Path& deeper) {
        there = true;
        const bool inside = in_set || block.nesting == Nesting::kSet;
        Attributes(block.schema.attributes, element, deeper, inside);
        Blocks(block.schema.blocks, element, deeper, inside);
      });
      if (there) Say("Deprecated block", block.schema.deprecation, at);
    }
  }

  void Say(std::string summary, const std::string& deprecation, const Path& path) {
    if (!deprecation.empty()) diagnostics_.AddWarning(std::move(summary), deprecation, path);
  }

 private:
  Diagnostics& diagnostics_;
};

}  // namespace

void WarnOfDeprecated(const Schema& schema, const Value& config, Diagnostics& diagnostics) {
  if (!config.HasValue()) return;
  Warner warner(diagnostics);
  warner.Say("Deprecated", schema.deprecation, Path());
  warner.Attributes(schema.attributes, config, Path(), false);
  warner.Blocks(schema.blocks, config, Path(), false);
}

}  // namespace tfsdk
