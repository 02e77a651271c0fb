#pragma once

// The service account that Kubernetes gives a pod: an address in two variables, a token and a CA in two
// files.

#include "absl/status/statusor.h"
#include "kube/cluster.h"
#include "kube/environment.h"

namespace k8soidc::kube {

// Whether this looks like a pod: both variables are set.
bool IsInPod(const Environment& environment);

// The API server of the pod's own cluster, by KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT, with the
// pod's own CA and token. The files are read with each request, not here. kFailedPrecondition when this is no
// pod, kInvalidArgument when the variables make no URL.
absl::StatusOr<Cluster> ClusterFromPod(const Environment& environment);

}  // namespace k8soidc::kube
