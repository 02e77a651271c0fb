#pragma once

// A list resource: finds the objects of a managed resource that exist already, for `terraform query`, which can
// then write the import blocks for them. Terraform 1.14 or later.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/resource.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What is asked of a listing besides its configuration.
struct ListRequest {
  bool include_object = false;  // whether the objects are wanted as well: save the requests for them if not
  int64_t limit = 0;            // how many are wanted at most; 0: all
};

// What the engine holds: values in, values out. Authors derive from ListResource instead.
class AnyListResource {
 public:
  struct Found {
    Value identity;
    std::string display_name;
    std::optional<Value> object;
    Diagnostics diagnostics;
  };
  using Sink = std::function<bool(Found)>;

  virtual ~AnyListResource() = default;
  // Of the configuration of a listing.
  virtual const Schema& schema() const = 0;
  virtual Type type() const = 0;
  // Of the managed resource whose objects it lists.
  virtual Type resource_type() const = 0;
  virtual Type identity_type() const = 0;
  // `config` may hold unknowns.
  virtual absl::Status ValidateAny(Context& context, const Value& config) const = 0;
  // `config` is wholly known. `client` is what the provider's configure function returned.
  virtual absl::Status ListAny(Context& context, void* client, const Value& config,
                               const ListRequest& request, const Sink& sink) const = 0;
};

// Derive from it, describe ConfigModel (what a `config` block may say, nothing of it computed), implement List, and
// add it to the provider under the same name as the managed resource, which must have an identity:
//
//   class FileList final : public tfsdk::ListResource<FileListConfig, Folder, FileResource> {
//    public:
//     absl::Status List(tfsdk::Context&, Folder& folder, FileListConfig config, const tfsdk::ListRequest& request,
//                       const Sink& sink) const override {
//       for (const std::string& name : folder.Names()) {
//         if (!sink({.identity = {name}, .display_name = name})) break;
//       }
//       return absl::OkStatus();
//     }
//   };
//
// One object serves all calls at once: List is const, and what it shares must be thread-safe.
template <Described ConfigModel, class ClientType, class ManagedResource>
class ListResource : public AnyListResource {
 public:
  using Client = ClientType;
  using Object = typename ManagedResource::State;
  using Identity = typename ManagedResource::Identity;
  static_assert(!std::is_same_v<Identity, NoIdentity>, "only resources with an identity can be listed");

  struct Found {
    Identity identity;
    std::string display_name;                     // for the user to recognise it by
    std::optional<Object> object = std::nullopt;  // expected when the request includes objects
    Diagnostics diagnostics = {};                 // about this one; an error ends the listing
  };
  // Takes one result and returns whether more are wanted: when not, return from List. What comes all the same
  // is dropped. Only valid while List runs, and for one thread at a time.
  using Sink = std::function<bool(Found)>;

  // Gives each object to `sink` as it is found, so that Terraform need not wait for the last one. Give
  // context.cancel() to whatever blocks.
  virtual absl::Status List(Context& context, Client& client, ConfigModel config, const ListRequest& request,
                            const Sink& sink) const = 0;

  // The rules that the schema cannot say. Called with unknown values only when the members that are unknown are
  // of type Maybe. Never touches the network.
  virtual absl::Status Validate(Context&, const ConfigModel& /*config*/) const { return absl::OkStatus(); }

  const Schema& schema() const final { return BindingOf<ConfigModel>().schema(); }
  Type type() const final { return BindingOf<ConfigModel>().type(); }
  Type resource_type() const final { return BindingOf<Object>().type(); }
  Type identity_type() const final { return BindingOf<Identity>().type(); }

 private:
  absl::Status ValidateAny(Context& context, const Value& value) const final {
    const absl::StatusOr<ConfigModel> config = BindingOf<ConfigModel>().Decode(value, Source::kConfig);
    if (!config.ok()) return value.IsWhollyKnown() ? config.status() : absl::OkStatus();
    return Validate(context, *config);
  }
  absl::Status ListAny(Context& context, void* client, const Value& value, const ListRequest& request,
                       const AnyListResource::Sink& sink) const final {
    TFSDK_ASSIGN_OR_RETURN(ConfigModel config, BindingOf<ConfigModel>().Decode(value, Source::kConfig));
    const auto encode = [&](Found found) {
      AnyListResource::Found any{BindingOf<Identity>().Encode(found.identity), std::move(found.display_name),
                                 std::nullopt, std::move(found.diagnostics)};
      if (found.object.has_value()) any.object = BindingOf<Object>().Encode(*found.object);
      return sink(std::move(any));
    };
    return List(context, *static_cast<Client*>(client), std::move(config), request, encode);
  }
};

}  // namespace tfsdk
