#pragma once

// Folder: the provider's client. All files of this provider lie in it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Reads and writes text files below one folder; names lead nowhere else. Thread-safe, as the file system is.
// InvalidArgument for a name that cannot be one, NotFound for a file that is not there, AlreadyExists for one that is,
// and what the file system says for the rest.
class Folder {
 public:
  struct File {
    std::string content;
    std::string mode;      // "0644"
    std::string modified;  // RFC 3339, in UTC
  };

  explicit Folder(std::string path) : path_(std::move(path)) {}

  const std::string& path() const { return path_; }
  static absl::Status CheckName(const std::string& name);

  absl::Status Create(const std::string& name, const std::string& content) const;
  absl::Status Replace(const std::string& name, const std::string& content) const;
  absl::Status SetMode(const std::string& name, const std::string& mode) const;
  absl::Status Touch(const std::string& name) const;
  // OK when it was gone already.
  absl::Status Remove(const std::string& name) const;
  absl::StatusOr<File> Read(const std::string& name) const;
  // The names of all files whose name begins with `prefix`, sorted.
  absl::StatusOr<std::vector<std::string>> List(const std::string& prefix) const;

 private:
  std::string FileOf(const std::string& name) const { return path_ + "/" + name; }
  absl::Status Write(const std::string& name, const std::string& content, int flags) const;

  std::string path_;
};
