#pragma once

// ClusterSources: the four sources of cluster.h, looked at once, for any number of contexts.

#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "kube/cluster.h"
#include "kube/environment.h"
#include "kube/kubeconfig.h"
#include "kube/options.h"

namespace k8soidc::kube {

// Finds clusters as ResolveCluster() does, but reads and parses the kubeconfig files only once: a process that
// reads 50 contexts of one file sees one state of it. What went wrong is not kept, so that the next call tries
// again. Thread-safe.
class ClusterSources {
 public:
  ClusterSources(ConnectionOptions options, Environment environment);
  ~ClusterSources();

  absl::StatusOr<Cluster> Find(const std::optional<std::string>& context) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Decision;

  absl::StatusOr<std::shared_ptr<const Decision>> Decide() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Decision> MakeDecision() const;

  const ConnectionOptions options_;
  const Environment environment_;
  absl::Mutex mutex_;
  std::shared_ptr<const Decision> decision_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace k8soidc::kube
