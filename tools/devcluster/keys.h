#pragma once

// Signing keys and how a JSON Web Key Set shows them.

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace devcluster {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

// Members keep the order they were given: that order is part of what a server "says".
using Json = nlohmann::ordered_json;

// What GenerateKey takes, for the help text.
inline constexpr char kKeyKinds[] = "rsa1024 rsa2048 rsa3072 rsa4096 p256 p384 p521 ed25519";

// A new key pair. InvalidArgument for a kind not in kKeyKinds.
absl::StatusOr<KeyPtr> GenerateKey(absl::string_view kind);

// The public half as an API server shows it: members in the order `use kty kid crv alg x y n e`, and as kid
// the unpadded base64url of the SHA-256 of the DER SubjectPublicKeyInfo.
Json PublicJwk(EVP_PKEY* key);

// PublicJwk with the private exponent `d` (RSA, EC) as well: what a server must never publish.
Json PrivateJwk(EVP_PKEY* key);

// An RSA key with the modulus given as big-endian bytes; kid as in PublicJwk. For moduli that no library
// makes.
Json RsaJwk(const std::string& modulus, const std::string& exponent);

// A 2,048-bit number built like the ones of the chips that CVE-2017-15361 is about.
std::string RocaModulus();

// Unpadded, URL-safe alphabet (RFC 4648, section 5).
std::string Base64Url(absl::string_view bytes);

}  // namespace devcluster
