#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/text_type.h"

namespace k8soidc::types {

// A JWK Set with public keys only, as text (RFC 7517, section 5).
//
// Two mean the same when they hold the same keys: spaces, the order of keys and members, padding, and members
// that no verifier needs do not count. meaning() is the canonical set of jose/canonical.h.
class JwksJson : public tfsdk::Text {
 public:
  JwksJson() = default;
  // InvalidArgument for what jose::Canonicalize() refuses, a private key above all; nothing of a key is quoted.
  static absl::StatusOr<JwksJson> Parse(absl::string_view text);

 private:
  using Text::Text;
};

}  // namespace k8soidc::types
