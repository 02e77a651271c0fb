#pragma once

// Files that a configuration names: kubeconfigs, certificates, keys, tokens.

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/environment.h"

namespace k8soidc::kube {

inline constexpr size_t kMaxFileBytes = size_t{4} << 20;

// The whole of a regular file of at most 4 MiB. Never blocks on a FIFO and never reads a device. The message
// names `path` and what is wrong with it, never what is in it; kNotFound when there is no such file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// `path` with a leading "~" or "~/" replaced by $HOME. kInvalidArgument for "~user/…", and when HOME is not
// set.
absl::StatusOr<std::string> ExpandHome(const std::string& path, const Environment& environment);

// `path`, if it is relative, from `directory` instead of from where the process runs.
std::string ResolvePath(absl::string_view path, absl::string_view directory);

// The directory a file is in: "." for a bare name.
std::string DirectoryOf(absl::string_view path);

}  // namespace k8soidc::kube
