#pragma once

#include "tfsdk/diagnostics.h"
#include "tfsdk/resource_plan.h"
#include "tfsdk/schema.h"

namespace tfsdk {

// Runs the plan modifiers of all attributes and blocks, outer ones first, on a plan that is no destruction.
void PlanAttributes(const Schema& schema, AnyResourcePlan& plan, Diagnostics& diagnostics);

}  // namespace tfsdk
