#include "oidc/issuer_client.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "http/url.h"
#include "json/quote.h"
#include "tfsdk/status.h"

namespace k8soidc::oidc {
namespace {

constexpr char kAcceptDiscovery[] = "application/json, */*;q=0.1";
constexpr char kAcceptKeys[] = "application/jwk-set+json, application/json;q=0.9, */*;q=0.1";

// One read: where, how, and until when.
struct Read {
  http::Transport& transport;
  const tfsdk::CancelToken& cancel;
  const IssuerEndpoint& endpoint;
  absl::Duration connect_timeout;
  absl::Time deadline;
  bool fresh_connection;

  absl::StatusOr<std::string> Get(const std::string& url, const char* accept) const {
    http::Request request;
    request.url = url;
    request.accept = accept;
    request.tls.ca_certificates = endpoint.ca_certificates;
    request.connect_timeout = connect_timeout;
    request.deadline = deadline;
    request.fresh_connection = fresh_connection;
    TFSDK_ASSIGN_OR_RETURN(http::Response response, transport.Get(cancel, request));
    TFSDK_RETURN_IF_ERROR(http::ToStatus(response, url));
    return std::move(response.body);
  }
};

struct Document {
  std::string body;
  Discovery discovery;
};

absl::StatusOr<Document> FetchDocument(const Read& read) {
  if (const absl::Status status = CheckIssuer(read.endpoint.issuer); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the issuer ", http::RedactUrl(read.endpoint.issuer), " ", status.message(), "."));
  }
  const std::string url = DiscoveryUrl(read.endpoint.issuer);
  TFSDK_ASSIGN_OR_RETURN(std::string body, read.Get(url, kAcceptDiscovery));
  absl::StatusOr<Discovery> discovery = ParseDiscovery(body);
  if (!discovery.ok()) return tfsdk::Annotate(discovery.status(), http::RedactUrl(url));
  if (discovery->issuer != read.endpoint.issuer) {
    return absl::InvalidArgumentError(
        absl::StrCat(http::RedactUrl(url), ": the document's issuer is ", json::Quoted(discovery->issuer),
                     ", not ", json::Quoted(read.endpoint.issuer),
                     " as asked for. Tokens carry the former: set url to exactly that, if it is the "
                     "issuer you mean."));
  }
  return Document{std::move(body), *std::move(discovery)};
}

}  // namespace

absl::StatusOr<std::string> FetchDiscovery(http::Transport& transport, const tfsdk::CancelToken& cancel,
                                           const IssuerEndpoint& endpoint, const IssuerTimeouts& timeouts) {
  TFSDK_ASSIGN_OR_RETURN(Document document, FetchDocument({transport, cancel, endpoint, timeouts.connect,
                                                           absl::Now() + timeouts.request, false}));
  return std::move(document.body);
}

absl::StatusOr<FetchedKeys> FetchKeys(http::Transport& transport, const tfsdk::CancelToken& cancel,
                                      const IssuerEndpoint& endpoint, const IssuerTimeouts& timeouts,
                                      bool fresh_connection) {
  const Read read{transport,       cancel, endpoint, timeouts.connect, absl::Now() + timeouts.request,
                  fresh_connection};
  TFSDK_ASSIGN_OR_RETURN(const Document document, FetchDocument(read));
  const std::string where = http::RedactUrl(DiscoveryUrl(endpoint.issuer));
  if (!document.discovery.jwks_uri.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, ": the document has no jwks_uri, so it does not say where the keys are."));
  }
  const std::string& jwks_uri = *document.discovery.jwks_uri;
  if (!http::ParseUrl(jwks_uri).ok()) {
    return absl::InvalidArgumentError(absl::StrCat(where, ": the document's jwks_uri ",
                                                   json::Quoted(http::RedactUrl(jwks_uri)),
                                                   " is no https URL, so the keys cannot be fetched."));
  }
  TFSDK_ASSIGN_OR_RETURN(std::string body, read.Get(jwks_uri, kAcceptKeys));
  return FetchedKeys{http::RedactUrl(jwks_uri), std::move(body)};
}

}  // namespace k8soidc::oidc
