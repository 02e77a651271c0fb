#include "http/proxy_error.h"

#include <curl/curl.h>

#include <cerrno>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/http.h"

namespace k8soidc::http {
namespace {

using absl::StatusCode;

// The sentences below follow "<url>: " and start with the proxy.
Meaning TimedOut(const TransferOutcome& outcome, const TlsReport& tls, const ProxyCase& what) {
  const std::string proxy = what.proxy.Describe();
  const std::string after = absl::StrCat(" within ", ToTenths(outcome.elapsed));
  const StatusCode code = StatusCode::kUnavailable;
  if (!outcome.name_resolved) {
    return {code, "proxy_timeout",
            absl::StrCat("the name of ", proxy, " was not resolved", after,
                         ". Check the DNS servers of this machine.")};
  }
  if (!outcome.connected) {
    return {code, "proxy_timeout",
            absl::StrCat("no connection to ", proxy, after,
                         ". Is it reachable from here (route, firewall, VPN), and is its port right?")};
  }
  if (what.proxy.scheme == Proxy::Scheme::kHttps && !tls.done) {
    return {code, "proxy_timeout",
            absl::StrCat(proxy, " did not end the TLS handshake", after, ". Does this port speak TLS?")};
  }
  return {code, "proxy_timeout",
          absl::StrCat(proxy, " opened no way to ", what.host, after,
                       ". The server may be unreachable from the proxy, or the port is not a proxy's.")};
}

Meaning NotConnected(const TransferOutcome& outcome, const TlsReport& tls, const ProxyCase& what) {
  switch (outcome.os_error) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return {StatusCode::kUnavailable, "proxy_refused",
              absl::StrCat("there is no route to ", what.proxy.Describe(),
                           ". Check the network of this machine (VPN, IPv6).")};
    case ETIMEDOUT:
      return TimedOut(outcome, tls, what);
    default:
      return {StatusCode::kUnavailable, "proxy_refused",
              absl::StrCat("connection refused: nothing listens at ", what.proxy.Describe(),
                           ". Check its host and port, and that it runs.")};
  }
}

Meaning HandshakeFailed(const TransferOutcome& outcome, const std::string& proxy) {
  const absl::string_view text = outcome.curl_text;
  if (absl::StrContains(text, "wrong version number") || absl::StrContains(text, "packet length too long") ||
      absl::StrContains(text, "http request") || absl::StrContains(text, "unexpected message")) {
    return {
        StatusCode::kFailedPrecondition, "proxy_tls_handshake",
        absl::StrCat(proxy, " does not speak TLS on this port. Check the port, or write http:// for it.")};
  }
  if (outcome.os_error == ECONNRESET || outcome.os_error == EPIPE ||
      absl::StrContains(text, "SSL_ERROR_SYSCALL") || absl::StrContains(text, "unexpected eof")) {
    return {StatusCode::kUnavailable, "proxy_reset",
            absl::StrCat(proxy, " closed the connection during the TLS handshake. Try again.")};
  }
  return {StatusCode::kFailedPrecondition, "proxy_tls_handshake",
          absl::StrCat("the TLS handshake with ", proxy,
                       " failed: no version, cipher or signature algorithm in common. TLS 1.2 or later is "
                       "needed, with keys of 2048 bits or more and without SHA-1.")};
}

Meaning WantsCredential(const ProxyCase& what) {
  const bool sent = !what.proxy.username.empty() || !what.proxy.password.empty();
  return {StatusCode::kFailedPrecondition, "proxy_auth",
          absl::StrCat(
              what.proxy.Describe(),
              sent ? " does not accept the user name and password in its URL. Correct them; a "
                     "character that means something in a URL is written as an escape (%40 for @)."
                   : " wants a user name and password. Put them into its URL: scheme://user:password@host.")};
}

// HTTP CONNECT, answered with something else than 2xx.
Meaning RefusedTunnel(int status, const ProxyCase& what) {
  const std::string start = absl::StrCat(what.proxy.Describe(), " answered the request to connect to ",
                                         what.host, " with status ", status);
  if (status == 407) return WantsCredential(what);
  if (status == 502 || status == 503 || status == 504) {
    return {StatusCode::kUnavailable, "proxy_unavailable",
            absl::StrCat(start,
                         ": it cannot reach the server now. Check that the name and port of the server mean "
                         "the same to the proxy, and try again.")};
  }
  if (status == 403) {
    return {StatusCode::kFailedPrecondition, "proxy_error",
            absl::StrCat(start, ": it does not allow this server or port. Have it allowed.")};
  }
  return {
      StatusCode::kFailedPrecondition, "proxy_error",
      absl::StrCat(start,
                   ". Only 2xx opens a way to the server; a redirect or a page is not followed. Is this a "
                   "proxy, and does it allow CONNECT?")};
}

// RFC 1928 and 1929.
Meaning SocksFailed(const TransferOutcome& outcome, const TlsReport& tls, const ProxyCase& what) {
  const std::string proxy = what.proxy.Describe();
  const auto unavailable = [&](absl::string_view why) {
    return Meaning{StatusCode::kUnavailable, "proxy_unavailable",
                   absl::StrCat(proxy, " cannot reach ", what.host, ": ", why,
                                ". The proxy looks the name up itself; check that it can, and try again.")};
  };
  switch (static_cast<CURLproxycode>(outcome.socks_code)) {
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED:
      return WantsCredential(what);
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
      return unavailable("no route");
    case CURLPX_REPLY_HOST_UNREACHABLE:
      return unavailable("the host is unreachable");
    case CURLPX_REPLY_CONNECTION_REFUSED:
      return unavailable("connection refused");
    case CURLPX_REPLY_TTL_EXPIRED:
      return unavailable("no answer in time");
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
      return unavailable("it failed without saying why");
    case CURLPX_REPLY_NOT_ALLOWED:
      return {StatusCode::kFailedPrecondition, "proxy_error",
              absl::StrCat(proxy, " does not allow a connection to ", what.host, ". Have it allowed.")};
    case CURLPX_CLOSED:
    case CURLPX_RECV_CONNECT:
    case CURLPX_RECV_AUTH:
    case CURLPX_RECV_REQACK:
    case CURLPX_RECV_ADDRESS:
    case CURLPX_SEND_CONNECT:
    case CURLPX_SEND_AUTH:
    case CURLPX_SEND_REQUEST:
      if (outcome.os_error == ETIMEDOUT) return TimedOut(outcome, tls, what);
      return {StatusCode::kUnavailable, "proxy_reset",
              absl::StrCat(proxy, " closed the connection before it opened a way to ", what.host,
                           ". Check that this port speaks SOCKS5, and try again.")};
    default:
      return {StatusCode::kFailedPrecondition, "proxy_error",
              absl::StrCat(proxy, " does not answer as SOCKS5 does. Check its scheme and port.")};
  }
}

Meaning MeaningOf(const TransferOutcome& outcome, const TlsReport& tls, const ProxyCase& what) {
  const std::string proxy = what.proxy.Describe();
  switch (static_cast<CURLcode>(outcome.curl_code)) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
      return {
          StatusCode::kUnavailable, "proxy_dns",
          absl::StrCat("the name of ", proxy,
                       " cannot be found in DNS. Check its spelling, and the DNS servers of this machine.")};
    case CURLE_COULDNT_CONNECT:
      return NotConnected(outcome, tls, what);
    case CURLE_OPERATION_TIMEDOUT:
      return TimedOut(outcome, tls, what);
    case CURLE_PROXY:
      return SocksFailed(outcome, tls, what);
    case CURLE_SSL_CONNECT_ERROR:
      return HandshakeFailed(outcome, proxy);
    case CURLE_PEER_FAILED_VERIFICATION:
      return {StatusCode::kFailedPrecondition, "proxy_tls_bad_certificate",
              absl::StrCat("the certificate of ", proxy, " cannot be accepted.")};
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      if (outcome.connect_status != 0) return RefusedTunnel(outcome.connect_status, what);
      if (outcome.connect_bytes == 0) {
        return {StatusCode::kUnavailable, "proxy_reset",
                absl::StrCat(proxy, " closed the connection before it opened a way to ", what.host,
                             ". Check that this port is a proxy's, and try again.")};
      }
      return {StatusCode::kFailedPrecondition, "proxy_error",
              absl::StrCat(proxy, " does not answer as an HTTP proxy does. Check its scheme and port.")};
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return {StatusCode::kFailedPrecondition, "proxy_error",
              absl::StrCat(proxy, " does not answer as an HTTP proxy does. Check its scheme and port.")};
    case CURLE_WRITE_ERROR:
      return {StatusCode::kFailedPrecondition, "proxy_error",
              absl::StrCat("the header of the answer of ", proxy,
                           " is larger than 64 KiB or has more than 500 lines.")};
    case CURLE_OUT_OF_MEMORY:
      return {StatusCode::kResourceExhausted, "unexpected", "there is no memory left."};
    default:
      return {StatusCode::kInternal, "unexpected",
              absl::StrCat("the way through ", proxy, " failed unexpectedly (curl code ", outcome.curl_code,
                           ").")};
  }
}

