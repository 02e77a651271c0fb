#include "kube/service_account.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "kube/server_url.h"

namespace k8soidc::kube {
namespace {

constexpr char kHost[] = "KUBERNETES_SERVICE_HOST";
constexpr char kPort[] = "KUBERNETES_SERVICE_PORT";

}  // namespace

bool IsInPod(const Environment& environment) {
  return environment.Get(kHost).has_value() && environment.Get(kPort).has_value();
}

absl::StatusOr<Cluster> ClusterFromPod(const Environment& environment) {
  if (!IsInPod(environment)) {
    return absl::FailedPreconditionError(
        absl::StrCat("this process does not run in a pod: ", kHost, " and ", kPort, " are not both set"));
  }
  const std::string host = *environment.Get(kHost);
  const bool is_ipv6 = absl::StrContains(host, ':') && !absl::StartsWith(host, "[");
  absl::StatusOr<std::string> server = ParseServerUrl(
      absl::StrCat("https://", is_ipv6 ? "[" : "", host, is_ipv6 ? "]" : "", ":", *environment.Get(kPort)));
  if (!server.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the address made of ", kHost, " and ", kPort, " ", server.status().message()));
  }
  Cluster cluster;
  cluster.origin = "the pod's own service account";
  cluster.server = *std::move(server);
  cluster.certificate_authority.file = environment.service_account_directory + "/ca.crt";
  cluster.bearer = {.description = "the pod's own service-account token",
                    .token_file = environment.service_account_directory + "/token"};
  return cluster;
}

}  // namespace k8soidc::kube
