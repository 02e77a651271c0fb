#include "tfsdk/string_validators.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "re2/re2.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/internal/range_text.h"

namespace tfsdk {
namespace {

using internal::kNoLimit;

std::string Quoted(const std::string& text) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text.substr(0, 60)), "\"");
}

absl::Status CheckLength(int64_t length, int64_t least, int64_t most, absl::string_view unit) {
  if (length >= least && length <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(internal::RangeText(least, most, unit, length));
}

int64_t CountCharacters(absl::string_view text) {
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const size_t length = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1;
    const absl::string_view rest = text.substr(at + 1, length - 1);
    const bool whole = rest.size() == length - 1 && std::all_of(rest.begin(), rest.end(), [](char c) {
                         return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
                       });
    at += whole ? length : 1;
  }
  return count;
}

bool Contains(const std::vector<std::string>& texts, const std::string& text, bool with_case) {
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& one) {
    return with_case ? one == text : absl::EqualsIgnoreCase(one, text);
  });
}

Validator Membership(std::vector<std::string> texts, bool wanted, bool with_case) {
  return [=, texts = std::move(texts)](const Value& value, const Surroundings&) -> absl::Status {
    const std::string& text = value.AsString();
    if (Contains(texts, text, with_case) == wanted) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        Quoted(text), wanted ? " is not one of " : " must be none of ", absl::StrJoin(texts, ", "), "."));
  };
}

}  // namespace

Validator LengthBetween(int64_t least, int64_t most) {
  return [=](const Value& value, const Surroundings&) {
    return CheckLength(static_cast<int64_t>(value.AsString().size()), least, most, "byte");
  };
}
Validator LengthAtLeast(int64_t least) { return LengthBetween(least, kNoLimit); }
Validator LengthAtMost(int64_t most) { return LengthBetween(0, most); }

Validator CharactersBetween(int64_t least, int64_t most) {
  return [=](const Value& value, const Surroundings&) {
    return CheckLength(CountCharacters(value.AsString()), least, most, "character");
  };
}
Validator CharactersAtLeast(int64_t least) { return CharactersBetween(least, kNoLimit); }
Validator CharactersAtMost(int64_t most) { return CharactersBetween(0, most); }

Validator OneOf(std::vector<std::string> allowed) { return Membership(std::move(allowed), true, true); }
Validator OneOfCaseInsensitive(std::vector<std::string> allowed) {
  return Membership(std::move(allowed), true, false);
}
Validator NoneOf(std::vector<std::string> refused) { return Membership(std::move(refused), false, true); }
Validator NoneOfCaseInsensitive(std::vector<std::string> refused) {
  return Membership(std::move(refused), false, false);
}

Validator Matches(absl::string_view pattern, std::string what_is_allowed) {
  RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  TFSDK_CHECK(regex->ok(), "not a regular expression of RE2");
  return [regex = std::move(regex), message = std::move(what_is_allowed)](
             const Value& value, const Surroundings&) -> absl::Status {
    const std::string& text = value.AsString();
    if (RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex)) return absl::OkStatus();
    return absl::InvalidArgumentError(message);
  };
}

}  // namespace tfsdk
