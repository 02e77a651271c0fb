#pragma once

// Which `alg` (the JOSE registry: RFC 7518, RFC 8037, RFC 9864) goes with which key.

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace k8soidc::jose {

// What signatures a key of this type and curve can verify. RSA (whatever `crv`): RS256 to PS512; an elliptic
// curve: exactly one; Ed25519: EdDSA and its fully specified name, Ed25519. Empty for a type or curve we do
// not know.
absl::Span<const absl::string_view> AlgorithmsOf(absl::string_view kty, absl::string_view crv);

// Whether `alg` is in AlgorithmsOf() any type, so that a key of a type we do not know cannot have it.
bool BelongsToKnownType(absl::string_view alg);

// `none` and the HMACs, in any case: with them a public key proves nothing (RFC 8725, sections 2.1 and 3.1).
bool ProvesNothing(absl::string_view alg);

// Key agreement and key encryption with an asymmetric key: RSA1_5, RSA-OAEP and its kin, ECDH-ES and its kin.
bool IsEncryption(absl::string_view alg);

}  // namespace k8soidc::jose
