#include "kube/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace k8soidc::kube {
namespace {

using End = ChildResult::End;

constexpr absl::Duration kTick = absl::Milliseconds(50);        // How long a cancel may go unnoticed.
constexpr absl::Duration kDrain = absl::Milliseconds(250);      // For pipes that outlive the child.
constexpr absl::Duration kStopGrace = absl::Milliseconds(500);  // From SIGTERM to SIGKILL.
constexpr absl::Duration kUnkillableWait = absl::Seconds(1);    // SIGKILL may wait for a hanging disk.
constexpr size_t kErrorPart = 8192;

// Time that does not jump with the clock on the wall.
absl::Duration Monotonic() {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return absl::DurationFromTimespec(now);
}

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { Close(); }

  int get() const { return fd_; }
  void Set(int fd) {
    Close();
    fd_ = fd;
  }
  void Close() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

// Moves `fd` above stdin, stdout and stderr: one that stands there, because ours are closed, would be run over
// while the child's are put in place. Returns an errno.
int SetAboveStandard(int fd, Descriptor& target) {
  if (fd < 0) return errno;
  target.Set(fd);
  if (fd > STDERR_FILENO) return 0;
  const int moved = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  const int error = errno;
  target.Set(moved);
  return moved < 0 ? error : 0;
}

struct Pipe {
  Descriptor read_end, write_end;

  int Open() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return errno;
    const int read_error = SetAboveStandard(ends[0], read_end);
    const int write_error = SetAboveStandard(ends[1], write_end);
    if (read_error != 0 || write_error != 0) return read_error != 0 ? read_error : write_error;
    // Only our end: the plugin's must block as a pipe does.
    return fcntl(read_end.get(), F_SETFL, O_NONBLOCK) == 0 ? 0 : errno;
  }
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void EnsureChildrenCanBeWaitedFor() {
  struct sigaction action = {};
  sigaction(SIGCHLD, nullptr, &action);
  if (action.sa_handler != SIG_IGN && (action.sa_flags & SA_NOCLDWAIT) == 0) return;
  action = {};
  action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &action, nullptr);
}

class Child {
 public:
  explicit Child(const ChildRequest& request) : request_(request) {
    text_.reserve(buffer_.size());  // So that an answer of the usual size leaves no copies behind.
  }

  ChildResult Run(const tfsdk::CancelToken& cancel) {
    const absl::Duration start = Monotonic();
    ChildResult result;
    result.code = Start();
    if (result.code != 0) return result;
    result.end = Watch(cancel);
    if (result.end != End::kExited) {
      kill(-pid_, SIGTERM);
      WaitForExit(kStopGrace);
    }
    // The child is a zombie at most, so the number still means its group and nobody else's.
    kill(-pid_, SIGKILL);
    Reap(result);
    result.output = tfsdk::Secret(std::move(text_));
    result.error_head = std::move(head_);
    result.error_tail = std::move(tail_);
    result.error_cut = dropped_;
    if (result.error_tail.size() > kErrorPart) {
      result.error_tail.erase(0, result.error_tail.size() - kErrorPart);
      result.error_cut = true;
    }
    result.took = Monotonic() - start;
    return result;
  }

