#include "kube/errors.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "json/quote.h"
#include "json/strict_json.h"

namespace k8soidc::kube {
namespace {

constexpr absl::string_view kRole = "system:service-account-issuer-discovery";
constexpr absl::string_view kAnonymous = "system:anonymous";
constexpr absl::string_view kImpersonator = "k8soidc-impersonator";

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

// --serviceaccount, --group or --user, quoted for a POSIX shell.
std::string GrantSubject(absl::string_view user) {
  absl::string_view account = user;
  if (user == kAnonymous) return "--group=system:unauthenticated";
  if (absl::ConsumePrefix(&account, "system:serviceaccount:")) {
    const std::vector<absl::string_view> parts = absl::StrSplit(account, ':');
    if (parts.size() == 2 && IsResourceName(parts[0]) && IsResourceName(parts[1])) {
      return absl::StrCat("--serviceaccount=", account);
    }
  }
  return absl::StrCat("--user=", ShellQuote(user));
}

// The message of a Kubernetes Status object; empty when the body is none.
std::string StatusMessage(absl::string_view body) {
  const absl::StatusOr<nlohmann::json> status = json::Parse(body);
  if (!status.ok() || !status->is_object() || status->value("kind", nlohmann::json()) != "Status") return "";
  const auto message = status->find("message");
  if (message == status->end() || !message->is_string()) return "";
  return message->get<std::string>();
}

// Printable ASCII without a backslash, neither empty nor long: it goes into a command that people paste.
bool CanBeShown(absl::string_view name) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c)) && c != '\\';
  });
}

// jane, of `… User "jane" cannot …`, and what follows her.
std::optional<std::string> UserIn(absl::string_view message, absl::string_view& rest) {
  constexpr absl::string_view kBefore = "User \"";
  const size_t start = message.find(kBefore);
  if (start == absl::string_view::npos) return std::nullopt;
  message.remove_prefix(start + kBefore.size());
  const size_t end = message.find('"');
  if (end == absl::string_view::npos || !CanBeShown(message.substr(0, end))) return std::nullopt;
  rest = message.substr(end + 1);
  return std::string(message.substr(0, end));
}

// Why nothing was sent that says who we are.
std::string ExplainAnonymity(const Cluster& cluster) {
  if (cluster.withheld_credential.empty()) {
    return absl::StrCat("No credential was sent, because ", cluster.origin, " has none");
  }
  return absl::StrCat("No credential was sent, because the server is plain http: ",
                      cluster.withheld_credential, " goes nowhere without TLS");
}

// Whom the request asks to act as, when it does.
std::string MentionImpersonation(const Cluster& cluster) {
  if (cluster.impersonation.empty()) return "";
  return absl::StrCat(" The request asks to act as ", json::Quoted(cluster.impersonation.user, 253),
                      ", but it is this credential that is refused.");
}

std::string ExplainUnauthenticated(const Cluster& cluster) {
  if (!cluster.HasCredential()) {
    return absl::StrCat(
        ExplainAnonymity(cluster),
        ", and this server answers nobody it does not know. Give a token, a client certificate or an exec "
        "plugin",
        cluster.withheld_credential.empty() ? "." : ", and name the server by https.");
  }
  const bool was_run_again = cluster.exec.has_value();
  return absl::StrCat("The server does not accept ", cluster.DescribeCredential(), ", chosen by ",
                      cluster.origin, was_run_again ? ", though the plugin was asked again" : "",
                      ". It may have expired, or belong to another cluster; get a new one.",
                      MentionImpersonation(cluster));
}

