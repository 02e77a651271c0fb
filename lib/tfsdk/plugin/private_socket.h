#pragma once

// Where the plugin's Unix socket lies: alone in a fresh directory that nobody else can enter.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/plugin/handshake.h"

namespace tfsdk::plugin {

// The directory is made with mode 0700 before anything listens in it, so there is no moment in which another
// user could connect, and no name another user could have taken first, whatever the umask.
class PrivateSocket {
 public:
  // Makes the directory: in `host.socket_directory` and nowhere else when the host named one, otherwise in
  // $TMPDIR or /tmp, the first that can be used and leaves the path short enough for a socket address (107
  // bytes). Looks `host.socket_group` up. InvalidArgument or the system's error, naming the directory or the
  // group.
  static absl::StatusOr<PrivateSocket> Make(const HostEnvironment& host, const GetEnv& getenv);

  // Absolute. Nothing is there yet.
  const std::string& path() const { return path_; }
  const std::string& directory() const { return directory_; }

  // Once something listens at path(): mode 0600, or 0660 for the group the host named, which may then also
  // pass through the directory. PermissionDenied when this user is not allowed to give it to that group.
  absl::Status SetMode() const;

  // Removes socket and directory, as far as they are there.
  void Remove() const;

 private:
  PrivateSocket(std::string directory, int group);

  std::string directory_;
  std::string path_;
  int group_;  // -1: only this user.
};

}  // namespace tfsdk::plugin
