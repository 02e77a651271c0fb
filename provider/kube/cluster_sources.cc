#include "kube/cluster_sources.h"

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "json/quote.h"
#include "kube/kubeconfig_cluster.h"
#include "kube/kubeconfig_files.h"
#include "kube/options_check.h"
#include "kube/overlay.h"
#include "kube/service_account.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

absl::Status CheckLayer(const OptionLayer& layer) {
  const std::vector<OptionError> errors = CheckOptions(layer.options, layer.source);
  return errors.empty() ? absl::OkStatus() : absl::InvalidArgumentError(errors.front().message);
}

const std::string& FirstSet(const std::optional<std::string>& first, const std::string& second) {
  return IsSet(first) ? *first : second;
}

absl::StatusOr<Kubeconfig> LoadNamedKubeconfig(const OptionLayer& layer, const Environment& environment) {
  const ConnectionOptions& o = layer.options;
  if (IsSet(o.kubeconfig)) {
    return ParseKubeconfig(o.kubeconfig->Reveal(), KubeconfigSource::Text("in the argument kubeconfig"));
  }
  if (IsSet(o.config_path)) {
    return LoadKubeconfigs({*o.config_path}, MissingFiles::kAreAnError, layer.Name("config_path"),
                           environment);
  }
  // A list in a variable may be shared by machines that do not all have each file, as KUBECONFIG is.
  const MissingFiles missing =
      layer.source == OptionSource::kArguments ? MissingFiles::kAreAnError : MissingFiles::kAreLeftOut;
  return LoadKubeconfigs(o.config_paths, missing, layer.Name("config_paths"), environment);
}

absl::Status NothingNamed(const ConnectionOptions& options, const Environment& environment) {
  const bool pod_is_refused = options.in_cluster == false && IsInPod(environment);
  return absl::FailedPreconditionError(absl::StrCat(
      "No cluster is named, and there is no default. Name one in the provider block (host with "
      "cluster_ca_certificate and a "
      "credential; config_path, config_paths or kubeconfig; in_cluster = true), with KUBE_HOST, "
      "KUBE_CONFIG_PATH or "
      "KUBE_CONFIG_PATHS, or with KUBECONFIG. ~/.kube/config is read only when it is named. ",
      pod_is_refused
          ? "This process runs in a pod, but in_cluster = false forbids its service account."
          : "This process does not run in a pod, whose service account would be the last resort."));
}

// A context means something only in a kubeconfig.
absl::Status RefuseKubeconfigChoice(const std::string& context, const Cluster& cluster,
                                    const std::vector<OptionLayer>& layers) {
  std::string chosen;
  if (!context.empty()) chosen = absl::StrCat("config_context = ", json::Quoted(context));
  for (const OptionLayer& layer : layers) {
    for (const auto& [name, option] : {std::pair<const char*, const std::optional<std::string>&>(
                                           "config_context", layer.options.config_context),
                                       {"config_context_auth_info", layer.options.config_context_auth_info},
                                       {"config_context_cluster", layer.options.config_context_cluster}}) {
      if (IsSet(option)) chosen = layer.Name(name);
    }
  }
  if (chosen.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(chosen, " chooses within a kubeconfig, but the cluster comes from ", cluster.origin,
                   "; name a kubeconfig (config_path, KUBECONFIG ...) or remove it"));
}

absl::StatusOr<Cluster> Finish(Cluster cluster, const std::vector<OptionLayer>& layers) {
  for (const OptionLayer& layer : layers) TFSDK_RETURN_IF_ERROR(LayOver(layer, cluster));
  TFSDK_RETURN_IF_ERROR(ApplyRules(cluster));
  return cluster;
}

absl::StatusOr<Cluster> FindInKubeconfig(const Kubeconfig& config, const std::string& context,
                                         const std::vector<OptionLayer>& layers) {
  KubeconfigChoice choice;
  for (const OptionLayer& layer : layers) {
    const ConnectionOptions& o = layer.options;
    choice.context = FirstSet(o.config_context, choice.context);
    choice.user = FirstSet(o.config_context_auth_info, choice.user);
    choice.cluster = FirstSet(o.config_context_cluster, choice.cluster);
    choice.server_is_replaced |= IsSet(o.host);
    choice.proxy_is_replaced |= IsSet(o.proxy_url);
    choice.trust_is_replaced |= IsSet(o.cluster_ca_certificate) || o.insecure == true;
    choice.replaced.bearer |= o.HasBearer() || o.exec.has_value();
    choice.replaced.certificate |= o.HasClientCertificate() || o.exec.has_value();
    choice.replaced.impersonation |= o.impersonate.has_value();
  }
  if (!context.empty()) {
    // The context of one data source stands for itself. A server for all contexts would make each of them
    // the same cluster, under different names.
    if (choice.server_is_replaced) {
      return absl::InvalidArgumentError(
          absl::StrCat("config_context = ", json::Quoted(context),
                       " names a cluster, and host in the provider block replaces the ",
                       "server of every one; remove one of the two"));
    }
    choice.context = context;
    choice.user.clear();
    choice.cluster.clear();
  }
  TFSDK_ASSIGN_OR_RETURN(Cluster cluster, ClusterFromKubeconfig(config, choice));
  return Finish(std::move(cluster), layers);
}

