#pragma once

#include "tfsdk/diagnostics.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Warns of everything in `config` that the schema calls deprecated, with what to do instead: the whole of it,
// blocks that are there, attributes that are set to something known. Terraform itself says nothing when a
// deprecated argument is used, only the provider does. For the calls that validate, so that a user reads it
// once.
void WarnOfDeprecated(const Schema& schema, const Value& config, Diagnostics& diagnostics);

}  // namespace tfsdk
