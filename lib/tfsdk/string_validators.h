#pragma once

// Rules for strings. See tfsdk/validators.h.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tfsdk/validator.h"

namespace tfsdk {

// The length in bytes, both ends allowed.
Validator LengthBetween(int64_t least, int64_t most);
Validator LengthAtLeast(int64_t least);
Validator LengthAtMost(int64_t most);

// The length in Unicode characters (code points), both ends allowed. A byte that is no UTF-8 counts as one.
Validator CharactersBetween(int64_t least, int64_t most);
Validator CharactersAtLeast(int64_t least);
Validator CharactersAtMost(int64_t most);

// One of `allowed`. The message quotes the value, so not for secrets.
Validator OneOf(std::vector<std::string> allowed);
// The same, where the case of the letters A to Z does not count.
Validator OneOfCaseInsensitive(std::vector<std::string> allowed);
// None of `refused`. The message quotes the value, so not for secrets.
Validator NoneOf(std::vector<std::string> refused);
Validator NoneOfCaseInsensitive(std::vector<std::string> refused);

// Contains a match of `pattern`: put it between ^ and $ to have it match the whole text. The syntax is RE2's,
// which takes time linear in the text, whatever the pattern. `what_is_allowed` is the message: "Must be a DNS
// label: a-z, 0-9 and -.". Aborts when the pattern is none: it is the author's.
Validator Matches(absl::string_view pattern, std::string what_is_allowed);

}  // namespace tfsdk
