#pragma once

// Asks any OpenID Connect issuer for its document and keys over the network, as a stranger would.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "http/http.h"
#include "oidc/discovery.h"
#include "tfsdk/cancel.h"

namespace k8soidc::oidc {

// An issuer and how to reach it.
struct IssuerEndpoint {
  std::string issuer;           // the URL the user wrote
  std::string ca_certificates;  // PEM; empty: the system's
};

struct IssuerTimeouts {
  absl::Duration connect = absl::Seconds(5);
  absl::Duration request = absl::Seconds(30);  // for one read with all its tries
};

// The document as served, once it has parsed and names `endpoint.issuer` to the letter. Sends no credential
// and follows no redirect. kInvalidArgument, or what the transport says; the message names the URL.
absl::StatusOr<std::string> FetchDiscovery(http::Transport& transport, const tfsdk::CancelToken& cancel,
                                           const IssuerEndpoint& endpoint, const IssuerTimeouts& timeouts);

struct FetchedKeys {
  std::string url;   // the document's jwks_uri
  std::string body;  // as served
};

// Fetches the document, and then the keys from its jwks_uri, which may be on another host: https, and again
// without any credential. With `fresh_connection` both are asked for over new connections.
absl::StatusOr<FetchedKeys> FetchKeys(http::Transport& transport, const tfsdk::CancelToken& cancel,
                                      const IssuerEndpoint& endpoint, const IssuerTimeouts& timeouts,
                                      bool fresh_connection);

}  // namespace k8soidc::oidc
