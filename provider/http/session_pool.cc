#include "http/session_pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "http/http.h"

namespace k8soidc::http {
namespace {

constexpr int kMaxInUse = 8;      // Per key.
constexpr size_t kMaxIdle = 128;  // In all.
// How long a request waits for a connection that is in use before it opens another: a handshake costs more than
// many answers.
constexpr absl::Duration kPatience = absl::Milliseconds(50);
// How often a request that waits asks whether it is cancelled.
constexpr absl::Duration kAskEvery = absl::Milliseconds(100);

}  // namespace

absl::StatusOr<SessionPool::Lease> SessionPool::Take(
    const tfsdk::CancelToken& cancel, const std::string& key, absl::Time deadline, bool may_share,
    const std::function<absl::StatusOr<RouteTls>()>& make_tls) {
  const absl::Time patient_until = may_share ? absl::Now() + kPatience : absl::InfinitePast();
  uint64_t generation = 0;
  RouteTls tls;
  {
    absl::MutexLock lock(&mutex_);
    std::unique_ptr<Group>& place = groups_[key];
    if (place == nullptr) place = std::make_unique<Group>();
    Group& group = *place;
    ++group.waiting;
    absl::Status given_up;
    while (true) {
      const absl::Time now = absl::Now();
      const absl::Duration left = deadline - now;
      const bool is_full = group.in_use >= kMaxInUse;
      const bool is_patient =
          group.in_use > 0 && group.idle.empty() && now < std::min(patient_until, deadline);
      if (!is_full && !is_patient) break;
      if (cancel.IsCancelled()) {
        given_up = ErrorWithReason(absl::StatusCode::kCancelled, "cancelled", "the read was cancelled.");
      } else if (left <= absl::ZeroDuration()) {
        given_up = ErrorWithReason(
            absl::StatusCode::kDeadlineExceeded, "timeout",
            absl::StrCat(
                "all ", kMaxInUse,
                " connections that may be in use at once were busy until the time was over. Allow more "
                "time, or read less at once."));
      }
      if (!given_up.ok()) break;
      group.freed.WaitWithTimeout(
          &mutex_, std::min(left, is_full ? kAskEvery : std::min(kAskEvery, patient_until - now)));
    }
    --group.waiting;
    if (!given_up.ok()) {
      ForgetIfUnused(key);
      return given_up;
    }
    ++group.in_use;
    if (!group.idle.empty()) {
      std::unique_ptr<CurlSession> session = std::move(group.idle.back().session);
      group.idle.pop_back();
      --idle_;
      return Lease(this, key, std::move(session));
    }
    generation = group.generation;
    tls = group.tls;
  }

  // Parsing certificates takes its time, so not under the lock.
  Lease lease(this, key, nullptr);
  if (tls.server == nullptr && tls.proxy == nullptr) {
    absl::StatusOr<RouteTls> made = make_tls();
    if (!made.ok()) return made.status();
    tls = *std::move(made);
    absl::MutexLock lock(&mutex_);
    groups_[key]->tls = tls;
  }
  lease.session_ = std::make_unique<CurlSession>(std::move(tls), generation);
  return lease;
}

void SessionPool::Return(const std::string& key, std::unique_ptr<CurlSession> session) {
  std::vector<std::unique_ptr<CurlSession>> closed;  // Outside the lock: it sends.
  absl::MutexLock lock(&mutex_);
  Group& group = *groups_[key];
  --group.in_use;
  group.freed.Signal();
  if (session != nullptr && session->generation() == group.generation) {
    group.idle.push_back({std::move(session), ++clock_});
    ++idle_;
    if (idle_ > kMaxIdle) closed.push_back(TakeOldest());
  }
  closed.push_back(std::move(session));
  ForgetIfUnused(key);
}

void SessionPool::Close(const std::string& key) {
  std::vector<Idle> closed;
  absl::MutexLock lock(&mutex_);
  const auto found = groups_.find(key);
  if (found == groups_.end()) return;
  ++found->second->generation;
  closed.swap(found->second->idle);
  idle_ -= closed.size();
  ForgetIfUnused(key);
}

void SessionPool::ForgetIfUnused(const std::string& key) {
  const auto found = groups_.find(key);
  if (found == groups_.end()) return;
  const Group& group = *found->second;
  if (group.in_use == 0 && group.waiting == 0 && group.idle.empty()) groups_.erase(found);
}

std::unique_ptr<CurlSession> SessionPool::TakeOldest() {
  auto oldest = groups_.end();
  for (auto group = groups_.begin(); group != groups_.end(); ++group) {
    if (group->second->idle.empty()) continue;
    if (oldest == groups_.end() || group->second->idle.front().since < oldest->second->idle.front().since) {
      oldest = group;
    }
  }
  std::unique_ptr<CurlSession> session = std::move(oldest->second->idle.front().session);
  oldest->second->idle.erase(oldest->second->idle.begin());
  --idle_;
  const std::string key = oldest->first;
  ForgetIfUnused(key);
  return session;
}

}  // namespace k8soidc::http
