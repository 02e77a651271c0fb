#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tfsdk::internal {

// Whether `text` is UTF-8 as RFC 3629 has it: no surrogates, nothing overlong, nothing above U+10FFFF.
bool IsUtf8(absl::string_view text);

// Appends the UTF-8 of `character`, which is a Unicode scalar value.
void AppendUtf8(uint32_t character, std::string& text);

// `text` made fit to be shown and to be sent in a protobuf string: invalid bytes become U+FFFD; control
// characters (other than newline and tab), and the marks that turn the direction of text, become U+FFFD as
// well.
std::string Printable(absl::string_view text);

}  // namespace tfsdk::internal
