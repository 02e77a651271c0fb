#include "tfsdk/validator.h"

#include "absl/strings/cord.h"

namespace tfsdk {
namespace {

constexpr absl::string_view kPayload = "tfsdk.cannot_tell";

}  // namespace

absl::Status CannotTell() {
  absl::Status status = absl::FailedPreconditionError("A value is not known yet.");
  status.SetPayload(kPayload, absl::Cord());
  return status;
}

bool IsCannotTell(const absl::Status& status) { return status.GetPayload(kPayload).has_value(); }

absl::Status Validator::Judge(const Value& value, const Surroundings& around) const {
  if (asks_ != Asks::kAnything) {
    if (!value.HasValue()) return CannotTell();
    if (asks_ == Asks::kWhollyKnown && !value.IsWhollyKnown()) return CannotTell();
  }
  return judge_(value, around);
}

absl::Status Validator::operator()(const Value& value, const Surroundings& around) const {
  absl::Status status = Judge(value, around);
  return IsCannotTell(status) ? absl::OkStatus() : status;
}

}  // namespace tfsdk
