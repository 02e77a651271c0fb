#pragma once

// Finds private key material that an issuer published by mistake.

#include <nlohmann/json_fwd.hpp>

#include "absl/status/status.h"

namespace k8soidc::jose {

// Refuses `key`, one element of "keys", when it or any object inside it has a private member, whatever its
// value: d p q dp dq qi oth (RFC 7518, section 6; RFC 8037), k (6.4), priv (AKP). The error is a clause to
// follow "key X is refused: " that names the member and says what must happen now.
absl::Status RefusePrivateMembers(const nlohmann::json& key);

// The same for the rest of a document, where so short a name means a private key only in an object that has a
// "kty" too.
absl::Status RefusePrivateKeysElsewhere(const nlohmann::json& document);

}  // namespace k8soidc::jose
