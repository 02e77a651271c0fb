#include "tfsdk/engine/engine.h"

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {

CancelToken Engine::NewCancelToken(std::function<bool()> caller_gone) const {
  absl::MutexLock lock(&mutex_);
  return CancelToken(stop_.get_token(), std::move(caller_gone));
}

void Engine::Stop() {
  std::stop_source stopped;
  {
    absl::MutexLock lock(&mutex_);
    std::swap(stopped, stop_);
  }
  // Outside the lock: a stop callback may call back.
  stopped.request_stop();
}

void Engine::ValidateProviderConfig(Context& context, const Value& config) const {
  ValidateConfig(provider_.schema, config, context.diagnostics());
  if (context.diagnostics().HasErrors() || !provider_.validate || !config.HasValue()) return;
  context.diagnostics().AddStatus("Invalid provider configuration", provider_.validate(context, config));
}

void Engine::ConfigureProvider(Context& context, const Value& config) {
  {
    // Whatever becomes of it: nothing is read with an older configuration any more.
    absl::MutexLock lock(&mutex_);
    client_ = nullptr;
    unknown_argument_ = std::nullopt;
  }
  const std::optional<Path> unknown = FirstUnknown(config);
  std::shared_ptr<void> made;
  if (!unknown.has_value()) {
    // Terraform validates before it configures; another host may not.
    ValidateProviderConfig(context, config);
    if (context.diagnostics().HasErrors()) return;
    absl::StatusOr<std::shared_ptr<void>> client = provider_.configure(context, config);
    context.diagnostics().AddStatus(absl::StrCat("Cannot configure provider ", provider_.name),
                                    client.status());
    if (!client.ok() || context.diagnostics().HasErrors()) return;
    made = *std::move(client);
  }
  absl::MutexLock lock(&mutex_);
  client_ = std::move(made);
  unknown_argument_ = unknown;
}

const AnyDataSource* Engine::FindDataSource(Context& context, const std::string& type_name) const {
  const auto it = provider_.data_sources.find(type_name);
  if (it != provider_.data_sources.end()) return it->second.get();
  context.diagnostics().AddError(
      "Unknown data source",
      absl::StrCat("This provider offers no data source ", absl::CHexEscape(type_name.substr(0, 200)), "."));
  return nullptr;
}

void Engine::ValidateDataSourceConfig(Context& context, const AnyDataSource& data_source,
                                      const Value& config) const {
  ValidateConfig(data_source.schema(), config, context.diagnostics());
}

Engine::ReadResult Engine::ReadDataSource(Context& context, const std::string& type_name,
                                          const AnyDataSource& data_source, const Value& config,
                                          bool deferral_allowed) const {
  const std::string summary = absl::StrCat("Cannot read ", type_name);
  std::shared_ptr<void> client;
  std::optional<Path> unknown_argument;
  {
    absl::MutexLock lock(&mutex_);
    client = client_;
    unknown_argument = unknown_argument_;
  }
  if (unknown_argument.has_value()) {
    if (deferral_allowed) return {Value::Unknown(data_source.type()), true};
    context.diagnostics().AddError(
        summary,
        absl::StrCat(
            unknown_argument->empty()
                ? "The"
                : absl::StrCat("The argument ", unknown_argument->ToString(), " of the"),
            " ", provider_.name,
            " provider block is not known before apply, so nothing can be read during plan. Give it a value "
            "that "
            "is known, or first apply what it comes from (terraform apply -target=…) and run again."));
    return {};
  }
  if (client == nullptr) {
    context.diagnostics().AddError(summary, "The provider is not configured.");
    return {};
  }
  ValidateDataSourceConfig(context, data_source, config);
  if (context.diagnostics().HasErrors()) return {};
  absl::StatusOr<Value> state = data_source.ReadAny(context, client.get(), config);
  context.diagnostics().AddStatus(summary, state.status());
  if (context.diagnostics().HasErrors()) return {};
  if (const std::optional<Path> unknown = FirstUnknown(*state); unknown.has_value()) {
    context.diagnostics().AddError(summary,
                                   absl::StrCat("The provider left ", unknown->ToString(),
                                                " unknown. This is a mistake in the provider: report it."));
    return {};
  }
  return {*std::move(state), false};
}

}  // namespace tfsdk
