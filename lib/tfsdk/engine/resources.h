#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "tfsdk/engine/engine.h"
#include "tfsdk/resource.h"

namespace tfsdk {

// The state of one object, as an answer: nothing where there is nothing to say.
struct ObjectState {
  std::optional<Value> state;  // null: there is no object
  std::optional<Value> identity = std::nullopt;
};

// What each of these does is in the protocol's RPC of that name; `type_name` is what the resource is called. What is
// wrong is said in the context's diagnostics. Private state and deferral are in the context.

void ValidateResource(Context& context, const AnyResource& resource, const Value& config,
                      bool write_only_allowed);

// `following_import`: the state is what an import made of an ID, so that the identity is only found out now.
ObjectState ReadResource(const Engine& engine, ResourceContext& context, const std::string& type_name,
                         const AnyResource& resource, const Value& state,
                         const std::optional<Value>& identity);

struct ApplyRequest {
  Value prior;    // null: create
  Value planned;  // null: delete
  Value config;   // what the user wrote, also for write-only attributes
  std::optional<Value> planned_identity;
};
// When it fails, `state` is what is certainly there: what the author saved, or the prior state.
ObjectState ApplyChange(const Engine& engine, ResourceContext& context, const std::string& type_name,
                        const AnyResource& resource, const ApplyRequest& request);

// By `identity` if there is one, else by `id`.
ObjectState ImportResource(const Engine& engine, ResourceContext& context, const std::string& type_name,
                           const AnyResource& resource, const std::string& id,
                           const std::optional<Value>& identity);

// Stored JSON of `version`, as the schema has it now.
std::optional<Value> UpgradeState(Context& context, const std::string& type_name, const AnyResource& resource,
                                  int64_t version, absl::string_view json);
std::optional<Value> UpgradeIdentity(Context& context, const std::string& type_name,
                                     const AnyResource& resource, int64_t version, absl::string_view json);

ObjectState MoveState(ResourceContext& context, const std::string& type_name, const AnyResource& resource,
                      const MoveSource& source);

// A configuration that would give `state`, for `-generate-config-out`.
Value GenerateConfig(const Schema& schema, const Value& state);

}  // namespace tfsdk
