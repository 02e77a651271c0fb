#pragma once

// What an exec entry must say, whether it stands in a kubeconfig or in the provider block. Nothing is run or
// looked up for it.

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "kube/exec_plugin.h"

namespace k8soidc::kube {

// One thing that is wrong. `field` has the kubeconfig's name ("apiVersion", "interactiveMode", "env"); the
// message completes "<the field> …".
struct PluginFieldError {
  std::string field;
  std::string message;
};

// By the rules of client-go (tools/clientcmd/validation.go, plugin/pkg/client/auth/exec): there must be a
// command and an API version we know, v1 needs an interactive mode, and variables have names.
// `is_unknown(field)`: a value that is not there yet, and so not missed.
std::vector<PluginFieldError> CheckPluginFields(
    const ExecPlugin& plugin, const std::function<bool(absl::string_view field)>& is_unknown);

}  // namespace k8soidc::kube
