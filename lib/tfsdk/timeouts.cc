#include "tfsdk/timeouts.h"

#include "absl/status/status.h"

namespace tfsdk::internal {

Validator LongerThanZero() {
  return [](const Value& value, const Surroundings&) -> absl::Status {
    const absl::StatusOr<GoDuration> duration = GoDuration::Parse(value.AsString());
    // What is no duration at all, the type says itself.
    if (!duration.ok() || duration->duration() > absl::ZeroDuration()) return absl::OkStatus();
    return absl::InvalidArgumentError("Must be longer than 0.");
  };
}

}  // namespace tfsdk::internal
