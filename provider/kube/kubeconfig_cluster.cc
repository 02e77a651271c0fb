#include "kube/kubeconfig_cluster.h"

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "json/quote.h"
#include "kube/server_url.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using json::Quoted;
using tfsdk::Secret;

// The names there are, for a message about one that is not.
template <typename Entry>
std::string ListNames(const std::map<std::string, Entry>& entries) {
  constexpr size_t kMostShown = 20;
  std::vector<std::string> names;
  for (const auto& [name, entry] : entries) {
    if (names.size() == kMostShown) {
      names.push_back(absl::StrCat("and ", entries.size() - kMostShown, " more"));
      break;
    }
    names.push_back(Quoted(name));
  }
  return names.empty() ? std::string("none") : absl::StrJoin(names, ", ");
}

absl::Status NotOffered(absl::string_view what, absl::string_view way_out) {
  return absl::FailedPreconditionError(
      absl::StrCat(what, ", which this version of the provider does not offer yet. ", way_out));
}

// The context that is asked for; an empty one when cluster and user are named directly.
absl::StatusOr<KubeconfigContext> FindContext(const Kubeconfig& config, const KubeconfigChoice& choice,
                                              std::string& name) {
  name = choice.context.empty() ? config.current_context : choice.context;
  if (name.empty()) {
    if (!choice.cluster.empty()) return KubeconfigContext();
    return absl::FailedPreconditionError(absl::StrCat(
        "kubeconfig ", config.Describe(), " has no current-context, so it names no cluster; set ",
        "config_context to one of its contexts: ", ListNames(config.contexts)));
  }
  const auto found = config.contexts.find(name);
  if (found == config.contexts.end()) {
    return absl::NotFoundError(absl::StrCat("kubeconfig ", config.Describe(), " has no context ",
                                            Quoted(name),
                                            choice.context.empty() ? ", though current-context names it" : "",
                                            ". The contexts there are: ", ListNames(config.contexts)));
  }
  return found->second;
}

absl::Status TakeCluster(const KubeconfigCluster& entry, const std::string& what,
                         const KubeconfigChoice& choice, Cluster& cluster) {
  if (!choice.server_is_replaced) {
    if (entry.server.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(what, " has no server, so there is nothing to talk to"));
    }
    absl::StatusOr<std::string> server = ParseServerUrl(entry.server);
    if (!server.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("the server of ", what, " ", server.status().message()));
    }
    cluster.server = *std::move(server);
  }
  if (!entry.proxy_url.empty()) {
    return NotOffered(
        absl::StrCat(what, " sets proxy-url"),
        "Remove it if the server can be reached directly, or point `server` at a forwarded port.");
  }
  if (!entry.certificate_authority.empty() && !entry.certificate_authority_data.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has both certificate-authority and certificate-authority-data; remove one"));
  }
  cluster.certificate_authority = {.text = Secret(entry.certificate_authority_data),
                                   .file = entry.certificate_authority};
  if (entry.insecure_skip_tls_verify && !cluster.certificate_authority.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has a certificate authority and insecure-skip-tls-verify: true; remove one"));
  }
  cluster.insecure = entry.insecure_skip_tls_verify;
  cluster.tls_server_name = entry.tls_server_name;
  return absl::OkStatus();
}

absl::Status TakeCertificate(const KubeconfigUser& entry, const std::string& what, Cluster& cluster) {
  if (!entry.client_certificate.empty() && !entry.client_certificate_data.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has both client-certificate and client-certificate-data; remove one"));
  }
  if (!entry.client_key.empty() && !entry.client_key_data.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has both client-key and client-key-data; remove one"));
  }
  ClientCertificate taken = {
      .description = absl::StrCat("the client certificate of ", what),
      .certificate = {.text = Secret(entry.client_certificate_data), .file = entry.client_certificate},
      .key = {.text = entry.client_key_data, .file = entry.client_key}};
  if (taken.certificate.empty()) {
    if (!taken.key.empty()) {
      cluster.warnings.push_back(absl::StrCat(
          what, " has a client key without a client certificate. The key is ignored, as kubectl does."));
    }
    return absl::OkStatus();
  }
  if (taken.key.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(what, " has a client certificate without a client key"));
  }
  cluster.client_certificate = std::move(taken);
  return absl::OkStatus();
}

