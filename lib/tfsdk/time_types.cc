#include "tfsdk/time_types.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"

namespace tfsdk {
namespace {

// No time or duration is longer, and no message is made for more.
constexpr size_t kMaxBytes = 256;

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

// Takes `count` digits off the front; -1 when there are fewer.
int TakeNumber(absl::string_view& text, size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigit(text[i])) return -1;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

absl::string_view TakeDigits(absl::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsDigit);
  const absl::string_view digits = text.substr(0, static_cast<size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// `digits` behind the point, in units of 10^-places; what is below is cut off.
int64_t Fraction(absl::string_view digits, size_t places) {
  int64_t number = 0;
  for (size_t i = 0; i < places; ++i) number = number * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  return number;
}

// "Z" or "+01:00", in seconds; false when it is neither.
bool TakeOffset(absl::string_view& text, int64_t& seconds) {
  seconds = 0;
  if (absl::ConsumePrefix(&text, "Z")) return true;
  const bool west = absl::StartsWith(text, "-");
  if (!west && !absl::StartsWith(text, "+")) return false;
  text.remove_prefix(1);
  const int hours = TakeNumber(text, 2);
  if (hours < 0 || hours > 23 || !absl::ConsumePrefix(&text, ":")) return false;
  const int minutes = TakeNumber(text, 2);
  if (minutes < 0 || minutes > 59) return false;
  seconds = (west ? -60 : 60) * (hours * 60 + minutes);
  return true;
}

// A unit off the front, in nanoseconds; 0 when there is none. The longer ones first, as "m" is also in "ms".
int64_t TakeUnit(absl::string_view& text) {
  constexpr std::pair<absl::string_view, int64_t> kUnits[] = {
      {"ns", 1},         {"us", 1000},         {"\xC2\xB5s", 1000},   {"\xCE\xBCs", 1000},
      {"ms", 1'000'000}, {"s", 1'000'000'000}, {"m", 60'000'000'000}, {"h", 3'600'000'000'000},
  };
  for (const auto& [unit, nanoseconds] : kUnits) {
    if (absl::ConsumePrefix(&text, unit)) return nanoseconds;
  }
  return 0;
}

}  // namespace

absl::StatusOr<Rfc3339Time> Rfc3339Time::Parse(absl::string_view text) {
  const absl::Status wrong =
      absl::InvalidArgumentError("Must be a time of RFC 3339, such as 2024-02-29T12:00:00Z.");
  if (text.size() > kMaxBytes) return wrong;
  absl::string_view rest = text;
  const int year = TakeNumber(rest, 4);
  if (year < 0 || !absl::ConsumePrefix(&rest, "-")) return wrong;
  const int month = TakeNumber(rest, 2);
  if (month < 0 || !absl::ConsumePrefix(&rest, "-")) return wrong;
  const int day = TakeNumber(rest, 2);
  if (day < 0 || !absl::ConsumePrefix(&rest, "T")) return wrong;
  const int hour = TakeNumber(rest, 2);
  if (hour < 0 || hour > 23 || !absl::ConsumePrefix(&rest, ":")) return wrong;
  const int minute = TakeNumber(rest, 2);
  if (minute < 0 || minute > 59 || !absl::ConsumePrefix(&rest, ":")) return wrong;
  const int second = TakeNumber(rest, 2);
  if (second < 0 || second > 59) return wrong;
  absl::string_view fraction;
  if (absl::ConsumePrefix(&rest, ".")) {
    fraction = TakeDigits(rest);
    if (fraction.empty()) return wrong;
  }
  int64_t offset = 0;
  if (!TakeOffset(rest, offset) || !rest.empty()) return wrong;
  const absl::CivilDay date(year, month, day);
  // The 30th of February would turn into the 1st of March.
  if (date.month() != month || date.day() != day) {
    return absl::InvalidArgumentError("Must be a day that the calendar has.");
  }
  const absl::Time whole =
      absl::FromCivil(absl::CivilSecond(year, month, day, hour, minute, second), absl::UTCTimeZone()) -
      absl::Seconds(offset);
  while (absl::EndsWith(fraction, "0")) fraction.remove_suffix(1);
  return Rfc3339Time(text, absl::StrCat(absl::ToUnixSeconds(whole), ".", fraction),
                     whole + absl::Nanoseconds(Fraction(fraction, 9)));
}

absl::StatusOr<GoDuration> GoDuration::Parse(absl::string_view text) {
  const absl::Status wrong = absl::InvalidArgumentError(
      "Must be a duration such as 1h30m or 1.5s: numbers, each with one of the units ns, us, ms, s, m and "
      "h.");
  const absl::Status too_long = absl::InvalidArgumentError("Must be a duration of at most 292 years.");
  if (text.size() > kMaxBytes) return wrong;
  absl::string_view rest = text;
  const bool negative = absl::StartsWith(rest, "-");
  if (negative || absl::StartsWith(rest, "+")) rest.remove_prefix(1);
  if (rest.empty()) return wrong;
  __int128 total = 0;
  if (rest == "0") rest = {};
  while (!rest.empty()) {
    const absl::string_view whole = TakeDigits(rest);
    absl::string_view fraction;
    if (absl::ConsumePrefix(&rest, ".")) fraction = TakeDigits(rest);
    const int64_t unit = TakeUnit(rest);
    if ((whole.empty() && fraction.empty()) || unit == 0) return wrong;
    __int128 number = 0;
    for (const char c : whole) {
      number = number * 10 + (c - '0');
      if (number > std::numeric_limits<int64_t>::max()) return too_long;
    }
    constexpr size_t kPlaces = 18;
    total +=
        number * unit + static_cast<__int128>(Fraction(fraction, kPlaces)) * unit / 1'000'000'000'000'000'000;
    if (total > std::numeric_limits<int64_t>::max()) return too_long;
  }
  const auto nanoseconds = static_cast<int64_t>(negative ? -total : total);
  return GoDuration(text, absl::StrCat(nanoseconds), absl::Nanoseconds(nanoseconds));
}

}  // namespace tfsdk
