#include "provider.h"

#include "config.h"
#include "data_sources/issuer.h"
#include "data_sources/jwks.h"

namespace k8soidc {

tfsdk::Provider MakeProvider() {
  return tfsdk::ProviderBuilder<ProviderConfig, Client>("k8soidc", &Configure)
      .Validate(&ValidateConfig)
      .Add<IssuerDataSource>("issuer")  // data "k8soidc_issuer"
      .Add<JwksDataSource>("jwks")      // data "k8soidc_jwks"
      .Build();
}

}  // namespace k8soidc
