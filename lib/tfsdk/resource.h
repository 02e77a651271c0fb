#pragma once

// A managed resource: something Terraform creates, keeps the state of, changes and destroys.
//
//   class FileResource final : public tfsdk::Resource<FileModel, Folder> {
//    public:
//     absl::StatusOr<FileModel> Create(tfsdk::ResourceContext&, Folder& folder, FileModel planned) const override;
//     absl::StatusOr<std::optional<FileModel>> Read(tfsdk::ResourceContext&, Folder&, FileModel state) const override;
//     absl::StatusOr<FileModel> Update(tfsdk::ResourceContext&, Folder&, FileModel prior, FileModel planned) const override;
//     absl::Status Delete(tfsdk::ResourceContext&, Folder& folder, FileModel state) const override;
//   };

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/binding.h"
#include "tfsdk/resource_context.h"
#include "tfsdk/resource_plan.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What the engine holds: values in, values out. Authors derive from Resource instead.
class AnyResource {
 public:
  virtual ~AnyResource() = default;
  virtual const Schema& schema() const = 0;
  virtual Type type() const = 0;
  // Null when the resource has no identity.
  virtual const Schema* identity_schema() const = 0;
  virtual bool HasMutableIdentity() const = 0;

  virtual absl::Status ValidateAny(Context& context, const Value& config) const = 0;
  // `client` is null when the provider is not configured, or not with everything known.
  virtual absl::Status ModifyPlanAny(ResourceContext& context, void* client, AnyResourcePlan& plan) const = 0;
  // `planned` holds what the user wrote for write-only attributes as well.
  virtual absl::StatusOr<Value> CreateAny(ResourceContext& context, void* client,
                                          const Value& planned) const = 0;
  // Null when the object is gone.
  virtual absl::StatusOr<Value> ReadAny(ResourceContext& context, void* client, const Value& state) const = 0;
  virtual absl::StatusOr<Value> UpdateAny(ResourceContext& context, void* client, const Value& prior,
                                          const Value& planned) const = 0;
  virtual absl::Status DeleteAny(ResourceContext& context, void* client, const Value& state) const = 0;
  virtual absl::StatusOr<Value> ImportAny(ResourceContext& context, void* client,
                                          const std::string& id) const = 0;
  virtual absl::StatusOr<Value> ImportIdentityAny(ResourceContext& context, void* client,
                                                  const Value& identity) const = 0;
  // The identity of the object with this state.
  virtual absl::StatusOr<Value> IdentityAny(const Value& state) const = 0;
  // State, and identity, of an older version in JSON; Unimplemented when there is no way from that version.
  virtual absl::StatusOr<Value> UpgradeAny(Context& context, int64_t version,
                                           absl::string_view json) const = 0;
  virtual absl::StatusOr<Value> UpgradeIdentityAny(Context& context, int64_t version,
                                                   absl::string_view json) const = 0;
  // Nothing when this source is not one of those that can be moved here.
  virtual absl::StatusOr<std::optional<Value>> MoveAny(ResourceContext& context,
                                                       const MoveSource& source) const = 0;
};

// For resources without an identity.
struct NoIdentity {
  static ObjectBinding<NoIdentity> Describe() { return ObjectBinding<NoIdentity>(""); }
};

namespace internal {

template <class Model, class Identity>
class WithIdentity {
 public:
  virtual ~WithIdentity() = default;
  // What tells the object with this state from all others. It must never change, unless HasMutableIdentity().
  virtual Identity IdentityOf(const Model& state) const = 0;
};
template <class Model>
class WithIdentity<Model, NoIdentity> {};

}  // namespace internal

// From an older version of a described thing, stored as JSON, to the present one.
template <Described Now>
using Upgrades = std::map<int64_t, std::function<absl::StatusOr<Now>(Context&, absl::string_view json)>>;

// An entry of Upgrades that starts from a struct: `Before` describes what the older version stored, as far as
// it is needed.
template <Described Before, Described Now>
std::function<absl::StatusOr<Now>(Context&, absl::string_view)> UpgradeFrom(
    absl::StatusOr<Now> (*upgrade)(Context&, Before)) {
  return [upgrade](Context& context, absl::string_view json) -> absl::StatusOr<Now> {
    TFSDK_ASSIGN_OR_RETURN(const Value stored,
                           DecodeJson(json, BindingOf<Before>().type(), UnknownMembers::kIgnore));
    TFSDK_ASSIGN_OR_RETURN(Before before, BindingOf<Before>().Decode(stored, Source::kState));
    return upgrade(context, std::move(before));
  };
}

