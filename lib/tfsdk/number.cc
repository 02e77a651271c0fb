#include "tfsdk/number.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tfsdk {
namespace {

constexpr int64_t kMaxExponent = 100'000;

// The shortest text that reads back as `value`, which is finite.
std::string ShortestText(double value) {
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  return std::string(buffer, result.ptr);
}

// Every digit of `value`, which is finite: a double has at most 1,074 after the point.
std::string ExactText(double value) {
  char buffer[1600];
  const int length = std::snprintf(buffer, sizeof buffer, "%.1074f", value);
  return std::string(buffer, static_cast<size_t>(length));
}

}  // namespace

absl::StatusOr<Number> Number::FromDouble(double value) {
  if (!std::isfinite(value)) return absl::InvalidArgumentError("a number must be finite");
  if (value != std::floor(value)) {
    Number number;
    number.rep_ = value;
    return number;
  }
  return Parse(ExactText(value));
}

absl::StatusOr<Number> Number::Parse(absl::string_view decimal) {
  const absl::Status error = absl::InvalidArgumentError("not a decimal number");
  absl::string_view rest = decimal;
  Decimal parsed{false, "", 0};
  if (!rest.empty() && (rest.front() == '-' || rest.front() == '+')) {
    parsed.negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  bool any_digit = false;
  bool after_point = false;
  for (; !rest.empty(); rest.remove_prefix(1)) {
    const char c = rest.front();
    if (c == '.') {
      if (after_point) return error;
      after_point = true;
    } else if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      any_digit = true;
      if (!(parsed.digits.empty() && c == '0')) parsed.digits.push_back(c);
      if (after_point) --parsed.exponent;
    } else {
      break;
    }
  }
  if (!any_digit) return error;
  if (!rest.empty()) {
    if (rest.front() != 'e' && rest.front() != 'E') return error;
    rest.remove_prefix(1);
    int64_t exponent = 0;
    if (rest.empty() || rest.front() == ' ' || !absl::SimpleAtoi(rest, &exponent) || rest.back() == ' ')
      return error;
    if (exponent > kMaxExponent || exponent < -kMaxExponent) {
      return absl::InvalidArgumentError("a number's exponent must be between -100000 and 100000");
    }
    parsed.exponent += exponent;
  }
  return FromDecimal(std::move(parsed));
}

Number Number::FromDecimal(Decimal decimal) {
  while (!decimal.digits.empty() && decimal.digits.back() == '0') {
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  if (decimal.digits.empty()) return Number();
  Number number;
  int64_t small = 0;
  if (decimal.exponent >= 0 && decimal.exponent + static_cast<int64_t>(decimal.digits.size()) <= 19 &&
      absl::SimpleAtoi(Text(decimal), &small)) {
    number.rep_ = small;
  } else {
    number.rep_ = std::move(decimal);
  }
  return number;
}

Number::Decimal Number::ToDecimal() const {
  if (const auto* decimal = std::get_if<Decimal>(&rep_)) return *decimal;
  const auto* small = std::get_if<int64_t>(&rep_);
  std::string text = small != nullptr ? absl::StrCat(*small) : ShortestText(std::get<double>(rep_));
  Decimal decimal{text.front() == '-', "", 0};
  const size_t e = text.find('e');
  if (e != std::string::npos) {
    decimal.exponent = std::strtol(text.c_str() + e + 1, nullptr, 10);
    text.resize(e);
  }
  bool after_point = false;
  for (const char c : text) {
    if (c == '.') after_point = true;
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) continue;
    if (!(decimal.digits.empty() && c == '0')) decimal.digits.push_back(c);
    if (after_point) --decimal.exponent;
  }
  while (!decimal.digits.empty() && decimal.digits.back() == '0') {
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  if (decimal.digits.empty()) decimal = {false, "0", 0};
  return decimal;
}

std::string Number::Text(const Decimal& decimal) {
  const std::string sign = decimal.negative ? "-" : "";
  if (decimal.exponent >= 0) {
    return absl::StrCat(sign, decimal.digits, std::string(static_cast<size_t>(decimal.exponent), '0'));
  }
  const size_t fraction = static_cast<size_t>(-decimal.exponent);
  if (fraction >= decimal.digits.size()) {
    return absl::StrCat(sign, "0.", std::string(fraction - decimal.digits.size(), '0'), decimal.digits);
  }
  const size_t whole = decimal.digits.size() - fraction;
  return absl::StrCat(sign, decimal.digits.substr(0, whole), ".", decimal.digits.substr(whole));
}

absl::StatusOr<int64_t> Number::ToInt64() const {
  if (const auto* small = std::get_if<int64_t>(&rep_)) return *small;
  const std::string text = ToString();
  if (absl::StrContains(text, '.')) return absl::OutOfRangeError("a whole number is required");
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value)) return absl::OutOfRangeError("the number does not fit into 64 bits");
  return value;
}

double Number::ToDouble() const {
  if (const auto* small = std::get_if<int64_t>(&rep_)) return static_cast<double>(*small);
  if (const auto* binary = std::get_if<double>(&rep_)) return *binary;
  const std::string text = ToString();
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool Number::IsExactDouble(double* value) const {
  if (const auto* binary = std::get_if<double>(&rep_)) {
    *value = *binary;
    return true;
  }
  const Decimal decimal = ToDecimal();
  // A finite binary fraction with f decimals is a multiple of 5^f: it ends in 5, and has no more digits than
  // a double.
  if (decimal.exponent < 0 && (decimal.digits.back() != '5' || decimal.exponent < -1074)) return false;
  if (decimal.digits.size() > 800 || decimal.exponent > 310) return false;
  *value = ToDouble();
  if (!std::isfinite(*value)) return false;
  const absl::StatusOr<Number> back = Parse(ExactText(*value));
  return back.ok() && back->ToDecimal() == decimal;
}

std::string Number::ToString() const {
  if (const auto* small = std::get_if<int64_t>(&rep_)) return absl::StrCat(*small);
  return Text(ToDecimal());
}

bool operator==(const Number& a, const Number& b) {
  const auto* x = std::get_if<int64_t>(&a.rep_);
  const auto* y = std::get_if<int64_t>(&b.rep_);
  if (x != nullptr && y != nullptr) return *x == *y;
  return a.ToDecimal() == b.ToDecimal();
}

}  // namespace tfsdk
