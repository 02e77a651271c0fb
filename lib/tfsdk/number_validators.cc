#include "tfsdk/number_validators.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

std::string List(const std::vector<NumberLimit>& numbers) {
  return absl::StrJoin(numbers, ", ", [](std::string* out, const NumberLimit& limit) {
    absl::StrAppend(out, limit.number().ToString());
  });
}

Validator Membership(std::vector<NumberLimit> numbers, bool wanted) {
  return [=, numbers = std::move(numbers)](const Value& value, const Surroundings&) -> absl::Status {
    const bool found = std::any_of(numbers.begin(), numbers.end(), [&](const NumberLimit& limit) {
      return limit.number() == value.AsNumber();
    });
    if (found == wanted) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("Must be ", wanted ? "one of " : "none of ", List(numbers), "."));
  };
}

// `holds` is asked how the value compares with the sum.
Validator AgainstSum(PathExpressions summands, bool (*holds)(std::strong_ordering), absl::string_view words) {
  return [=, summands = std::move(summands)](const Value& value, const Surroundings& around) -> absl::Status {
    Number sum;
    for (const PathExpression& expression : summands.all()) {
      TFSDK_ASSIGN_OR_RETURN(const auto found, expression.Find(value, around));
      for (const Value* summand : found) {
        if (summand == &value) continue;
        if (!summand->IsKnown()) return CannotTell();
        if (summand->IsNull()) continue;
        if (summand->type().kind() != Type::Kind::kNumber) {
          return absl::InternalError(
              absl::StrCat("A rule of the provider adds up ", expression.ToString(),
                           ", which is no number. Please report this to its authors."));
        }
        sum = sum + summand->AsNumber();
      }
    }
    if (holds(value.AsNumber() <=> sum)) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("Must be ", words, " the sum of ", summands.ToString(), "."));
  };
}

}  // namespace

Validator Between(NumberLimit least, NumberLimit most) {
  return [=](const Value& value, const Surroundings&) -> absl::Status {
    if (value.AsNumber() >= least.number() && value.AsNumber() <= most.number()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("Must be from ", least.number().ToString(), " to ", most.number().ToString(), "."));
  };
}
Validator AtLeast(NumberLimit least) {
  return [=](const Value& value, const Surroundings&) -> absl::Status {
    if (value.AsNumber() >= least.number()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("Must be at least ", least.number().ToString(), "."));
  };
}
Validator AtMost(NumberLimit most) {
  return [=](const Value& value, const Surroundings&) -> absl::Status {
    if (value.AsNumber() <= most.number()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("Must be at most ", most.number().ToString(), "."));
  };
}
Validator OneOfNumbers(std::vector<NumberLimit> allowed) { return Membership(std::move(allowed), true); }
Validator NoneOfNumbers(std::vector<NumberLimit> refused) { return Membership(std::move(refused), false); }

Validator AtLeastSumOf(PathExpressions summands) {
  return AgainstSum(
      std::move(summands), [](std::strong_ordering order) { return order >= 0; }, "at least");
}
Validator AtMostSumOf(PathExpressions summands) {
  return AgainstSum(
      std::move(summands), [](std::strong_ordering order) { return order <= 0; }, "at most");
}
Validator EqualToSumOf(PathExpressions summands) {
  return AgainstSum(
      std::move(summands), [](std::strong_ordering order) { return order == 0; }, "equal to");
}

}  // namespace tfsdk
