#include "types/issuer_url.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "http/url.h"
#include "oidc/discovery.h"
#include "tfsdk/status.h"

namespace k8soidc::types {

absl::StatusOr<IssuerUrl> IssuerUrl::Parse(absl::string_view text) {
  if (const absl::Status status = oidc::CheckIssuer(text); !status.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("Must be the URL of an issuer, such as https://example.com/cluster; this one ",
                     status.message(), "."));
  }
  TFSDK_ASSIGN_OR_RETURN(const http::Url url, http::ParseUrl(text));
  return IssuerUrl(text, absl::StrCat("https://", url.Authority(), url.path));
}

}  // namespace k8soidc::types
