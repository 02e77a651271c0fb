#pragma once

// Ready-made rules for attributes, given where the attribute is declared:
//
//   .Optional("on_disagreement", &Model::on_disagreement, "…", {OneOf({"error", "union"})})
//
// Each answers InvalidArgument with a sentence that says what is allowed; the value itself is only quoted
// where it cannot be a secret (OneOf).

#include <cstdint>
#include <string>
#include <vector>

#include "tfsdk/schema.h"

namespace tfsdk {

// A string that is one of `allowed`.
Validator OneOf(std::vector<std::string> allowed);
// A list or set whose strings are each one of `allowed`; not empty.
Validator EachOneOf(std::vector<std::string> allowed);
// A whole number from `least` to `most`.
Validator Between(int64_t least, int64_t most);
// A string, list, set or map with something in it.
Validator NotEmpty();
// Not together with `other`, an attribute of the same object.
Validator ConflictsWith(std::string other);
// Only together with `other`, an attribute of the same object.
Validator RequiresAlso(std::string other);

}  // namespace tfsdk
