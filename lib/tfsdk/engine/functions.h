#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/types/span.h"
#include "tfsdk/context.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/function.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Whether `function` takes `count` arguments; says in the context's diagnostics when not. Ask it before anything
// else is done with the arguments.
bool TakesArguments(Context& context, const AnyFunction& function, size_t count);

// The result of `function` for `arguments`, of which there are as many as it takes. Nothing when the context's
// diagnostics hold an error; its path then begins with the position of the argument to blame, if one is.
// The host promises to send null and unknown only where the function allows them. A null that is there all the
// same is refused; an unknown makes the result unknown, which is what the host would have said itself.
std::optional<Value> CallFunction(Context& context, const AnyFunction& function,
                                  absl::Span<const Value> arguments);

// What a host can be told of a failed call: one text, and one argument.
struct FunctionError {
  std::string text;
  std::optional<int64_t> argument;  // counted from zero

  friend bool operator==(const FunctionError&, const FunctionError&) = default;
};

// All errors of `diagnostics`, which hold at least one; the first argument that is blamed is the argument, and
// the text says where else something is wrong. `count` arguments were sent.
FunctionError ToFunctionError(const Diagnostics& diagnostics, size_t count);

}  // namespace tfsdk
