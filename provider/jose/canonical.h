#pragma once

// The canonical JWK Set: the same keys always give the same bytes, and different keys never do.
//
// A consumer that compares issuer keys as text replaces an identity when a single byte changes, so these
// bytes are a promise under semantic versioning, pinned by the files in tests/data/jwks:
//
//   * {"keys":[...]} without white space or final newline, UTF-8, only the escapes that JSON requires, members in
//     byte order;
//   * of each key the members alg crv e key_ops kid kty n pub use x y; of a type we do not know all but private and
//     x5* ones; everything but private ones with CanonicalOptions::extra_members. Members beside "keys" are dropped;
//   * base64url without padding, n and e without leading zero bytes, EC coordinates at full width;
//   * exact duplicates once; sorted by kid (bytes; a missing one first), then thumbprint (its base64url text; a
//     missing one first), then the key's canonical bytes.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "jose/jwk.h"

namespace k8soidc::jose {

// The most keys a set may have, before any is left out.
inline constexpr size_t kMaxKeys = 1000;

struct Jwks {
  std::string json;             // The canonical bytes. Two sets hold the same keys when these are equal.
  std::string sha256;           // Of `json`, in lower-case hexadecimal.
  std::vector<PublicJwk> keys;  // In the order of `json`; at least one.
  std::vector<IgnoredKey> ignored_keys;  // By kid, then reason; one entry for each key left out.
  std::vector<std::string> warnings;     // Sentences for the user.
};

// Reads a JWK Set (RFC 7517, section 5) of at most 1 MiB and kMaxKeys keys. Refuses (kInvalidArgument) the
// whole set when one key is refused (jose/jwk.h), when two different keys share a kid, when no key is left,
// and when `text` is not strict JSON (json/strict_json.h: json::DefectOf() tells which rule) or not a JWK
// Set. A private key anywhere in the document comes before any other verdict. The message names keys by kid
// or position and members by name, never a value.
//
// Takes time linear in the text, but for sorting; keeps no state and is safe from any thread.
absl::StatusOr<Jwks> Canonicalize(absl::string_view text, const CanonicalOptions& options);

// The set of every key in any of `texts`, the answers of several replicas of one server. Each must be a set
// that Canonicalize() takes; the same kid must not name different keys in two of them. A key left out of
// several answers counts once. Errors say which answer, from 1.
absl::StatusOr<Jwks> CanonicalUnion(absl::Span<const std::string> texts, const CanonicalOptions& options);

}  // namespace k8soidc::jose
