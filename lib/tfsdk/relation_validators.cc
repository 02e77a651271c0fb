#include "tfsdk/relation_validators.h"

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

struct Count {
  int64_t set = 0, unset = 0, unknown = 0;

  void Add(const Value& value) { ++(!value.IsKnown() ? unknown : value.IsNull() ? unset : set); }
};

// The values that `expressions` lead to, without `value` itself.
absl::StatusOr<Count> CountOthers(const PathExpressions& expressions, const Value& value,
                                  const Surroundings& around) {
  Count count;
  for (const PathExpression& expression : expressions.all()) {
    TFSDK_ASSIGN_OR_RETURN(const auto found, expression.Find(value, around));
    for (const Value* other : found) {
      if (other != &value) count.Add(*other);
    }
  }
  return count;
}

// A rule about how many are set, the attribute itself included.
template <class Rule>
Validator Group(PathExpressions group, Rule rule) {
  return Validator(
      Validator::Asks::kAnything,
      [group = std::move(group), rule](const Value& value, const Surroundings& around) -> absl::Status {
        TFSDK_ASSIGN_OR_RETURN(Count count, CountOthers(group, value, around));
        // A rule of a whole block is asked about the block, which is no member of the group.
        if (&value != &around.siblings) count.Add(value);
        return rule(count, group.ToString());
      });
}

absl::Status Wrong(absl::string_view a, absl::string_view b, absl::string_view c) {
  return absl::InvalidArgumentError(absl::StrCat(a, b, c));
}

}  // namespace

Validator AlsoRequires(PathExpressions others) {
  return Validator(
      Validator::Asks::kHasValue,
      [others = std::move(others)](const Value& value, const Surroundings& around) -> absl::Status {
        TFSDK_ASSIGN_OR_RETURN(const Count count, CountOthers(others, value, around));
        if (count.unset > 0) {
          return Wrong("Has no meaning without ", others.ToString(), ": set that as well.");
        }
        return count.unknown > 0 ? CannotTell() : absl::OkStatus();
      });
}

Validator ConflictsWith(PathExpressions others) {
  return Validator(
      Validator::Asks::kHasValue,
      [others = std::move(others)](const Value& value, const Surroundings& around) -> absl::Status {
        TFSDK_ASSIGN_OR_RETURN(const Count count, CountOthers(others, value, around));
        if (count.set > 0) {
          return Wrong("Cannot be set together with ", others.ToString(), ": give one of them.");
        }
        return count.unknown > 0 ? CannotTell() : absl::OkStatus();
      });
}

Validator AtLeastOneOf(PathExpressions group) {
  return Group(std::move(group), [](const Count& count, const std::string& names) {
    if (count.set > 0) return absl::OkStatus();
    return count.unknown > 0 ? CannotTell() : Wrong("Set at least one of ", names, ".");
  });
}

Validator ExactlyOneOf(PathExpressions group) {
  return Group(std::move(group), [](const Count& count, const std::string& names) {
    if (count.set > 1) return Wrong("Only one of ", names, " can be set.");
    if (count.unknown > 0) return CannotTell();
    return count.set == 1 ? absl::OkStatus() : Wrong("Set one of ", names, ".");
  });
}

Validator Conflicting(PathExpressions group) {
  return Group(std::move(group), [](const Count& count, const std::string& names) {
    if (count.set > 1) return Wrong("Only one of ", names, " can be set.");
    return count.unknown > 0 ? CannotTell() : absl::OkStatus();
  });
}

Validator RequiredTogether(PathExpressions group) {
  return Group(std::move(group), [](const Count& count, const std::string& names) {
    if (count.set > 0 && count.unset > 0) return Wrong("Set all of ", names, ", or none.");
    return count.unknown > 0 ? CannotTell() : absl::OkStatus();
  });
}

Validator PreferWriteOnlyAttribute(PathExpression write_only) {
  return Validator(
      Validator::Asks::kHasValue,
      [write_only = std::move(write_only)](const Value& value, const Surroundings& around) -> absl::Status {
        if (!around.write_only_allowed) return absl::OkStatus();
        TFSDK_ASSIGN_OR_RETURN(const Count count, CountOthers({write_only}, value, around));
        if (count.set > 0) return absl::OkStatus();
        if (count.unknown > 0) return CannotTell();
        return Warning(absl::StrCat("Its value is stored in the state. Set ", write_only.ToString(),
                                    " instead, which is not."));
      });
}

}  // namespace tfsdk
