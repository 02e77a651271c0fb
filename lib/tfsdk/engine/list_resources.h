#pragma once

#include <functional>
#include <optional>
#include <string>

#include "tfsdk/engine/engine.h"
#include "tfsdk/list_resource.h"
#include "tfsdk/resource.h"

namespace tfsdk {

// What is wrong with a listing as a whole is said in the context's diagnostics, with paths into its configuration.

// Looks at `config`, which may hold unknowns, by the schema's rules and the author's.
void ValidateListResource(Context& context, const std::string& type_name, const AnyListResource& list,
                          const Value& config);

// One answer of a listing: an object, or what is wrong with one.
struct ListEvent {
  std::optional<Value> identity;  // nothing when the diagnostics hold an error
  std::string display_name;
  std::optional<Value> object;  // only when it was asked for
  Diagnostics diagnostics;
};

// Gives the objects of `resource` that `list` finds to `send`, which returns whether it can go on. Stops at the
// limit, and after an event with an error, whether the author does or not.
void ListObjects(const Engine& engine, Context& context, const std::string& type_name,
                 const AnyListResource& list, const AnyResource& resource, const Value& config,
                 const ListRequest& request, const std::function<bool(const ListEvent&)>& send);

}  // namespace tfsdk
