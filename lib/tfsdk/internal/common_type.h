#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk::internal {

// The one type of all `values`, the elements of a collection declared with `declared` (which has Dynamic inside). A
// null that does not know its type becomes one of that type; an unknown that does not, fits. InvalidArgument for several
// types: Terraform itself crashes on them.
inline absl::StatusOr<Type> UnifyTypes(const std::vector<Value*>& values, const Type& declared) {
  std::optional<Type> common;
  for (const Value* value : values) {
    if (value->type().kind() == Type::Kind::kDynamic) continue;
    if (common.has_value() && !(*common == value->type())) {
      return absl::InvalidArgumentError("all elements of a collection must have the same type");
    }
    common = value->type();
  }
  if (!common.has_value()) return declared;
  for (Value* value : values) {
    if (value->IsNull()) *value = Value::Null(*common);
  }
  return *common;
}

}  // namespace tfsdk::internal
