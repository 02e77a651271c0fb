#include "oidc/discovery.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "http/http.h"
#include "http/url.h"
#include "json/quote.h"
#include "json/strict_json.h"
#include "tfsdk/status.h"

namespace k8soidc::oidc {
namespace {

constexpr size_t kMaxIssuer = 2048;
constexpr size_t kMaxListed = 200;

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("not a discovery document: ", why));
}

// A list of strings; absent and null are empty.
absl::Status ReadList(const nlohmann::json& document, const char* name, std::vector<std::string>& out) {
  const auto it = document.find(name);
  if (it == document.end() || it->is_null()) return absl::OkStatus();
  if (!it->is_array() || it->size() > kMaxListed ||
      !std::all_of(it->begin(), it->end(), [](const nlohmann::json& e) { return e.is_string(); })) {
    return Wrong(absl::StrCat("its ", name, " is no list of at most ", kMaxListed, " strings"));
  }
  out = it->get<std::vector<std::string>>();
  return absl::OkStatus();
}

absl::Status ExplainDefect(const absl::Status& status) {
  switch (json::DefectOf(status).value_or(json::Defect::kSyntax)) {
    case json::Defect::kHtml:
      return absl::InvalidArgumentError(
          "the answer is a web page (perhaps a login page of a proxy), not a discovery document; check the "
          "address and that "
          "nothing between here and the server asks people to sign in");
    case json::Defect::kEmpty:
      return absl::InvalidArgumentError("the answer is empty, where a discovery document is expected");
    default:
      return tfsdk::Annotate(status, "not a discovery document");
  }
}

}  // namespace

absl::StatusOr<Discovery> ParseDiscovery(absl::string_view text) {
  const absl::StatusOr<nlohmann::json> document = json::Parse(text);
  if (!document.ok()) return ExplainDefect(document.status());
  if (!document->is_object()) return Wrong("it is no JSON object");
  Discovery discovery;
  const auto issuer = document->find("issuer");
  if (issuer == document->end() || issuer->is_null()) {
    return Wrong(
        "it has no issuer; this is another service, or the API server was given no --service-account-issuer");
  }
  if (!issuer->is_string()) return Wrong("its issuer is no string");
  discovery.issuer = issuer->get<std::string>();
  if (const absl::Status status = CheckIssuer(discovery.issuer); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("its issuer ", json::Quoted(http::RedactUrl(discovery.issuer)), " ", status.message(),
                     ", so nobody can verify tokens of it; ask whoever runs the issuer"));
  }
  const auto jwks_uri = document->find("jwks_uri");
  if (jwks_uri != document->end() && !jwks_uri->is_null()) {
    if (!jwks_uri->is_string()) return Wrong("its jwks_uri is no string");
    discovery.jwks_uri = jwks_uri->get<std::string>();
    if (!http::ParseUrl(*discovery.jwks_uri).ok()) {
      discovery.warnings.push_back(
          "its jwks_uri is no https URL, so relying parties cannot fetch the keys from it. The "
          "keys that k8soidc_jwks reads from the API server are not affected.");
    }
  }
  TFSDK_RETURN_IF_ERROR(ReadList(*document, "response_types_supported", discovery.response_types_supported));
  TFSDK_RETURN_IF_ERROR(ReadList(*document, "subject_types_supported", discovery.subject_types_supported));
  TFSDK_RETURN_IF_ERROR(ReadList(*document, "id_token_signing_alg_values_supported",
                                 discovery.id_token_signing_alg_values_supported));
  return discovery;
}

absl::Status CheckIssuer(absl::string_view issuer) {
  const auto wrong = [](absl::string_view why) { return absl::InvalidArgumentError(why); };
  if (issuer.empty()) return wrong("is empty");
  if (issuer.size() > kMaxIssuer) return wrong("is longer than 2048 bytes");
  if (!absl::StartsWith(issuer, "https://")) return wrong("does not start with https://");
  const absl::StatusOr<http::Url> url = http::ParseUrl(issuer);
  if (!url.ok())
    return wrong("is no URL (or one with a user name, a zone or characters that have to be escaped)");
  if (url->has_query) return wrong("has a query");
  if (url->has_fragment) return wrong("has a fragment");
  for (const absl::string_view segment : absl::StrSplit(url->path, '/')) {
    if (segment == "." || segment == "..") return wrong("has a \".\" or \"..\" in its path");
  }
  return absl::OkStatus();
}

std::string DiscoveryUrl(absl::string_view issuer) {
  return absl::StrCat(absl::StripSuffix(issuer, "/"), "/.well-known/openid-configuration");
}

std::string IssuerHostPath(absl::string_view issuer) {
  return std::string(absl::StripPrefix(issuer, "https://"));
}

}  // namespace k8soidc::oidc
