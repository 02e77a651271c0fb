#include "tfsdk/engine/plan.h"

#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tfsdk/engine/attribute_plans.h"
#include "tfsdk/engine/legality.h"
#include "tfsdk/engine/transform.h"

namespace tfsdk {
namespace {

Value WithDefaults(const Schema& schema, const Value& planned, const Value& config) {
  return TransformAttributes(
      schema, planned, config, [](const Attribute& attribute, const Value& value, const Value& written) {
        const bool left_out = written.IsKnown() && written.IsNull();
        return left_out && attribute.default_value.has_value() ? *attribute.default_value : value;
      });
}

Value WithUnknowns(const Schema& schema, const Value& planned, const Value& config) {
  return TransformAttributes(
      schema, planned, config, [](const Attribute& attribute, const Value& value, const Value& written) {
        const bool decided = !written.IsKnown() || !written.IsNull() || !attribute.IsComputed() ||
                             attribute.default_value.has_value();
        return decided ? value : Value::Unknown(attribute.type);
      });
}

// Sorted and each once; a path into a set ends at the set, whose elements no path can name.
std::vector<Path> Normalised(std::vector<Path> paths) {
  std::map<std::string, Path> by_text;
  for (Path& path : paths) {
    std::string text = path.ToString();
    by_text.emplace(std::move(text), std::move(path));
  }
  std::vector<Path> sorted;
  sorted.reserve(by_text.size());
  for (auto& [text, path] : by_text) sorted.push_back(std::move(path));
  return sorted;
}

}  // namespace

Value WithoutWriteOnly(const Schema& schema, const Value& object) {
  return TransformAttributes(schema, object, Value::Null(object.type()),
                             [](const Attribute& attribute, const Value& value, const Value&) {
                               return attribute.write_only ? Value::Null(attribute.type) : value;
                             });
}

PlanResult PlanChange(const Engine& engine, ResourceContext& context, const std::string& type_name,
                      const AnyResource& resource, const PlanRequest& request) {
  const std::string summary = absl::StrCat("Cannot plan ", type_name);
  const Engine::Configured configured = engine.configured();
  PlanResult result{.planned = request.proposed, .requires_replace = {}, .identity = request.prior_identity};
  if (configured.unknown_argument.has_value() && context.deferral_allowed()) {
    context.Defer(DeferredReason::kProviderConfigUnknown);
    return result;
  }
  const PlanResult refused;
  const bool destroying = request.proposed.IsNull();
  const Schema& schema = resource.schema();
  AnyResourcePlan plan{request.config, request.prior, request.proposed};
  if (!destroying) {
    plan.planned = WithDefaults(schema, plan.planned, request.config);
    plan.planned = WithoutWriteOnly(schema, plan.planned);
    if (!(plan.planned == request.prior)) plan.planned = WithUnknowns(schema, plan.planned, request.config);
    PlanAttributes(schema, plan, context.diagnostics());
    if (context.diagnostics().HasErrors()) return refused;
  }
  context.diagnostics().AddStatus(summary, resource.ModifyPlanAny(context, configured.client.get(), plan));
  if (context.diagnostics().HasErrors()) return refused;
  if (!context.deferred().has_value()) {
    context.diagnostics().AddStatus(absl::StrCat("Invalid plan for ", type_name),
                                    CheckPlan(schema, request.config, request.prior, plan.planned));
    if (context.diagnostics().HasErrors()) return refused;
  }
  result.planned = std::move(plan.planned);
  result.requires_replace = Normalised(std::move(plan.requires_replace));
  if (resource.identity_schema() != nullptr && !result.identity.has_value()) {
    result.identity = Value::Null(resource.identity_schema()->type());
  }
  return result;
}

}  // namespace tfsdk
