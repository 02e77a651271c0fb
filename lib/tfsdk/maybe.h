#pragma once

// Maybe<T>: a value, null, or not known yet.

#include <optional>
#include <utility>

#include "tfsdk/internal/check.h"

namespace tfsdk {

// For what is looked at before everything is known: provider blocks fed by other resources, validation,
// plans. std::optional<T> is for what may be null but is known. A default Maybe is null.
template <class T>
class Maybe {
 public:
  Maybe() = default;
  Maybe(T value) : value_(std::move(value)) {}  // NOLINT(google-explicit-constructor): as std::optional
  static Maybe Unknown() {
    Maybe maybe;
    maybe.known_ = false;
    return maybe;
  }

  bool IsKnown() const { return known_; }
  bool IsNull() const { return known_ && !value_.has_value(); }
  bool HasValue() const { return value_.has_value(); }
  // Requires HasValue().
  const T& value() const {
    TFSDK_CHECK(value_.has_value(), "value() of a null or unknown Maybe");
    return *value_;
  }
  // The value; nothing when null or unknown.
  const std::optional<T>& known() const { return value_; }

  friend bool operator==(const Maybe&, const Maybe&) = default;

 private:
  std::optional<T> value_;
  bool known_ = true;
};

}  // namespace tfsdk
