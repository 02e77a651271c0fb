#include "kube/options.h"

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

struct Variable {
  absl::string_view argument;
  const char* name;
};

// The names of hashicorp/kubernetes.
constexpr Variable kVariables[] = {
    {"host", "KUBE_HOST"},
    {"token", "KUBE_TOKEN"},
    {"username", "KUBE_USER"},
    {"password", "KUBE_PASSWORD"},
    {"client_certificate", "KUBE_CLIENT_CERT_DATA"},
    {"client_key", "KUBE_CLIENT_KEY_DATA"},
    {"cluster_ca_certificate", "KUBE_CLUSTER_CA_CERT_DATA"},
    {"insecure", "KUBE_INSECURE"},
    {"tls_server_name", "KUBE_TLS_SERVER_NAME"},
    {"proxy_url", "KUBE_PROXY_URL"},
    {"config_path", "KUBE_CONFIG_PATH"},
    {"config_paths", "KUBE_CONFIG_PATHS"},
    {"config_context", "KUBE_CTX"},
    {"config_context_auth_info", "KUBE_CTX_AUTH_INFO"},
    {"config_context_cluster", "KUBE_CTX_CLUSTER"},
};

const char* VariableOf(absl::string_view argument) {
  const auto* const found = std::find_if(std::begin(kVariables), std::end(kVariables),
                                         [&](const Variable& v) { return v.argument == argument; });
  return found == std::end(kVariables) ? nullptr : found->name;
}

// What Go's strconv.ParseBool takes, because hashicorp/kubernetes reads the variable with it.
std::optional<bool> ParseBool(absl::string_view text) {
  static constexpr absl::string_view kTrue[] = {"1", "t", "T", "true", "TRUE", "True"};
  static constexpr absl::string_view kFalse[] = {"0", "f", "F", "false", "FALSE", "False"};
  if (std::find(std::begin(kTrue), std::end(kTrue), text) != std::end(kTrue)) return true;
  if (std::find(std::begin(kFalse), std::end(kFalse), text) != std::end(kFalse)) return false;
  return std::nullopt;
}

}  // namespace

bool IsSet(const std::optional<std::string>& option) { return option.has_value() && !option->empty(); }
bool IsSet(const std::optional<Secret>& option) { return option.has_value() && !option->empty(); }

bool ConnectionOptions::HasKubeconfig() const {
  return IsSet(config_path) || !config_paths.empty() || IsSet(kubeconfig);
}

bool ConnectionOptions::HasKubeconfigChoice() const {
  return IsSet(config_context) || IsSet(config_context_auth_info) || IsSet(config_context_cluster);
}

bool ConnectionOptions::NamesCluster() const { return HasKubeconfig() || IsSet(host) || in_cluster == true; }

bool ConnectionOptions::HasBearer() const {
  return IsSet(token) || IsSet(token_file) || IsSet(username) || IsSet(password);
}

bool ConnectionOptions::HasClientCertificate() const {
  return IsSet(client_certificate) || IsSet(client_key);
}

bool ConnectionOptions::IsUnknown(absl::string_view argument) const {
  return std::find(not_known_yet.begin(), not_known_yet.end(), argument) != not_known_yet.end();
}

std::string OptionName(OptionSource source, absl::string_view argument) {
  const char* const variable = source == OptionSource::kEnvironment ? VariableOf(argument) : nullptr;
  return variable == nullptr ? std::string(argument) : std::string(variable);
}

absl::StatusOr<ConnectionOptions> OptionsFromEnvironment(const Environment& environment) {
  const auto text = [&](absl::string_view argument) { return environment.Get(VariableOf(argument)); };
  const auto secret = [&](absl::string_view argument) -> std::optional<Secret> {
    std::optional<std::string> value = text(argument);
    if (!value.has_value()) return std::nullopt;
    return Secret(*std::move(value));
  };

  ConnectionOptions options;
  options.host = text("host");
  options.token = secret("token");
  options.username = text("username");
  options.password = secret("password");
  options.client_certificate = text("client_certificate");
  options.client_key = secret("client_key");
  options.cluster_ca_certificate = text("cluster_ca_certificate");
  options.tls_server_name = text("tls_server_name");
  options.proxy_url = secret("proxy_url");
  options.config_path = text("config_path");
  options.config_context = text("config_context");
  options.config_context_auth_info = text("config_context_auth_info");
  options.config_context_cluster = text("config_context_cluster");
  if (const std::optional<std::string> paths = text("config_paths")) {
    options.config_paths = absl::StrSplit(*paths, ':', absl::SkipEmpty());
  }
  if (const std::optional<std::string> insecure = text("insecure")) {
    options.insecure = ParseBool(*insecure);
    if (!options.insecure.has_value()) {
      return absl::InvalidArgumentError("KUBE_INSECURE is neither true nor false");
    }
  }
  return options;
}

}  // namespace k8soidc::kube
