#pragma once

// One curl multi handle and its idle connections, all to one origin with one TLS identity.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "http/http.h"
#include "http/tls.h"
#include "http/url.h"

namespace k8soidc::http {

// Used by one thread at a time. Not movable: its connections point at it.
class CurlSession {
 public:
  CurlSession(std::string key, std::shared_ptr<const TlsContext> tls);
  ~CurlSession();
  CurlSession(const CurlSession&) = delete;
  CurlSession& operator=(const CurlSession&) = delete;

  // What all requests of this session have in common, as the pool sees it.
  const std::string& key() const { return key_; }

  // As Transport::Get. `url` is the parsed request.url. After an error the session may hold a broken
  // connection: do not use it again.
  absl::StatusOr<Response> Get(const tfsdk::CancelToken& cancel, const Request& request, const Url& url,
                               const std::string& user_agent);

 private:
  struct Transfer;

  const std::string key_;
  const std::shared_ptr<const TlsContext> tls_;
  TlsReport report_;
  void* multi_;  // CURLM*
};

}  // namespace k8soidc::http
