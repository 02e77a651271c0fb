#pragma once

// data "k8soidc_issuer": a cluster's discovery document, or any OpenID Connect issuer's.

#include <optional>
#include <string>
#include <vector>

#include "config.h"
#include "tfsdk/data_source.h"

namespace k8soidc {

struct IssuerModel {
  std::optional<std::string> config_context;
  std::optional<std::string> url;
  std::optional<std::string> ca_certificate;
  std::string issuer;
  std::optional<std::string> jwks_uri;
  std::vector<std::string> response_types_supported;
  std::vector<std::string> subject_types_supported;
  std::vector<std::string> id_token_signing_alg_values_supported;
  std::string issuer_host_path;
  std::string raw;
  std::string id;

  static tfsdk::ObjectBinding<IssuerModel> Describe();
};

class IssuerDataSource final : public tfsdk::DataSource<IssuerModel, Client> {
 public:
  absl::StatusOr<IssuerModel> Read(tfsdk::Context& context, Client& client,
                                   IssuerModel config) const override;
};

}  // namespace k8soidc
