#pragma once

// The blocks inside the provider block.

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kube/exec_plugin.h"
#include "kube/request_headers.h"
#include "tfsdk/binding.h"
#include "tfsdk/maybe.h"
#include "tfsdk/secret.h"

namespace k8soidc {

// exec { … }: a command that says who we are, as a kubeconfig's exec.
struct ExecConfig {
  tfsdk::Maybe<std::string> api_version;
  tfsdk::Maybe<std::string> command;
  tfsdk::Maybe<std::vector<std::string>> args;
  tfsdk::Maybe<std::map<std::string, tfsdk::Secret>> env;
  tfsdk::Maybe<std::string> interactive_mode;
  tfsdk::Maybe<bool> provide_cluster_info;
  tfsdk::Maybe<std::string> timeout;

  static tfsdk::ObjectBinding<ExecConfig> Describe();
};

// impersonate { … }: whom the server shall take us for.
struct ImpersonateConfig {
  tfsdk::Maybe<std::string> user;
  tfsdk::Maybe<std::string> uid;
  tfsdk::Maybe<std::vector<std::string>> groups;
  tfsdk::Maybe<std::map<std::string, std::vector<std::string>>> extra;

  static tfsdk::ObjectBinding<ImpersonateConfig> Describe();
};

// `text` as a duration from `shortest` to `longest`; `fallback` when there is none. kInvalidArgument with a
// sentence.
absl::StatusOr<absl::Duration> ParseDuration(const tfsdk::Maybe<std::string>& text, absl::Duration shortest,
                                             absl::Duration longest, absl::Duration fallback);

// The blocks as the connection is told; what is not known yet is added to `not_known_yet` as "exec.command".
// Errors are At() the attribute that is to blame.
absl::StatusOr<kube::ExecPlugin> ToExecPlugin(const ExecConfig& config,
                                              std::vector<std::string>& not_known_yet);
kube::Impersonation ToImpersonation(const ImpersonateConfig& config, std::vector<std::string>& not_known_yet);

}  // namespace k8soidc
