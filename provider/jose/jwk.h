#pragma once

// One public key of a JWK Set (RFC 7517): read, checked, and written in the one canonical way.

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace k8soidc::jose {

struct CanonicalOptions {
  // Keep only keys of these types (`kty`) and fit for one of these algorithms (`alg`); empty: all. A key
  // without `alg` counts as fit for all its type can do, so that ["RS256"] keeps an RSA key that does not
  // say. A key without `alg` of a type we do not know is fit for none.
  std::vector<std::string> key_types = {};
  std::vector<std::string> algorithms = {};
  int minimum_rsa_bits = 2048;
  // Keep members beyond the standard ones, x5* among them. Private ones are refused all the same.
  bool extra_members = false;
};

// A key for checking signatures. Everything here may be published.
struct PublicJwk {
  std::string kty;
  std::optional<std::string> kid, alg, use, crv;
  // Canonical base64url, for RSA (n, e), EC (x, y) and Ed25519 (x).
  std::optional<std::string> n, e, x, y;
  // The canonical JSON of the key.
  std::string jwk;
  // RFC 7638 with SHA-256, base64url; also of AKP keys (over alg, kty and pub). Absent for other unknown
  // types.
  std::optional<std::string> thumbprint;
  // Absent for a key type we do not know, whose numbers were not checked.
  std::optional<int64_t> bits;
  std::optional<std::string> pem;          // SubjectPublicKeyInfo, with a final newline.
  std::optional<std::string> spki_sha256;  // Of its DER, in lower-case hexadecimal.
  // "kubernetes": kid is what an API server derives from the key (base64url of SHA-256 of the SPKI in DER);
  // "other"; "missing".
  std::string kid_derivation;

  friend bool operator==(const PublicJwk&, const PublicJwk&) = default;
};

// A key that was left out, and why: use_enc, key_type_filtered, algorithm_filtered or duplicate.
struct IgnoredKey {
  std::optional<std::string> kid;
  std::string reason;
  friend auto operator<=>(const IgnoredKey&, const IgnoredKey&) = default;
};

// Reads one element of "keys", an object parsed by json::Parse(). Refuses it (kInvalidArgument) with a clause
// to follow "key X is refused: " that names members, never their values, and ends with what to do.
//
// Refused, whatever the options:
//   * a private member (jose/private_members.h), or kty "oct";
//   * kty missing, or a known one in other case; a kid that is no string, empty, over 256 bytes or not printable;
//   * alg "none" or an HMAC.
// Left out: use "enc"; no `use`, and an `alg` or `key_ops` that is for encryption only; what the options
// filter. Such a key is not checked further. Then refused:
//   * numbers that are no public key (crypto/public_key.h), RSA below minimum_rsa_bits, members of another key type;
//   * a curve that is not P-256, P-384, P-521 (EC) or Ed25519 (OKP);
//   * alg that a key of this type and curve cannot do; key_ops without "verify".
// Kept as they are: any other `use`; a type we do not know, with all its members but x5*.
//
// alg, use and key_ops that are null or empty count as absent, as do null or empty members of another key
// type. key_ops is a set: it comes out sorted.
absl::StatusOr<std::variant<PublicJwk, IgnoredKey>> ReadJwk(const nlohmann::json& key,
                                                            const CanonicalOptions& options);

}  // namespace k8soidc::jose
