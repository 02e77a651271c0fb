#pragma once

// What a user says about the cluster to talk to: the provider block's arguments, or the KUBE_* variables.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/environment.h"
#include "kube/exec_plugin.h"
#include "kube/request_headers.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// One argument each, by the names of the provider block. Absent and empty mean the same.
struct ConnectionOptions {
  std::optional<std::string> host;
  std::optional<tfsdk::Secret> token;
  std::optional<std::string> token_file;
  std::optional<std::string> username;
  std::optional<tfsdk::Secret> password;
  std::optional<std::string> client_certificate;
  std::optional<tfsdk::Secret> client_key;
  std::optional<std::string> cluster_ca_certificate;
  std::optional<bool> insecure;
  std::optional<std::string> tls_server_name;
  std::optional<tfsdk::Secret> proxy_url;
  std::optional<std::string> config_path;
  std::vector<std::string> config_paths;
  std::optional<tfsdk::Secret> kubeconfig;
  std::optional<std::string> config_context;
  std::optional<std::string> config_context_auth_info;
  std::optional<std::string> config_context_cluster;
  std::optional<bool> in_cluster;
  std::optional<ExecPlugin> exec;  // Without its description.
  std::optional<Impersonation> impersonate;
  std::vector<ExtraHeader> headers;

  // Arguments that have no value yet, by name ("host", "exec.command"). A rule that an argument must be there
  // lets these pass.
  std::vector<std::string> not_known_yet;

  bool HasKubeconfig() const;        // config_path, config_paths or kubeconfig
  bool HasKubeconfigChoice() const;  // config_context…
  bool NamesCluster() const;         // a kubeconfig, host, or in_cluster = true
  bool HasBearer() const;            // token, token_file, username or password
  bool HasClientCertificate() const;
  bool IsUnknown(absl::string_view argument) const;
};

// Whether an option says something.
bool IsSet(const std::optional<std::string>& option);
bool IsSet(const std::optional<tfsdk::Secret>& option);

// Who says it: the provider block or the environment. Only for messages.
enum class OptionSource { kArguments, kEnvironment };

// `argument` as `source` calls it: "config_path" or "KUBE_CONFIG_PATH".
std::string OptionName(OptionSource source, absl::string_view argument);

// The KUBE_* variables. kInvalidArgument when KUBE_INSECURE is no boolean.
absl::StatusOr<ConnectionOptions> OptionsFromEnvironment(const Environment& environment);

}  // namespace k8soidc::kube
