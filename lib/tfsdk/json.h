#pragma once

// Types and values as JSON: the types in schemas and Dynamic values, the values in stored state (protocol:
// RawState).

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Terraform's type constraint in JSON: "string", ["list","string"], ["object",{"a":"number"}].
// InvalidArgument for anything else, beyond 32 levels, or with optional attributes.
absl::StatusOr<Type> DecodeTypeJson(absl::string_view json);
// Compact, attributes sorted: the form schemas carry.
std::string EncodeTypeJson(const Type& type);

// What becomes of members of an object that its type does not have.
enum class UnknownMembers { kRefuse, kIgnore };

// The value of `type` in `json`, by the rules of stored state: a missing attribute is null; text, numbers and bools convert into one another. Numbers keep all their digits. InvalidArgument at
// the path inside the value for what does not fit, for repeated members, and beyond 64 levels.
absl::StatusOr<Value> DecodeJson(absl::string_view json, const Type& type,
                                 UnknownMembers unknown = UnknownMembers::kRefuse);
// `value` as `type`, which it must conform to; it must be wholly known. Numbers are plain decimals of any
// length.
std::string EncodeJson(const Value& value, const Type& type);

}  // namespace tfsdk
