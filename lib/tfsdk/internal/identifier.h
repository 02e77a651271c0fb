#pragma once

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace tfsdk::internal {

inline constexpr absl::string_view kIdentifierRule =
    "a name consists of letters, digits and _, and begins with no digit";

// Whether a user can write `name` in a configuration. Stricter than the language, which also takes "-" and
// letters beyond ASCII.
inline bool IsIdentifier(absl::string_view name) {
  return !name.empty() && !absl::ascii_isdigit(static_cast<unsigned char>(name.front())) &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

}  // namespace tfsdk::internal
