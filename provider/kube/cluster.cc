#include "kube/cluster.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "json/quote.h"
#include "kube/cluster_sources.h"

namespace k8soidc::kube {

bool Cluster::HasCredential() const {
  return !bearer.empty() || !client_certificate.empty() || exec.has_value();
}

std::string Cluster::DescribeCredential() const {
  std::vector<std::string> credentials;
  if (!client_certificate.empty()) credentials.push_back(client_certificate.description);
  if (!bearer.empty()) credentials.push_back(bearer.description);
  if (exec.has_value()) credentials.push_back(absl::StrCat("the credential from ", exec->description));
  return credentials.empty() ? std::string("no credential") : absl::StrJoin(credentials, " and ");
}

absl::StatusOr<Cluster> ResolveCluster(const ConnectionOptions& options, const Environment& environment,
                                       const std::optional<std::string>& context) {
  return ClusterSources(options, environment).Find(context);
}

}  // namespace k8soidc::kube
