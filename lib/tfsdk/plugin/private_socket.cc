#include "tfsdk/plugin/private_socket.h"

#include <grp.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/status.h"

namespace tfsdk::plugin {
namespace {

constexpr absl::string_view kSocketName = "/socket";

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, 120)), "\"");
}

// The file is read directly: the C library's own lookup would load modules of the machine into a static
// program.
absl::StatusOr<int> FindGroup(const std::string& name) {
  int number = 0;
  if (absl::SimpleAtoi(name, &number) && number >= 0) return number;
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen("/etc/group", "re"), std::fclose);
  if (file != nullptr) {
    while (const group* entry = fgetgrent(file.get())) {
      if (entry->gr_name == name) return static_cast<int>(entry->gr_gid);
    }
  }
  return absl::InvalidArgumentError(absl::StrCat("PLUGIN_UNIX_SOCKET_GROUP names the group ", Quoted(name),
                                                 ", which /etc/group does not have; a number works too"));
}

// A fresh directory below `base`, or why there is none.
absl::StatusOr<std::string> MakeDirectory(const std::string& base) {
  std::string absolute = base;
  if (!absl::StartsWith(base, "/")) {
    char working_directory[PATH_MAX];
    if (getcwd(working_directory, sizeof(working_directory)) == nullptr) {
      return absl::ErrnoToStatus(errno, "finding the working directory");
    }
    absolute = absl::StrCat(working_directory, "/", base);
  }
  // The handshake line must carry the path as it is.
  for (const char c : absolute) {
    if (c == '|' || absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      return absl::InvalidArgumentError(
          absl::StrCat(Quoted(absolute), " holds a character that cannot be passed on to the plugin's host"));
    }
  }
  std::string directory = absl::StrCat(absolute, "/plugin-XXXXXX");
  if (directory.size() + kSocketName.size() >= sizeof(sockaddr_un::sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat(Quoted(absolute), " is too long for a socket's address"));
  }
  if (mkdtemp(directory.data()) == nullptr) {
    return absl::ErrnoToStatus(errno, absl::StrCat("making a directory in ", Quoted(absolute)));
  }
  return directory;
}

}  // namespace

PrivateSocket::PrivateSocket(std::string directory, int group)
    : directory_(std::move(directory)), path_(absl::StrCat(directory_, kSocketName)), group_(group) {}

absl::StatusOr<PrivateSocket> PrivateSocket::Make(const HostEnvironment& host, const GetEnv& getenv) {
  int group = -1;
  if (!host.socket_group.empty()) {
    TFSDK_ASSIGN_OR_RETURN(group, FindGroup(host.socket_group));
  }
  if (!host.socket_directory.empty()) {
    absl::StatusOr<std::string> directory = MakeDirectory(host.socket_directory);
    if (!directory.ok()) return Annotate(directory.status(), "PLUGIN_UNIX_SOCKET_DIR");
    return PrivateSocket(*std::move(directory), group);
  }

  std::vector<std::string> bases;
  if (const char* named = getenv("TMPDIR"); named != nullptr && *named != '\0') bases.push_back(named);
  bases.push_back("/tmp");
  absl::Status first_failure;
  for (const std::string& base : bases) {
    absl::StatusOr<std::string> directory = MakeDirectory(base);
    if (directory.ok()) return PrivateSocket(*std::move(directory), group);
    first_failure.Update(directory.status());
  }
  return Annotate(
      first_failure,
      "no directory for the socket; set TMPDIR to one with a short path that this user may write to");
}

absl::Status PrivateSocket::SetMode() const {
  const bool shared = group_ >= 0;
  if (shared) {
    const gid_t group = static_cast<gid_t>(group_);
    constexpr uid_t kSameUser = static_cast<uid_t>(-1);
    if (chown(path_.c_str(), kSameUser, group) != 0 || chown(directory_.c_str(), kSameUser, group) != 0) {
      return absl::ErrnoToStatus(
          errno, absl::StrCat("PLUGIN_UNIX_SOCKET_GROUP: giving the socket to group ", group_));
    }
  }
  if (chmod(path_.c_str(), shared ? 0660 : 0600) != 0 || (shared && chmod(directory_.c_str(), 0710) != 0)) {
    return absl::ErrnoToStatus(errno, "setting the socket's mode");
  }
  return absl::OkStatus();
}

void PrivateSocket::Remove() const {
  unlink(path_.c_str());
  rmdir(directory_.c_str());
}

}  // namespace tfsdk::plugin
