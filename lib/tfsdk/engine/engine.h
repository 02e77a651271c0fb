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

  // Null, with an error in the diagnostics, when there is none of that name.
  const AnyDataSource* FindDataSource(Context& context, const std::string& type_name) const;
  void ValidateDataSourceConfig(Context& context, const AnyDataSource& data_source,
                                const Value& config) const;

  struct ReadResult {
    std::optional<Value> state;  // nothing when the diagnostics hold an error
    bool deferred = false;  // the provider block is not known yet, and the client takes that for an answer
  };
  ReadResult ReadDataSource(Context& context, const std::string& type_name, const AnyDataSource& data_source,
                            const Value& config, bool deferral_allowed) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const Provider provider_;
  mutable absl::Mutex mutex_;
  std::stop_source stop_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<void> client_ ABSL_GUARDED_BY(mutex_);
  // The first argument of the provider block that was not known when it was configured last.
  std::optional<Path> unknown_argument_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tfsdk
