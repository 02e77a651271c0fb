#include "jose/base64url.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::jose {
namespace {

constexpr uint8_t kNoDigit = 0xFF;

constexpr std::array<uint8_t, 256> Digits() {
  std::array<uint8_t, 256> digits{};
  for (uint8_t& digit : digits) digit = kNoDigit;
  for (uint8_t i = 0; i < 26; ++i) digits['A' + i] = i;
  for (uint8_t i = 0; i < 26; ++i) digits['a' + i] = 26 + i;
  for (uint8_t i = 0; i < 10; ++i) digits['0' + i] = 52 + i;
  digits['-'] = 62;
  digits['_'] = 63;
  return digits;
}

constexpr std::array<uint8_t, 256> kDigits = Digits();

}  // namespace

std::string EncodeBase64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

absl::StatusOr<std::string> DecodeBase64Url(absl::string_view text) {
  absl::string_view digits = text;
  if (text.size() % 4 == 0) {
    for (int padding = 0; padding < 2 && !digits.empty() && digits.back() == '='; ++padding)
      digits.remove_suffix(1);
  }

  std::string bytes;
  bytes.reserve(digits.size() * 3 / 4);
  uint32_t pending = 0;
  int pending_bits = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const uint8_t digit = kDigits[static_cast<uint8_t>(digits[i])];
    if (digit == kNoDigit) {
      const bool standard = digits[i] == '+' || digits[i] == '/';
      return absl::InvalidArgumentError(absl::StrCat(
          "is not base64url: character ", i + 1,
          standard ? " is of the standard base64 alphabet" : " is outside the base64url alphabet"));
    }
    pending = pending << 6 | digit;
    pending_bits += 6;
    if (pending_bits >= 8) {
      pending_bits -= 8;
      bytes.push_back(static_cast<char>(pending >> pending_bits & 0xFF));
      pending &= (1u << pending_bits) - 1;
    }
  }
  if (pending_bits == 6) return absl::InvalidArgumentError("is not base64url: its length is impossible");
  if (pending != 0)
    return absl::InvalidArgumentError("is not base64url: it ends with bits that should be zero");
  return bytes;
}

}  // namespace k8soidc::jose
