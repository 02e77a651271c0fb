#include "tfsdk/engine/engine.h"

#include "absl/status/statusor.h"
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
    configured_ = {};
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
  configured_ = {std::move(made), unknown};
}

Engine::Configured Engine::configured() const {
  absl::MutexLock lock(&mutex_);
  return configured_;
}

std::shared_ptr<void> Engine::RequireClient(Context& context, const std::string& summary) const {
  Configured now = configured();
  if (now.unknown_argument.has_value()) {
    context.diagnostics().AddError(
        summary,
        absl::StrCat(
            now.unknown_argument->empty()
                ? "The"
                : absl::StrCat("The argument ", now.unknown_argument->ToString(), " of the"),
            " ", provider_.name,
            " provider block is not known before apply, so nothing can be done during plan. Give it a "
            "value that is known, or first apply what it comes from (terraform apply -target=…) and "
            "run again."));
    return nullptr;
  }
  if (now.client == nullptr) context.diagnostics().AddError(summary, "The provider is not configured.");
  return std::move(now.client);
}

}  // namespace tfsdk
