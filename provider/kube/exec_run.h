#pragma once

// One run of an exec plugin, from its configuration to its credential. Nothing is kept: that is ExecCredentials.

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "kube/environment.h"
#include "kube/exec_plugin.h"
#include "tfsdk/cancel.h"

namespace k8soidc::kube {

// Checks, looks up, asks K8SOIDC_EXEC_ALLOW, runs and reads the answer, in this order. Errors start with
// plugin.description. kCancelled and kDeadlineExceeded as ExecCredentials::Get(). Logs one line, without
// arguments and output.
absl::StatusOr<ExecCredential> RunExecPlugin(const tfsdk::CancelToken& cancel, const ExecPlugin& plugin,
                                             const ExecCluster& cluster, const Environment& environment,
                                             absl::Time deadline);

}  // namespace k8soidc::kube
