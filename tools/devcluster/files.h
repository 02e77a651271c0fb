#pragma once

// The files a client needs, as an administrator would hand them out.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "certificates.h"
#include "cluster.h"

namespace devcluster {

// Writes into `folder`, which is made when it is not there; private files get mode 0600:
//
//   ca.pem other-ca.pem          the authority, and one that has signed nothing here
//   admin.crt .key .token        a user who may read the keys; plain.* one who may not
//   kubeconfig                   contexts admin, admin-token, admin-basic, plain, atlantis; current: admin
//   kubeconfig-{certificate,token,basic}.yaml   one context each, all data inside
//   kubeconfig-files.yaml        one context that names the files above, relative to itself
//   serviceaccount/{token,ca.crt,namespace}     what a pod finds mounted
//   info.json                    URLs, users with their secrets, and the names of these files
absl::Status WriteFiles(const std::string& folder, const Cluster& cluster, const Authority& authority,
                        const Authority& other, const std::string& admin_url);

// Writes `folder`/kubeconfig with a context cluster-N for each of `clusters`, whose files are in `folder`/cluster-N:
// even ones by the admin's client certificate, odd ones by a token.
absl::Status WriteFleet(const std::string& folder, const std::vector<const Cluster*>& clusters);

}  // namespace devcluster
