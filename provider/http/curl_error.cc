#include "http/curl_error.h"

#include <curl/curl.h>

#include <cerrno>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::http {
namespace {

using absl::StatusCode;

Meaning TimedOut(const TransferOutcome& outcome, bool tls_started, absl::string_view host) {
  const std::string after = absl::StrCat(" within ", ToTenths(outcome.elapsed));
  if (!outcome.name_resolved && !tls_started) {
    return {StatusCode::kUnavailable, "connect_timeout",
            absl::StrCat("the name of ", host, " was not resolved", after,
                         ". Check the DNS servers of this machine.")};
  }
  if (!outcome.connected && !tls_started) {
    return {StatusCode::kUnavailable, "connect_timeout",
            absl::StrCat("no connection to ", host, after,
                         ". Is it reachable from here (route, firewall, VPN), and is the port right?")};
  }
  if (!outcome.tls_done) {
    return {StatusCode::kUnavailable, "connect_timeout",
            absl::StrCat("connected to ", host, ", but the TLS handshake did not end", after,
                         ". Does this port speak TLS?")};
  }
  if (!outcome.answer_started) {
    return {StatusCode::kDeadlineExceeded, "timeout",
            absl::StrCat("the request was sent, but no answer came", after,
                         ". The server is overloaded or stuck; try again, or allow more time.")};
  }
  return {StatusCode::kDeadlineExceeded, "timeout",
          absl::StrCat("the answer was not whole", after, " (", outcome.body_bytes,
                       " bytes of body came). Try again, or allow more time.")};
}

Meaning NotConnected(const TransferOutcome& outcome, absl::string_view host) {
  switch (outcome.os_error) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EADDRNOTAVAIL:
      return {
          StatusCode::kUnavailable, "connection_refused",
          absl::StrCat("there is no route to ", host, ". Check the network of this machine (VPN, IPv6).")};
    case ETIMEDOUT:
      return TimedOut(outcome, false, host);
    case ECONNRESET:
      return {StatusCode::kUnavailable, "connection_reset",
              absl::StrCat("the connection to ", host,
                           " was reset as soon as it was made. A proxy or firewall in between may do that.")};
    default:
      return {StatusCode::kUnavailable, "connection_refused",
              absl::StrCat("connection refused: nothing listens at ", host,
                           ". Check host and port, and that the server runs.")};
  }
}

Meaning HandshakeFailed(const TransferOutcome& outcome) {
  const absl::string_view text = outcome.curl_text;
  if (absl::StrContains(text, "wrong version number") || absl::StrContains(text, "packet length too long") ||
      absl::StrContains(text, "http request") || absl::StrContains(text, "unexpected message")) {
    return {StatusCode::kFailedPrecondition, "tls_handshake",
            "the server does not speak TLS on this port. Check the port."};
  }
  if (absl::StrContains(text, "unsupported protocol")) {
    return {StatusCode::kFailedPrecondition, "tls_handshake",
            "the server speaks only TLS versions before 1.2, which are not safe. It needs an update."};
  }
  if (outcome.os_error == ECONNRESET || outcome.os_error == EPIPE ||
      absl::StrContains(text, "SSL_ERROR_SYSCALL") || absl::StrContains(text, "SSL_ERROR_ZERO_RETURN") ||
      absl::StrContains(text, "unexpected eof")) {
    return {
        StatusCode::kUnavailable, "connection_reset",
        "the connection was closed during the TLS handshake. A proxy or firewall in between may do that."};
  }
  return {
      StatusCode::kFailedPrecondition, "tls_handshake",
      "the TLS handshake failed: no version, cipher or signature algorithm in common. TLS 1.2 or later is "
      "needed, with keys of 2048 bits or more and without SHA-1."};
}

