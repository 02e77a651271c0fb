#include "kube/errors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "json/quote.h"
#include "json/strict_json.h"

namespace k8soidc::kube {
namespace {

constexpr absl::string_view kRole = "system:service-account-issuer-discovery";
constexpr absl::string_view kAnonymous = "system:anonymous";

absl::Status HttpError(absl::StatusCode code, std::string message) {
  return http::ErrorWithReason(code, "http_status", message);
}

// Lower-case letters, digits, dots and dashes: what a Kubernetes namespace or service account is called.
bool IsResourceName(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '.' || c == '-';
  });
}

std::string ShellQuote(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string ExplainUnauthenticated(const Cluster& cluster) {
  const std::string credential = cluster.DescribeCredential();
  if (cluster.bearer.empty() && cluster.client_certificate.empty()) {
    return absl::StrCat(
        "No credential was sent, because ", cluster.origin,
        " has none, and this server answers nobody it does not know. Give a token or a client certificate.");
  }
  return absl::StrCat("The server does not accept ", credential, ", chosen by ", cluster.origin,
                      ". It may have expired, or belong to another cluster; get a new one.");
}

std::string ExplainForbidden(const http::Response& response, const Cluster& cluster) {
  const std::optional<std::string> user = ForbiddenUser(response.body);
  if (!user.has_value()) {
    return absl::StrCat(
        "The server knows who asks (", cluster.DescribeCredential(),
        ") and does not allow it. Bind the ClusterRole ", kRole,
        " to that user; `kubectl auth whoami` shows the name: kubectl create clusterrolebinding "
        "k8soidc-issuer-discovery --clusterrole=",
        kRole, " --user=NAME");
  }
  if (*user == kAnonymous) {
    const bool sent_one = !cluster.bearer.empty() || !cluster.client_certificate.empty();
    return absl::StrCat(
        sent_one ? absl::StrCat("The server took this for an anonymous request, though ",
                                cluster.DescribeCredential(),
                                " was offered: it may belong to another cluster. Give another credential")
                 : absl::StrCat("No credential was sent, because ", cluster.origin,
                                " has none. Give a token or a client certificate"),
        ", or let everybody read the keys: ", GrantCommand(*user));
  }
  return absl::StrCat(
      "The user ", json::Quoted(*user, 253), " (", cluster.DescribeCredential(),
      ") may not read it. Whoever administers the cluster can allow it: ", GrantCommand(*user));
}

std::string ExplainRedirect(const http::Response& response) {
  const std::string target = response.location.has_value()
                                 ? absl::StrCat(" to ", http::RedactUrl(*response.location))
                                 : std::string();
  return absl::StrCat(
      "It redirects", target,
      ", which is not followed, because credentials and trust end at this server. It may be a login page or "
      "a proxy; name the API server itself.");
}

}  // namespace

std::optional<std::string> ForbiddenUser(absl::string_view body) {
  const absl::StatusOr<nlohmann::json> status = json::Parse(body);
  if (!status.ok() || !status->is_object() || status->value("kind", nlohmann::json()) != "Status")
    return std::nullopt;
  const auto member = status->find("message");
  if (member == status->end() || !member->is_string()) return std::nullopt;
  absl::string_view message = member->get_ref<const std::string&>();
  constexpr absl::string_view kBefore = "User \"";
  const size_t start = message.find(kBefore);
  if (start == absl::string_view::npos) return std::nullopt;
  message.remove_prefix(start + kBefore.size());
  const size_t end = message.find('"');
  if (end == absl::string_view::npos || end == 0 || end > 253) return std::nullopt;
  const absl::string_view user = message.substr(0, end);
  if (!absl::StartsWith(message.substr(end), "\" cannot get path")) return std::nullopt;
  const bool is_printable = std::all_of(user.begin(), user.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c)) && c != '\\';
  });
  if (!is_printable) return std::nullopt;
  return std::string(user);
}

std::string GrantCommand(absl::string_view user) {
  std::string subject = absl::StrCat("--user=", ShellQuote(user));
  absl::string_view account = user;
  if (user == kAnonymous) {
    subject = "--group=system:unauthenticated";
  } else if (absl::ConsumePrefix(&account, "system:serviceaccount:")) {
    const std::vector<absl::string_view> parts = absl::StrSplit(account, ':');
    if (parts.size() == 2 && IsResourceName(parts[0]) && IsResourceName(parts[1])) {
      subject = absl::StrCat("--serviceaccount=", account);
    }
  }
  return absl::StrCat("kubectl create clusterrolebinding k8soidc-issuer-discovery --clusterrole=", kRole, " ",
                      subject);
}

absl::Status ResponseToStatus(const http::Response& response, absl::string_view url, const Cluster& cluster) {
  const auto answered = [&](absl::string_view status, absl::string_view explanation) {
    return absl::StrCat(http::RedactUrl(url), " answered with status ", status, ". ", explanation);
  };
  switch (response.status) {
    case 200:
      return absl::OkStatus();
    case 401:
      return HttpError(absl::StatusCode::kUnauthenticated,
                       answered("401 Unauthorized", ExplainUnauthenticated(cluster)));
    case 403:
      return HttpError(absl::StatusCode::kPermissionDenied,
                       answered("403 Forbidden", ExplainForbidden(response, cluster)));
    case 404:
      return HttpError(absl::StatusCode::kNotFound,
                       answered("404 Not Found",
                                "Kubernetes serves issuer and keys only when its service-account issuer is "
                                "an https URL without query: "
                                "check the API server's --service-account-issuer. Or the server URL lacks a "
                                "path, or is no API server."));
    case 406:
      return HttpError(
          absl::StatusCode::kFailedPrecondition,
          answered("406 Not Acceptable",
                   "An API server takes the Accept header that was sent; something in between may have "
                   "changed it. Name the API server itself."));
    default:
      break;
  }
  if (response.status >= 300 && response.status < 400 && response.status != 304) {
    return HttpError(absl::StatusCode::kFailedPrecondition,
                     answered(absl::StrCat(response.status), ExplainRedirect(response)));
  }
  return http::ToStatus(response, url);
}

}  // namespace k8soidc::kube