// Derive from it, describe Model, and add it to the provider. `Identity`, when the objects have one, describes
// what tells one object from all others; its attributes are Required or Optional for an import by identity.
//
// One object serves all calls at once: the methods are const, and what they share must be thread-safe. Give
// context.cancel() to whatever blocks. An error At("attribute", …) underlines that line for the user.
//
// In what Create and Update return, everything that was known in `planned` must be as it was planned, and
// everything must be known; the library refuses the rest with a message that names the attribute.
template <Described Model, class ClientType, Described IdentityModel = NoIdentity>
class Resource : public AnyResource, public internal::WithIdentity<Model, IdentityModel> {
 public:
  using Client = ClientType;
  using State = Model;
  using Identity = IdentityModel;

  // `planned` holds what the user wrote, also for write-only attributes, and what the plan already knew. Return
  // it with the rest filled in. When something was created and a later step fails, Save() what is there before
  // returning the error: Terraform then keeps it, marked as tainted, and nothing is lost.
  virtual absl::StatusOr<Model> Create(ResourceContext& context, Client& client, Model planned) const = 0;

  // The object as it is now; nothing when it is gone. Where the server only writes a value differently, return
  // the value of `state`.
  virtual absl::StatusOr<std::optional<Model>> Read(ResourceContext& context, Client& client,
                                                    Model state) const = 0;

  // As Create; when it fails, what was saved last is kept, else `prior`.
  virtual absl::StatusOr<Model> Update(ResourceContext&, Client&, Model /*prior*/, Model /*planned*/) const {
    return absl::UnimplementedError(
        "This resource cannot be changed in place. This is a mistake in the provider: every attribute that "
        "can "
        "change must require a replacement.");
  }

  // OK when the object is gone, also when it was before. When it fails, the state is kept.
  virtual absl::Status Delete(ResourceContext& context, Client& client, Model state) const = 0;

  // The rules of a configuration that its schema cannot say. Only called when all of it is known, or what is
  // unknown is in Maybe members. Never touches the network.
  virtual absl::Status Validate(Context&, const Model& /*config*/) const { return absl::OkStatus(); }

  // A last look at a plan: decide what is certain already, require a replacement, warn. Also called for
  // destructions, and again in the apply with everything known: what was decided must then be decided alike.
  // `client` is null when the provider is not configured yet.
  virtual absl::Status ModifyPlan(ResourceContext&, Client* /*client*/, ResourcePlan<Model>&) const {
    return absl::OkStatus();
  }

  // The object called `id`, as far as it is known from there: Read follows at once, with this as its state.
  virtual absl::StatusOr<Model> Import(ResourceContext&, Client&, const std::string& /*id*/) const {
    return absl::UnimplementedError("This resource cannot be imported by ID.");
  }
  virtual absl::StatusOr<Model> ImportIdentity(ResourceContext&, Client&, Identity) const {
    return absl::UnimplementedError("This resource cannot be imported by identity.");
  }

  // (With an identity there is also: Identity IdentityOf(const Model& state) const.)
  // Whether an update may change the identity of an object.
  bool HasMutableIdentity() const override { return false; }

  // How to read state that an older version of the schema stored, by that version. Called without a configured
  // client.
  virtual tfsdk::Upgrades<Model> Upgrades() const { return {}; }
  virtual tfsdk::Upgrades<Identity> IdentityUpgrades() const { return {}; }

  // The state of another resource as one of this type (a `moved` block from there to here); nothing when that
  // source is not supported: look at its names first, they come from the user. Called without a client.
  virtual absl::StatusOr<std::optional<Model>> Move(ResourceContext&, const MoveSource&) const {
    return std::optional<Model>();
  }

  const Schema& schema() const final { return BindingOf<Model>().schema(); }
  Type type() const final { return BindingOf<Model>().type(); }
  const Schema* identity_schema() const final {
    return kHasIdentity ? &BindingOf<IdentityModel>().schema() : nullptr;
  }

 protected:
  // What is certainly there now, should this call end in an error.
  static void Save(ResourceContext& context, const Model& state) {
    context.set_saved(BindingOf<Model>().Encode(state));
  }

