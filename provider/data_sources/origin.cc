#include "data_sources/origin.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "http/http.h"
#include "oidc/issuer_client.h"
#include "tfsdk/path.h"
#include "tfsdk/status.h"

namespace k8soidc {
namespace {

oidc::IssuerEndpoint Endpoint(const Origin& origin) { return {*origin.issuer_url, origin.ca_certificate}; }
oidc::IssuerTimeouts Timeouts(const Client& client) {
  return {client.timeouts.connect, client.timeouts.request};
}

}  // namespace

absl::StatusOr<Origin> FindOrigin(tfsdk::Context& context, Client& client,
                                  const std::optional<std::string>& config_context,
                                  const std::optional<std::string>& url,
                                  const std::optional<std::string>& ca_certificate) {
  Origin origin;
  if (url.has_value()) {
    if (const absl::Status status = oidc::CheckIssuer(*url); !status.ok()) {
      return tfsdk::At("url", absl::InvalidArgumentError(absl::StrCat("The URL ", status.message(), ".")));
    }
    origin.issuer_url = url;
    origin.ca_certificate = ca_certificate.value_or("");
    origin.discovery_url = http::RedactUrl(oidc::DiscoveryUrl(*url));
    return origin;
  }
  const absl::StatusOr<std::shared_ptr<const kube::Cluster>> cluster =
      client.cluster.FindCluster(config_context);
  if (!cluster.ok()) {
    return config_context.has_value() ? tfsdk::At("config_context", cluster.status()) : cluster.status();
  }
  client.WarnOnce(context, **cluster);
  origin.config_context = config_context;
  origin.discovery_url =
      http::RedactUrl(absl::StrCat((*cluster)->server, "/.well-known/openid-configuration"));
  origin.keys_url = http::RedactUrl(absl::StrCat((*cluster)->server, "/openid/v1/jwks"));
  return origin;
}

absl::StatusOr<std::string> ReadDiscovery(tfsdk::Context& context, Client& client, const Origin& origin) {
  if (!origin.issuer_url.has_value()) {
    return client.cluster.ReadDiscovery(context.cancel(), origin.config_context);
  }
  return oidc::FetchDiscovery(*client.transport, context.cancel(), Endpoint(origin), Timeouts(client));
}

absl::StatusOr<std::string> ReadKeys(tfsdk::Context& context, Client& client, Origin& origin,
                                     bool fresh_connection) {
  if (!origin.issuer_url.has_value()) {
    return client.cluster.ReadKeys(context.cancel(), origin.config_context, fresh_connection);
  }
  TFSDK_ASSIGN_OR_RETURN(oidc::FetchedKeys keys,
                         oidc::FetchKeys(*client.transport, context.cancel(), Endpoint(origin),
                                         Timeouts(client), fresh_connection));
  origin.keys_url = std::move(keys.url);
  return std::move(keys.body);
}

}  // namespace k8soidc
