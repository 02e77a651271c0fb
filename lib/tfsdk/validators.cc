#include "tfsdk/validators.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/path.h"

namespace tfsdk {
namespace {

absl::Status CheckOneOf(const Value& value, const std::vector<std::string>& allowed) {
  if (!value.HasValue()) return absl::OkStatus();
  const std::string& text = value.AsString();
  if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("\"", absl::Utf8SafeCEscape(text.substr(0, 60)),
                                                 "\" is not one of ", absl::StrJoin(allowed, ", "), "."));
}

}  // namespace

Validator OneOf(std::vector<std::string> allowed) {
  return [allowed = std::move(allowed)](const Value& value, const Surroundings&) {
    return CheckOneOf(value, allowed);
  };
}

Validator EachOneOf(std::vector<std::string> allowed) {
  return [allowed = std::move(allowed)](const Value& value, const Surroundings&) -> absl::Status {
    if (value.elements().empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("Name at least one of ", absl::StrJoin(allowed, ", "), ", or leave it out."));
    }
    int64_t index = 0;
    for (const Value& element : value.elements()) {
      absl::Status status = CheckOneOf(element, allowed);
      if (!status.ok()) return At(Path().AtIndex(index), std::move(status));
      ++index;
    }
    return absl::OkStatus();
  };
}

Validator Between(int64_t least, int64_t most) {
  return [=](const Value& value, const Surroundings&) -> absl::Status {
    const absl::StatusOr<int64_t> number = value.AsNumber().ToInt64();
    if (number.ok() && *number >= least && *number <= most) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("Must be a whole number from ", least, " to ", most, "."));
  };
}

Validator NotEmpty() {
  return [](const Value& value, const Surroundings&) -> absl::Status {
    const Type::Kind kind = value.type().kind();
    const bool empty = kind == Type::Kind::kString ? value.AsString().empty()
                       : kind == Type::Kind::kMap  ? value.entries().empty()
                                                   : value.elements().empty();
    return empty ? absl::InvalidArgumentError("Must not be empty: leave it out instead.") : absl::OkStatus();
  };
}

Validator ConflictsWith(std::string other) {
  return [other = std::move(other)](const Value&, const Surroundings& around) -> absl::Status {
    if (!around.siblings.attribute(other).HasValue()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("Cannot be set together with ", other, ": give one of the two."));
  };
}

Validator RequiresAlso(std::string other) {
  return [other = std::move(other)](const Value&, const Surroundings& around) -> absl::Status {
    const Value& needed = around.siblings.attribute(other);
    if (!needed.IsKnown() || !needed.IsNull()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("Has no meaning without ", other, ": set that as well."));
  };
}

}  // namespace tfsdk
