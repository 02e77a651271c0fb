#include "jose/printable.h"

#include <cstddef>
#include <cstdint>

namespace k8soidc::jose {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode's general categories Cc, Cf, Zl and Zp, the fillers that are drawn as nothing, variation selectors,
// private use and noncharacters. A range may take in neighbours that are not assigned.
constexpr Range kInvisible[] = {
    {0x0000, 0x001F},   {0x007F, 0x009F},   {0x00AD, 0x00AD},   {0x034F, 0x034F},    {0x0600, 0x0605},
    {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},   {0x0890, 0x0891},    {0x08E2, 0x08E2},
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},    {0x2028, 0x202E},
    {0x2060, 0x206F},   {0x3164, 0x3164},   {0xE000, 0xF8FF},   {0xFDD0, 0xFDEF},    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0x110BD, 0x110BD},  {0x110CD, 0x110CD},
    {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},
};

bool IsVisible(uint32_t code_point) {
  if ((code_point & 0xFFFE) == 0xFFFE) return false;
  for (const Range& range : kInvisible) {
    if (code_point >= range.first && code_point <= range.last) return false;
  }
  return true;
}

}  // namespace

bool IsPrintable(absl::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const uint8_t lead = static_cast<uint8_t>(text[i]);
    const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    uint32_t code_point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
    for (const char c : text.substr(i + 1, length - 1))
      code_point = code_point << 6 | (static_cast<uint8_t>(c) & 0x3F);
    if (!IsVisible(code_point)) return false;
    i += length;
  }
  return true;
}

}  // namespace k8soidc::jose
