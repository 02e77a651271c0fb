#include "tfsdk/internal/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tfsdk::internal {
namespace {

constexpr absl::string_view kReplacement = "\xef\xbf\xbd";

// The length of the character at the front of `text` (not empty), or 0 when it is none.
size_t Decode(absl::string_view text, uint32_t* character) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) {
    *character = first;
    return 1;
  }
  const size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  uint32_t value = first & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
    value = value << 6 | (byte(i) & 0x3fu);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kLeast[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return 0;
  *character = value;
  return length;
}

bool IsShown(uint32_t c) {
  if (c == '\n' || c == '\t') return true;
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;
  return !((c >= 0x200e && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0x61c);
}

}  // namespace

bool IsUtf8(absl::string_view text) {
  uint32_t character = 0;
  while (!text.empty()) {
    // Most text is ASCII: eight bytes at once.
    uint64_t eight = 0;
    if (text.size() >= sizeof eight) {
      std::memcpy(&eight, text.data(), sizeof eight);
      if ((eight & 0x8080808080808080u) == 0) {
        text.remove_prefix(sizeof eight);
        continue;
      }
    }
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const size_t length = Decode(text, &character);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void AppendUtf8(uint32_t character, std::string& text) {
  if (character < 0x80) {
    text.push_back(static_cast<char>(character));
    return;
  }
  const int more = character < 0x800 ? 1 : character < 0x10000 ? 2 : 3;
  constexpr unsigned kLead[] = {0, 0xc0, 0xe0, 0xf0};
  text.push_back(static_cast<char>(kLead[more] | character >> (6 * more)));
  for (int i = more - 1; i >= 0; --i) text.push_back(static_cast<char>(0x80 | (character >> (6 * i) & 0x3f)));
}

std::string Printable(absl::string_view text) {
  std::string out;
  uint32_t character = 0;
  while (!text.empty()) {
    const size_t length = Decode(text, &character);
    if (length != 0 && IsShown(character)) {
      out.append(text.data(), length);
    } else {
      out.append(kReplacement.data(), kReplacement.size());
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace tfsdk::internal
