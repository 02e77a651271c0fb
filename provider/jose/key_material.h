#pragma once

// The members that make a JWK the key it is: RSA and EC (RFC 7518, section 6), OKP (RFC 8037, section 2).

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/public_key.h"

namespace k8soidc::jose {

// The members that hold a public key of any type we know: crv, e, n, pub, x, y.
bool IsMaterial(absl::string_view name);

// Whether ReadMaterial() reads this key type: RSA, EC or OKP.
bool IsKnownKeyType(absl::string_view kty);

// Reads the members that kty, a known type, requires, and writes them into `canonical` in their one form:
// base64url without padding, n and e without leading zero bytes, x and y of EC at full width. Errors are
// clauses, as ReadJwk()'s.
absl::StatusOr<crypto::PublicKey> ReadMaterial(absl::string_view kty, const nlohmann::json& key,
                                               nlohmann::json& canonical);

// RFC 7638: base64url of SHA-256 of the required members, which must be in canonical form. The required ones
// are, for AKP, alg, kty and pub (draft-ietf-cose-dilithium). nullopt when kty defines none that we know, or
// one of them is missing.
std::optional<std::string> Thumbprint(const nlohmann::json& canonical);

}  // namespace k8soidc::jose
