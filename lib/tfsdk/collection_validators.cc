#include "tfsdk/collection_validators.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/composed_validators.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/internal/range_text.h"
#include "tfsdk/path.h"
#include "tfsdk/string_validators.h"

namespace tfsdk {
namespace {

using internal::kNoLimit;

struct HashOf {
  size_t operator()(const Value* value) const { return value->Hash(); }
};
struct Same {
  bool operator()(const Value* a, const Value* b) const { return *a == *b; }
};

bool IsMap(const Value& value) { return value.type().kind() == Type::Kind::kMap; }

// Calls `visit` with each element and its place until that returns an error, and gives that back. When one
// element cannot be judged and none is wrong, neither can the whole. A warning waits for an error.
template <class Visit>
absl::Status ForEach(const Value& value, const Visit& visit) {
  absl::Status rest;
  const auto wrong = [&](const Value& element, const Path& place) {
    absl::Status status = visit(element, place);
    if (status.ok()) return false;
    status = Inside(place, status);
    const bool error = !IsCannotTell(status) && !IsWarning(status);
    if (error || rest.ok()) rest = std::move(status);
    return error;
  };
  if (IsMap(value)) {
    for (const auto& [key, element] : value.entries()) {
      if (wrong(element, Path().AtKey(key))) break;
    }
    return rest;
  }
  // An element of a set has no place that a path could name.
  const bool ordered = value.type().kind() != Type::Kind::kSet;
  int64_t index = 0;
  for (const Value& element : value.elements()) {
    if (wrong(element, ordered ? Path().AtIndex(index) : Path())) break;
    ++index;
  }
  return rest;
}

absl::Status CheckSize(const Value& value, int64_t least, int64_t most) {
  const auto size = static_cast<int64_t>(IsMap(value) ? value.entries().size() : value.elements().size());
  int64_t certain = size;
  if (value.type().kind() == Type::Kind::kSet) {
    // Unknown elements may turn out to be equal to others.
    certain = 0;
    for (const Value& element : value.elements()) certain += element.IsWhollyKnown() ? 1 : 0;
    if (certain < size) certain = std::max<int64_t>(certain, 1);
  }
  if (size >= least && certain <= most)
    return size <= most && certain >= least ? absl::OkStatus() : CannotTell();
  return absl::InvalidArgumentError(internal::RangeText(least, most, "element", size));
}

}  // namespace

Validator SizeBetween(int64_t least, int64_t most) {
  return Validator(Validator::Asks::kHasValue,
                   [=](const Value& value, const Surroundings&) { return CheckSize(value, least, most); });
}
Validator SizeAtLeast(int64_t least) { return SizeBetween(least, kNoLimit); }
Validator SizeAtMost(int64_t most) { return SizeBetween(0, most); }

Validator NotEmpty() {
  return Validator(Validator::Asks::kHasValue, [](const Value& value, const Surroundings&) {
    const bool empty = value.type().kind() == Type::Kind::kString ? value.AsString().empty()
                       : IsMap(value)                             ? value.entries().empty()
                                                                  : value.elements().empty();
    return empty ? absl::InvalidArgumentError("Must not be empty: leave it out instead.") : absl::OkStatus();
  });
}

Validator UniqueValues() {
  return Validator(Validator::Asks::kHasValue, [](const Value& value, const Surroundings&) {
    std::unordered_map<const Value*, std::string, HashOf, Same> seen;
    return ForEach(value, [&](const Value& element, const Path& place) {
      if (!element.IsWhollyKnown()) return CannotTell();
      const auto [first, is_new] = seen.emplace(&element, "");
      if (is_new) {
        first->second = place.ToString();
        return absl::OkStatus();
      }
      return absl::InvalidArgumentError(
          absl::StrCat("The same value is at ", first->second, " already: each must be there once."));
    });
  });
}

Validator NoNullValues() {
  return Validator(Validator::Asks::kHasValue, [](const Value& value, const Surroundings&) {
    return ForEach(value, [](const Value& element, const Path&) {
      if (!element.IsKnown()) return CannotTell();
      return element.IsNull() ? absl::InvalidArgumentError("Must not be null.") : absl::OkStatus();
    });
  });
}

Validator Each(std::vector<Validator> rules) {
  return Validator(Validator::Asks::kHasValue, [all = All(std::move(rules))](const Value& value,
                                                                             const Surroundings& around) {
    return ForEach(value, [&](const Value& element, const Path&) {
      // What is null has no rule to break: NoNullValues() is about that.
      return element.IsKnown() && element.IsNull() ? absl::OkStatus() : all.Judge(element, around);
    });
  });
}

Validator EachKey(std::vector<Validator> rules) {
  return Validator(Validator::Asks::kHasValue,
                   [all = All(std::move(rules))](const Value& value, const Surroundings& around) {
                     for (const auto& [key, element] : value.entries()) {
                       const absl::Status status = all.Judge(Value::String(key), around);
                       if (!status.ok()) return Inside(Path().AtKey(key), status);
                     }
                     return absl::OkStatus();
                   });
}

Validator EachOneOf(std::vector<std::string> allowed) {
  const std::string none =
      absl::StrCat("Name at least one of ", absl::StrJoin(allowed, ", "), ", or leave it out.");
  return Validator(Validator::Asks::kHasValue, [none, each = Each({OneOf(std::move(allowed))})](
                                                   const Value& value, const Surroundings& around) {
    if (value.elements().empty()) return absl::InvalidArgumentError(none);
    return each.Judge(value, around);
  });
}

}  // namespace tfsdk
