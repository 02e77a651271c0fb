#pragma once

// Kubeconfig files: which are read, and how several become one.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/environment.h"
#include "kube/kubeconfig.h"

namespace k8soidc::kube {

// Several into one, in order of precedence, as kubectl merges: of entries with one name the first is taken,
// whole; so is the first current-context that is not empty.
Kubeconfig MergeKubeconfigs(std::vector<Kubeconfig> configs);

// Whether a file that is not there is an error, or is left out as kubectl leaves out those of KUBECONFIG.
// That none is there is always an error.
enum class MissingFiles { kAreAnError, kAreLeftOut };

// Reads and merges. "~" is expanded; empty names and repetitions are skipped. `argument` names whoever lists
// the files
// ("config_path", "KUBECONFIG"), and starts each message.
absl::StatusOr<Kubeconfig> LoadKubeconfigs(const std::vector<std::string>& files, MissingFiles missing,
                                           absl::string_view argument, const Environment& environment);

}  // namespace k8soidc::kube
