#pragma once

// The blocks inside the provider block.

#include <map>
#include <string>
#include <vector>

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

}  // namespace k8soidc
