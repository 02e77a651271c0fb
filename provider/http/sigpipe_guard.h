#pragma once

// SigpipeGuard: a write to a closed connection is an error here, never the end of the process.

#include <signal.h>
#include <time.h>

namespace k8soidc::http {

// While it lives, a SIGPIPE raised by this thread is swallowed. OpenSSL writes with write(2), so the signal
// cannot be avoided, and its disposition belongs to the whole process, which is not ours to change.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~SigpipeGuard() {
    const timespec no_time = {};
    if (!was_pending_) {
      while (sigtimedwait(&pipe_, nullptr, &no_time) == SIGPIPE) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

}  // namespace k8soidc::http
