#include "kube/client.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "kube/auth.h"
#include "kube/errors.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

constexpr absl::string_view kDiscoveryPath = "/.well-known/openid-configuration";
constexpr absl::string_view kKeysPath = "/openid/v1/jwks";
constexpr absl::string_view kDiscoveryAccept = "application/json, */*;q=0.1";
// The keys have a media type of their own; an API server answers 406 to who asks for plain JSON alone.
constexpr absl::string_view kKeysAccept = "application/jwk-set+json, application/json;q=0.9, */*;q=0.1";

// How often somebody who waits for another's answer asks whether anybody still waits for it.
constexpr absl::Duration kCancelInterval = absl::Milliseconds(100);

// So that it is the plugin's own timeout that ends its run, and that says so.
constexpr absl::Duration kExecGrace = absl::Seconds(5);

}  // namespace

absl::StatusOr<std::shared_ptr<const Cluster>> Client::FindCluster(
    const std::optional<std::string>& context) {
  const std::string name = context.value_or("");
  {
    absl::MutexLock lock(&mutex_);
    const auto found = clusters_.find(name);
    if (found != clusters_.end()) return found->second;
  }
  TFSDK_ASSIGN_OR_RETURN(Cluster cluster, sources_.Find(context));
  absl::MutexLock lock(&mutex_);
  // Whoever resolved it first decides, so that all share one.
  return clusters_.emplace(name, std::make_shared<const Cluster>(std::move(cluster))).first->second;
}

absl::StatusOr<std::string> Client::ReadDiscovery(const tfsdk::CancelToken& cancel,
                                                  const std::optional<std::string>& context) {
  TFSDK_ASSIGN_OR_RETURN(const std::shared_ptr<const Cluster> cluster, FindCluster(context));
  return FetchShared(cancel, *cluster, kDiscoveryPath, kDiscoveryAccept);
}

absl::StatusOr<std::string> Client::ReadKeys(const tfsdk::CancelToken& cancel,
                                             const std::optional<std::string>& context,
                                             bool fresh_connection) {
  TFSDK_ASSIGN_OR_RETURN(const std::shared_ptr<const Cluster> cluster, FindCluster(context));
  if (fresh_connection) return Fetch(cancel, *cluster, kKeysPath, kKeysAccept, true);
  return FetchShared(cancel, *cluster, kKeysPath, kKeysAccept);
}

absl::StatusOr<std::string> Client::Fetch(const tfsdk::CancelToken& cancel, const Cluster& cluster,
                                          absl::string_view path, absl::string_view accept,
                                          bool fresh_connection) {
  http::Request request;
  request.url = absl::StrCat(cluster.server, path);
  request.accept = std::string(accept);
  request.connect_timeout = timeouts_.connect;
  request.deadline = absl::Now() + timeouts_.request;
  request.fresh_connection = fresh_connection;
  TFSDK_ASSIGN_OR_RETURN(const ExecCluster told, TellExecPlugin(cluster));
  bool may_ask_again = cluster.exec.has_value();
  while (true) {
    std::shared_ptr<const ExecCredential> credential;
    if (cluster.exec.has_value()) {
      const absl::Time start = absl::Now();
      TFSDK_ASSIGN_OR_RETURN(
          credential, exec_.Get(cancel, *cluster.exec, told, start + cluster.exec->timeout + kExecGrace));
      request.deadline += absl::Now() - start;
    }
    TFSDK_RETURN_IF_ERROR(Authorize(cluster, request, credential.get()));
    CloseReplacedConnections(cluster, request);
    TFSDK_ASSIGN_OR_RETURN(http::Response response, transport_->Get(cancel, request));
    if (response.status == 401 && may_ask_again && exec_.Reject(*cluster.exec, told, credential)) {
      may_ask_again = false;
      continue;
    }
    TFSDK_RETURN_IF_ERROR(ResponseToStatus(response, request.url, cluster));
    return std::move(response.body);
  }
}

void Client::CloseReplacedConnections(const Cluster& cluster, const http::Request& request) {
  http::Request now;
  now.url = request.url;
  now.tls = request.tls;
  now.proxy = request.proxy;
  std::optional<http::Request> replaced;
  {
    absl::MutexLock lock(&mutex_);
    const auto [place, is_first] = last_requests_.try_emplace(&cluster, now);
    if (is_first) return;
    const http::Tls& before = place->second.tls;
    if (before.client_certificate != now.tls.client_certificate || before.client_key != now.tls.client_key ||
        before.ca_certificates != now.tls.ca_certificates) {
      replaced = std::exchange(place->second, std::move(now));
    }
  }
  if (replaced.has_value()) transport_->CloseConnections(*replaced);
}

absl::StatusOr<std::string> Client::FetchShared(const tfsdk::CancelToken& cancel, const Cluster& cluster,
                                                absl::string_view path, absl::string_view accept) {
  const std::pair<const Cluster*, std::string> key = {&cluster, std::string(path)};
  while (true) {
    std::shared_ptr<SharedRead> read;
    bool is_mine = false;
    {
      absl::MutexLock lock(&mutex_);
      std::shared_ptr<SharedRead>& entry = reads_[key];
      is_mine = entry == nullptr;
      if (is_mine) entry = std::make_shared<SharedRead>();
      read = entry;
    }
    if (is_mine) {
      absl::StatusOr<std::string> result = Fetch(cancel, cluster, path, accept, false);
      if (!result.ok()) {
        absl::MutexLock lock(&mutex_);
        reads_.erase(key);
      }
      absl::MutexLock lock(&read->mutex);
      read->result = result;
      return result;
    }
    const auto is_done = [&read]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return read->result.has_value(); };
    absl::MutexLock lock(&read->mutex);
    while (!read->mutex.AwaitWithTimeout(absl::Condition(&is_done), kCancelInterval)) {
      if (cancel.IsCancelled()) return absl::CancelledError("the read was cancelled");
    }
    // That somebody else's call was cancelled is no answer to this one.
    if (!absl::IsCancelled(read->result->status())) return *read->result;
  }
}

}  // namespace k8soidc::kube
