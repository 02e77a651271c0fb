#pragma once

// Every ready-made rule, given where the attribute is declared:
//
//   .Optional("on_disagreement", &Model::on_disagreement, "…", {OneOf({"error", "union"})})
//
// Each answers InvalidArgument with a sentence that says what is allowed. Values that are null or not known yet
// pass, unless the rule is about just that (IsRequired, AtLeastOneOf, ExactlyOneOf, RequiredTogether).

#include "tfsdk/collection_validators.h"  // IWYU pragma: export
#include "tfsdk/composed_validators.h"    // IWYU pragma: export
#include "tfsdk/number_validators.h"      // IWYU pragma: export
#include "tfsdk/relation_validators.h"    // IWYU pragma: export
#include "tfsdk/string_validators.h"      // IWYU pragma: export
