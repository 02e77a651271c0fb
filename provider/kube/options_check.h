#pragma once

// What can be found wrong with the connection arguments without touching a file, the environment or the
// network.

#include <string>
#include <vector>

#include "kube/options.h"

namespace k8soidc::kube {

// One contradiction or malformed value.
struct OptionError {
  // As in the provider block, also when an environment variable is to blame; "exec.command" in a block.
  std::string attribute;
  std::string message;  // A whole sentence, without any value.
};

// Everything that is wrong, in the order of the arguments. A pure function, for validation; `source` decides
// by which names the messages call the options. `kubeconfig` text is parsed too, for that needs nothing from
// outside.
std::vector<OptionError> CheckOptions(const ConnectionOptions& options,
                                      OptionSource source = OptionSource::kArguments);

// Whether a bearer token can be sent as it is: visible ASCII (RFC 9110, 5.5). The message completes "<what>
// …".
absl::Status CheckBearerToken(const tfsdk::Secret& token);

// Whether a user name and password can be sent as Basic credentials (RFC 7617, section 2): no control
// characters, no colon in the name. The message completes "<what> …".
absl::Status CheckUsername(absl::string_view username);
absl::Status CheckPassword(const tfsdk::Secret& password);

}  // namespace k8soidc::kube
