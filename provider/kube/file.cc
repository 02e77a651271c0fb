#include "kube/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "json/quote.h"

namespace k8soidc::kube {
namespace {

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status CannotRead(const std::string& path, int error) {
  const std::string shown = json::Quoted(path, 300);
  if (error == ENOENT || error == ENOTDIR)
    return absl::NotFoundError(absl::StrCat("there is no file ", shown));
  return absl::FailedPreconditionError(
      absl::StrCat("cannot read the file ", shown, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const std::string shown = json::Quoted(path, 300);
  if (path.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(absl::StrCat("the file name ", shown, " has a NUL byte in it"));
  }
  // O_NONBLOCK: opening a FIFO must not wait for its writer.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return CannotRead(path, errno);
  struct stat status = {};
  if (fstat(file.get(), &status) != 0) return CannotRead(path, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        shown, S_ISDIR(status.st_mode) ? " is a directory" : " is not a regular file", "; name a file"));
  }
  std::string text;
  char buffer[16384];
  while (true) {
    const ssize_t got = read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return CannotRead(path, errno);
    if (got == 0) return text;
    text.append(buffer, static_cast<size_t>(got));
    if (text.size() > kMaxFileBytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the file ", shown, " is larger than ", kMaxFileBytes >> 20, " MiB"));
    }
  }
}

absl::StatusOr<std::string> ExpandHome(const std::string& path, const Environment& environment) {
  if (!absl::StartsWith(path, "~")) return path;
  if (path.size() > 1 && path[1] != '/') {
    return absl::InvalidArgumentError(absl::StrCat(
        json::Quoted(path, 300), ": the home of another user cannot be looked up; write the whole path"));
  }
  const std::optional<std::string> home = environment.Get("HOME");
  if (!home.has_value()) {
    return absl::InvalidArgumentError(absl::StrCat(
        json::Quoted(path, 300), ": HOME is not set, so ~ means nothing here; write the whole path"));
  }
  return absl::StrCat(*home, path.substr(1));
}

std::string ResolvePath(absl::string_view path, absl::string_view directory) {
  if (path.empty() || absl::StartsWith(path, "/")) return std::string(path);
  return absl::StrCat(directory, absl::EndsWith(directory, "/") ? "" : "/", path);
}

std::string DirectoryOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == absl::string_view::npos) return ".";
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

}  // namespace k8soidc::kube
