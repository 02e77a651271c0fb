#pragma once

// PEM text (RFC 7468), looked at just closely enough to say early and by name what is wrong with it. Whether
// a certificate is any good is decided by TLS.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace k8soidc::kube {

// OK for one or more CERTIFICATE blocks, with or without other text around them.
// kInvalidArgument completes the sentence "<what> …", and quotes nothing of the text.
absl::Status CheckCertificatePem(absl::string_view text);

// OK for a private key without a passphrase: PKCS#8, PKCS#1 or SEC 1. A key with one is refused, because
// asking for it would wait on a terminal that is not there.
absl::Status CheckPrivateKeyPem(absl::string_view text);

}  // namespace k8soidc::kube
