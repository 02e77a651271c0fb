#pragma once

// From what a kubeconfig says about a user to who we are.

#include <string>

#include "absl/status/status.h"
#include "kube/cluster.h"
#include "kube/kubeconfig.h"

namespace k8soidc::kube {

// Which parts of a user's entry something else replaces, so that they are not looked at.
struct UserReplacements {
  bool bearer = false;
  bool certificate = false;
  bool impersonation = false;
};

// Fills bearer, client_certificate, exec and impersonation of `cluster`, and its warnings. Checked as
// client-go does (tools/clientcmd/validation.go): a certificate needs its key, there is one of token and user
// name, exec is whole and not beside an auth-provider, and impersonation has a user. Token, user name or
// certificate of the entry win over its exec. kInvalidArgument, or kFailedPrecondition for an auth-provider;
// the message has the place of the field that is to blame.
absl::Status TakeUser(const std::string& name, const KubeconfigUser& entry, const UserReplacements& replaced,
                      Cluster& cluster);

}  // namespace k8soidc::kube
