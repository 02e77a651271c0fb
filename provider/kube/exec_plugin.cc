#include "kube/exec_plugin.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "kube/exec_run.h"

namespace k8soidc::kube {
namespace {

constexpr absl::Duration kErrorIsKept = absl::Seconds(5);
// A reader that waits for just the plugin's timeout has taken the time a little earlier.
constexpr absl::Duration kSameDeadline = absl::Seconds(1);
constexpr absl::Duration kTick = absl::Milliseconds(50);  // How long a cancel may go unnoticed.

using Credential = std::shared_ptr<const ExecCredential>;

bool IsExpired(const ExecCredential& credential) {
  return credential.expires.has_value() && absl::Now() >= *credential.expires;
}

bool SaysTheSame(const ExecCredential& a, const ExecCredential& b) {
  return a.token == b.token && a.client_certificate == b.client_certificate && a.client_key == b.client_key;
}

}  // namespace

// One plugin, with what it said last.
struct ExecCredentials::Entry {
  Entry(ExecPlugin for_plugin, ExecCluster for_cluster)
      : plugin(std::move(for_plugin)), cluster(std::move(for_cluster)) {}

  // Whether a run for `other` would be told the same and do the same.
  bool IsFor(const ExecPlugin& other, const ExecCluster& other_cluster) const {
    return plugin == other && (!plugin.provide_cluster_info || cluster == other_cluster);
  }

  // What was said last, if it need not be asked for again.
  std::optional<absl::StatusOr<Credential>> Kept() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    if (credential != nullptr && !IsExpired(*credential)) return credential;
    if (!error.ok() && absl::Now() < error_until) return error;
    return std::nullopt;
  }

  const ExecPlugin plugin;
  const ExecCluster cluster;

  absl::Mutex mutex;
  absl::CondVar changed;
  bool is_running ABSL_GUARDED_BY(mutex) = false;
  int runs ABSL_GUARDED_BY(mutex) = 0;           // Those whose result is for everybody.
  Credential credential ABSL_GUARDED_BY(mutex);  // Also when it has expired.
  absl::Status error ABSL_GUARDED_BY(mutex);     // Of the last run.
  absl::Time error_until ABSL_GUARDED_BY(mutex);
  Credential rejected ABSL_GUARDED_BY(mutex);  // The last one for which a run was ordered.
};

ExecCredentials::ExecCredentials(Environment environment) : environment_(std::move(environment)) {}
ExecCredentials::~ExecCredentials() = default;

std::shared_ptr<ExecCredentials::Entry> ExecCredentials::FindEntry(const ExecPlugin& plugin,
                                                                   const ExecCluster& cluster) {
  const absl::MutexLock lock(&mutex_);
  for (const std::shared_ptr<Entry>& entry : entries_) {
    if (entry->IsFor(plugin, cluster)) return entry;
  }
  entries_.push_back(std::make_shared<Entry>(plugin, cluster));
  return entries_.back();
}

absl::StatusOr<Credential> ExecCredentials::Get(const tfsdk::CancelToken& cancel, const ExecPlugin& plugin,
                                                const ExecCluster& cluster, absl::Time deadline) {
  const std::shared_ptr<Entry> entry = FindEntry(plugin, cluster);
  const absl::MutexLock lock(&entry->mutex);
  const int runs_before = entry->runs;
  while (true) {
    if (cancel.IsCancelled()) {
      return absl::CancelledError(absl::StrCat(plugin.description, ": the read was cancelled"));
    }
    // What came while we waited is ours, even if it has expired already.
    if (entry->runs != runs_before) {
      if (!entry->error.ok()) return entry->error;
      if (entry->credential != nullptr) return entry->credential;
    }
    if (std::optional<absl::StatusOr<Credential>> kept = entry->Kept()) return *std::move(kept);
    if (absl::Now() >= deadline) {
      return absl::DeadlineExceededError(absl::StrCat(
          plugin.description, ": the time for this read was over before the plugin had answered"));
    }
    if (!entry->is_running) break;
    entry->changed.WaitWithTimeout(&entry->mutex, kTick);
  }

  entry->is_running = true;
  entry->mutex.Unlock();
  const absl::Time own_deadline = absl::Now() + plugin.timeout;
  absl::StatusOr<ExecCredential> result = RunExecPlugin(cancel, plugin, cluster, environment_, deadline);
  entry->mutex.Lock();
  entry->is_running = false;
  entry->changed.SignalAll();
  // That this reader had to give up says nothing to the others: one of them runs it again.
  const bool gave_up = absl::IsCancelled(result.status()) ||
                       (absl::IsDeadlineExceeded(result.status()) && deadline + kSameDeadline < own_deadline);
  if (gave_up) return result.status();
  ++entry->runs;
  entry->error = result.status();
  entry->error_until = absl::Now() + kErrorIsKept;
  if (!result.ok()) return result.status();
  entry->credential = std::make_shared<const ExecCredential>(*std::move(result));
  return entry->credential;
}

bool ExecCredentials::Reject(const ExecPlugin& plugin, const ExecCluster& cluster,
                             const std::shared_ptr<const ExecCredential>& credential) {
  const std::shared_ptr<Entry> entry = FindEntry(plugin, cluster);
  const absl::MutexLock lock(&entry->mutex);
  // Forgotten or replaced already: the next Get() brings another, or runs the plugin.
  if (entry->credential == nullptr || !SaysTheSame(*entry->credential, *credential)) return true;
  if (entry->rejected != nullptr && SaysTheSame(*entry->rejected, *credential)) return false;
  entry->rejected = credential;
  entry->credential = nullptr;
  return true;
}

}  // namespace k8soidc::kube
