#pragma once

// PathExpression: which other values a rule is about, wherever the rule is declared.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/validator.h"
#include "tfsdk/value.h"

namespace tfsdk {

// A way through the configuration, from its root or from the attribute that has the rule; with wildcards it
// leads to several values. A plain name is a sibling, which is nearly always what is meant:
//
//   ConflictsWith("url")
//   AlsoRequires(PathExpression::Root().At("rules").AnyIndex().At("kid"))
//   AlsoRequires(PathExpression::Here().Parent().Parent().Parent().At("url"))  // from inside a list of objects
//
// In a rule of a whole block, a name is an attribute of that block. Immutable; copy freely.
class PathExpression {
 public:
  // An attribute or block of the same object. Implicit, because it is the common case.
  PathExpression(absl::string_view sibling)  // NOLINT(google-explicit-constructor)
      : PathExpression(Here().Parent().At(sibling)) {}
  PathExpression(const char* sibling)  // NOLINT(google-explicit-constructor)
      : PathExpression(absl::string_view(sibling)) {}

  // The whole configuration.
  static PathExpression Root() { return PathExpression(-1); }
  // The attribute that has the rule.
  static PathExpression Here() { return PathExpression(0); }

  // What the value so far is inside of: an attribute's object, an element's collection.
  PathExpression Parent() const;
  PathExpression At(absl::string_view attribute) const;
  PathExpression AtIndex(int64_t index) const;
  PathExpression AtKey(absl::string_view key) const;
  // Every element of a list, set or tuple.
  PathExpression AnyIndex() const;
  // Every element of a map.
  PathExpression AnyKey() const;

  // The values it leads to from `value`, which sits in `around`; they live as long as the two do. What is
  // inside of a null or unknown value is null or unknown. Linear in the size of the values on the way.
  // Internal when it leads to nothing that could be there: no such attribute, an index into a map, a parent of
  // the root. That is a mistake of the author.
  absl::StatusOr<std::vector<const Value*>> Find(const Value& value, const Surroundings& around) const;

  // For messages, as a user would write it: "url", "rules[*].kid". How far up it starts is left out.
  std::string ToString() const;

 private:
  struct Attribute {
    std::string name;
  };
  struct Index {
    int64_t index;
  };
  struct Key {
    std::string key;
  };
  struct AnyIndexStep {};
  struct AnyKeyStep {};
  using Step = std::variant<Attribute, Index, Key, AnyIndexStep, AnyKeyStep>;

  explicit PathExpression(int up) : up_(up) {}
  PathExpression With(Step step) const;
  static absl::Status Follow(const Step& step, const Value& from, std::vector<const Value*>& found);

  int up_;  // -1: from the root; else how many parents up from the attribute
  std::vector<Step> steps_ = {};
};

// One or more expressions: "url", {"url", "file"}.
class PathExpressions {
 public:
  PathExpressions(const char* sibling) : all_{sibling} {}                      // NOLINT
  PathExpressions(absl::string_view sibling) : all_{sibling} {}                // NOLINT
  PathExpressions(PathExpression expression) : all_{std::move(expression)} {}  // NOLINT
  PathExpressions(std::initializer_list<PathExpression> expressions) : all_(expressions) {}
  PathExpressions(std::vector<PathExpression> expressions) : all_(std::move(expressions)) {}  // NOLINT

  const std::vector<PathExpression>& all() const { return all_; }
  // "a, b"
  std::string ToString() const;

 private:
  std::vector<PathExpression> all_;
};

}  // namespace tfsdk
