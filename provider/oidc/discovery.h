#pragma once

// The discovery document of an OpenID Connect issuer, parsed and checked (OpenID Connect Discovery 1.0,
// sections 3 and 4).

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::oidc {

// What this project uses of the document. Kubernetes serves five members, cloud issuers many more: others are
// ignored, and null counts as absent.
struct Discovery {
  std::string issuer;                   // to the letter
  std::optional<std::string> jwks_uri;  // as written; of a cluster often no address that anyone else can use
  std::vector<std::string> response_types_supported;
  std::vector<std::string> subject_types_supported;
  std::vector<std::string> id_token_signing_alg_values_supported;
  std::vector<std::string> warnings;  // sentences for the user
};

// Parses a document of at most 1 MiB. kInvalidArgument with a clause that follows the URL: what is wrong and
// what to do. Nothing of the document but member names is quoted, and of the issuer what is needed, escaped.
absl::StatusOr<Discovery> ParseDiscovery(absl::string_view text);

// OK for what Kubernetes takes for an issuer: an https URL of at most 2048 printable ASCII bytes, with a
// host, without user, query, fragment and dot segments. The message is a clause ("has a query …").
absl::Status CheckIssuer(absl::string_view issuer);

// Where an issuer's document is: behind the issuer without one final slash (Discovery 1.0, section 4).
std::string DiscoveryUrl(absl::string_view issuer);

// The issuer without its scheme, the form AWS trust policies use.
std::string IssuerHostPath(absl::string_view issuer);

}  // namespace k8soidc::oidc
