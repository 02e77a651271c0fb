#pragma once

#include <optional>

#include "tfsdk/diagnostics.h"
#include "tfsdk/path.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Holds `config` against its schema: what is required is there, and the validators agree, those of a value
// first and the rules of a whole block after its attributes. Unknown values pass, as they may become anything.
// `config` has the schema's type; null means nothing was written at all. `write_only_allowed` is the client's
// capability.
void ValidateConfig(const Schema& schema, const Value& config, Diagnostics& diagnostics,
                    bool write_only_allowed = false);

// Where the first unknown is inside `value`.
std::optional<Path> FirstUnknown(const Value& value);

}  // namespace tfsdk
