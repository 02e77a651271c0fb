#include "kube/kubeconfig_files.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "json/quote.h"
#include "kube/file.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {

Kubeconfig MergeKubeconfigs(std::vector<Kubeconfig> configs) {
  Kubeconfig merged;
  for (Kubeconfig& config : configs) {
    std::move(config.sources.begin(), config.sources.end(), std::back_inserter(merged.sources));
    // merge() keeps what is already there.
    merged.clusters.merge(config.clusters);
    merged.users.merge(config.users);
    merged.contexts.merge(config.contexts);
    if (merged.current_context.empty()) merged.current_context = std::move(config.current_context);
  }
  return merged;
}

absl::StatusOr<Kubeconfig> LoadKubeconfigs(const std::vector<std::string>& files, MissingFiles missing,
                                           absl::string_view argument, const Environment& environment) {
  std::vector<Kubeconfig> configs;
  std::set<std::string> seen;
  for (const std::string& file : files) {
    if (file.empty()) continue;
    const absl::StatusOr<std::string> path = ExpandHome(file, environment);
    if (!path.ok()) return tfsdk::Annotate(path.status(), argument);
    if (!seen.insert(*path).second) continue;
    absl::StatusOr<std::string> text = ReadFile(*path);
    if (absl::IsNotFound(text.status()) && missing == MissingFiles::kAreLeftOut) continue;
    if (!text.ok()) return tfsdk::Annotate(text.status(), argument);
    // The text holds credentials; as a Secret it is overwritten when it goes.
    const tfsdk::Secret secret_text(*std::move(text));
    absl::StatusOr<Kubeconfig> config = ParseKubeconfig(secret_text.Reveal(), KubeconfigSource::File(*path));
    if (!config.ok()) return tfsdk::Annotate(config.status(), argument);
    configs.push_back(*std::move(config));
  }
  if (configs.empty()) {
    return absl::NotFoundError(absl::StrCat(
        argument, ": none of the files it names is there (",
        absl::StrJoin(seen, ", ",
                      [](std::string* out, const std::string& path) { *out += json::Quoted(path); }),
        ")"));
  }
  return MergeKubeconfigs(std::move(configs));
}

}  // namespace k8soidc::kube
