#pragma once

// What the tests of the real transport share: one request with short limits.

#include <memory>
#include <string>

#include "http/curl_transport.h"
#include "support/raw_server.h"
#include "support/test_certificates.h"

namespace k8soidc::http {

// The authority behind every test server; made once.
inline const TestAuthority& Authority() {
  static const TestAuthority* const authority = new TestAuthority("test authority");
  return *authority;
}

// A server certificate for 127.0.0.1 and localhost.
inline const TestCertificate& ServerIdentity() {
  static const TestCertificate* const identity = new TestCertificate(
      Authority().Issue({.common_name = "server", .names = "IP:127.0.0.1,DNS:localhost"}));
  return *identity;
}

// A request that trusts Authority() and gives up after ten seconds.
inline Request RequestFor(std::string url) {
  Request request;
  request.url = std::move(url);
  request.accept = "application/json";
  request.tls.ca_certificates = Authority().certificate();
  request.deadline = absl::Now() + absl::Seconds(10);
  return request;
}

// One request over a transport of its own.
inline absl::StatusOr<Response> Fetch(const Request& request) {
  return MakeCurlTransport({})->Get(tfsdk::CancelToken(), request);
}

}  // namespace k8soidc::http
