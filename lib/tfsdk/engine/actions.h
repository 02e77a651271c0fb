#pragma once

#include <string>

#include "tfsdk/action.h"
#include "tfsdk/engine/engine.h"

namespace tfsdk {

// What is wrong is said in the context's diagnostics, with paths into the configuration.

// Looks at `config`, which may hold unknowns, by the schema's rules and the author's.
void ValidateAction(Context& context, const std::string& type_name, const AnyAction& action,
                    const Value& config);

// Plans `action`, which is called `type_name`. Returns whether it is deferred: the provider block is not known
// yet, and the client takes that for an answer.
bool PlanAction(const Engine& engine, Context& context, const std::string& type_name, const AnyAction& action,
                const Value& config, bool deferral_allowed);

// Runs it to its end.
void InvokeAction(const Engine& engine, Context& context, const std::string& type_name,
                  const AnyAction& action, const Value& config, const Progress& progress);

}  // namespace tfsdk
