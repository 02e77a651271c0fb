#pragma once

// What is laid over a cluster: arguments and variables, and last the rules that hold wherever it came from.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/cluster.h"
#include "kube/options.h"

namespace k8soidc::kube {

// One source of options, by whose names a message speaks of them. `options` must outlive it.
struct OptionLayer {
  const ConnectionOptions& options;
  OptionSource source;

  std::string Name(absl::string_view argument) const { return OptionName(source, argument); }
};

// Lays what `layer` says over `cluster`. As kubectl does with its flags: insecure and a CA replace each other,
// another server clears tls-server-name, certificate and key are replaced together, and who is impersonated
// stays when only the credential is replaced. A credential replaces exec, exec replaces every credential.
absl::Status LayOver(const OptionLayer& layer, Cluster& cluster);

// The rules of the whole. Plain http: nothing that says who we are is sent, which is a warning, or an error
// where somebody asked to speak for a user. No verification: a warning.
absl::Status ApplyRules(Cluster& cluster);

}  // namespace k8soidc::kube
