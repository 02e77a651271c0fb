#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/text_type.h"

namespace k8soidc::types {

// The URL of an OpenID Connect issuer, as Kubernetes takes it (oidc::CheckIssuer()).
//
// A verifier compares it to the letter with a token's `iss`, so hardly anything is the same: only the case of
// the host, an explicit port 443, and an empty path for "/" (RFC 3986, section 6.2.3). A slash behind a path is
// a difference.
class IssuerUrl : public tfsdk::Text {
 public:
  IssuerUrl() = default;
  // InvalidArgument for what is no issuer.
  static absl::StatusOr<IssuerUrl> Parse(absl::string_view text);

 private:
  using Text::Text;
};

}  // namespace k8soidc::types