Meaning MeaningOf(const TransferOutcome& outcome, bool tls_started, absl::string_view host) {
  switch (static_cast<CURLcode>(outcome.curl_code)) {
    case CURLE_URL_MALFORMAT:
      return {StatusCode::kInvalidArgument, "bad_request", "this is not a URL that can be asked."};
    case CURLE_COULDNT_RESOLVE_HOST:
      return {
          StatusCode::kUnavailable, "dns",
          absl::StrCat("the name of ", host,
                       " cannot be found in DNS. Check its spelling, and the DNS servers of this machine.")};
    case CURLE_COULDNT_CONNECT:
      return NotConnected(outcome, host);
    case CURLE_OPERATION_TIMEDOUT:
      return TimedOut(outcome, tls_started, host);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return {StatusCode::kFailedPrecondition, "not_http",
              "the server's answer is not HTTP/1.1 or HTTP/2. Check the port."};
    case CURLE_SSL_CONNECT_ERROR:
      return HandshakeFailed(outcome);
    case CURLE_PEER_FAILED_VERIFICATION:
      return {StatusCode::kFailedPrecondition, "tls_bad_certificate",
              "the server's certificate cannot be accepted."};
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
      return {StatusCode::kFailedPrecondition, "tls_config",
              "the TLS settings cannot be used. A client certificate needs a key of at least 2048 bits (RSA) "
              "and a "
              "signature without SHA-1."};
    case CURLE_PARTIAL_FILE:
      return {
          StatusCode::kUnavailable, "truncated",
          absl::StrCat("the answer was cut off after ", outcome.body_bytes, " bytes of body. Try again.")};
    case CURLE_GOT_NOTHING:
      return {StatusCode::kUnavailable, "connection_reset",
              "the server closed the connection without an answer."};
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      if (outcome.answer_started) {
        return {
            StatusCode::kUnavailable, "truncated",
            absl::StrCat("the answer was cut off after ", outcome.body_bytes, " bytes of body. Try again.")};
      }
      return {StatusCode::kUnavailable, "connection_reset",
              "the server, or something in between, reset the connection. Try again."};
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return {StatusCode::kUnavailable, "connection_reset",
              "the server broke off the HTTP/2 stream. Try again."};
    case CURLE_BAD_CONTENT_ENCODING:
      return {StatusCode::kFailedPrecondition, "not_http",
              "the answer is framed in a way that cannot be read (Transfer-Encoding)."};
    case CURLE_OUT_OF_MEMORY:
      // What curl also says of a header line beyond its own limit.
      if (outcome.tls_done && outcome.body_bytes == 0) {
        return {
            StatusCode::kFailedPrecondition, "too_large",
            "a line in the header of the answer is longer than 100 KiB (or there is no memory left). Is this "
            "the right URL?"};
      }
      return {StatusCode::kResourceExhausted, "unexpected", "there is no memory left."};
    default:
      return {StatusCode::kInternal, "unexpected",
              absl::StrCat("the request failed in an unexpected way (curl code ", outcome.curl_code, ").")};
  }
}

bool MayFollowAnAlert(int code) {
  return code == CURLE_SSL_CONNECT_ERROR || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR ||
         code == CURLE_GOT_NOTHING || code == CURLE_HTTP2 || code == CURLE_HTTP2_STREAM;
}

}  // namespace

std::string ToTenths(absl::Duration duration) {
  return absl::FormatDuration(absl::Floor(duration + absl::Milliseconds(50), absl::Milliseconds(100)));
}

absl::Status CurlError(const TransferOutcome& outcome, const TlsReport& tls, absl::string_view url,
                       absl::string_view host, bool has_client_certificate) {
  const std::string start = absl::StrCat(RedactUrl(url), ": ");
  if (!outcome.tls_done && tls.verification.has_value()) {
    return ErrorWithReason(StatusCode::kFailedPrecondition, tls.verification->reason,
                           start + tls.verification->sentence);
  }
  if (tls.alert >= 0 && MayFollowAnAlert(outcome.curl_code) && !outcome.answer_started) {
    const TlsFailure failure = DescribeAlert(tls.alert, TlsPeer::kServer, has_client_certificate);
    return ErrorWithReason(StatusCode::kFailedPrecondition, failure.reason, start + failure.sentence);
  }
  const Meaning meaning = MeaningOf(outcome, tls.started, host);
  return ErrorWithReason(meaning.code, meaning.reason, start + meaning.sentence);
}

}  // namespace k8soidc::http
