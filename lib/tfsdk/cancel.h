#pragma once

// CancelToken: how a call that blocks learns that nobody waits for it any more.

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <utility>

namespace tfsdk {

// Asks "should I give up?". Everything that blocks takes one, as its first parameter, and asks at least every
// 250 ms.
//
// It is cancelled when the whole server stops (StopProvider, Shutdown, SIGTERM) or when the caller of this
// one RPC has gone. A default-constructed token is never cancelled. Cheap to copy; safe to use from several
// threads as long as `caller_gone` is.
class CancelToken {
 public:
  CancelToken() = default;
  explicit CancelToken(std::stop_token stop, std::function<bool()> caller_gone = {})
      : stop_(std::move(stop)), caller_gone_(std::move(caller_gone)) {}

  bool IsCancelled() const { return stop_.stop_requested() || (caller_gone_ && caller_gone_()); }

  // Sleeps for `duration`, or until cancelled. Returns false when cancelled.
  bool SleepFor(std::chrono::milliseconds duration) const {
    const auto end = std::chrono::steady_clock::now() + duration;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!IsCancelled()) {
      const auto left = end - std::chrono::steady_clock::now();
      if (left <= left.zero()) return true;
      // A stop wakes the wait at once; a caller that has gone must be asked about.
      wake.wait_for(lock, stop_, std::min<std::chrono::nanoseconds>(left, std::chrono::milliseconds(100)),
                    [] { return false; });
    }
    return false;
  }

 private:
  std::stop_token stop_;
  std::function<bool()> caller_gone_;
};

}  // namespace tfsdk
