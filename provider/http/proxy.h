#pragma once

// Proxies: which one a request goes through, and how it is spoken of without showing its password.
//
//   TFSDK_ASSIGN_OR_RETURN(request.proxy, http::ParseProxyUrl("socks5://10.0.0.1:1080", "proxy_url"));
//
// A proxy that is named for a server counts before one that the environment names (as kubectl and Go do it).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "http/no_proxy.h"
#include "http/url.h"
#include "tfsdk/secret.h"

namespace k8soidc::http {

// One proxy. For a server of https it only carries bytes: TLS is with the server itself, behind it.
struct Proxy {
  // kHttps: the way to the proxy is TLS as well. The proxy looks names up, with kSocks5 as with kSocks5h, as
  // Go does it.
  enum class Scheme { kHttp, kHttps, kSocks5, kSocks5h };

  Scheme scheme = Scheme::kHttp;
  std::string host = {};  // An IPv6 address is without its brackets.
  uint16_t port = 0;
  std::string username = {};  // Decoded. Goes to this proxy and nowhere else.
  tfsdk::Secret password = {};
  // Who names it: "the argument proxy_url", "HTTPS_PROXY", "cluster \"x\" (/path/file, line 3, column 5)".
  std::string origin = {};

  // "http://proxy.example:3128": scheme, host and port, and never the credential.
  std::string Url() const;
  // "the proxy http://proxy.example:3128 (HTTPS_PROXY)", for messages.
  std::string Describe() const;

  friend bool operator==(const Proxy&, const Proxy&) = default;
};

// A URL of scheme http, https, socks5 or socks5h; without a port: 80, 443, 1080. `origin` is kept as it is.
// kInvalidArgument completes the sentence "<what> …", without a period at the end, and never shows the
// credential.
absl::StatusOr<Proxy> ParseProxyUrl(absl::string_view url, absl::string_view origin);

// The environment's proxies as Go's net/http reads them: HTTPS_PROXY or https_proxy for https, HTTP_PROXY or
// http_proxy for http, NO_PROXY or no_proxy against both; ALL_PROXY means nothing. Loopback is never proxied.
// Read once, when it is made. Immutable. Go is laxer in one point: it passes over a proxy it cannot parse.
class ProxyEnvironment {
 public:
  ProxyEnvironment() = default;  // No proxies.
  explicit ProxyEnvironment(const std::function<std::optional<std::string>(const char* name)>& getenv);

  // The proxy for `url`; nothing when it is to be reached directly. kInvalidArgument, reason "proxy_config",
  // when the variable that would decide holds no proxy URL, or HTTP_PROXY is set in a CGI program: the error
  // names the variable.
  absl::StatusOr<std::optional<Proxy>> ProxyFor(const Url& url) const;

 private:
  absl::StatusOr<std::optional<Proxy>> https_ = std::optional<Proxy>();
  absl::StatusOr<std::optional<Proxy>> http_ = std::optional<Proxy>();
  NoProxyList no_proxy_;
};

}  // namespace k8soidc::http
