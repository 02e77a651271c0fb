#pragma once

#include "absl/status/status.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What Terraform would refuse with a text that does not help the author of the provider ("Provider produced invalid
// plan", "… inconsistent result after apply"): FailedPrecondition at the first attribute that breaks a rule, with the
// values involved, or without them where the attribute is sensitive.
//
// Texts beyond ASCII are compared only byte by byte, while Terraform normalises them first: where they differ, the
// judgement is left to Terraform.

// Whether `planned` may follow from `config` and `prior`: what the user set is as set (or as it was), nothing is
// invented for what is not computed, blocks are as many as written.
absl::Status CheckPlan(const Schema& schema, const Value& config, const Value& prior, const Value& planned);

// Whether `actual`, the state after an apply, keeps what `planned` promised: what was known is the same, and nothing
// is unknown any more.
absl::Status CheckResult(const Schema& schema, const Value& planned, const Value& actual);

}  // namespace tfsdk
