#pragma once

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace k8soidc::crypto {

// Refuses (kInvalidArgument) 32 bytes that are not the encoding of a point of edwards25519 (RFC 8032,
// section 5.1.3), or are one of the eight points of low order, under which a signature can be made without
// any private key. OpenSSL takes all of these for a public key.
absl::Status CheckEd25519Point(absl::string_view encoded);

}  // namespace k8soidc::crypto