absl::Status TakeUser(const KubeconfigUser& entry, const std::string& what, const KubeconfigChoice& choice,
                      Cluster& cluster) {
  if (entry.has_impersonation) {
    return NotOffered(absl::StrCat(what, " impersonates somebody (as, as-uid, as-groups or as-user-extra)"),
                      "Remove these fields, or name another user with config_context_auth_info.");
  }
  TFSDK_RETURN_IF_ERROR(TakeCertificate(entry, what, cluster));
  const bool has_token = !entry.token.empty() || !entry.token_file.empty();
  const bool has_basic = !entry.username.empty() || !entry.password.empty();
  if (has_token && has_basic) {
    return absl::InvalidArgumentError(absl::StrCat(what, " has both a token and a user name; remove one"));
  }
  if (has_basic && entry.username.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(what, " has a password without a user name"));
  }
  if (has_token || has_basic) {
    cluster.bearer = {
        .description = absl::StrCat(has_token ? "the token of " : "the user name and password of ", what),
        .token = entry.token,
        .token_file = entry.token_file,
        .username = entry.username,
        .password = entry.password};
  }
  if (choice.credential_is_replaced) return absl::OkStatus();
  if (entry.has_exec && entry.has_auth_provider) {
    return absl::InvalidArgumentError(absl::StrCat(what, " has both exec and auth-provider; remove one"));
  }
  // A credential of the user's own wins over exec, so exec is not needed then.
  if (entry.has_exec && cluster.bearer.empty() && cluster.client_certificate.empty()) {
    return NotOffered(
        absl::StrCat(what, " gets its credential from the command ", Quoted(entry.exec_command)),
        "Give `token` or `token_file` in the provider block, or name another user.");
  }
  if (entry.has_auth_provider) {
    return NotOffered(absl::StrCat(what, " uses the auth-provider ", Quoted(entry.auth_provider)),
                      "Give `token` or `token_file` in the provider block, or name another user.");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Cluster> ClusterFromKubeconfig(const Kubeconfig& config, const KubeconfigChoice& choice) {
  std::string context_name;
  TFSDK_ASSIGN_OR_RETURN(const KubeconfigContext context, FindContext(config, choice, context_name));
  const std::string cluster_name = choice.cluster.empty() ? context.cluster : choice.cluster;
  const std::string user_name = choice.user.empty() ? context.user : choice.user;

  Cluster cluster;
  cluster.origin = context_name.empty()
                       ? absl::StrCat("cluster ", Quoted(cluster_name), " of ", config.Describe())
                       : absl::StrCat("context ", Quoted(context_name), " of ", config.Describe());
  if (cluster_name.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        cluster.origin, " names no cluster. The clusters there are: ", ListNames(config.clusters)));
  }
  const auto cluster_entry = config.clusters.find(cluster_name);
  if (cluster_entry == config.clusters.end()) {
    return absl::NotFoundError(absl::StrCat(
        cluster.origin, " names the cluster ", Quoted(cluster_name),
        ", and there is none of that name. The clusters there are: ", ListNames(config.clusters)));
  }
  TFSDK_RETURN_IF_ERROR(
      TakeCluster(cluster_entry->second,
                  absl::StrCat("cluster ", Quoted(cluster_name), " (", cluster_entry->second.origin, ")"),
                  choice, cluster));
  if (user_name.empty()) return cluster;  // Anonymous, as kubectl.
  const auto user_entry = config.users.find(user_name);
  if (user_entry == config.users.end()) {
    return absl::NotFoundError(
        absl::StrCat(cluster.origin, " names the user ", Quoted(user_name),
                     ", and there is none of that name. The users there are: ", ListNames(config.users)));
  }
  TFSDK_RETURN_IF_ERROR(TakeUser(
      user_entry->second, absl::StrCat("user ", Quoted(user_name), " (", user_entry->second.origin, ")"),
      choice, cluster));
  return cluster;
}

}  // namespace k8soidc::kube
