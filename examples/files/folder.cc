#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"

namespace {

absl::Status FromErrno(const std::string& file) { return absl::ErrnoToStatus(errno, file); }

}  // namespace

absl::Status Folder::CheckName(const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.size() > 200 ||
      name.find('/') != std::string::npos || name.find('\0') != std::string::npos) {
    return absl::InvalidArgumentError(
        "Must be the name of a file: not empty, without a slash, and no longer than 200 bytes.");
  }
  return absl::OkStatus();
}

absl::Status Folder::Write(const std::string& name, const std::string& content, int flags) const {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  const std::string file = FileOf(name);
  const int fd = open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (fd < 0) return FromErrno(file);
  size_t written = 0;
  while (written < content.size()) {
    const ssize_t n = write(fd, content.data() + written, content.size() - written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      const absl::Status status = FromErrno(file);
      close(fd);
      return status;
    }
    written += static_cast<size_t>(n);
  }
  return close(fd) == 0 ? absl::OkStatus() : FromErrno(file);
}

absl::Status Folder::Create(const std::string& name, const std::string& content) const {
  return Write(name, content, O_CREAT | O_EXCL);
}

absl::Status Folder::Replace(const std::string& name, const std::string& content) const {
  return Write(name, content, O_CREAT | O_TRUNC);
}

absl::Status Folder::SetMode(const std::string& name, const std::string& mode) const {
  const std::string file = FileOf(name);
  const auto bits = static_cast<mode_t>(std::strtoul(mode.c_str(), nullptr, 8));
  return chmod(file.c_str(), bits) == 0 ? absl::OkStatus() : FromErrno(file);
}

absl::Status Folder::Touch(const std::string& name) const {
  const std::string file = FileOf(name);
  return utimensat(AT_FDCWD, file.c_str(), nullptr, AT_SYMLINK_NOFOLLOW) == 0 ? absl::OkStatus()
                                                                              : FromErrno(file);
}

absl::Status Folder::Remove(const std::string& name) const {
  const std::string file = FileOf(name);
  return unlink(file.c_str()) == 0 || errno == ENOENT ? absl::OkStatus() : FromErrno(file);
}

absl::StatusOr<Folder::File> Folder::Read(const std::string& name) const {
  if (absl::Status status = CheckName(name); !status.ok()) return status;
  const std::string file = FileOf(name);
  struct stat about;
  if (lstat(file.c_str(), &about) != 0) return FromErrno(file);
  if (!S_ISREG(about.st_mode))
    return absl::FailedPreconditionError(absl::StrCat(file, " is no regular file."));
  std::ifstream in(file, std::ios::binary);
  File found;
  found.content.assign(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || !in) return absl::PermissionDeniedError(absl::StrCat(file, " cannot be read."));
  found.mode = absl::StrFormat("%04o", about.st_mode & 07777);
  found.modified =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E9SZ", absl::TimeFromTimespec(about.st_mtim), absl::UTCTimeZone());
  return found;
}

absl::StatusOr<std::vector<std::string>> Folder::List(const std::string& prefix) const {
  DIR* folder = opendir(path_.c_str());
  if (folder == nullptr) return FromErrno(path_);
  std::vector<std::string> names;
  while (const dirent* entry = readdir(folder)) {
    if (entry->d_type == DT_REG && absl::StartsWith(entry->d_name, prefix)) names.emplace_back(entry->d_name);
  }
  closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}
