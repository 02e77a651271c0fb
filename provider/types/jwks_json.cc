#include "types/jwks_json.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/canonical.h"

namespace k8soidc::types {

absl::StatusOr<JwksJson> JwksJson::Parse(absl::string_view text) {
  absl::StatusOr<jose::Jwks> jwks = jose::Canonicalize(text, {});
  if (!jwks.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Must be a JWK Set with public keys: ", jwks.status().message()));
  }
  return JwksJson(text, std::move(jwks->json));
}

}  // namespace k8soidc::types
