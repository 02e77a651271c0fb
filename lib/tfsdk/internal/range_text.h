#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tfsdk::internal {

// The `most` of a range that has no upper end.
inline constexpr int64_t kNoLimit = std::numeric_limits<int64_t>::max();

// "Must have at least 2 bytes; this has 1."
inline std::string RangeText(int64_t least, int64_t most, absl::string_view unit, int64_t actual) {
  const std::string range = most == kNoLimit ? absl::StrCat("at least ", least)
                            : least == 0     ? absl::StrCat("at most ", most)
                            : least == most  ? absl::StrCat(least)
                                             : absl::StrCat(least, " to ", most);
  const int64_t last = most == kNoLimit ? least : most;
  return absl::StrCat("Must have ", range, " ", unit, last == 1 ? "" : "s", "; this has ", actual, ".");
}

}  // namespace tfsdk::internal
