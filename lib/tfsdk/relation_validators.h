#pragma once

// Rules about several values. See tfsdk/validators.h and tfsdk/path_expression.h.
//
// Given at an attribute's line, the attribute itself counts along, named or not. Given to
// ObjectBinding::Rule(), only what is named counts:
//
//   ObjectBinding<Model>("…")
//       .Optional("url", …)
//       .Optional("file", …)
//       .Rule(ExactlyOneOf({"url", "file"}))
//
// A value that is not known yet may turn out null or not: the rule waits for it, unless it is broken or kept
// either way.

#include "tfsdk/path_expression.h"
#include "tfsdk/validator.h"

namespace tfsdk {

// When this is set, all of the others are.
Validator AlsoRequires(PathExpressions others);
// When this is set, none of the others is.
Validator ConflictsWith(PathExpressions others);

// At least one is set, exactly one, at most one.
Validator AtLeastOneOf(PathExpressions group);
Validator ExactlyOneOf(PathExpressions group);
Validator Conflicting(PathExpressions group);
// All are set, or none is.
Validator RequiredTogether(PathExpressions group);

// Warns when this is set where `write_only` could be, which does not leave the value in the state. Silent for
// a Terraform that has no write-only attributes.
Validator PreferWriteOnlyAttribute(PathExpression write_only);

}  // namespace tfsdk
