#pragma once

// data "k8soidc_jwks": a cluster's signing keys in their canonical form, or any OpenID Connect issuer's.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config.h"
#include "tfsdk/data_source.h"

namespace k8soidc {

struct JwkModel {
  std::optional<std::string> kid;
  std::string kty;
  std::optional<std::string> alg, use, crv;
  std::optional<int64_t> bits;
  std::optional<std::string> n, e, x, y;
  std::optional<std::string> pem;
  std::string jwk;
  std::optional<std::string> thumbprint;
  std::optional<std::string> spki_sha256;
  std::string kid_derivation;

  static tfsdk::ObjectBinding<JwkModel> Describe();
};

struct IgnoredKeyModel {
  std::optional<std::string> kid;
  std::string reason;

  static tfsdk::ObjectBinding<IgnoredKeyModel> Describe();
};

struct JwksModel {
  std::optional<std::string> config_context;
  std::optional<std::string> url;
  std::optional<std::string> ca_certificate;
  std::optional<std::vector<std::string>> key_types;
  std::optional<std::vector<std::string>> algorithms;
  std::optional<int64_t> consistency_reads;
  std::optional<std::string> on_disagreement;
  std::optional<int64_t> minimum_rsa_bits;
  std::optional<bool> extra_members;
  std::string json;
  std::string raw;
  std::string sha256;
  int64_t key_count = 0;
  std::vector<std::string> key_ids;
  std::vector<JwkModel> keys;
  std::vector<std::string> pem_keys;
  std::vector<IgnoredKeyModel> ignored_keys;
  std::string id;

  static tfsdk::ObjectBinding<JwksModel> Describe();
};

class JwksDataSource final : public tfsdk::DataSource<JwksModel, Client> {
 public:
  absl::StatusOr<JwksModel> Read(tfsdk::Context& context, Client& client, JwksModel config) const override;
};

}  // namespace k8soidc
