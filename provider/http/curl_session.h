#pragma once

// One curl multi handle and its idle connection, to one origin with one TLS identity through one proxy.

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "http/http.h"
#include "http/proxy.h"
#include "http/tls.h"
#include "http/url.h"

namespace k8soidc::http {

// Where a request goes, and through which proxy.
struct Route {
  Url url;
  std::optional<Proxy> proxy;
  // The environment names the proxy: messages mention NO_PROXY.
  bool proxy_from_environment = false;
};

// The TLS rules of a route. Shared by its sessions.
struct RouteTls {
  std::shared_ptr<const TlsContext> server;  // Null: plain http.
  std::shared_ptr<const TlsContext> proxy;   // Null: no https proxy.
};

// Used by one thread at a time. Not movable: its connections point at it.
class CurlSession {
 public:
  // `generation`: for its owner, who asks for it again.
  CurlSession(RouteTls tls, uint64_t generation);
  ~CurlSession();
  CurlSession(const CurlSession&) = delete;
  CurlSession& operator=(const CurlSession&) = delete;

  uint64_t generation() const { return generation_; }

  // As Transport::Get. After an error the session may hold a broken connection: do not use it again.
  absl::StatusOr<Response> Get(const tfsdk::CancelToken& cancel, const Request& request, const Route& route,
                               const std::string& user_agent);

 private:
  struct Transfer;

  // Sets everything but the callbacks.
  void SetOptions(Transfer& transfer, const Request& request, const Route& route, absl::Duration left,
                  const std::string& user_agent);
  void SetCallbacks(Transfer& transfer);
  void SetProxy(const Route& route);
  // Puts the rules onto a context curl has made: the proxy's or the server's.
  bool Install(ssl_ctx_st* context);

  const RouteTls tls_;
  const uint64_t generation_;
  TlsReport server_report_;
  TlsReport proxy_report_;
  void* multi_;  // CURLM*
  void* easy_;   // CURL*; holds nothing between requests.
};

}  // namespace k8soidc::http
