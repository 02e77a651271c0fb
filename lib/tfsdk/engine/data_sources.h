#pragma once

#include <optional>
#include <string>

#include "tfsdk/engine/engine.h"

namespace tfsdk {

struct DataSourceRead {
  std::optional<Value> state;  // nothing when the diagnostics hold an error
  bool deferred = false;       // the provider block is not known yet, and the client takes that for an answer
};

// Reads `data_source`, which is called `type_name`, for `config`. What is wrong is said in the context's
// diagnostics, with paths into the configuration.
DataSourceRead ReadDataSource(const Engine& engine, Context& context, const std::string& type_name,
                              const AnyDataSource& data_source, const Value& config, bool deferral_allowed);

}  // namespace tfsdk
