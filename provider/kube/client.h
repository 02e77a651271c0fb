#pragma once

// Client: the calls this provider makes to an API server, with everything around them.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "http/http.h"
#include "kube/cluster.h"
#include "kube/cluster_sources.h"
#include "kube/environment.h"
#include "kube/exec_plugin.h"
#include "kube/options.h"
#include "tfsdk/cancel.h"

namespace k8soidc::kube {

struct ClientTimeouts {
  absl::Duration connect = absl::Seconds(5);
  // For one read with all its tries. While an exec plugin runs, its own timeout counts and this one rests.
  absl::Duration request = absl::Seconds(30);
};

// Reads the issuer and the keys of any number of clusters: the one the options name, and each other context
// of the same kubeconfig. Safe to use from several threads at once.
//
// An exec plugin is run when a credential is first needed, once for all clusters that it serves, again when the
// credential has expired, and once more when a server does not accept it (401). Two Clients share nothing.
//
// A cluster is resolved when it is first asked for, and then stays. Reads of one thing at the same time, or
// one after the other, share one answer, so that the data sources of one run cannot disagree; an error is not
// kept. A Client should live as long as one run of Terraform: one per ConfigureProvider.
//
// Every error names the URL or the file, and the way out (cluster.h, errors.h, http.h); kCancelled when
// `cancel` says so.
class Client {
 public:
  Client(std::shared_ptr<http::Transport> transport, ConnectionOptions options, Environment environment,
         ClientTimeouts timeouts = {})
      : transport_(std::move(transport)),
        exec_(environment),
        sources_(std::move(options), std::move(environment)),
        timeouts_(timeouts) {}

  // The cluster that `context`, a data source's config_context, means. For diagnostics: warnings, who we are
  // there.
  absl::StatusOr<std::shared_ptr<const Cluster>> FindCluster(const std::optional<std::string>& context);

  // The body of <server>/.well-known/openid-configuration, as served.
  absl::StatusOr<std::string> ReadDiscovery(const tfsdk::CancelToken& cancel,
                                            const std::optional<std::string>& context);

  // The body of <server>/openid/v1/jwks, as served: never that of a jwks_uri. With `fresh_connection` it is
  // asked for again, over a connection of its own, and so perhaps of another replica.
  absl::StatusOr<std::string> ReadKeys(const tfsdk::CancelToken& cancel,
                                       const std::optional<std::string>& context, bool fresh_connection);

 private:
  // One answer that several readers wait for.
  struct SharedRead {
    absl::Mutex mutex;
    std::optional<absl::StatusOr<std::string>> result ABSL_GUARDED_BY(mutex);
  };

  absl::StatusOr<std::string> Fetch(const tfsdk::CancelToken& cancel, const Cluster& cluster,
                                    absl::string_view path, absl::string_view accept, bool fresh_connection);
  // Closes what was opened with an identity that `cluster` no longer has: `request` goes out with another.
  void CloseReplacedConnections(const Cluster& cluster, const http::Request& request)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::string> FetchShared(const tfsdk::CancelToken& cancel, const Cluster& cluster,
                                          absl::string_view path, absl::string_view accept);

  const std::shared_ptr<http::Transport> transport_;
  ExecCredentials exec_;
  ClusterSources sources_;
  const ClientTimeouts timeouts_;
  absl::Mutex mutex_;
  std::map<std::string, std::shared_ptr<const Cluster>> clusters_ ABSL_GUARDED_BY(mutex_);  // By context.
  // What each cluster was last asked with: where, through which proxy, and with which TLS identity.
  std::map<const Cluster*, http::Request> last_requests_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<const Cluster*, std::string>, std::shared_ptr<SharedRead>> reads_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace k8soidc::kube
