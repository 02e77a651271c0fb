#pragma once

// From what a kubeconfig says to the cluster it means.

#include <string>

#include "absl/status/statusor.h"
#include "kube/cluster.h"
#include "kube/kubeconfig.h"

namespace k8soidc::kube {

// Which of a kubeconfig's entries to take. Empty: what the context, or current-context, says.
struct KubeconfigChoice {
  std::string context;
  std::string user;
  std::string cluster;
  // Something else replaces the server, or the user's credential, so that this part of the entry is not
  // looked at.
  bool server_is_replaced = false;
  bool credential_is_replaced = false;
};

// The chosen context's cluster and user, checked as kubectl checks them, and more strictly: a context, user
// or cluster that is not there is an error that lists those there are; so is a server without https.
// kFailedPrecondition when the entry needs what this version does not offer yet: an exec or auth-provider
// credential, a proxy, impersonation.
absl::StatusOr<Cluster> ClusterFromKubeconfig(const Kubeconfig& config, const KubeconfigChoice& choice);

}  // namespace k8soidc::kube
