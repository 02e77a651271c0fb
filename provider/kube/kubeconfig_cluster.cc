#include "kube/kubeconfig_cluster.h"

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "http/proxy.h"
#include "json/quote.h"
#include "kube/kubeconfig_user.h"
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

// " of /path/file", or " in the argument kubeconfig".
std::string Of(const Kubeconfig& config) {
  const std::string name = config.Describe();
  return absl::StrCat(absl::StartsWith(name, "in ") ? " " : " of ", name);
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

// "cluster \"x\" (/path/file, line 3, column 5)", with the place of `field`, or of the entry.
std::string DescribeCluster(const std::string& name, const KubeconfigCluster& entry,
                            const std::string& field = "") {
  return absl::StrCat("cluster ", Quoted(name), " (", entry.fields.Find(field, entry.origin), ")");
}

absl::Status TakeTrust(const std::string& name, const KubeconfigCluster& entry, Cluster& cluster) {
  const auto what = [&](const char* field) { return DescribeCluster(name, entry, field); };
  if (!entry.certificate_authority.empty() && !entry.certificate_authority_data.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what("certificate-authority-data"),
                     " has both certificate-authority and certificate-authority-data; remove one"));
  }
  cluster.certificate_authority = {.text = Secret(entry.certificate_authority_data),
                                   .file = entry.certificate_authority};
  if (entry.insecure_skip_tls_verify && !cluster.certificate_authority.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(what("insecure-skip-tls-verify"),
                     " has a certificate authority and insecure-skip-tls-verify: true; remove one"));
  }
  cluster.insecure = entry.insecure_skip_tls_verify;
  return absl::OkStatus();
}

absl::Status TakeCluster(const std::string& name, const KubeconfigCluster& entry,
                         const KubeconfigChoice& choice, Cluster& cluster) {
  const auto what = [&](const char* field) { return DescribeCluster(name, entry, field); };
  if (!choice.server_is_replaced) {
    if (entry.server.empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(what("server"), " has no server, so there is nothing to talk to"));
    }
    absl::StatusOr<std::string> server = ParseServerUrl(entry.server);
    if (!server.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the server of ", what("server"), " ", server.status().message()));
    }
    cluster.server = *std::move(server);
  }
  if (!choice.proxy_is_replaced && !entry.proxy_url.empty()) {
    absl::StatusOr<http::Proxy> proxy = http::ParseProxyUrl(entry.proxy_url.Reveal(), what("proxy-url"));
    if (!proxy.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("the proxy-url of ", what("proxy-url"), " ", proxy.status().message()));
    }
    cluster.proxy = *std::move(proxy);
    cluster.proxy_url = entry.proxy_url;
  }
  if (!choice.trust_is_replaced) TFSDK_RETURN_IF_ERROR(TakeTrust(name, entry, cluster));
  cluster.tls_server_name = entry.tls_server_name;
  cluster.disable_compression = entry.disable_compression;
  cluster.exec_config_json = entry.exec_config_json;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Cluster> ClusterFromKubeconfig(const Kubeconfig& config, const KubeconfigChoice& choice) {
  std::string context_name;
  TFSDK_ASSIGN_OR_RETURN(const KubeconfigContext context, FindContext(config, choice, context_name));
  const std::string cluster_name = choice.cluster.empty() ? context.cluster : choice.cluster;
  const std::string user_name = choice.user.empty() ? context.user : choice.user;

  Cluster cluster;
  cluster.origin = context_name.empty() ? absl::StrCat("cluster ", Quoted(cluster_name), Of(config))
                                        : absl::StrCat("context ", Quoted(context_name), Of(config));
  const std::string context_origin =
      context.origin.empty() ? std::string() : absl::StrCat(" (", context.origin, ")");
  if (cluster_name.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(cluster.origin, context_origin,
                     " names no cluster. The clusters there are: ", ListNames(config.clusters)));
  }
  const auto cluster_entry = config.clusters.find(cluster_name);
  if (cluster_entry == config.clusters.end()) {
    return absl::NotFoundError(absl::StrCat(
        cluster.origin, context_origin, " names the cluster ", Quoted(cluster_name),
        ", and there is none of that name. The clusters there are: ", ListNames(config.clusters)));
  }
  TFSDK_RETURN_IF_ERROR(TakeCluster(cluster_name, cluster_entry->second, choice, cluster));
  if (user_name.empty()) return cluster;  // Anonymous, as kubectl.
  const auto user_entry = config.users.find(user_name);
  if (user_entry == config.users.end()) {
    return absl::NotFoundError(
        absl::StrCat(cluster.origin, context_origin, " names the user ", Quoted(user_name),
                     ", and there is none of that name. The users there are: ", ListNames(config.users)));
  }
  TFSDK_RETURN_IF_ERROR(TakeUser(user_name, user_entry->second, choice.replaced, cluster));
  return cluster;
}

}  // namespace k8soidc::kube