 private:
  // Returns an errno.
  int Start() {
    EnsureChildrenCanBeWaitedFor();
    Descriptor nothing;
    int error = SetAboveStandard(open("/dev/null", O_RDONLY | O_CLOEXEC), nothing);
    if (error == 0) error = output_.Open();
    if (error == 0) error = errors_.Open();
    if (error != 0) return error;

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, nothing.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output_.write_end.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors_.write_end.get(), STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);

    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    // A session, not only a group: with our terminal at hand a plugin that asks for a password would be stopped
    // there until its time is over; without one it fails at once.
    posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);

    // Returns when the child executes, so its group is there, and an error of execve is returned here.
    error = posix_spawn(&pid_, request_.path.c_str(), &actions, &attributes,
                        Pointers(request_.arguments).data(), Pointers(request_.environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    output_.write_end.Close();
    errors_.write_end.Close();
    // An old kernel has none; then the ticks have to do.
    if (error == 0) pidfd_.Set(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
    return error;
  }

  // Whether the child has ended. It is not waited for: that is Reap()'s.
  bool HasExited() {
    siginfo_t info = {};
    const int result = waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    return result == 0 ? info.si_pid == pid_ : errno == ECHILD;
  }

  // Reads both pipes until the child has ended (kExited) or has to.
  End Watch(const tfsdk::CancelToken& cancel) {
    std::optional<absl::Duration> exited;
    const absl::Duration deadline = Monotonic() + (request_.deadline - absl::Now());
    while (true) {
      if (!exited.has_value() && HasExited()) exited = Monotonic();
      const absl::Duration now = Monotonic();
      absl::Duration wait = kTick;
      if (exited.has_value()) {
        if (output_.read_end.get() < 0 && errors_.read_end.get() < 0) return End::kExited;
        wait = std::min(wait, *exited + kDrain - now);
      } else {
        if (cancel.IsCancelled()) return End::kCancelled;
        if (now >= deadline) return End::kTimeout;
        wait = std::min(wait, deadline - now);
      }
      pollfd watched[] = {{output_.read_end.get(), POLLIN, 0},
                          {errors_.read_end.get(), POLLIN, 0},
                          {exited.has_value() ? -1 : pidfd_.get(), POLLIN, 0}};
      const int milliseconds = static_cast<int>(absl::ToInt64Milliseconds(wait)) + 1;
      poll(watched, 3, std::max(milliseconds, 0));
      ReadOutput();
      ReadErrors();
      if (text_.size() > request_.max_output_bytes) return End::kTooMuchOutput;
      if (exited.has_value() && Monotonic() >= *exited + kDrain) return End::kExited;
    }
  }

  // What is there in the pipe; closes it at its end.
  absl::string_view Read(Descriptor& from) {
    if (from.get() < 0) return "";
    const ssize_t got = read(from.get(), buffer_.data(), buffer_.size());
    if (got > 0) return absl::string_view(buffer_.data(), static_cast<size_t>(got));
    if (got == 0 || (errno != EAGAIN && errno != EINTR)) from.Close();
    return "";
  }

  void ReadOutput() {
    const absl::string_view got = Read(output_.read_end);
    text_.append(got.data(), got.size());
    std::fill_n(buffer_.begin(), got.size(), '\0');
  }

  void ReadErrors() {
    absl::string_view got = Read(errors_.read_end);
    const size_t first = std::min(got.size(), kErrorPart - head_.size());
    head_.append(got.data(), first);
    got.remove_prefix(first);
    tail_.append(got.data(), got.size());
    if (tail_.size() <= 16 * kErrorPart) return;
    tail_.erase(0, tail_.size() - kErrorPart);
    dropped_ = true;
  }

  // What the child still writes meanwhile is dropped, but read: it must not fail of that while it cleans up.
  bool WaitForExit(absl::Duration limit) {
    const absl::Duration end = Monotonic() + limit;
    while (!HasExited()) {
      const absl::Duration left = end - Monotonic();
      if (left <= absl::ZeroDuration()) return false;
      const absl::Duration tick = pidfd_.get() < 0 ? absl::Milliseconds(5) : kTick;
      pollfd watched[] = {{output_.read_end.get(), POLLIN, 0},
                          {errors_.read_end.get(), POLLIN, 0},
                          {pidfd_.get(), POLLIN, 0}};
      poll(watched, 3, static_cast<int>(absl::ToInt64Milliseconds(std::min(left, tick))) + 1);
      Read(output_.read_end);
      Read(errors_.read_end);
    }
    std::fill(buffer_.begin(), buffer_.end(), '\0');
    return true;
  }

  void Reap(ChildResult& result) {
    if (!WaitForExit(kUnkillableWait)) {
      // It hangs in the kernel, where no signal reaches it. Nobody waits for that, but somebody must collect it.
      std::thread([pid = pid_] { waitpid(pid, nullptr, 0); }).detach();
      return;
    }
    int status = 0;
    pid_t waited;
    do waited = waitpid(pid_, &status, 0);
    while (waited < 0 && errno == EINTR);
    if (result.end != End::kExited) return;
    result.code = -1;  // Somebody else has collected it: no proof of a success.
    if (waited != pid_) return;
    result.code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
    if (!WIFEXITED(status)) result.end = End::kSignalled;
  }

  const ChildRequest& request_;
  Pipe output_, errors_;
  Descriptor pidfd_;
  pid_t pid_ = 0;
  std::string text_, head_, tail_;
  bool dropped_ = false;
  std::vector<char> buffer_ = std::vector<char>(65536);
};

}  // namespace

ChildResult RunChild(const tfsdk::CancelToken& cancel, const ChildRequest& request) {
  if (cancel.IsCancelled()) {
    ChildResult result;
    result.end = End::kCancelled;
    return result;
  }
  return Child(request).Run(cancel);
}

}  // namespace k8soidc::kube
