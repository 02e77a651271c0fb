#pragma once

// Whether a secret shows in a text, however it was spelled on its way there.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace k8soidc::faults {

// `secret` as it is; in base64 and base64url, at each of the three offsets it may have in a longer text; in
// hexadecimal of either case; with every byte percent-escaped or \x-escaped; reversed; as UTF-16. And each window
// of 16 bytes of it, for a text that was cut. `secret` has 16 bytes or more.
std::vector<std::string> SpellingsOf(absl::string_view secret);

// The spelling of one of `secrets` that `text` has in it; empty when there is none.
std::string FindLeak(absl::string_view text, const std::vector<std::string>& secrets);

}  // namespace k8soidc::faults
