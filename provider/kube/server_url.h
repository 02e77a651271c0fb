#pragma once

// The URL of an API server.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::kube {

// "https://host[:port][/path]", or http, without a slash at the end, so that an API path can be appended. A
// path is kept (Rancher and others serve clusters under one) and cleaned as Go's path.Clean does.
// kInvalidArgument completes the sentence "<what> …": no scheme or another one, userinfo, a query, a fragment,
// text that is no URL.
absl::StatusOr<std::string> ParseServerUrl(absl::string_view text);

// The same for the `host` argument, where a bare host or host:port means https.
absl::StatusOr<std::string> ParseHostArgument(absl::string_view text);

// Whether a server, as these functions return it, is plain http: nothing that says who we are may go there.
bool IsPlainHttp(absl::string_view server);

}  // namespace k8soidc::kube
