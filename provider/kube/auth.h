#pragma once

// From who we are to what is sent: the Authorization header and the TLS material of one request.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "http/http.h"
#include "kube/cluster.h"
#include "kube/exec_plugin.h"

namespace k8soidc::kube {

// Fills `authorization`, `headers`, `tls` and `proxy` of `request` for `cluster`. Token, certificate, key and CA
// files are read now, because those of a pod change while it runs; white space around a token is dropped.
// `exec` is what the cluster's exec plugin said; null where there is none. Nothing is run here. A message names
// the credential and the file: it is not there, it is empty, it is not PEM, the token cannot stand in a header.
absl::Status Authorize(const Cluster& cluster, http::Request& request, const ExecCredential* exec = nullptr);

// What the cluster's exec plugin is told about it; nothing unless it asks for that. Reads the CA file.
absl::StatusOr<ExecCluster> TellExecPlugin(const Cluster& cluster);

}  // namespace k8soidc::kube
