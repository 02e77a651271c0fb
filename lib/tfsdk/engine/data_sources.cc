#include "tfsdk/engine/data_sources.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/engine/semantic_equality.h"
#include "tfsdk/engine/transform.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {

DataSourceRead ReadDataSource(const Engine& engine, Context& context, const std::string& type_name,
                              const AnyDataSource& data_source, const Value& config, bool deferral_allowed) {
  const std::string summary = absl::StrCat("Cannot read ", type_name);
  if (deferral_allowed && engine.configured().unknown_argument.has_value()) {
    return {Value::Unknown(data_source.type()), true};
  }
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return {};
  ValidateConfig(data_source.schema(), config, context.diagnostics());
  if (context.diagnostics().HasErrors()) return {};
  absl::StatusOr<Value> state = data_source.ReadAny(context, client.get(), config);
  context.diagnostics().AddStatus(summary, state.status());
  if (!state.ok() || context.diagnostics().HasErrors()) return {};
  if (const std::optional<Path> unknown = FirstUnknown(*state); unknown.has_value()) {
    context.diagnostics().AddError(summary,
                                   absl::StrCat("The provider left ", unknown->ToString(),
                                                " unknown. This is a mistake in the provider: report it."));
    return {};
  }
  return {KeepSameMeaning(data_source.schema(), config, WithTypedNulls(data_source.schema(), config, *state)),
          false};
}

}  // namespace tfsdk
