#include "faults/leak.h"

#include <map>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::faults {
namespace {

constexpr size_t kWindow = 16;

// The characters of base64 that depend on `secret` alone when `offset` bytes stand before it.
std::string Base64At(absl::string_view secret, size_t offset, bool url) {
  const std::string padded = absl::StrCat(std::string(offset, 'x'), secret);
  std::string text = url ? absl::WebSafeBase64Escape(padded) : absl::Base64Escape(padded);
  const size_t first = (offset * 8 + 5) / 6;
  const size_t last = padded.size() * 8 / 6;
  return text.substr(first, last - first);
}

std::string EachByte(absl::string_view secret, absl::string_view prefix, bool upper) {
  std::string text;
  for (const char c : secret) {
    const std::string hex = absl::BytesToHexString(absl::string_view(&c, 1));
    absl::StrAppend(&text, prefix, upper ? absl::AsciiStrToUpper(hex) : hex);
  }
  return text;
}

}  // namespace

std::vector<std::string> SpellingsOf(absl::string_view secret) {
  std::vector<std::string> spellings;
  for (size_t i = 0; i + kWindow <= secret.size(); ++i) spellings.emplace_back(secret.substr(i, kWindow));
  for (size_t offset = 0; offset < 3; ++offset) {
    spellings.push_back(Base64At(secret, offset, false));
    spellings.push_back(Base64At(secret, offset, true));
  }
  for (const bool upper : {false, true}) {
    spellings.push_back(EachByte(secret, "", upper));
    spellings.push_back(EachByte(secret, "%", upper));
    spellings.push_back(EachByte(secret, "\\x", upper));
  }
  spellings.emplace_back(secret.rbegin(), secret.rend());
  std::string wide;
  for (const char c : secret) wide += {c, '\0'};
  spellings.push_back(wide);
  return spellings;
}

std::string FindLeak(absl::string_view text, const std::vector<std::string>& secrets) {
  static auto* const known = new std::map<std::string, std::vector<std::string>>;
  for (const std::string& secret : secrets) {
    std::vector<std::string>& spellings = (*known)[secret];
    if (spellings.empty()) spellings = SpellingsOf(secret);
    for (const std::string& spelling : spellings) {
      if (absl::StrContains(text, spelling)) return spelling;
    }
  }
  return "";
}

}  // namespace k8soidc::faults
