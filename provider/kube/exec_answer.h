#pragma once

// What an exec plugin answers on stdout: an ExecCredential, JSON or YAML.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/exec_plugin.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// Reads the answer as client-go does (plugin/pkg/client/auth/exec), and kubectl 1.32 was seen to: kind, API version
// equal to the one that was asked for, a status with a token, or with a certificate and its key, or with both. An
// expiry that has passed is no error. Members that we do not know are ignored. Stricter: JSON that readers would
// differ about (strict_json.h), such as a member that is there twice, a token with white space or beyond ASCII, and
// a certificate or key that is not PEM are refused.
//
// kInvalidArgument completes "<whose plugin>: …" with what is wrong, and never with what was there.
absl::StatusOr<ExecCredential> ParseExecAnswer(const tfsdk::Secret& output, absl::string_view api_version);

}  // namespace k8soidc::kube
