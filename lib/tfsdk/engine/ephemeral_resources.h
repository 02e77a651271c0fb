#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "tfsdk/engine/engine.h"
#include "tfsdk/ephemeral_resource.h"

namespace tfsdk {

// Looks at `config`, which may hold unknowns, by the schema's rules and the author's.
void ValidateEphemeralResource(Context& context, const std::string& type_name,
                               const AnyEphemeralResource& resource, const Value& config);

struct EphemeralOpening {
  std::optional<Value> result;  // nothing when the diagnostics hold an error
  std::optional<absl::Time> renew_at;
  std::string private_data;
  bool deferred = false;  // the provider block is not known yet, and the client takes that for an answer
};

// Opens `resource`, which is called `type_name`. Its result is wholly known and has the values of `config` where
// those are set; an author's result that does not is refused. What is wrong is said in the context's diagnostics.
EphemeralOpening OpenEphemeralResource(const Engine& engine, Context& context, const std::string& type_name,
                                       const AnyEphemeralResource& resource, const Value& config,
                                       bool deferral_allowed);

// What is to be answered; `private_data` is always there. Nothing when the diagnostics hold an error.
std::optional<Renewal> RenewEphemeralResource(const Engine& engine, Context& context,
                                              const std::string& type_name,
                                              const AnyEphemeralResource& resource,
                                              const std::string& private_data);

void CloseEphemeralResource(const Engine& engine, Context& context, const std::string& type_name,
                            const AnyEphemeralResource& resource, const std::string& private_data);

}  // namespace tfsdk