// The commands that let `user` act as `as`: as those names and no others, because who may impersonate anybody
// may do anything. Nothing when a name has characters that one had better not paste.
std::optional<std::string> ImpersonationCommands(absl::string_view user, const Impersonation& as) {
  std::vector<std::string> resources;
  std::vector<std::string> names;
  const std::vector<std::string> account = absl::StrSplit(as.user, ':');
  const bool is_account = account.size() == 4 && absl::StartsWith(as.user, "system:serviceaccount:");
  resources.push_back(is_account ? "serviceaccounts" : "users");
  names.push_back(is_account ? account.back() : as.user);
  if (!as.groups.empty()) {
    resources.push_back("groups");
    names.insert(names.end(), as.groups.begin(), as.groups.end());
  }
  for (const auto& [key, values] : as.extra) {
    // The key goes into a header's name, of which servers see the lower case.
    resources.push_back(absl::StrCat("userextras.authentication.k8s.io/", absl::AsciiStrToLower(key)));
    names.insert(names.end(), values.begin(), values.end());
  }
  std::string commands = absl::StrCat(
      "kubectl create clusterrole ", kImpersonator, " --verb=impersonate --resource=",
      as.extra.empty() ? absl::StrJoin(resources, ",") : ShellQuote(absl::StrJoin(resources, ",")));
  for (const std::string& name : names) absl::StrAppend(&commands, " --resource-name=", ShellQuote(name));
  if (!as.uid.empty()) {
    // `kubectl create clusterrole` does not know this resource.
    const nlohmann::json rule = {{"apiGroups", {"authentication.k8s.io"}},
                                 {"resources", {"uids"}},
                                 {"resourceNames", {as.uid}},
                                 {"verbs", {"impersonate"}}};
    const nlohmann::json patch = {{{"op", "add"}, {"path", "/rules/-"}, {"value", rule}}};
    absl::StrAppend(&commands, " && kubectl patch clusterrole ", kImpersonator, " --type=json --patch=",
                    ShellQuote(patch.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
    names.push_back(as.uid);
  }
  names.insert(names.end(), resources.begin(), resources.end());
  if (!std::all_of(names.begin(), names.end(), CanBeShown)) return std::nullopt;
  return absl::StrCat(commands, " && kubectl create clusterrolebinding ", kImpersonator,
                      " --clusterrole=", kImpersonator, " ", GrantSubject(user));
}

// Who may not impersonate, and what can be done about it.
std::string ExplainDeniedImpersonation(const DeniedImpersonation& denied, const Cluster& cluster) {
  const std::string right = denied.resource.empty() ? std::string()
                                                    : absl::StrCat(": it lacks the right to impersonate ",
                                                                   json::Quoted(denied.resource, 253));
  const std::string who = absl::StrCat("The user ", json::Quoted(denied.user, 253), " (",
                                       cluster.DescribeCredential(), ") may not act as ");
  // Without our asking it is a gateway that impersonates, with rights of its own, and we know not whom.
  if (cluster.impersonation.empty()) {
    return absl::StrCat(
        who, "somebody else", right,
        ". A gateway before the server seems to ask for that; its rights are to be looked at.");
  }
  const std::optional<std::string> commands = ImpersonationCommands(denied.user, cluster.impersonation);
  return absl::StrCat(
      who, json::Quoted(cluster.impersonation.user, 253), right, ". Whoever administers the cluster can ",
      commands.has_value()
          ? absl::StrCat("allow it: ", *commands)
          : "give it the verb impersonate on the user, groups, uid and extra fields asked for.");
}

std::string ExplainForbidden(const http::Response& response, const Cluster& cluster) {
  if (const std::optional<DeniedImpersonation> denied = ImpersonationDenied(response.body)) {
    return ExplainDeniedImpersonation(*denied, cluster);
  }
  const std::string credential = cluster.impersonation.empty()
                                     ? cluster.DescribeCredential()
                                     : absl::StrCat("whom ", cluster.DescribeCredential(), " impersonates");
  const std::optional<std::string> user = ForbiddenUser(response.body);
  if (!user.has_value()) {
    return absl::StrCat(
        "The server knows who asks (", cluster.DescribeCredential(),
        ") and does not allow it. Bind the ClusterRole ", kRole,
        " to that user; `kubectl auth whoami` shows the name: kubectl create clusterrolebinding "
        "k8soidc-issuer-discovery --clusterrole=",
        kRole, " --user=NAME");
  }
  if (*user == kAnonymous && cluster.impersonation.empty()) {
    return absl::StrCat(cluster.HasCredential()
                            ? absl::StrCat("The server took this for an anonymous request, though ",
                                           cluster.DescribeCredential(),
                                           " was offered: it may belong to another cluster. Give "
                                           "another credential")
                            : absl::StrCat(ExplainAnonymity(cluster),
                                           ". Give a token, a client certificate or an exec plugin"),
                        ", or let everybody read the keys: ", GrantCommand(*user));
  }
  return absl::StrCat(
      "The user ", json::Quoted(*user, 253), " (", credential,
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
  absl::string_view rest;
  const std::string message = StatusMessage(body);
  std::optional<std::string> user = UserIn(message, rest);
  if (!user.has_value() || !absl::StartsWith(rest, " cannot get path")) return std::nullopt;
  return user;
}

std::optional<DeniedImpersonation> ImpersonationDenied(absl::string_view body) {
  absl::string_view rest;
  const std::string message = StatusMessage(body);
  std::optional<std::string> user = UserIn(message, rest);
  if (!user.has_value()) return std::nullopt;
  // Kubernetes 1.36: `forbidden: User "jane" cannot impersonate-on:user-info:get path "/openid/v1/jwks"`.
  if (absl::StartsWith(rest, " cannot impersonate-on:")) return DeniedImpersonation{*std::move(user), ""};
  if (!absl::ConsumePrefix(&rest, " cannot impersonate resource \"")) return std::nullopt;
  const absl::string_view resource = rest.substr(0, rest.find('"'));
  if (!CanBeShown(resource)) return std::nullopt;
  return DeniedImpersonation{*std::move(user), std::string(resource)};
}

std::string GrantCommand(absl::string_view user) {
  return absl::StrCat("kubectl create clusterrolebinding k8soidc-issuer-discovery --clusterrole=", kRole, " ",
                      GrantSubject(user));
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
    case 407:
      return HttpError(
          absl::StatusCode::kFailedPrecondition,
          answered("407 Proxy Authentication Required",
                   absl::StrCat(cluster.proxy.has_value() ? cluster.proxy->Describe() : "A proxy",
                                " on the way wants to know who we are: write its user name and "
                                "password into the URL that names it (proxy_url, proxy-url or "
                                "HTTP_PROXY), or go around it with NO_PROXY.")));
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
