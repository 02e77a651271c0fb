#pragma once

// Terraform's values on the wire: msgpack, directed by a type (protocol: "object wire format").

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk {

// The value of `type` in `bytes`. Where `type` says Dynamic, the result's own type says what it really is.
// Empty bytes are null, as the hosts mean them.
//
// InvalidArgument, at the path inside the value, for everything that is no such value: wrong kinds, missing,
// unknown or repeated attributes, text that is not UTF-8, NaN and infinity, elements of several types in a
// collection of Dynamic, bytes left over, nesting beyond 64 levels. No input takes memory or time out of
// proportion to its size.
absl::StatusOr<Value> DecodeMsgpack(absl::string_view bytes, const Type& type);

// `value` as `type`, which it must conform to: its own type, or one with Dynamic in places. Byte for byte
// what go-cty writes, except that elements of sets stay in their order.
std::string EncodeMsgpack(const Value& value, const Type& type);
inline std::string EncodeMsgpack(const Value& value) { return EncodeMsgpack(value, value.type()); }

}  // namespace tfsdk
