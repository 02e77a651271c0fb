#pragma once

// base64url as JOSE uses it (RFC 7515, section 2; RFC 4648, section 5).

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::jose {

// Without padding.
std::string EncodeBase64Url(absl::string_view bytes);

// Decodes `text` so that no two texts but one with and one without padding give the same bytes: the standard
// alphabet
// (`+`, `/`), white space, a length no encoder produces, and bits left over that are not zero are refused.
// Padding is taken where it is complete. Errors are kInvalidArgument, a clause to follow "member X ";
// positions count from 1.
absl::StatusOr<std::string> DecodeBase64Url(absl::string_view text);

}  // namespace k8soidc::jose
