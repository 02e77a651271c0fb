#include "tfsdk/testing/internal/child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace tfsdk::testing::internal {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// What is there; false at the end.
bool ReadSome(int fd, std::string& text) {
  char buffer[16384];
  const ssize_t got = read(fd, buffer, sizeof buffer);
  if (got > 0) text.append(buffer, static_cast<size_t>(got));
  return got > 0 || (got < 0 && (errno == EINTR || errno == EAGAIN));
}

// Reads both until both end, which is when nobody holds them any more, or the deadline has come.
bool ReadAll(int out, int err, ChildResult& result, absl::Time deadline) {
  pollfd ends[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return false;
    const int ready =
        poll(ends, 2, static_cast<int>(std::min<int64_t>(absl::ToInt64Milliseconds(left) + 1, 1000)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    if (ends[0].revents != 0 && !ReadSome(out, result.out)) ends[0].fd = -1;
    if (ends[1].revents != 0 && !ReadSome(err, result.err)) ends[1].fd = -1;
  }
  return true;
}

}  // namespace

ChildResult RunChild(const std::vector<std::string>& arguments, const std::string& folder,
                     const std::map<std::string, std::string>& environment, absl::Duration timeout) {
  ChildResult result;
  // Everything that allocates is done before the fork.
  std::vector<std::string> argv = arguments, env;
  for (const auto& [name, value] : environment) env.push_back(absl::StrCat(name, "=", value));
  const std::vector<char*> argv_pointers = Pointers(argv), env_pointers = Pointers(env);
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0) return result;
  if (pipe2(err, O_CLOEXEC) != 0) {
    close(out[0]);
    close(out[1]);
    return result;
  }
  const pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    const int nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0 ||
        dup2(err[1], STDERR_FILENO) < 0 || chdir(folder.c_str()) != 0) {
      _exit(127);
    }
    execve(argv_pointers[0], argv_pointers.data(), env_pointers.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  if (child > 0) {
    result.started = true;
    // Also here, so that the group is there before anybody needs it.
    setpgid(child, child);
    result.timed_out = !ReadAll(out[0], err[0], result, absl::Now() + timeout);
    // The child is a zombie at most, so the number still means its group and nobody else's.
    if (result.timed_out) kill(-child, SIGKILL);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) result.code = WEXITSTATUS(status);
  }
  close(out[0]);
  close(err[0]);
  return result;
}

std::string FindProgram(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0 ? name : "";
  const char* path = std::getenv("PATH");
  for (const absl::string_view folder : absl::StrSplit(path == nullptr ? "" : path, ':', absl::SkipEmpty())) {
    std::string file = absl::StrCat(folder, "/", name);
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return "";
}

}  // namespace tfsdk::testing::internal
