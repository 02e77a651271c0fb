#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk::internal {

// The one type of all `values`, the elements of a collection declared with `declared` (which has Dynamic
// inside). Nulls and unknowns that do not know their type fit any. InvalidArgument for several types:
// Terraform itself crashes on them.
inline absl::StatusOr<Type> CommonType(const std::vector<const Value*>& values, const Type& declared) {
  std::optional<Type> common;
  for (const Value* value : values) {
    if (value->type().kind() == Type::Kind::kDynamic) continue;
    if (common.has_value() && !(*common == value->type())) {
      return absl::InvalidArgumentError("all elements of a collection must have the same type");
    }
    common = value->type();
  }
  return common.value_or(declared);
}

}  // namespace tfsdk::internal
