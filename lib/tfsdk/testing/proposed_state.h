#pragma once

// What Terraform proposes as the new state of an object, before it asks the provider for a plan.

#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk::testing {

// The configuration where it is set, and the prior state where something is computed and not set (Terraform:
// internal/plans/objchange/objchange.go). Nested objects and blocks are matched in step: lists by index, maps by
// key, elements of sets by what is not computed in them, each prior element once.
//
// `prior` is null for an object that is about to be created, `config` null for one that is about to be destroyed:
// then so is the answer.
Value ProposedState(const Schema& schema, const Value& prior, const Value& config);

}  // namespace tfsdk::testing
