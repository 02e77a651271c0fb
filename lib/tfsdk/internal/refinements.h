#pragma once

// The refinements of an unknown value on the wire: a msgpack map with integer keys inside extension 12.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/internal/msgpack_reader.h"
#include "tfsdk/internal/msgpack_writer.h"
#include "tfsdk/number.h"
#include "tfsdk/value.h"

namespace tfsdk::internal {

inline constexpr int8_t kRefinedUnknown = 12;

// A number's token, in any of its forms. InvalidArgument when the token is none.
absl::StatusOr<Number> NumberFromToken(const MsgpackToken& token);
// The form go-cty chooses: int, else exact double, else decimal text.
void WriteNumber(MsgpackWriter& writer, const Number& number);

// The payload of extension 12, said of an unknown of `type`. Keys it does not know are skipped. InvalidArgument
// for what contradicts itself, is there twice, or cannot be said of that type: sent back, it would crash
// Terraform.
absl::StatusOr<Refinements> DecodeRefinements(absl::string_view payload, const Type& type);
std::string EncodeRefinements(const Refinements& refinements);

}  // namespace tfsdk::internal
