#include "config_blocks.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/path.h"
#include "tfsdk/status.h"

namespace k8soidc {
namespace {

// Takes the attributes of one block, and notes those that are not known yet.
class Taker {
 public:
  Taker(std::string block, std::vector<std::string>& not_known_yet)
      : block_(std::move(block)), not_known_yet_(not_known_yet) {}

  template <class T>
  T Take(const char* name, const tfsdk::Maybe<T>& value, T fallback = T()) {
    if (!value.IsKnown()) not_known_yet_.push_back(absl::StrCat(block_, ".", name));
    return value.HasValue() ? value.value() : std::move(fallback);
  }

 private:
  const std::string block_;
  std::vector<std::string>& not_known_yet_;
};

}  // namespace

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

absl::StatusOr<absl::Duration> ParseDuration(const tfsdk::Maybe<std::string>& text, absl::Duration shortest,
                                             absl::Duration longest, absl::Duration fallback) {
  if (!text.HasValue()) return fallback;
  absl::Duration duration;
  if (!absl::ParseDuration(text.value(), &duration) || duration < shortest || duration > longest) {
    return absl::InvalidArgumentError(absl::StrCat("Must be a duration from \"",
                                                   absl::FormatDuration(shortest), "\" to \"",
                                                   absl::FormatDuration(longest), "\", such as \"30s\"."));
  }
  return duration;
}

absl::StatusOr<kube::ExecPlugin> ToExecPlugin(const ExecConfig& config,
                                              std::vector<std::string>& not_known_yet) {
  Taker taker("exec", not_known_yet);
  kube::ExecPlugin plugin;
  plugin.api_version = taker.Take("api_version", config.api_version);
  plugin.command = taker.Take("command", config.command);
  plugin.args = taker.Take("args", config.args);
  for (auto& [name, value] : taker.Take("env", config.env)) plugin.env.emplace_back(name, value);
  plugin.interactive_mode =
      taker.Take("interactive_mode", config.interactive_mode, std::string("IfAvailable"));
  if (plugin.interactive_mode.empty()) plugin.interactive_mode = "IfAvailable";
  plugin.provide_cluster_info = taker.Take("provide_cluster_info", config.provide_cluster_info);
  taker.Take("timeout", config.timeout);
  const absl::StatusOr<absl::Duration> timeout =
      ParseDuration(config.timeout, absl::Seconds(1), absl::Minutes(10), plugin.timeout);
  if (!timeout.ok()) return tfsdk::At(tfsdk::Path("exec").At("timeout"), timeout.status());
  plugin.timeout = *timeout;
  return plugin;
}

kube::Impersonation ToImpersonation(const ImpersonateConfig& config,
                                    std::vector<std::string>& not_known_yet) {
  Taker taker("impersonate", not_known_yet);
  kube::Impersonation impersonation;
  impersonation.user = taker.Take("user", config.user);
  impersonation.uid = taker.Take("uid", config.uid);
  impersonation.groups = taker.Take("groups", config.groups);
  impersonation.extra = taker.Take("extra", config.extra);
  return impersonation;
}

}  // namespace k8soidc
