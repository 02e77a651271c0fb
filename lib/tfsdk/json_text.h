#pragma once

// JSON in a string attribute. RFC 8259; at most 64 levels and 4 MiB; a member that is there twice is refused,
// because nobody knows which one a server takes.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/text_type.h"

namespace tfsdk {

// JSON whose every byte counts, as where it is signed.
class ExactJson : public Text {
 public:
  ExactJson() = default;
  // InvalidArgument when it is no JSON.
  static absl::StatusOr<ExactJson> Parse(absl::string_view text);

 private:
  explicit ExactJson(absl::string_view text) : Text(text, std::string(text)) {}
};

// JSON where spaces, the order of members and the way to write a number or a character do not count: a server
// that sends it back in another way has changed nothing. Numbers are compared exactly, at any length.
// meaning() is the JSON without spaces and with sorted members.
class NormalizedJson : public Text {
 public:
  NormalizedJson() = default;
  // InvalidArgument when it is no JSON.
  static absl::StatusOr<NormalizedJson> Parse(absl::string_view text);

 private:
  using Text::Text;
};

}  // namespace tfsdk
