#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tfsdk/engine/engine.h"
#include "tfsdk/resource.h"

namespace tfsdk {

// A change that Terraform wants to know the outcome of.
struct PlanRequest {
  Value config;                         // null: the object is about to be destroyed
  Value prior;                          // null: it is about to be created
  Value proposed;                       // what Terraform suggests; null as `config` is
  std::optional<Value> prior_identity;  // what is stored, if anything is
};

struct PlanResult {
  std::optional<Value> planned;  // nothing when the diagnostics hold an error
  std::vector<Path> requires_replace = {};
  std::optional<Value> identity = std::nullopt;
};

// The plan of one change to a resource, called `type_name`, in the order of HashiCorp's framework: defaults, no
// write-only values, what is computed becomes unknown where anything changes, the modifiers of attributes, those of
// the resource, the rules of identities. What Terraform would refuse is refused here, with a message for the author
// of the provider. Private state and deferral are in the context.
PlanResult PlanChange(const Engine& engine, ResourceContext& context, const std::string& type_name,
                      const AnyResource& resource, const PlanRequest& request);

// `object` without the values of its write-only attributes.
Value WithoutWriteOnly(const Schema& schema, const Value& object);

}  // namespace tfsdk
