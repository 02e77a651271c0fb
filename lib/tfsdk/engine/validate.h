#pragma once

#include <optional>

#include "tfsdk/diagnostics.h"
#include "tfsdk/path.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Holds `config` against its schema: what is required is there, and the validators of known values agree.
// Unknown values pass, as they may become anything. `config` has the schema's type; null means nothing was
// written at all.
void ValidateConfig(const Schema& schema, const Value& config, Diagnostics& diagnostics);

// Where the first unknown is inside `value`.
std::optional<Path> FirstUnknown(const Value& value);

}  // namespace tfsdk
