#include "config_blocks.h"

namespace k8soidc {

tfsdk::ObjectBinding<ExecConfig> ExecConfig::Describe() {
  using Config = ExecConfig;
  return tfsdk::ObjectBinding<Config>(
             "A command that gives the credential (an exec credential plugin). It replaces the credential of "
             "the kubeconfig's user. The variable `K8SOIDC_EXEC_ALLOW` says, outside of the configuration, "
             "which commands may be run: not set, any; empty, none; else a comma-separated list of absolute "
             "paths and bare names.")
      .Required("api_version", &Config::api_version,
                "`client.authentication.k8s.io/v1` or `client.authentication.k8s.io/v1beta1`.")
      .Required("command", &Config::command,
                "A bare name is looked up in `PATH`; a relative path starts where Terraform runs.")
      .Optional("args", &Config::args, "Arguments of the command.")
      .Optional("env", &Config::env, "Variables on top of this process' own.")
      .Optional("interactive_mode", &Config::interactive_mode,
                "`Never`, `IfAvailable` or `Always`, which fails, because a provider has no terminal. "
                "Default `IfAvailable`.")
      .Optional("provide_cluster_info", &Config::provide_cluster_info,
                "Whether to tell the command about the cluster, in `KUBERNETES_EXEC_INFO`. Default `false`.")
      .Optional("timeout", &Config::timeout, "How long the command may run, `1s` to `10m`. Default `60s`.");
}

tfsdk::ObjectBinding<ImpersonateConfig> ImpersonateConfig::Describe() {
  using Config = ImpersonateConfig;
  return tfsdk::ObjectBinding<Config>(
             "Whom to act as. The credential must have the right to impersonate. It replaces the "
             "kubeconfig's "
             "`as`, `as-uid`, `as-groups` and `as-user-extra` as a whole.")
      .Required("user", &Config::user, "Name of the user, as in `kubectl --as`.")
      .Optional("uid", &Config::uid, "UID of the user.")
      .Optional("groups", &Config::groups, "Groups of the user.")
      .Optional("extra", &Config::extra, "Further attributes of the user, each with its values.");
}

}  // namespace k8soidc
