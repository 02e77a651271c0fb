#include "kube/yaml_scalar.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace k8soidc::kube {
namespace {

constexpr absl::string_view kYamlTag = "tag:yaml.org,2002:";

using Kind = YamlNode::Kind;

template <size_t N>
bool IsOneOf(absl::string_view text, const absl::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

bool IsNull(absl::string_view text) {
  static constexpr absl::string_view kWords[] = {"", "~", "null", "Null", "NULL"};
  return IsOneOf(text, kWords);
}

bool IsTrue(absl::string_view text) {
  static constexpr absl::string_view kWords[] = {"y",    "Y",    "yes", "Yes", "YES", "true",
                                                 "True", "TRUE", "on",  "On",  "ON"};
  return IsOneOf(text, kWords);
}

bool IsFalse(absl::string_view text) {
  static constexpr absl::string_view kWords[] = {"n",     "N",     "no",  "No",  "NO", "false",
                                                 "False", "FALSE", "off", "Off", "OFF"};
  return IsOneOf(text, kWords);
}

bool IsNotFinite(absl::string_view text) {
  static constexpr absl::string_view kWords[] = {".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF"};
  if (IsOneOf(text, kWords)) return true;
  const bool is_signed = absl::ConsumePrefix(&text, "+") || absl::ConsumePrefix(&text, "-");
  return is_signed && IsOneOf(text, kWords) && !absl::EqualsIgnoreCase(text, ".nan");
}

// An integer with a base prefix that fits 64 bits.
bool IsPrefixedInteger(absl::string_view text) {
  const bool negative = absl::ConsumePrefix(&text, "-");
  const bool is_signed = negative || absl::ConsumePrefix(&text, "+");
  if (text.size() < 3 || text[0] != '0') return false;
  uint64_t base = 0;
  switch (absl::ascii_tolower(text[1])) {
    case 'x':
      base = 16;
      break;
    case 'o':
      base = 8;
      break;
    case 'b':
      base = 2;
      break;
    default:
      return false;
  }
  const uint64_t largest = is_signed ? uint64_t{std::numeric_limits<int64_t>::max()} + (negative ? 1 : 0)
                                     : std::numeric_limits<uint64_t>::max();
  uint64_t value = 0;
  for (const char c : text.substr(2)) {
    if (!absl::ascii_isxdigit(c)) return false;
    const uint64_t digit = absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
    if (digit >= base || value > (largest - digit) / base) return false;
    value = value * base + digit;
  }
  return true;
}

size_t CountDigits(absl::string_view text) {
  return std::find_if_not(text.begin(), text.end(), absl::ascii_isdigit) - text.begin();
}

// [-+]? ( .digits | digits [ .digits? ] ) ( [eE] [-+]? digits )?, and of a size that a double can hold.
bool IsDecimal(absl::string_view text) {
  const absl::string_view whole = text;
  if (!absl::ConsumePrefix(&text, "-")) absl::ConsumePrefix(&text, "+");
  const size_t integer_digits = CountDigits(text);
  text.remove_prefix(integer_digits);
  if (absl::ConsumePrefix(&text, ".")) {
    const size_t fraction_digits = CountDigits(text);
    if (integer_digits == 0 && fraction_digits == 0) return false;
    text.remove_prefix(fraction_digits);
  } else if (integer_digits == 0) {
    return false;
  }
  if (absl::ConsumePrefix(&text, "e") || absl::ConsumePrefix(&text, "E")) {
    if (!absl::ConsumePrefix(&text, "-")) absl::ConsumePrefix(&text, "+");
    const size_t exponent_digits = CountDigits(text);
    if (exponent_digits == 0) return false;
    text.remove_prefix(exponent_digits);
  }
  double value = 0;
  return text.empty() && absl::SimpleAtod(whole, &value) && std::isfinite(value);
}

bool IsNumber(absl::string_view text) {
  if (text.empty()) return false;
  if (text[0] == '.') return IsDecimal(text);
  if (!absl::ascii_isdigit(text[0]) && text[0] != '+' && text[0] != '-') return false;
  const std::string digits = absl::StrReplaceAll(text, {{"_", ""}});
  return IsPrefixedInteger(digits) || IsDecimal(digits);
}

absl::StatusOr<Kind> ResolvePlain(absl::string_view text) {
  if (IsNull(text)) return Kind::kNull;
  if (IsTrue(text) || IsFalse(text)) return Kind::kBool;
  if (IsNotFinite(text)) return absl::InvalidArgumentError("infinity and .nan are not numbers in JSON");
  return IsNumber(text) ? Kind::kNumber : Kind::kString;
}

}  // namespace

absl::Status SetScalar(absl::string_view tag, bool plain, std::string text, YamlNode& node) {
  absl::string_view type = tag;
  const bool is_yaml_tag = absl::ConsumePrefix(&type, kYamlTag);
  if (tag.empty() ? !plain : !is_yaml_tag) type = "str";
  if (type == "binary") {
    std::string decoded;
    if (!absl::Base64Unescape(text, &decoded))
      return absl::InvalidArgumentError("!!binary text is not base64");
    text = std::move(decoded);
    type = "str";
  }

  node.kind = Kind::kString;
  const bool is_typed = type.empty() || type == "null" || type == "bool" || type == "int" || type == "float";
  if (is_typed) {
    absl::StatusOr<Kind> kind = ResolvePlain(text);
    if (!kind.ok()) return kind.status();
    node.kind = *kind;
    const bool agrees = type.empty() || (type == "null" && *kind == Kind::kNull) ||
                        (type == "bool" && *kind == Kind::kBool) ||
                        ((type == "int" || type == "float") && *kind == Kind::kNumber);
    if (!agrees) return absl::InvalidArgumentError(absl::StrCat("this text is no !!", type));
  }
  node.boolean = node.kind == Kind::kBool && IsTrue(text);
  if (node.kind == Kind::kNumber || node.kind == Kind::kString) node.text = std::move(text);
  return absl::OkStatus();
}

}  // namespace k8soidc::kube
