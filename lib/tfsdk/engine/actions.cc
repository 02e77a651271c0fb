#include "tfsdk/engine/actions.h"

#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {

void ValidateAction(Context& context, const std::string& type_name, const AnyAction& action,
                    const Value& config) {
  ValidateConfig(action.schema(), config, context.diagnostics());
  if (context.diagnostics().HasErrors() || !config.IsKnown()) return;
  context.diagnostics().AddStatus(absl::StrCat("Invalid ", type_name), action.ValidateAny(context, config));
}

bool PlanAction(const Engine& engine, Context& context, const std::string& type_name, const AnyAction& action,
                const Value& config, bool deferral_allowed) {
  const bool provider_unknown = engine.configured().unknown_argument.has_value();
  if (provider_unknown && deferral_allowed) return true;
  ValidateAction(context, type_name, action, config);
  // The action itself runs while applying, when the provider block is known: only a look ahead is lost.
  if (context.diagnostics().HasErrors() || provider_unknown) return false;
  const std::string summary = absl::StrCat("Cannot plan ", type_name);
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr || !config.IsKnown()) return false;
  context.diagnostics().AddStatus(summary, action.PlanAny(context, client.get(), config));
  return false;
}

void InvokeAction(const Engine& engine, Context& context, const std::string& type_name,
                  const AnyAction& action, const Value& config, const Progress& progress) {
  const std::string summary = absl::StrCat("Cannot invoke ", type_name);
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return;
  if (const std::optional<Path> unknown = FirstUnknown(config); unknown.has_value()) {
    context.diagnostics().AddError(summary, "The value is not known yet.", *unknown);
    return;
  }
  ValidateAction(context, type_name, action, config);
  if (context.diagnostics().HasErrors()) return;
  context.diagnostics().AddStatus(summary, action.InvokeAny(context, client.get(), config, progress));
}

}  // namespace tfsdk
