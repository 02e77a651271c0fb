#pragma once

// What a call about one managed resource carries besides its arguments.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/json.h"
#include "tfsdk/private_state.h"

namespace tfsdk {

// Why a call gives no answer yet (protocol: Deferred).
enum class DeferredReason { kResourceConfigUnknown, kProviderConfigUnknown, kAbsentPrerequisite };

// One per call, and as long-lived as it; used by the thread that serves the call.
class ResourceContext : public Context {
 public:
  explicit ResourceContext(CancelToken cancel = {}) : Context(std::move(cancel)) {}

  // What earlier calls about this object left here. Changes are stored with the answer of this call. Do not
  // rely on it in Delete: Terraform may have lost it when it replaces the object.
  PrivateState& private_state() { return private_state_; }

  // The provider_meta block of the module that the resource is in, as M; null when the module has none. M is
  // what ProviderBuilder::Meta was given.
  template <Described M>
  absl::StatusOr<std::optional<M>> ProviderMeta() const {
    if (!provider_meta_.has_value()) return std::optional<M>();
    return Codec<std::optional<M>>::Decode(*provider_meta_, Source::kConfig);
  }

  // Whether Terraform takes "not yet" for an answer. In an apply it may be true although it was not in the
  // plan: only what was deferred in the plan may be deferred again.
  bool deferral_allowed() const { return deferral_allowed_; }
  // Answers "not yet". Requires deferral_allowed(); what else the call answers is shown as likely.
  void Defer(DeferredReason reason) {
    TFSDK_CHECK(deferral_allowed_, "Defer() where Terraform does not allow it: ask deferral_allowed() first");
    deferred_ = reason;
  }

  // For the engine.
  struct Carried {
    PrivateState private_state;
    std::optional<Value> provider_meta;
    bool deferral_allowed = false;
  };
  ResourceContext(CancelToken cancel, Carried carried)
      : Context(std::move(cancel)),
        private_state_(std::move(carried.private_state)),
        provider_meta_(std::move(carried.provider_meta)),
        deferral_allowed_(carried.deferral_allowed) {}
  const std::optional<DeferredReason>& deferred() const { return deferred_; }
  const std::optional<Value>& saved() const { return saved_; }
  void set_saved(Value state) { saved_ = std::move(state); }

 private:
  PrivateState private_state_;
  std::optional<Value> provider_meta_;
  bool deferral_allowed_ = false;
  std::optional<DeferredReason> deferred_;
  std::optional<Value> saved_;  // what is known to be there, should the call end in an error
};

// The state of another resource, perhaps another provider's, that a `moved` block brings.
struct MoveSource {
  std::string provider_address;  // "registry.terraform.io/hashicorp/null"
  std::string type_name;
  int64_t schema_version = 0;
  std::string state_json;  // as Terraform stores it
  PrivateState private_state;
  std::string identity_json;  // empty: none

  // The state as M, which describes the source's attributes as far as they are needed; others are ignored.
  template <Described M>
  absl::StatusOr<M> As() const {
    TFSDK_ASSIGN_OR_RETURN(const Value state,
                           DecodeJson(state_json, BindingOf<M>().type(), UnknownMembers::kIgnore));
    return BindingOf<M>().Decode(state, Source::kState);
  }
};

}  // namespace tfsdk
