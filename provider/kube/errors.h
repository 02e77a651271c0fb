#pragma once

// What an API server's refusal means and what to do about it, in sentences.

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "http/http.h"
#include "kube/cluster.h"

namespace k8soidc::kube {

// OK for status 200 and for nothing else. Otherwise a sentence with the URL, the status, the credential that
// was used and the way out; for 403 the command that grants access to the user the server named. Nothing else
// of the body is shown. Codes as http::ToStatus() has them.
absl::Status ResponseToStatus(const http::Response& response, absl::string_view url, const Cluster& cluster);

// The user a Kubernetes API server names in the Status object of a 403: `… User "jane" cannot get path …`.
// Nothing when the body is no such object, or the name is longer than 253 bytes or not printable ASCII: it
// goes into a command that people paste.
std::optional<std::string> ForbiddenUser(absl::string_view body);

// Who may not impersonate what, as a Kubernetes API server says it in a 403: `users "jane" is forbidden: User
// "admin" cannot impersonate resource "users" …`, or since 1.36, when nothing at all may be impersonated,
// `forbidden: User "admin" cannot impersonate-on:user-info:get path …`. Checked like ForbiddenUser().
struct DeniedImpersonation {
  std::string user;
  std::string resource;  // "users", "groups", "serviceaccounts", "uids", "userextras/scopes"; or not said
};
std::optional<DeniedImpersonation> ImpersonationDenied(absl::string_view body);

// The kubectl command that lets `user` read issuer and keys: --serviceaccount for a service account,
// --group=system:unauthenticated for system:anonymous, --user otherwise. Quoted for a POSIX shell.
std::string GrantCommand(absl::string_view user);

}  // namespace k8soidc::kube
