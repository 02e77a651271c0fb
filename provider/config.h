#pragma once

// The provider block: what a user may write in it, and the client that comes of it.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "config_blocks.h"
#include "http/http.h"
#include "kube/client.h"
#include "kube/options.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/secret.h"

namespace k8soidc {

// Names and meanings are those of hashicorp/kubernetes, so that its provider block can be pasted. Every
// member may be unknown, because validation looks at blocks that other resources feed.
struct ProviderConfig {
  tfsdk::Maybe<std::string> host;
  tfsdk::Maybe<tfsdk::Secret> token;
  tfsdk::Maybe<std::string> token_file;
  tfsdk::Maybe<tfsdk::Secret> username;
  tfsdk::Maybe<tfsdk::Secret> password;
  tfsdk::Maybe<std::string> client_certificate;
  tfsdk::Maybe<tfsdk::Secret> client_key;
  tfsdk::Maybe<std::string> cluster_ca_certificate;
  tfsdk::Maybe<bool> insecure;
  tfsdk::Maybe<std::string> tls_server_name;
  tfsdk::Maybe<tfsdk::Secret> proxy_url;  // It may hold a user name and a password.
  tfsdk::Maybe<std::string> config_path;
  tfsdk::Maybe<std::vector<std::string>> config_paths;
  tfsdk::Maybe<tfsdk::Secret> kubeconfig;
  tfsdk::Maybe<std::string> config_context;
  tfsdk::Maybe<std::string> config_context_auth_info;
  tfsdk::Maybe<std::string> config_context_cluster;
  tfsdk::Maybe<bool> in_cluster;
  tfsdk::Maybe<std::map<std::string, tfsdk::Secret>> headers;
  tfsdk::Maybe<std::string> request_timeout;
  tfsdk::Maybe<std::string> connect_timeout;
  tfsdk::Maybe<int64_t> max_retries;
  std::optional<ExecConfig> exec;
  std::optional<ImpersonateConfig> impersonate;

  static tfsdk::ObjectBinding<ProviderConfig> Describe();
};

// What every read is handed. Thread-safe.
class Client {
 public:
  Client(std::shared_ptr<http::Transport> shared_transport, kube::ConnectionOptions options,
         kube::Environment environment, kube::ClientTimeouts client_timeouts)
      : cluster(shared_transport, std::move(options), std::move(environment), client_timeouts),
        transport(std::move(shared_transport)),
        timeouts(client_timeouts) {}

  // Gives the cluster's warnings (no TLS verification, a key that is ignored …) to the first read that asks
  // for it.
  void WarnOnce(tfsdk::Context& context, const kube::Cluster& cluster) ABSL_LOCKS_EXCLUDED(mutex_);

  kube::Client cluster;
  const std::shared_ptr<http::Transport> transport;
  const kube::ClientTimeouts timeouts;

 private:
  absl::Mutex mutex_;
  std::set<std::string> warned_ ABSL_GUARDED_BY(mutex_);
};

// Contradictions and malformed values, as far as they are known. Touches no file, no environment and no
// network.
absl::Status ValidateConfig(tfsdk::Context& context, const ProviderConfig& config);

// Makes the client. A kubeconfig that the block names is read now, so that what is wrong with it is said
// early; servers are first spoken to when something is read.
absl::StatusOr<std::shared_ptr<Client>> Configure(tfsdk::Context& context, ProviderConfig config);

}  // namespace k8soidc
