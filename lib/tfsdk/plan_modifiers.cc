#include "tfsdk/plan_modifiers.h"

#include <utility>

#include "tfsdk/status.h"

namespace tfsdk {
namespace {

bool ProviderIsToDecide(const AttributeChange& change) {
  // A configuration that is not known yet must stay unknown in the plan: Terraform will fill it in.
  return !change.planned.IsKnown() && change.config.IsKnown();
}

}  // namespace

PlanModifier RequiresReplaceIf(std::function<absl::StatusOr<bool>(const AttributeChange& change)> needed) {
  return [needed = std::move(needed)](AttributeChange& change) -> absl::Status {
    if (change.creating() || change.planned == change.prior) return absl::OkStatus();
    TFSDK_ASSIGN_OR_RETURN(const bool replace, needed(change));
    // Only ever set: another modifier may have asked for the replacement already.
    if (replace) change.requires_replace = true;
    return absl::OkStatus();
  };
}

PlanModifier RequiresReplace() {
  return RequiresReplaceIf([](const AttributeChange&) { return true; });
}

PlanModifier RequiresReplaceIfConfigured() {
  return RequiresReplaceIf(
      [](const AttributeChange& change) { return !change.config.IsKnown() || !change.config.IsNull(); });
}

PlanModifier UseStateForUnknown() {
  return [](AttributeChange& change) {
    if (!change.creating() && ProviderIsToDecide(change)) change.planned = change.prior;
    return absl::OkStatus();
  };
}

PlanModifier UseNonNullStateForUnknown() {
  return [](AttributeChange& change) {
    if (!change.prior.IsNull() && ProviderIsToDecide(change)) change.planned = change.prior;
    return absl::OkStatus();
  };
}

}  // namespace tfsdk