absl::StatusOr<Cluster> FindPod(const Environment& environment, const std::string& context,
                                const std::vector<OptionLayer>& layers) {
  TFSDK_ASSIGN_OR_RETURN(Cluster cluster, ClusterFromPod(environment));
  TFSDK_RETURN_IF_ERROR(RefuseKubeconfigChoice(context, cluster, layers));
  const std::string pod_token = cluster.bearer.token_file;
  const std::string pod_ca = cluster.certificate_authority.file;
  TFSDK_ASSIGN_OR_RETURN(cluster, Finish(std::move(cluster), layers));
  const bool is_pods_token = cluster.bearer.token_file == pod_token;
  if (is_pods_token && (cluster.insecure || cluster.certificate_authority.file != pod_ca)) {
    return absl::InvalidArgumentError(
        "the pod's own service-account token is sent only over the pod's own CA: remove insecure or "
        "cluster_ca_certificate (or KUBE_INSECURE, KUBE_CLUSTER_CA_CERT_DATA), or give a credential of "
        "your own");
  }
  return cluster;
}

absl::StatusOr<Cluster> FindHost(const std::string& origin, const std::string& context,
                                 const std::vector<OptionLayer>& layers) {
  Cluster cluster;
  cluster.origin = origin;
  TFSDK_RETURN_IF_ERROR(RefuseKubeconfigChoice(context, cluster, layers));
  return Finish(std::move(cluster), layers);
}

}  // namespace

// Which source it is, and what earlier ones say besides.
struct ClusterSources::Decision {
  enum class Kind { kHost, kKubeconfig, kPod };

  Kind kind = Kind::kPod;
  std::string host_origin;
  Kubeconfig kubeconfig;
  ConnectionOptions variables;
  bool variables_count = false;  // The arguments name no cluster themselves.
};

ClusterSources::ClusterSources(ConnectionOptions options, Environment environment)
    : options_(std::move(options)), environment_(std::move(environment)) {}
ClusterSources::~ClusterSources() = default;

absl::StatusOr<ClusterSources::Decision> ClusterSources::MakeDecision() const {
  using Kind = Decision::Kind;
  Decision decision;
  const auto take_named = [&](const OptionLayer& layer) -> absl::Status {
    if (layer.options.in_cluster == true) {
      decision.kind = Kind::kPod;
    } else if (layer.options.HasKubeconfig()) {
      decision.kind = Kind::kKubeconfig;
      TFSDK_ASSIGN_OR_RETURN(decision.kubeconfig, LoadNamedKubeconfig(layer, environment_));
    } else {
      decision.kind = Kind::kHost;
      decision.host_origin = absl::StrCat("the server in ", layer.Name("host"));
    }
    return absl::OkStatus();
  };

  const OptionLayer arguments = {options_, OptionSource::kArguments};
  TFSDK_RETURN_IF_ERROR(CheckLayer(arguments));
  if (options_.NamesCluster()) {
    TFSDK_RETURN_IF_ERROR(take_named(arguments));
    return decision;
  }
  TFSDK_ASSIGN_OR_RETURN(decision.variables, OptionsFromEnvironment(environment_));
  decision.variables_count = true;
  const OptionLayer variables = {decision.variables, OptionSource::kEnvironment};
  TFSDK_RETURN_IF_ERROR(CheckLayer(variables));
  if (decision.variables.NamesCluster()) {
    TFSDK_RETURN_IF_ERROR(take_named(variables));
    return decision;
  }
  const std::vector<std::string> files =
      absl::StrSplit(environment_.Get("KUBECONFIG").value_or(""), ':', absl::SkipEmpty());
  if (!files.empty()) {
    decision.kind = Kind::kKubeconfig;
    TFSDK_ASSIGN_OR_RETURN(decision.kubeconfig,
                           LoadKubeconfigs(files, MissingFiles::kAreLeftOut, "KUBECONFIG", environment_));
    return decision;
  }
  if (options_.in_cluster == false || !IsInPod(environment_)) return NothingNamed(options_, environment_);
  decision.kind = Kind::kPod;
  return decision;
}

absl::StatusOr<std::shared_ptr<const ClusterSources::Decision>> ClusterSources::Decide() {
  absl::MutexLock lock(&mutex_);
  if (decision_ == nullptr) {
    TFSDK_ASSIGN_OR_RETURN(Decision decision, MakeDecision());
    decision_ = std::make_shared<const Decision>(std::move(decision));
  }
  return decision_;
}

absl::StatusOr<Cluster> ClusterSources::Find(const std::optional<std::string>& context) {
  TFSDK_ASSIGN_OR_RETURN(const std::shared_ptr<const Decision> decision, Decide());
  std::vector<OptionLayer> layers;
  if (decision->variables_count) layers.push_back({decision->variables, OptionSource::kEnvironment});
  layers.push_back({options_, OptionSource::kArguments});
  const std::string name = context.value_or("");
  switch (decision->kind) {
    case Decision::Kind::kHost:
      return FindHost(decision->host_origin, name, layers);
    case Decision::Kind::kKubeconfig:
      return FindInKubeconfig(decision->kubeconfig, name, layers);
    case Decision::Kind::kPod:
      break;
  }
  return FindPod(environment_, name, layers);
}

}  // namespace k8soidc::kube
