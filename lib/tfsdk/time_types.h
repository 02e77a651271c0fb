#pragma once

// Times and durations in string attributes.

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/text_type.h"

namespace tfsdk {

// "2024-02-29T12:00:00.5+01:00": RFC 3339 section 5.6, with a capital T and Z and without leap seconds. Two of
// them mean the same when they are the same moment.
class Rfc3339Time : public Text {
 public:
  Rfc3339Time() = default;
  // InvalidArgument for any other text, and for days that no calendar has.
  static absl::StatusOr<Rfc3339Time> Parse(absl::string_view text);

  // To the nanosecond; meaning() has every digit.
  absl::Time time() const { return time_; }

 private:
  Rfc3339Time(absl::string_view text, std::string meaning, absl::Time time)
      : Text(text, std::move(meaning)), time_(time) {}

  absl::Time time_;
};

// "1h30m", "-1.5s", "0": as Go writes durations, with the units ns, us (or µs), ms, s, m and h. "90m" means the
// same as "1h30m".
class GoDuration : public Text {
 public:
  GoDuration() = default;
  // InvalidArgument for any other text, and beyond 292 years.
  static absl::StatusOr<GoDuration> Parse(absl::string_view text);

  // To the nanosecond; what is below is cut off.
  absl::Duration duration() const { return duration_; }

 private:
  GoDuration(absl::string_view text, std::string meaning, absl::Duration duration)
      : Text(text, std::move(meaning)), duration_(duration) {}

  absl::Duration duration_;
};

}  // namespace tfsdk
