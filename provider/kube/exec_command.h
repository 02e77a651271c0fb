#pragma once

// Which file a command names. ExecPolicy (exec_plugin.h), which says whether it may be run, is implemented here too.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/environment.h"

namespace k8soidc::kube {

// The file that `command` names: itself when it has a '/', otherwise looked up in PATH. Links in its directory
// are resolved; its own name is kept, because programs look at the name they are called by.
//
// As Go does it, what PATH finds in a relative or an empty entry is refused, not run: it depends on the directory
// one happens to be in. An error completes "<whose plugin>: …": kNotFound when there is no such file,
// kFailedPrecondition when it cannot be executed.
absl::StatusOr<std::string> FindCommand(absl::string_view command, const Environment& environment);

// `path` with the links in its directory resolved, but not its own; as it is when that fails.
std::string ResolveDirectory(absl::string_view path);

}  // namespace k8soidc::kube
