#include "kube/server_url.h"

#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "http/http.h"
#include "http/url.h"

namespace k8soidc::kube {
namespace {

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
  return absl::StrCat(url->scheme == http::Url::Scheme::kHttps ? "https://" : "http://", url->HostHeader(),
                      CleanPath(url->path));
}

absl::StatusOr<std::string> ParseHostArgument(absl::string_view text) {
  if (absl::StrContains(text, "://")) return ParseServerUrl(text);
  return ParseServerUrl(absl::StrCat("https://", text));
}

bool IsPlainHttp(absl::string_view server) { return absl::StartsWith(server, "http://"); }

}  // namespace k8soidc::kube
