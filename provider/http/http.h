#pragma once

// HTTP as this provider needs it: GET over TLS, whole answers, one interface to fake in tests.
//
//   http::Request request{.url = "https://10.0.0.1:6443/openid/v1/jwks", .accept = "application/jwk-set+json"};
//   request.tls.ca_certificates = cluster_ca;
//   request.deadline = absl::Now() + absl::Seconds(30);
//   TFSDK_ASSIGN_OR_RETURN(const http::Response response, transport.Get(cancel, request));
//   TFSDK_RETURN_IF_ERROR(http::ToStatus(response, request.url));
//
// A transport reports what happened. An answer of 404 is a Response; whoever asked decides whether that is an
// error, and ToStatus() makes the sentence. A Status means that there was no whole answer.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "http/proxy.h"
#include "tfsdk/cancel.h"
#include "tfsdk/secret.h"

namespace k8soidc::http {

struct Header {
  std::string name;
  std::string value;
};

// Whom to trust, and who we are. Two requests share a connection only when all of this is equal.
struct Tls {
  // PEM bundle that *replaces* the system roots. Its certificates need not be self-signed: each is trusted as
  // it stands. Empty: the system roots.
  std::string ca_certificates = {};
  // No verification of chain or name at all. Contradicts `ca_certificates` and is refused together with it.
  bool insecure = false;
  // Sent as SNI and verified instead of the URL's host; the URL still says where to connect. Empty: the host.
  std::string server_name = {};
  // PEM: the certificate, then its intermediates. Needs `client_key`.
  std::string client_certificate = {};
  // PEM, without a passphrase: PKCS#8, PKCS#1 or SEC 1; RSA, EC or Ed25519.
  tfsdk::Secret client_key = {};
};

struct Request {
  // https, without userinfo. A fragment is not sent. http only for a request that carries no credential at all:
  // no authorization, client certificate or Impersonate-* header ("bad_request").
  std::string url = {};
  std::string accept = {};
  // The value of the Authorization header. Goes to the host of `url` and nowhere else.
  std::optional<tfsdk::Secret> authorization = {};
  // Further headers. A CR, LF or NUL in one is refused, as is a name that is no token (RFC 9110, 5.6.2).
  std::vector<Header> headers = {};
  Tls tls = {};
  // The proxy named for this server. Left out: the one the environment names for it, if any.
  std::optional<Proxy> proxy = {};
  // For the name look-up, the TCP connection, the way through a proxy and the TLS handshake together.
  absl::Duration connect_timeout = absl::Seconds(5);
  // When the whole answer must be there. Left out: a quarter of an hour from the call, which nothing may
  // exceed.
  absl::Time deadline = absl::InfiniteFuture();
  // A body of exactly this size is accepted.
  size_t max_body_bytes = size_t{1} << 20;
  // Open a new connection though an idle one could serve: behind a load balancer, ask another replica.
  bool fresh_connection = false;
};

struct Response {
  int status = 0;
  // As served; empty when absent.
  std::string content_type = {};
  // The Retry-After header as served: seconds, or an HTTP-date.
  std::optional<std::string> retry_after = {};
  // The Location header as served. No transport follows it.
  std::optional<std::string> location = {};
  // Whole for status 200. For any other status it is as much as came: one that is compressed is left out, one
  // longer than `max_body_bytes` is cut, because the status says more than the body.
  std::string body = {};
  // How often was tried, when more than once: "3 attempts in 4.1 s: 503, 503, 503". ToStatus() repeats it.
  std::string attempts = {};
};

// Fetches. Implementations are safe to use from several threads at once.
class Transport {
 public:
  virtual ~Transport() = default;

  // Blocks until the answer is whole, the deadline has passed or `cancel` says so (within a second;
  // CancelledError). Follows no redirect. Errors name the redacted URL, what went wrong and the way out,
  // never a body or a credential; ErrorReason() has the cause as a word.
  virtual absl::StatusOr<Response> Get(const tfsdk::CancelToken& cancel, const Request& request) = 0;

  // Closes the idle connections that a request like `request` (origin, TLS identity, proxy) could use, and sees
  // to it that those in use now are not used again: the credential they were made with is no longer ours.
  virtual void CloseConnections(const Request& request) { (void)request; }
};

// OK for status 200, and for nothing else. Otherwise a sentence with the URL, the status and what to do, with
// the code that fits best: kUnauthenticated (401), kPermissionDenied (403), kNotFound (404), kUnavailable
// (429, 5xx), kFailedPrecondition (the rest). Callers who know more (which credential, which role) write
// their own.
absl::Status ToStatus(const Response& response, absl::string_view url);

// `url` as it may be shown: without userinfo, query and fragment, on one line, escaped, cut.
std::string RedactUrl(absl::string_view url);

// Why a request failed, as a stable word for code and tests: "dns", "connection_refused", "connect_timeout",
// "timeout", "connection_reset", "truncated", "too_large", "encoded", "not_http", "tls_unknown_authority",
// "tls_wrong_name", "tls_expired", "tls_not_yet_valid", "tls_bad_certificate", "tls_client_certificate",
// "tls_handshake", "tls_config", "bad_request", "cancelled", "http_status", "retry_later", "unexpected".
//
// When it is the proxy that failed, or the way to it: "proxy_config" (the environment's variable), "proxy_dns",
// "proxy_refused", "proxy_timeout", "proxy_reset", "proxy_unavailable" (it cannot reach the server now),
// "proxy_auth", "proxy_error" (any other refusal, or no proxy at all), and for TLS with an https proxy the words
// of TLS above as "proxy_tls_unknown_authority", "proxy_tls_wrong_name" and so on.
//
// Empty for a status that this library did not make.
std::string ErrorReason(const absl::Status& status);

// A status with that word attached. For transports.
absl::Status ErrorWithReason(absl::StatusCode code, absl::string_view reason, absl::string_view message);

}  // namespace k8soidc::http
