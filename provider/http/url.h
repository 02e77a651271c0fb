#pragma once

// The one URL parser. It is curl's own, so that what is checked here and what is connected to cannot differ
// (the RFC 3986 / WHATWG split is a known trap).

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::http {

// A URL in parts, as curl will use them.
struct Url {
  enum class Scheme { kHttps, kHttp };

  Scheme scheme = Scheme::kHttps;
  // Lower case is not forced. An IPv6 address is without its brackets; a decimal or octal IPv4 is written
  // out.
  std::string host;
  // When the URL names none, the scheme's: 443 or 80.
  uint16_t port = 443;
  // As written, dot segments and escapes included; "/" when the URL has none.
  std::string path;
  // Without the "?"; empty when there is none.
  std::string query;
  bool has_query = false;
  bool has_fragment = false;

  // The host as a URL has it: an IPv6 address in brackets.
  std::string BracketedHost() const;
  // "host:port", the host in lower case.
  std::string Authority() const;
  // "https://host:port": two URLs have one Origin() exactly when they are of one origin (RFC 6454, 4).
  std::string Origin() const;
  // The value of the Host header: without the port when that is the scheme's own.
  std::string HostHeader() const;
};

// Parses an absolute https URL of at most 8192 bytes. Refused, with kInvalidArgument and reason
// "bad_request": another scheme, userinfo, control characters, spaces, backslashes, non-ASCII text (an
// international name is written in punycode), an IPv6 zone, a host that is empty or starts with a dot, port
// 0.
absl::StatusOr<Url> ParseUrl(absl::string_view text);

// The same, where the caller can answer for plain http as well: a server that a kubeconfig names so. Never for
// an issuer, because anybody on the way could answer with keys of their own.
absl::StatusOr<Url> ParseHttpOrHttpsUrl(absl::string_view text);

}  // namespace k8soidc::http
