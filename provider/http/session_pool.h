#pragma once

// The sessions that are kept for reuse, and how many may be in use at once.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "http/curl_session.h"
#include "tfsdk/cancel.h"

namespace k8soidc::http {

// Safe from any thread. A key says everything two requests must have in common to share a connection.
class SessionPool {
 public:
  // One session in use. Going away it frees its place; Keep() before that puts the session back.
  class Lease {
   public:
    Lease(SessionPool* pool, std::string key, std::unique_ptr<CurlSession> session)
        : pool_(pool), key_(std::move(key)), session_(std::move(session)) {}
    Lease(Lease&& other) noexcept
        : pool_(std::exchange(other.pool_, nullptr)),
          key_(std::move(other.key_)),
          session_(std::move(other.session_)) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (pool_ != nullptr) pool_->Return(key_, keep_ ? std::move(session_) : nullptr);
    }

    CurlSession& session() { return *session_; }
    void Keep() { keep_ = true; }

   private:
    friend class SessionPool;

    SessionPool* pool_;
    std::string key_;
    std::unique_ptr<CurlSession> session_;
    bool keep_ = false;
  };

  // An idle session for `key`, or a new one for the rules that `make_tls` gives. While as many as may be are in
  // use, waits; with `may_share`, waits for a moment as well when one is in use that may soon be free. Errors: make_tls's, CancelledError, kDeadlineExceeded with reason "timeout".
  absl::StatusOr<Lease> Take(const tfsdk::CancelToken& cancel, const std::string& key, absl::Time deadline,
                             bool may_share, const std::function<absl::StatusOr<RouteTls>()>& make_tls)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Closes the idle sessions of `key`; those in use are closed when they come back.
  void Close(const std::string& key) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Idle {
    std::unique_ptr<CurlSession> session;
    uint64_t since = 0;  // Of clock_.
  };
  // What is known of one key while anything of it is in use, waited for or idle.
  struct Group {
    int in_use = 0;
    int waiting = 0;
    uint64_t generation = 0;
    RouteTls tls;
    std::vector<Idle> idle;  // Oldest first.
    absl::CondVar freed;
  };

  void Return(const std::string& key, std::unique_ptr<CurlSession> session) ABSL_LOCKS_EXCLUDED(mutex_);
  void ForgetIfUnused(const std::string& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<CurlSession> TakeOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  std::map<std::string, std::unique_ptr<Group>> groups_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t clock_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace k8soidc::http
