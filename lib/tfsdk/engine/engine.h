#pragma once

// Engine: runs a Provider by the rules of the protocol, on values, without knowing messages.

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "tfsdk/cancel.h"
#include "tfsdk/context.h"
#include "tfsdk/provider.h"

namespace tfsdk {

// Owns the provider, the client it was last configured with, and the means to stop. Thread-safe: Terraform
// makes about ten calls at once, and may stop or configure while they run. A call keeps the client it began
// with.
//
// What is wrong is said in the context's diagnostics, with paths into the configuration.
class Engine {
 public:
  explicit Engine(Provider provider) : provider_(std::move(provider)) {}

  const Provider& provider() const { return provider_; }

  // For one call: cancelled by Stop(), or when `caller_gone` says so.
  CancelToken NewCancelToken(std::function<bool()> caller_gone) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Asks every call in flight to end. Later calls run as ever: Terraform closes things after a stop.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  void ValidateProviderConfig(Context& context, const Value& config) const;
  void ConfigureProvider(Context& context, const Value& config) ABSL_LOCKS_EXCLUDED(mutex_);

  // What a call needs of the configuration.
  struct Configured {
    std::shared_ptr<void> client;  // null: not configured, or not wholly known
    // The first argument of the provider block that was not known: nothing can be done before apply, but the
    // call may be deferred.
    std::optional<Path> unknown_argument;
  };
  Configured configured() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The client; null, with an error of that summary in the diagnostics, when there is none.
  std::shared_ptr<void> RequireClient(Context& context, const std::string& summary) const;

 private:
  const Provider provider_;
  mutable absl::Mutex mutex_;
  std::stop_source stop_ ABSL_GUARDED_BY(mutex_);
  Configured configured_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tfsdk
