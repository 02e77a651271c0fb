#pragma once

// An action: something Terraform does on request, or when a resource changes, that leaves no state behind. Send a
// message, restart a service, rotate a key. Terraform 1.14 or later.

#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Shows `message` to the user while the action runs. May be called from any thread, as long as Invoke has not
// returned; later calls say nothing.
using Progress = std::function<void(absl::string_view message)>;

// What the engine holds. Authors derive from Action instead.
class AnyAction {
 public:
  virtual ~AnyAction() = default;
  virtual const Schema& schema() const = 0;
  virtual Type type() const = 0;
  // `config` may hold unknowns.
  virtual absl::Status ValidateAny(Context& context, const Value& config) const = 0;
  // Likewise. `client` is what the provider's configure function returned.
  virtual absl::Status PlanAny(Context& context, void* client, const Value& config) const = 0;
  // `config` is wholly known.
  virtual absl::Status InvokeAny(Context& context, void* client, const Value& config,
                                 const Progress& progress) const = 0;
};

// Derive from it, describe Model, which has no computed attributes, implement Invoke, and add it to the provider:
//
//   class RestartAction final : public tfsdk::Action<RestartModel, KubeClient> {
//    public:
//     absl::Status Invoke(tfsdk::Context&, KubeClient& client, RestartModel config,
//                         const tfsdk::Progress& progress) const override;
//   };
//
// One object serves all calls at once: the functions are const, and what they share must be thread-safe.
template <Described Model, class ClientType>
class Action : public AnyAction {
 public:
  using Client = ClientType;

  // Does it. Everything is known here; give context.cancel() to whatever blocks.
  virtual absl::Status Invoke(Context& context, Client& client, Model config,
                              const Progress& progress) const = 0;

  // Looks, while Terraform plans, whether it could be done, and changes nothing. Not called when the provider
  // block is not known yet, nor when something is unknown that is not a Maybe member.
  virtual absl::Status Plan(Context&, Client&, const Model& /*config*/) const { return absl::OkStatus(); }

  // The rules that the schema cannot say. Called with unknown values only when the members that are unknown are
  // of type Maybe. Never touches the network.
  virtual absl::Status Validate(Context&, const Model& /*config*/) const { return absl::OkStatus(); }

  const Schema& schema() const final { return BindingOf<Model>().schema(); }
  Type type() const final { return BindingOf<Model>().type(); }

 private:
  absl::Status ValidateAny(Context& context, const Value& value) const final {
    const absl::StatusOr<Model> config = BindingOf<Model>().Decode(value, Source::kConfig);
    if (!config.ok()) return value.IsWhollyKnown() ? config.status() : absl::OkStatus();
    return Validate(context, *config);
  }
  absl::Status PlanAny(Context& context, void* client, const Value& value) const final {
    const absl::StatusOr<Model> config = BindingOf<Model>().Decode(value, Source::kConfig);
    if (!config.ok()) return value.IsWhollyKnown() ? config.status() : absl::OkStatus();
    return Plan(context, *static_cast<Client*>(client), *config);
  }
  absl::Status InvokeAny(Context& context, void* client, const Value& value,
                         const Progress& progress) const final {
    TFSDK_ASSIGN_OR_RETURN(Model config, BindingOf<Model>().Decode(value, Source::kConfig));
    return Invoke(context, *static_cast<Client*>(client), std::move(config), progress);
  }
};

}  // namespace tfsdk
