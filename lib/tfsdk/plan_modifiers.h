#pragma once

// Ready-made plan modifiers, given where the attribute is declared:
//
//   .Required("name", &Model::name, "…", {RequiresReplace()})
//   .Computed("id", &Model::id, "…", {UseStateForUnknown()})
//
// They hold exactly when those of HashiCorp's plugin framework (1.19) of the same name do. None ever runs for a
// destruction, and RequiresReplace… never for a creation. Thread-safe.

#include <functional>

#include "absl/status/statusor.h"
#include "tfsdk/schema.h"

namespace tfsdk {

// A change of this attribute needs a new object. A planned value that is not known yet counts as changed: give
// a computed attribute UseStateForUnknown() first.
PlanModifier RequiresReplace();

// The same, when the user has set the attribute; what the provider decides may change in place.
PlanModifier RequiresReplaceIfConfigured();

// The same, when `needed` says so. Only asked about an attribute of an existing object whose planned value
// differs from the prior one; an error of it becomes the plan's.
PlanModifier RequiresReplaceIf(std::function<absl::StatusOr<bool>(const AttributeChange& change)> needed);

// What the provider decided once does not change: plans the prior value, null as well, instead of
// "(known after apply)". Leaves alone what is to be created, what is planned to be known, and what the user
// sets to something not known yet.
//
// Inside a nested attribute an element that is new has a prior value of null: use UseNonNullStateForUnknown
// there.
PlanModifier UseStateForUnknown();

// The same, when the prior value is not null: for what stays null until a later update fills it in.
PlanModifier UseNonNullStateForUnknown();

}  // namespace tfsdk
