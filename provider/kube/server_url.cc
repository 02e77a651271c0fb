#include "kube/server_url.h"

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "http/http.h"
#include "http/url.h"

namespace k8soidc::kube {
namespace {

bool IsHexDigit(char c) { return absl::ascii_isxdigit(static_cast<unsigned char>(c)); }

// Without percent-encoding. Nothing when a percent sign starts no escape.
std::optional<std::string> DecodePath(absl::string_view path) {
  std::string decoded;
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '%') {
      decoded.push_back(path[i]);
      continue;
    }
    if (i + 2 >= path.size() || !IsHexDigit(path[i + 1]) || !IsHexDigit(path[i + 2])) return std::nullopt;
    decoded += absl::HexStringToBytes(path.substr(i + 1, 2));
    i += 2;
  }
  return decoded;
}

// What Go's net/url writes for a path: RFC 3986's unreserved characters, and $&+,/:;=@ as they are.
std::string EncodePath(absl::string_view path) {
  std::string encoded;
  for (const char c : path) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        absl::string_view("-_.~$&+,/:;=@").find(c) != absl::string_view::npos) {
      encoded.push_back(c);
    } else {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

// As Go's path.Clean, without a slash at the end.
std::string CleanPath(absl::string_view path) {
  std::vector<absl::string_view> kept;
  for (const absl::string_view segment : absl::StrSplit(path, '/', absl::SkipEmpty())) {
    if (segment == ".") continue;
    if (segment != "..") {
      kept.push_back(segment);
    } else if (!kept.empty()) {
      kept.pop_back();
    }
  }
  return kept.empty() ? std::string() : absl::StrCat("/", absl::StrJoin(kept, "/"));
}

}  // namespace

absl::StatusOr<std::string> ParseServerUrl(absl::string_view text) {
  if (!absl::StrContains(text, "://")) {
    return absl::InvalidArgumentError(
        "has no scheme, which to kubectl means plain http; write https:// before it");
  }
  const absl::StatusOr<http::Url> url = http::ParseHttpOrHttpsUrl(text);
  if (!url.ok()) return absl::InvalidArgumentError(absl::StrCat("is refused: ", url.status().message()));
  if (url->has_query || url->has_fragment) {
    return absl::InvalidArgumentError(absl::StrCat(
        "is ", http::RedactUrl(text), " with a query or a fragment; remove what follows ? or #"));
  }
  // client-go joins paths decoded, so that an encoded slash becomes a slash.
  const std::optional<std::string> path = DecodePath(url->path);
  if (!path.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "is ", http::RedactUrl(text), " with a percent sign that starts no escape; write %25 for it"));
  }
  return absl::StrCat(url->scheme == http::Url::Scheme::kHttps ? "https://" : "http://", url->HostHeader(),
                      EncodePath(CleanPath(*path)));
}

absl::StatusOr<std::string> ParseHostArgument(absl::string_view text) {
  if (absl::StrContains(text, "://")) return ParseServerUrl(text);
  return ParseServerUrl(absl::StrCat("https://", text));
}

bool IsPlainHttp(absl::string_view server) { return absl::StartsWith(server, "http://"); }

}  // namespace k8soidc::kube
