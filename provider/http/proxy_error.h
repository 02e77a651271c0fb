#pragma once

// What went wrong on the way to a proxy, or with it, in a sentence each.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "http/curl_error.h"
#include "http/proxy.h"
#include "http/tls.h"

namespace k8soidc::http {

// Whom a message is about.
struct ProxyCase {
  const Proxy& proxy;
  // The environment names the proxy, so NO_PROXY is a way around it.
  bool from_environment = false;
  // The server's authority, and the request's URL.
  absl::string_view host;
  absl::string_view url;
};

// For a transfer that ended before the way through the proxy stood. `tls`: what TLS with the proxy had to say.
// One status with a reason that starts with "proxy_" (ErrorReason() lists them) and a sentence that starts with
// the redacted URL and names the proxy, never its credential. The table is closed, as CurlError()'s.
absl::Status ProxyError(const TransferOutcome& outcome, const TlsReport& tls, const ProxyCase& what);

// For an answer of 407: over plain http there is no tunnel, and the proxy's refusal takes the place of the
// server's answer.
absl::Status ProxyAuthenticationError(const ProxyCase& what);

// `status`, the server's failure, with a word on the proxy through which it was asked.
absl::Status MentionProxy(const absl::Status& status, const ProxyCase& what);

}  // namespace k8soidc::http
