#pragma once

// What an exec plugin is told: its environment, and KUBERNETES_EXEC_INFO in it.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "kube/environment.h"
#include "kube/exec_plugin.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// Whether a plugin can be run at all, by its configuration alone: its API version, its interactive mode, NUL
// bytes and names of variables. The message completes "<whose plugin>: …".
absl::Status CheckExecPlugin(const ExecPlugin& plugin);

// All variables of the child as NAME=VALUE, each name once: ours without what belongs between us and Terraform
// (go-plugin's handshake, whose certificate and cookie are nobody else's), then plugin.env, then
// KUBERNETES_EXEC_INFO: an ExecCredential, with the cluster if the plugin wants it (client-go,
// pkg/apis/clientauthentication). kInvalidArgument for a config_json that is not JSON.
absl::StatusOr<std::vector<std::string>> MakeExecEnvironment(const ExecPlugin& plugin,
                                                             const ExecCluster& cluster,
                                                             const Environment& environment);

// What must not be seen in anything the plugin writes: the values of plugin.env, of our variables whose name
// speaks of a secret, and of arguments that follow a flag of such a name.
std::vector<tfsdk::Secret> SecretsOf(const ExecPlugin& plugin, const Environment& environment);

}  // namespace k8soidc::kube
