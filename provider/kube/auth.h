#pragma once

// From who we are to what is sent: the Authorization header and the TLS material of one request.

#include "absl/status/status.h"
#include "http/http.h"
#include "kube/cluster.h"

namespace k8soidc::kube {

// Fills `authorization` and `tls` of `request` for `cluster`. Token, certificate, key and CA files are read
// now, because those of a pod change while it runs; white space around a token is dropped. A message names
// the credential and the file: it is not there, it is empty, it is not PEM, the token cannot stand in a
// header.
absl::Status Authorize(const Cluster& cluster, http::Request& request);

}  // namespace k8soidc::kube