 private:
  static constexpr bool kHasIdentity = !std::is_same_v<IdentityModel, NoIdentity>;

  static Client& As(void* client) { return *static_cast<Client*>(client); }
  static absl::StatusOr<Value> Encoded(const absl::StatusOr<Model>& model) {
    if (!model.ok()) return model.status();
    return BindingOf<Model>().Encode(*model);
  }

  absl::Status ValidateAny(Context& context, const Value& value) const final {
    const absl::StatusOr<Model> config = BindingOf<Model>().Decode(value, Source::kConfig);
    // A member that cannot hold what is unknown: the rules are looked at again when all of it is known.
    if (!config.ok()) return value.IsWhollyKnown() ? config.status() : absl::OkStatus();
    return Validate(context, *config);
  }
  absl::Status ModifyPlanAny(ResourceContext& context, void* client, AnyResourcePlan& plan) const final {
    ResourcePlan<Model> typed(plan);
    return ModifyPlan(context, static_cast<Client*>(client), typed);
  }
  absl::StatusOr<Value> CreateAny(ResourceContext& context, void* client, const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Model planned, BindingOf<Model>().Decode(value, Source::kPlan));
    return Encoded(Create(context, As(client), std::move(planned)));
  }
  absl::StatusOr<Value> ReadAny(ResourceContext& context, void* client, const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Model state, BindingOf<Model>().Decode(value, Source::kState));
    TFSDK_ASSIGN_OR_RETURN(const std::optional<Model> now, Read(context, As(client), std::move(state)));
    return now.has_value() ? BindingOf<Model>().Encode(*now) : Value::Null(type());
  }
  absl::StatusOr<Value> UpdateAny(ResourceContext& context, void* client, const Value& before,
                                  const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Model prior, BindingOf<Model>().Decode(before, Source::kState));
    TFSDK_ASSIGN_OR_RETURN(Model planned, BindingOf<Model>().Decode(value, Source::kPlan));
    return Encoded(Update(context, As(client), std::move(prior), std::move(planned)));
  }
  absl::Status DeleteAny(ResourceContext& context, void* client, const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Model state, BindingOf<Model>().Decode(value, Source::kState));
    return Delete(context, As(client), std::move(state));
  }
  absl::StatusOr<Value> ImportAny(ResourceContext& context, void* client, const std::string& id) const final {
    return Encoded(Import(context, As(client), id));
  }
  absl::StatusOr<Value> ImportIdentityAny(ResourceContext& context, void* client,
                                          const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Identity identity, BindingOf<Identity>().Decode(value, Source::kConfig));
    return Encoded(ImportIdentity(context, As(client), std::move(identity)));
  }
  absl::StatusOr<Value> IdentityAny(const Value& value) const final {
    if constexpr (kHasIdentity) {
      TFSDK_ASSIGN_OR_RETURN(const Model state, BindingOf<Model>().Decode(value, Source::kState));
      return BindingOf<Identity>().Encode(this->IdentityOf(state));
    } else {
      return Value::Null(BindingOf<Identity>().type());
    }
  }
  template <Described Now>
  static absl::StatusOr<Value> Upgraded(const tfsdk::Upgrades<Now>& upgrades, Context& context,
                                        int64_t version, absl::string_view json) {
    const auto it = upgrades.find(version);
    if (it == upgrades.end()) return absl::UnimplementedError("There is no way from that version.");
    TFSDK_ASSIGN_OR_RETURN(const Now now, it->second(context, json));
    return BindingOf<Now>().Encode(now);
  }
  absl::StatusOr<Value> UpgradeAny(Context& context, int64_t version, absl::string_view json) const final {
    return Upgraded<Model>(Upgrades(), context, version, json);
  }
  absl::StatusOr<Value> UpgradeIdentityAny(Context& context, int64_t version,
                                           absl::string_view json) const final {
    return Upgraded<Identity>(IdentityUpgrades(), context, version, json);
  }
  absl::StatusOr<std::optional<Value>> MoveAny(ResourceContext& context,
                                               const MoveSource& source) const final {
    TFSDK_ASSIGN_OR_RETURN(const std::optional<Model> moved, Move(context, source));
    if (!moved.has_value()) return std::optional<Value>();
    return std::optional<Value>(BindingOf<Model>().Encode(*moved));
  }
};

}  // namespace tfsdk
