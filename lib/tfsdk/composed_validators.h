#pragma once

// Rules made of rules, and rules for any type. See tfsdk/validators.h.
//
// A rule that cannot tell yet, because a value is not known, neither holds nor fails; what is made of it can
// often tell all the same: Any() holds when another of its rules does.

#include <string>
#include <vector>

#include "tfsdk/validator.h"

namespace tfsdk {

// All of them hold. The errors of those that do not are shown together.
Validator All(std::vector<Validator> rules);
// One of them holds. A warning of the first that does is shown; if none does, what all of them say.
Validator Any(std::vector<Validator> rules);
// The same, but when one holds, the warnings of all are shown, also of those after it.
Validator AnyWithAllWarnings(std::vector<Validator> rules);
// `rule` does not hold; `what_is_allowed` is the message.
Validator Not(Validator rule, std::string what_is_allowed);

// The bool is `wanted`.
Validator Equals(bool wanted);
// It is there: for blocks, which have no flag that says so. Of a block that may be repeated, one is there.
Validator IsRequired();

}  // namespace tfsdk
