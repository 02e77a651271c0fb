#pragma once

// How long a user lets an operation take.
//
//   struct Model {
//     using Timeouts = tfsdk::Timeouts<tfsdk::kCreateTimeout | tfsdk::kDeleteTimeout>;
//     std::optional<Timeouts> timeouts;
//     …
//       .Block("timeouts", &Model::timeouts)                    // timeouts { create = "10m" }
//       .Optional("timeouts", &Model::timeouts, "How long …")   // timeouts = { create = "10m" }: protocol 6
//   };
//   const absl::Duration limit =
//       Model::Timeouts::Of<tfsdk::kCreateTimeout>(model.timeouts, absl::Minutes(20));

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/binding.h"
#include "tfsdk/time_types.h"

namespace tfsdk {

// The operations that can have one; combine them with |.
enum TimeoutOperations : unsigned {
  kCreateTimeout = 1,
  kReadTimeout = 2,
  kUpdateTimeout = 4,
  kDeleteTimeout = 8,
  kOpenTimeout = 16,
  kRenewTimeout = 32,
  kCloseTimeout = 64,
  kListTimeout = 128,
  kInvokeTimeout = 256,
};

namespace internal {
// "Must be longer than 0." for what no operation can keep to.
Validator LongerThanZero();
}  // namespace internal

// A described struct with an attribute for each of `kOperations`, all optional Go durations ("1h30m") longer
// than 0.
template <unsigned kOperations>
struct Timeouts {
  static_assert(kOperations != 0 && kOperations < 512, "which operations?");

  std::optional<GoDuration> create_timeout, read_timeout, update_timeout, delete_timeout, open_timeout,
      renew_timeout, close_timeout, list_timeout, invoke_timeout;

  // What the user gave for one operation, or else `otherwise`.
  template <unsigned kOperation>
  static absl::Duration Of(const std::optional<Timeouts>& timeouts, absl::Duration otherwise) {
    static_assert((kOperations & kOperation) == kOperation, "an operation that has no timeout");
    if (!timeouts.has_value()) return otherwise;
    const std::optional<GoDuration>& given = (*timeouts).*Member<kOperation>();
    return given.has_value() ? given->duration() : otherwise;
  }

  static ObjectBinding<Timeouts> Describe() {
    ObjectBinding<Timeouts> binding("How long operations may take.");
    Add<kCreateTimeout>(binding, "create");
    Add<kReadTimeout>(binding, "read");
    Add<kUpdateTimeout>(binding, "update");
    Add<kDeleteTimeout>(binding, "delete");
    Add<kOpenTimeout>(binding, "open");
    Add<kRenewTimeout>(binding, "renew");
    Add<kCloseTimeout>(binding, "close");
    Add<kListTimeout>(binding, "list");
    Add<kInvokeTimeout>(binding, "invoke");
    return binding;
  }

 private:
  template <unsigned kOperation>
  static constexpr std::optional<GoDuration> Timeouts::*Member() {
    switch (kOperation) {
      case kCreateTimeout:
        return &Timeouts::create_timeout;
      case kReadTimeout:
        return &Timeouts::read_timeout;
      case kUpdateTimeout:
        return &Timeouts::update_timeout;
      case kDeleteTimeout:
        return &Timeouts::delete_timeout;
      case kOpenTimeout:
        return &Timeouts::open_timeout;
      case kRenewTimeout:
        return &Timeouts::renew_timeout;
      case kCloseTimeout:
        return &Timeouts::close_timeout;
      case kListTimeout:
        return &Timeouts::list_timeout;
      default:
        return &Timeouts::invoke_timeout;
    }
  }

  template <unsigned kOperation>
  static void Add(ObjectBinding<Timeouts>& binding, absl::string_view name) {
    if constexpr ((kOperations & kOperation) != 0) {
      std::move(binding).Optional(
          name, Member<kOperation>(),
          "How long to wait before giving up, such as `30s` or `1h30m`: numbers, each with one of the units "
          "`ns`, `us`, `ms`, `s`, `m` and `h`.",
          {internal::LongerThanZero()});
    }
  }
};

}  // namespace tfsdk
