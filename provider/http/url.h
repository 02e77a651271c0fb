#pragma once

// The one URL parser. It is curl's own, so that what is checked here and what is connected to cannot differ
// (the RFC 3986 / WHATWG split is a known trap).

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::http {

// An https URL in parts, as curl will use them.
struct Url {
  // Lower case is not forced. An IPv6 address is without its brackets; a decimal or octal IPv4 is written
  // out.
  std::string host;
  // 443 when the URL names none.
  uint16_t port = 443;
  // As written, dot segments and escapes included; "/" when the URL has none.
  std::string path;
  // Without the "?"; empty when there is none.
  std::string query;
  bool has_query = false;
  bool has_fragment = false;

  // The host as a URL has it: an IPv6 address in brackets.
  std::string BracketedHost() const;
  // "host:port", the host in lower case. Scheme is always https, so two URLs of one origin have one
  // Authority().
  std::string Authority() const;
  // The value of the Host header: without the port when that is 443.
  std::string HostHeader() const;
};

// Parses an absolute https URL of at most 8192 bytes. Refused, with kInvalidArgument and reason
// "bad_request": another scheme, userinfo, control characters, spaces, backslashes, non-ASCII text (an
// international name is written in punycode), an IPv6 zone, a host that is empty or starts with a dot, port
// 0.
absl::StatusOr<Url> ParseUrl(absl::string_view text);

}  // namespace k8soidc::http
