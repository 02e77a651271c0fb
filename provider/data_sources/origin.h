#pragma once

// Where a data source reads from: the cluster, or the issuer its `url` names.

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "config.h"
#include "tfsdk/context.h"

namespace k8soidc {

inline constexpr char kConfigContextDoc[] =
    "Context of the provider's kubeconfig to read from instead of the provider's own: one provider block "
    "then serves any "
    "number of clusters with `for_each`.";
inline constexpr char kUrlDoc[] =
    "Ask this OpenID Connect issuer over the network, without credentials, instead of the cluster. Must be "
    "its `issuer` to "
    "the letter.";
inline constexpr char kCaCertificateDoc[] =
    "Certificate authorities in PEM to verify the issuer's `url` with, instead of the system's.";

struct Origin {
  std::optional<std::string> config_context;
  std::optional<std::string> issuer_url;  // set: the network, and not the cluster
  std::string ca_certificate;
  std::string discovery_url;  // for messages
  std::string keys_url;       // for messages; of an issuer its discovery says it, so it is set by ReadKeys
};

// Resolves the cluster, or takes the url. Errors are At() the attribute that is to blame.
absl::StatusOr<Origin> FindOrigin(tfsdk::Context& context, Client& client,
                                  const std::optional<std::string>& config_context,
                                  const std::optional<std::string>& url,
                                  const std::optional<std::string>& ca_certificate);

// The discovery document and the keys, as served. With `fresh_connection` the answer is asked for again, over
// a connection of its own. Errors name the URL.
absl::StatusOr<std::string> ReadDiscovery(tfsdk::Context& context, Client& client, const Origin& origin);
absl::StatusOr<std::string> ReadKeys(tfsdk::Context& context, Client& client, Origin& origin,
                                     bool fresh_connection);

}  // namespace k8soidc
