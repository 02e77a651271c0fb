#pragma once

// From what a kubeconfig says to the cluster it means.

#include <string>

#include "absl/status/statusor.h"
#include "kube/cluster.h"
#include "kube/kubeconfig.h"
#include "kube/kubeconfig_user.h"

namespace k8soidc::kube {

// Which of a kubeconfig's entries to take. Empty: what the context, or current-context, says.
struct KubeconfigChoice {
  std::string context;
  std::string user;
  std::string cluster;
  // Something else replaces these parts of the entries, so that they are not looked at.
  bool server_is_replaced = false;
  bool proxy_is_replaced = false;
  bool trust_is_replaced = false;  // Certificate authority and insecure-skip-tls-verify, which go together.
  UserReplacements replaced = {};
};

// The chosen context's cluster and user, checked as kubectl checks them, and more strictly: a context, user
// or cluster that is not there is an error that lists those there are; so is a server without a scheme.
// kFailedPrecondition when no context is chosen, and for an auth-provider, which is not offered.
absl::StatusOr<Cluster> ClusterFromKubeconfig(const Kubeconfig& config, const KubeconfigChoice& choice);

}  // namespace k8soidc::kube
