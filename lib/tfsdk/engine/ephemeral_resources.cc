#include "tfsdk/engine/ephemeral_resources.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/engine/legality.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {
namespace {

// What the host would refuse, by its rules for plans. Said without the values, which are secret by trade.
absl::Status CheckOpened(const AnyEphemeralResource& resource, const Value& config, const Value& result) {
  constexpr char kReport[] = " This is a mistake in the provider: report it.";
  if (const std::optional<Path> unknown = FirstUnknown(result); unknown.has_value()) {
    return At(*unknown, absl::InternalError(
                            absl::StrCat("The provider left ", unknown->ToString(), " unknown.", kReport)));
  }
  const absl::Status status = CheckPlan(resource.schema(), config, Value::Null(resource.type()), result);
  if (status.ok()) return status;
  const Path path = PathOf(status);
  return At(path, absl::InternalError(absl::StrCat(
                      "The provider answered another ", path.ToString(),
                      " than was configured. What is set must stay, and what is not set may only "
                      "be filled in where it is computed.",
                      kReport)));
}

}  // namespace

void ValidateEphemeralResource(Context& context, const std::string& type_name,
                               const AnyEphemeralResource& resource, const Value& config) {
  ValidateConfig(resource.schema(), config, context.diagnostics());
  if (context.diagnostics().HasErrors() || !config.IsKnown()) return;
  context.diagnostics().AddStatus(absl::StrCat("Invalid ", type_name), resource.ValidateAny(context, config));
}

EphemeralOpening OpenEphemeralResource(const Engine& engine, Context& context, const std::string& type_name,
                                       const AnyEphemeralResource& resource, const Value& config,
                                       bool deferral_allowed) {
  if (deferral_allowed && engine.configured().unknown_argument.has_value()) {
    return {Value::Unknown(resource.type()), std::nullopt, "", true};
  }
  const std::string summary = absl::StrCat("Cannot open ", type_name);
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return {};
  ValidateEphemeralResource(context, type_name, resource, config);
  if (context.diagnostics().HasErrors()) return {};
  absl::StatusOr<AnyEphemeralResource::Opened> opened = resource.OpenAny(context, client.get(), config);
  context.diagnostics().AddStatus(summary, opened.status());
  if (!opened.ok() || context.diagnostics().HasErrors()) return {};
  context.diagnostics().AddStatus(summary, CheckOpened(resource, config, opened->result));
  if (context.diagnostics().HasErrors()) return {};
  return {std::move(opened->result), opened->renew_at, std::move(opened->private_data), false};
}

std::optional<Renewal> RenewEphemeralResource(const Engine& engine, Context& context,
                                              const std::string& type_name,
                                              const AnyEphemeralResource& resource,
                                              const std::string& private_data) {
  const std::string summary = absl::StrCat("Cannot renew ", type_name);
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return std::nullopt;
  absl::StatusOr<Renewal> renewal = resource.RenewAny(context, client.get(), private_data);
  context.diagnostics().AddStatus(summary, renewal.status());
  if (!renewal.ok() || context.diagnostics().HasErrors()) return std::nullopt;
  if (!renewal->private_data.has_value()) renewal->private_data = private_data;
  return *std::move(renewal);
}

void CloseEphemeralResource(const Engine& engine, Context& context, const std::string& type_name,
                            const AnyEphemeralResource& resource, const std::string& private_data) {
  const std::string summary = absl::StrCat("Cannot close ", type_name);
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return;
  context.diagnostics().AddStatus(summary, resource.CloseAny(context, client.get(), private_data));
}

}  // namespace tfsdk
