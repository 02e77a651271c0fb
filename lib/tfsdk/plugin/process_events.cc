#include "tfsdk/plugin/process_events.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace tfsdk::plugin {
namespace {

// Each event is one byte through a pipe, which a signal handler may write to.
int g_events_in = -1;
int g_events_out = -1;

pid_t g_parent = 0;    // 0: not watched.
int g_parent_fd = -1;  // -1: the kernel has no such descriptor to offer; ask by number instead.

void Post(EndReason reason) {
  const int saved_errno = errno;
  const char byte = static_cast<char>(reason);
  // The pipe is full only when there are thousands of events already.
  [[maybe_unused]] const ssize_t written = write(g_events_in, &byte, 1);
  errno = saved_errno;
}

void OnSignal(int signal) { Post(signal == SIGINT ? EndReason::kInterrupt : EndReason::kSignal); }
void DoNothing(int) {}

absl::Status SetHandler(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  if (sigaction(signal, &action, nullptr) != 0)
    return absl::ErrnoToStatus(errno, "installing a signal handler");
  return absl::OkStatus();
}

}  // namespace

absl::Status ProcessEvents::Install(bool interrupt_ends, bool watch_parent) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return absl::ErrnoToStatus(errno, "making a pipe");
  g_events_out = ends[0];
  g_events_in = ends[1];

  struct sigaction hang_up = {};
  sigaction(SIGHUP, nullptr, &hang_up);
  absl::Status status = SetHandler(SIGINT, interrupt_ends ? OnSignal : DoNothing);
  status.Update(SetHandler(SIGPIPE, DoNothing));
  status.Update(SetHandler(SIGTERM, OnSignal));
  if (hang_up.sa_handler != SIG_IGN) status.Update(SetHandler(SIGHUP, OnSignal));

  if (watch_parent) {
    // Not PR_SET_PDEATHSIG: it fires when the parent's *thread* ends, and Go's come and go. A parent outside
    // of our process namespace has the number 0 and cannot be watched.
    g_parent = getppid();
    if (g_parent != 0) g_parent_fd = static_cast<int>(syscall(SYS_pidfd_open, g_parent, 0));
  }
  return status;
}

void ProcessEvents::RequestShutdown() { Post(EndReason::kShutdown); }

EndReason ProcessEvents::Wait() {
  pollfd watched[] = {{g_events_out, POLLIN, 0}, {g_parent_fd, POLLIN, 0}};
  const bool ask_by_number = g_parent != 0 && g_parent_fd < 0;
  for (;;) {
    poll(watched, 2, ask_by_number ? 500 : -1);
    char byte;
    if (read(g_events_out, &byte, 1) == 1) return static_cast<EndReason>(byte);
    if (g_parent != 0 && ((watched[1].revents & POLLIN) != 0 || getppid() != g_parent)) {
      return EndReason::kParentGone;
    }
  }
}

}  // namespace tfsdk::plugin
