#include "http/curl_transport.h"

#include <curl/curl.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/curl_session.h"
#include "http/request_headers.h"
#include "http/session_pool.h"
#include "http/tls.h"
#include "http/url.h"
#include "json/quote.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

// A name that may stand for the host in a URL and be sent as SNI.
absl::Status CheckServerName(const Request& request) {
  const std::string& name = request.tls.server_name;
  if (name.empty()) return absl::OkStatus();
  const absl::StatusOr<Url> as_url = ParseUrl(
      absl::StrCat("https://", absl::StrContains(name, ':') ? absl::StrCat("[", name, "]") : name, "/"));
  if (as_url.ok() && as_url->port == 443 && as_url->path == "/" &&
      absl::EqualsIgnoreCase(as_url->host, name)) {
    return absl::OkStatus();
  }
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "bad_request",
                         absl::StrCat(RedactUrl(request.url), ": the TLS server name ", json::Quoted(name),
                                      " is neither a host name nor an address."));
}

// Everything that two requests must have in common to share a connection.
std::string KeyOf(const Request& request, const Route& route) {
  return absl::StrCat(route.url.Origin(), " ", TlsIdentity(request.tls, route.proxy));
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlTransportOptions options)
      : user_agent_(std::move(options.user_agent)),
        proxies_(std::move(options.proxies)),
        roots_(std::move(options.system_roots)) {}

  absl::StatusOr<Response> Get(const tfsdk::CancelToken& cancel, const Request& request) override {
    TFSDK_ASSIGN_OR_RETURN(const Route route, RouteOf(request));
    TFSDK_RETURN_IF_ERROR(CheckServerName(request));
    TFSDK_RETURN_IF_ERROR(CheckNothingSecretInTheClear(request, route.url));
    absl::StatusOr<SessionPool::Lease> lease =
        pool_.Take(cancel, KeyOf(request, route), request.deadline, !request.fresh_connection,
                   [&] { return TlsOf(request, route); });
    if (!lease.ok()) return tfsdk::Annotate(lease.status(), RedactUrl(request.url));
    absl::StatusOr<Response> response = lease->session().Get(cancel, request, route, user_agent_);
    if (response.ok()) lease->Keep();
    return response;
  }

  void CloseConnections(const Request& request) override {
    const absl::StatusOr<Route> route = RouteOf(request);
    if (route.ok()) pool_.Close(KeyOf(request, *route));
  }

 private:
  absl::StatusOr<Route> RouteOf(const Request& request) const {
    Route route;
    TFSDK_ASSIGN_OR_RETURN(route.url, ParseHttpOrHttpsUrl(request.url));
    route.proxy = request.proxy;
    if (route.proxy.has_value()) return route;
    absl::StatusOr<std::optional<Proxy>> named = proxies_.ProxyFor(route.url);
    if (!named.ok()) return tfsdk::Annotate(named.status(), RedactUrl(request.url));
    route.proxy = *std::move(named);
    route.proxy_from_environment = route.proxy.has_value();
    return route;
  }

  absl::StatusOr<RouteTls> TlsOf(const Request& request, const Route& route) {
    RouteTls tls;
    if (route.url.scheme == Url::Scheme::kHttps) {
      TFSDK_ASSIGN_OR_RETURN(tls.server, TlsContext::Make(request.tls, route.url.host, roots_));
    }
    if (route.proxy.has_value() && route.proxy->scheme == Proxy::Scheme::kHttps) {
      TFSDK_ASSIGN_OR_RETURN(tls.proxy, TlsContext::MakeForProxy(request.tls, route.proxy->host, roots_));
    }
    return tls;
  }

  const std::string user_agent_;
  const ProxyEnvironment proxies_;
  SystemRoots roots_;
  SessionPool pool_;
};

}  // namespace

std::unique_ptr<Transport> MakeCurlTransport(CurlTransportOptions options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  TFSDK_CHECK(ready == CURLE_OK, "curl cannot start");
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace k8soidc::http
