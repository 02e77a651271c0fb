#include "data_sources/issuer.h"

#include "absl/strings/str_cat.h"
#include "data_sources/origin.h"
#include "oidc/discovery.h"
#include "tfsdk/status.h"
#include "tfsdk/validators.h"

namespace k8soidc {

tfsdk::ObjectBinding<IssuerModel> IssuerModel::Describe() {
  return tfsdk::ObjectBinding<IssuerModel>(
             "A cluster's issuer, as its API server's discovery document names it, or any OpenID Connect "
             "issuer's document.")
      .Optional("config_context", &IssuerModel::config_context, kConfigContextDoc,
                {tfsdk::NotEmpty(), tfsdk::ConflictsWith("url")})
      .Optional("url", &IssuerModel::url, kUrlDoc, {tfsdk::NotEmpty()})
      .Optional("ca_certificate", &IssuerModel::ca_certificate, kCaCertificateDoc,
                {tfsdk::NotEmpty(), tfsdk::AlsoRequires("url")})
      .Computed("issuer", &IssuerModel::issuer, "The issuer to the letter; a trailing slash stays.")
      .Computed("jwks_uri", &IssuerModel::jwks_uri,
                "Where the document says the keys are. Of a cluster often an address only it can reach; "
                "`k8soidc_jwks` asks "
                "the API server instead.")
      .Computed("response_types_supported", &IssuerModel::response_types_supported,
                "As the document lists them.")
      .Computed("subject_types_supported", &IssuerModel::subject_types_supported,
                "As the document lists them.")
      .Computed("id_token_signing_alg_values_supported", &IssuerModel::id_token_signing_alg_values_supported,
                "As the document lists them.")
      .Computed("issuer_host_path", &IssuerModel::issuer_host_path,
                "The issuer without its scheme, as AWS trust policies want it.")
      .Computed("raw", &IssuerModel::raw, "The document as served. Not stable.")
      .Computed("id", &IssuerModel::id, "The same as `issuer`.");
}

absl::StatusOr<IssuerModel> IssuerDataSource::Read(tfsdk::Context& context, Client& client,
                                                   IssuerModel config) const {
  TFSDK_ASSIGN_OR_RETURN(const Origin origin, FindOrigin(context, client, config.config_context, config.url,
                                                         config.ca_certificate));
  TFSDK_ASSIGN_OR_RETURN(config.raw, ReadDiscovery(context, client, origin));
  const absl::StatusOr<oidc::Discovery> discovery = oidc::ParseDiscovery(config.raw);
  if (!discovery.ok()) return tfsdk::Annotate(discovery.status(), origin.discovery_url);
  for (const std::string& warning : discovery->warnings) {
    context.diagnostics().AddWarning("Unusual discovery document",
                                     absl::StrCat(origin.discovery_url, ": ", warning));
  }
  config.issuer = discovery->issuer;
  config.jwks_uri = discovery->jwks_uri;
  config.response_types_supported = discovery->response_types_supported;
  config.subject_types_supported = discovery->subject_types_supported;
  config.id_token_signing_alg_values_supported = discovery->id_token_signing_alg_values_supported;
  config.issuer_host_path = oidc::IssuerHostPath(discovery->issuer);
  config.id = discovery->issuer;
  return config;
}

}  // namespace k8soidc
