#pragma once

// Why a TLS handshake failed, in a sentence each.

#include <string>

#include "absl/strings/string_view.h"

struct x509_store_ctx_st;

namespace k8soidc::http {

struct TlsFailure {
  // A word of ErrorReason().
  std::string reason;
  // Starts in lower case, to follow "URL: ". Ends with the way out and a period.
  std::string sentence;
};

// With whom TLS was spoken.
enum class TlsPeer { kServer, kProxy };

// For a chain that did not verify. `name` is the name that was verified; `trust` says what is trusted.
// What it quotes of the certificate is escaped and cut. Reasons start with "tls_", a proxy's with "proxy_tls_".
TlsFailure DescribeVerifyFailure(x509_store_ctx_st* context, TlsPeer peer, absl::string_view name,
                                 absl::string_view trust);

// For an alert the peer sent (RFC 8446, 6.2). `sent_certificate`: whether we had a client certificate.
TlsFailure DescribeAlert(int alert, TlsPeer peer, bool sent_certificate);

}  // namespace k8soidc::http
