#pragma once

// ResourceCalls: the RPCs about one resource type as core makes them and judges their answers, without the wire. Not
// installed.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/engine/engine.h"
#include "tfsdk/engine/resources.h"
#include "tfsdk/testing/planned_change.h"

namespace tfsdk::testing::internal {

// What lies in a state file about one object.
struct StoredObject {
  int64_t schema_version = 0;
  std::string state_json;
  std::string private_data;
  int64_t identity_version = 0;
  std::string identity_json;  // empty: none
  bool tainted = false;
};

// Aborted with what the provider said, when that holds an error; FailedPrecondition when it is the library itself that
// refuses what the author did, as core would. At the path of the first error.
absl::Status ToStatus(const Diagnostics& diagnostics);

// FailedPrecondition: core refuses what the provider did.
absl::Status Refused(const std::string& summary, const absl::Status& why);

// What `value` is once it was on the wire.
absl::StatusOr<Value> OverTheWire(const Value& value, const Type& type);

// Runs `call`; what it throws is Internal, with the text of the exception.
absl::Status Guarded(const std::function<void()>& call);

// One for a call of the harness; all diagnostics of its calls gather in `said`.
class ResourceCalls {
 public:
  ResourceCalls(const Engine& engine, std::string address, std::string type_name, const AnyResource& resource,
                bool deferral_allowed, const std::optional<Value>& provider_meta, Diagnostics& said)
      : engine_(engine),
        address_(std::move(address)),
        type_name_(std::move(type_name)),
        resource_(resource),
        deferral_allowed_(deferral_allowed),
        provider_meta_(provider_meta),
        said_(said) {}

  absl::Status Validate(const Value& config);
  absl::StatusOr<ObjectNow> Upgrade(const StoredObject& stored);
  // Nothing when it is gone.
  absl::StatusOr<std::optional<ObjectNow>> Read(const ObjectNow& object);
  // A null `config` is a destruction.
  absl::StatusOr<PlannedChange> Plan(const std::optional<ObjectNow>& object, const Value& config);
  // `rest` is what is there afterwards, also when the call fails.
  absl::Status Apply(const PlannedChange& change, const Value& config, std::optional<ObjectNow>& rest);
  absl::StatusOr<ObjectNow> Import(const std::string& id, const std::optional<Value>& identity);
  absl::StatusOr<ObjectNow> Move(const MoveSource& source);

  StoredObject Store(const ObjectNow& object) const;

 private:
  struct Planned {
    ObjectNow after;
    std::vector<Path> requires_replace;
    std::optional<DeferredReason> deferred;
  };
  absl::StatusOr<Planned> PlanOnce(const Value& prior, const std::string& private_data,
                                   const std::optional<Value>& identity, const Value& config);
  absl::StatusOr<std::vector<Path>> EffectiveReplacements(const std::vector<Path>& paths, const Value& prior,
                                                          const Value& planned) const;
  // One ApplyResourceChange.
  absl::Status ApplyOnce(const Value& prior, const ObjectNow& planned, const Value& config,
                         std::optional<ObjectNow>& rest);
  absl::StatusOr<ResourceContext> NewContext(const std::string& private_data) const;
  // Ends a call: its diagnostics, and what was thrown.
  absl::Status Ended(ResourceContext& context, const absl::Status& thrown);
  absl::StatusOr<ObjectNow> Answer(const char* summary, ResourceContext& context, const ObjectState& state);
  bool HasIdentity() const { return resource_.identity_schema() != nullptr; }
  Value Nothing() const { return Value::Null(resource_.type()); }

  const Engine& engine_;
  const std::string address_;
  const std::string type_name_;
  const AnyResource& resource_;
  const bool deferral_allowed_;
  const std::optional<Value> provider_meta_;
  Diagnostics& said_;
};

}  // namespace tfsdk::testing::internal
