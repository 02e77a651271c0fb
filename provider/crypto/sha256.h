#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace k8soidc::crypto {

// The 32 bytes of the SHA-256 digest of `bytes` (FIPS 180-4), not in hexadecimal.
std::string Sha256(absl::string_view bytes);

}  // namespace k8soidc::crypto
