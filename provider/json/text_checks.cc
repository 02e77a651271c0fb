#include "json/text_checks.h"

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace k8soidc::json {
namespace {

// How many bytes the well-formed sequence at the start of `text` has; 0 when there is none (RFC 3629, section
// 4).
size_t SequenceLength(absl::string_view text) {
  const auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0}; };
  const auto continues = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const uint8_t low = lead == 0xE0 ? 0xA0 : 0x80;
    const uint8_t high = lead == 0xED ? 0x9F : 0xBF;
    return byte(1) >= low && byte(1) <= high && continues(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const uint8_t low = lead == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = lead == 0xF4 ? 0x8F : 0xBF;
    return byte(1) >= low && byte(1) <= high && continues(2) && continues(3) ? 4 : 0;
  }
  return 0;
}

// The code unit of the \u escape at `offset`, if there is one.
std::optional<uint32_t> UnicodeEscape(absl::string_view text, size_t offset) {
  if (text.size() < offset + 6 || text[offset] != '\\' || text[offset + 1] != 'u') return std::nullopt;
  uint32_t unit = 0;
  for (const char c : text.substr(offset + 2, 4)) {
    uint32_t digit = 0;
    if (c >= '0' && c <= '9') {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      return std::nullopt;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

}  // namespace

size_t FirstInvalidUtf8(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = SequenceLength(text.substr(i, 4));
    if (length == 0) return i;
    i += length;
  }
  return absl::string_view::npos;
}

size_t FirstLoneSurrogate(absl::string_view text) {
  // A backslash is valid inside strings only, so there is no need to know where strings begin.
  for (size_t i = text.find('\\'); i < text.size(); i = text.find('\\', i)) {
    const std::optional<uint32_t> unit = UnicodeEscape(text, i);
    if (!unit.has_value()) {
      i += 2;
    } else if (*unit < 0xD800 || *unit > 0xDFFF) {
      i += 6;
    } else {
      const std::optional<uint32_t> next = UnicodeEscape(text, i + 6);
      const bool pair = *unit <= 0xDBFF && next.has_value() && *next >= 0xDC00 && *next <= 0xDFFF;
      if (!pair) return i;
      i += 12;
    }
  }
  return absl::string_view::npos;
}

}  // namespace k8soidc::json
