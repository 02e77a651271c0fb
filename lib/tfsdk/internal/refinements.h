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

// The payload of extension 12. Keys it does not know are skipped; contradictions and wrong kinds are
// InvalidArgument.
absl::StatusOr<Refinements> DecodeRefinements(absl::string_view payload);
std::string EncodeRefinements(const Refinements& refinements);

}  // namespace tfsdk::internal