absl::Status Told(const Meaning& meaning, const ProxyCase& what) {
  return ErrorWithReason(
      meaning.code, meaning.reason,
      absl::StrCat(
          RedactUrl(what.url), ": ", meaning.sentence,
          what.from_environment ? " To reach the server without the proxy, list its host in NO_PROXY." : ""));
}

}  // namespace

absl::Status ProxyError(const TransferOutcome& outcome, const TlsReport& tls, const ProxyCase& what) {
  const auto tls_failure = [&](const TlsFailure& failure) {
    return Told({StatusCode::kFailedPrecondition, failure.reason,
                 absl::StrCat(what.proxy.Describe(), " is not believed: ", failure.sentence)},
                what);
  };
  if (tls.verification.has_value()) return tls_failure(*tls.verification);
  if (tls.alert >= 0 && outcome.connect_bytes == 0 &&
      (outcome.curl_code == CURLE_SSL_CONNECT_ERROR || outcome.curl_code == CURLE_RECV_ERROR ||
       outcome.curl_code == CURLE_SEND_ERROR)) {
    const TlsFailure failure = DescribeAlert(tls.alert, TlsPeer::kProxy, /*sent_certificate=*/false);
    return Told({StatusCode::kFailedPrecondition, failure.reason,
                 absl::StrCat("no TLS with ", what.proxy.Describe(), ": ", failure.sentence)},
                what);
  }
  return Told(MeaningOf(outcome, tls, what), what);
}

absl::Status ProxyAuthenticationError(const ProxyCase& what) { return Told(WantsCredential(what), what); }

absl::Status MentionProxy(const absl::Status& status, const ProxyCase& what) {
  return ErrorWithReason(status.code(), ErrorReason(status),
                         absl::StrCat(status.message(), " (Asked through ", what.proxy.Describe(), ".)"));
}

}  // namespace k8soidc::http
