#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/text_type.h"

namespace k8soidc::types {

// One or more PEM blocks (RFC 7468), with or without other text around them, of at most 1 MiB.
//
// Two mean the same when they hold the same blocks in the same order: line lengths, line ends and the text
// around them do not count. What is inside a block is not looked at. Make the attribute sensitive when it may
// be a private key.
class PemText : public tfsdk::Text {
 public:
  PemText() = default;
  // InvalidArgument for what is no PEM, and for headers inside a block, which only encrypted keys have. Nothing
  // of the text is quoted.
  static absl::StatusOr<PemText> Parse(absl::string_view text);

 private:
  using Text::Text;
};

}  // namespace k8soidc::types
