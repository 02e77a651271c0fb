#include "kube/cluster.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "json/quote.h"
#include "kube/kubeconfig_cluster.h"
#include "kube/kubeconfig_files.h"
#include "kube/options_check.h"
#include "kube/server_url.h"
#include "kube/service_account.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

// One source of options, by whose names a message speaks of them.
struct Layer {
  const ConnectionOptions& options;
  OptionSource source;

  std::string Name(absl::string_view argument) const { return OptionName(source, argument); }
};

absl::Status CheckLayer(const Layer& layer) {
  const std::vector<OptionError> errors = CheckOptions(layer.options, layer.source);
  return errors.empty() ? absl::OkStatus() : absl::InvalidArgumentError(errors.front().message);
}

const std::string& FirstSet(const std::optional<std::string>& first, const std::string& second) {
  return IsSet(first) ? *first : second;
}

// Lays what `layer` says over `cluster`. As kubectl does with its flags: insecure and a CA replace each
// other, another server clears tls-server-name, certificate and key are replaced together.
absl::Status Overlay(const Layer& layer, Cluster& cluster) {
  const ConnectionOptions& o = layer.options;
  if (IsSet(o.host)) {
    TFSDK_ASSIGN_OR_RETURN(cluster.server, ParseHostArgument(*o.host));
    cluster.tls_server_name.clear();
  }
  if (IsSet(o.tls_server_name)) cluster.tls_server_name = *o.tls_server_name;
  if (IsSet(o.cluster_ca_certificate)) {
    cluster.certificate_authority = {.text = Secret(*o.cluster_ca_certificate)};
    cluster.insecure = false;
  }
  if (o.insecure.has_value()) {
    cluster.insecure = *o.insecure;
    if (cluster.insecure) cluster.certificate_authority = {};
  }
  if (o.HasBearer()) {
    const absl::string_view argument = IsSet(o.token)        ? "token"
                                       : IsSet(o.token_file) ? "token_file"
                                                             : "username";
    cluster.bearer = {.description = absl::StrCat("the credential in ", layer.Name(argument)),
                      .token = o.token.value_or(Secret()),
                      .token_file = o.token_file.value_or(""),
                      .username = o.username.value_or(""),
                      .password = o.password.value_or(Secret())};
  }
  if (o.HasClientCertificate()) {
    cluster.client_certificate = {
        .description = absl::StrCat("the client certificate in ", layer.Name("client_certificate")),
        .certificate = {.text = Secret(o.client_certificate.value_or(""))},
        .key = {.text = o.client_key.value_or(Secret())}};
  }
  return absl::OkStatus();
}

absl::StatusOr<Kubeconfig> LoadNamedKubeconfig(const Layer& layer, const Environment& environment) {
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

// The four sources, in order; and what earlier ones say is laid over what the deciding one says.
class Resolver {
 public:
  Resolver(const ConnectionOptions& options, const Environment& environment, const std::string& context)
      : arguments_{options, OptionSource::kArguments}, environment_(environment), context_(context) {}

  absl::StatusOr<Cluster> Resolve() {
    TFSDK_RETURN_IF_ERROR(CheckLayer(arguments_));
    if (arguments_.options.NamesCluster()) return FromLayer(arguments_, {arguments_});
    TFSDK_ASSIGN_OR_RETURN(const ConnectionOptions variables, OptionsFromEnvironment(environment_));
    const Layer kube = {variables, OptionSource::kEnvironment};
    TFSDK_RETURN_IF_ERROR(CheckLayer(kube));
    const std::vector<Layer> layers = {kube, arguments_};
    if (variables.NamesCluster()) return FromLayer(kube, layers);
    const std::vector<std::string> files =
        absl::StrSplit(environment_.Get("KUBECONFIG").value_or(""), ':', absl::SkipEmpty());
    if (!files.empty()) {
      TFSDK_ASSIGN_OR_RETURN(const Kubeconfig config,
                             LoadKubeconfigs(files, MissingFiles::kAreLeftOut, "KUBECONFIG", environment_));
      return FromKubeconfig(config, layers);
    }
    if (arguments_.options.in_cluster == false || !IsInPod(environment_)) {
      return NothingNamed(arguments_.options, environment_);
    }
    return FromPod(layers);
  }

 private:
  absl::StatusOr<Cluster> FromLayer(const Layer& decides, const std::vector<Layer>& layers) {
    if (decides.options.in_cluster == true) return FromPod(layers);
    if (decides.options.HasKubeconfig()) {
      TFSDK_ASSIGN_OR_RETURN(const Kubeconfig config, LoadNamedKubeconfig(decides, environment_));
      return FromKubeconfig(config, layers);
    }
    Cluster cluster;
    cluster.origin = absl::StrCat("the server in ", decides.Name("host"));
    TFSDK_RETURN_IF_ERROR(RefuseKubeconfigChoice(cluster, layers));
    return Finish(std::move(cluster), layers);
  }

  absl::StatusOr<Cluster> FromKubeconfig(const Kubeconfig& config, const std::vector<Layer>& layers) {
    KubeconfigChoice choice;
    for (const Layer& layer : layers) {
      const ConnectionOptions& o = layer.options;
      choice.context = FirstSet(o.config_context, choice.context);
      choice.user = FirstSet(o.config_context_auth_info, choice.user);
      choice.cluster = FirstSet(o.config_context_cluster, choice.cluster);
      choice.server_is_replaced = choice.server_is_replaced || IsSet(o.host);
      choice.credential_is_replaced =
          choice.credential_is_replaced || o.HasBearer() || o.HasClientCertificate();
    }
    if (!context_.empty()) {
      // The context of one data source stands for itself. A server for all contexts would make each of them
      // the same cluster, under different names.
      if (choice.server_is_replaced) {
        return absl::InvalidArgumentError(
            absl::StrCat("config_context = ", json::Quoted(context_),
                         " names a cluster, and host in the provider block replaces the ",
                         "server of every one; remove one of the two"));
      }
      choice.context = context_;
      choice.user.clear();
      choice.cluster.clear();
    }
    TFSDK_ASSIGN_OR_RETURN(Cluster cluster, ClusterFromKubeconfig(config, choice));
    return Finish(std::move(cluster), layers);
  }

  absl::StatusOr<Cluster> FromPod(const std::vector<Layer>& layers) {
    TFSDK_ASSIGN_OR_RETURN(Cluster cluster, ClusterFromPod(environment_));
    TFSDK_RETURN_IF_ERROR(RefuseKubeconfigChoice(cluster, layers));
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

  absl::StatusOr<Cluster> Finish(Cluster cluster, const std::vector<Layer>& layers) {
    for (const Layer& layer : layers) TFSDK_RETURN_IF_ERROR(Overlay(layer, cluster));
    if (cluster.insecure) {
      cluster.warnings.push_back(absl::StrCat("TLS verification is off for ", cluster.server, " (",
                                              cluster.origin,
                                              "): whoever answers at that address decides which issuer and "
                                              "keys are trusted. Give its certificate "
                                              "authority instead."));
    }
    return cluster;
  }

  // A context means something only in a kubeconfig.
  absl::Status RefuseKubeconfigChoice(const Cluster& cluster, const std::vector<Layer>& layers) const {
    std::string chosen;
    if (!context_.empty()) chosen = absl::StrCat("config_context = ", json::Quoted(context_));
    for (const Layer& layer : layers) {
      if (IsSet(layer.options.config_context)) chosen = layer.Name("config_context");
      if (IsSet(layer.options.config_context_auth_info)) chosen = layer.Name("config_context_auth_info");
      if (IsSet(layer.options.config_context_cluster)) chosen = layer.Name("config_context_cluster");
    }
    if (chosen.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(chosen, " chooses within a kubeconfig, but the cluster comes from ", cluster.origin,
                     "; name a kubeconfig (config_path, KUBECONFIG ...) or remove it"));
  }

  const Layer arguments_;
  const Environment& environment_;
  const std::string context_;
};

}  // namespace

std::string Cluster::DescribeCredential() const {
  if (bearer.empty() && client_certificate.empty()) return "no credential";
  if (client_certificate.empty()) return bearer.description;
  if (bearer.empty()) return client_certificate.description;
  return absl::StrCat(client_certificate.description, " and ", bearer.description);
}

absl::StatusOr<Cluster> ResolveCluster(const ConnectionOptions& options, const Environment& environment,
                                       const std::optional<std::string>& context) {
  return Resolver(options, environment, context.value_or("")).Resolve();
}

}  // namespace k8soidc::kube
