#pragma once

#include <optional>
#include <string>
#include <utility>

#include "tfsdk/engine/plan.h"
#include "tfsdk/engine/resources.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// Managed resources. Thread-safe.
template <class P>
class ResourceHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  // An error here would be fatal to the host; an empty answer is not.
  template <class Request, class Response>
  grpc::Status GetResourceIdentitySchemas(grpc::ServerContext* rpc, const Request&, Response* response) {
    return this->Guard(rpc, "GetResourceIdentitySchemas", "", response, [&](Context&) {
      for (const auto& [name, resource] : this->engine_.provider().resources) {
        if (resource->identity_schema() == nullptr) continue;
        EmitIdentitySchema(*resource->identity_schema(), &(*response->mutable_identity_schemas())[name]);
      }
    });
  }

  template <class Request, class Response>
  grpc::Status ValidateResourceConfig(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ValidateResourceConfig", request.type_name(), response, [&](Context& context) {
      const AnyResource* resource = Resource(context, request.type_name());
      if (resource == nullptr) return;
      const auto config = this->Read(context, request.config(), resource->type());
      if (!config.has_value()) return;
      ValidateResource(context, *resource, *config,
                       request.client_capabilities().write_only_attributes_allowed());
    });
  }

  template <class Request, class Response>
  grpc::Status PlanResourceChange(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "PlanResourceChange", request.type_name(), response, [&](Context& outer) {
      const AnyResource* resource = Resource(outer, request.type_name());
      if (resource == nullptr) return;
      const auto config = this->Read(outer, request.config(), resource->type());
      const auto prior = this->Read(outer, request.prior_state(), resource->type());
      const auto proposed = this->Read(outer, request.proposed_new_state(), resource->type());
      auto context = Begin(outer, request, request.prior_private());
      const auto identity =
          Identity(outer, *resource, request.has_prior_identity(), request.prior_identity());
      if (!context.has_value() || outer.diagnostics().HasErrors()) return;
      PlanResult result = PlanChange(this->engine_, *context, request.type_name(), *resource,
                                     {*config, *prior, *proposed, identity});
      outer.diagnostics() = context->diagnostics();
      if (!result.planned.has_value()) return;
      EmitValue(*result.planned, resource->type(), response->mutable_planned_state());
      for (const Path& path : result.requires_replace) EmitPath(path, response->add_requires_replace());
      response->set_planned_private(context->private_state().Serialize());
      EmitIdentity(*resource, result.identity, [&] { return response->mutable_planned_identity(); });
      EmitDeferred(*context, response);
    });
  }

  template <class Request, class Response>
  grpc::Status ApplyResourceChange(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ApplyResourceChange", request.type_name(), response, [&](Context& outer) {
      const AnyResource* resource = Resource(outer, request.type_name());
      if (resource == nullptr) return;
      const auto prior = this->Read(outer, request.prior_state(), resource->type());
      const auto planned = this->Read(outer, request.planned_state(), resource->type());
      const auto config = this->Read(outer, request.config(), resource->type());
      auto context = Begin(outer, request, request.planned_private());
      const auto identity =
          Identity(outer, *resource, request.has_planned_identity(), request.planned_identity());
      if (!context.has_value() || outer.diagnostics().HasErrors()) {
        // Nothing was done: what was there is there still.
        if (prior.has_value()) EmitValue(*prior, resource->type(), response->mutable_new_state());
        response->set_private_(request.planned_private());
        return;
      }
      // Whatever happens in the provider's code, what it saved before must reach the host.
      ObjectState state{*prior};
      if (!this->Survives(*context, [&] {
            state = ApplyChange(this->engine_, *context, request.type_name(), *resource,
                                {*prior, *planned, *config, identity});
          })) {
        state = {
            context->saved().has_value() ? WithoutWriteOnly(resource->schema(), *context->saved()) : *prior,
            identity};
      }
      outer.diagnostics() = context->diagnostics();
      if (state.state.has_value()) EmitValue(*state.state, resource->type(), response->mutable_new_state());
      response->set_private_(context->private_state().Serialize());
      EmitIdentity(*resource, state.identity, [&] { return response->mutable_new_identity(); });
    });
  }

  template <class Request, class Response>
  grpc::Status ReadResource(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ReadResource", request.type_name(), response, [&](Context& outer) {
      const AnyResource* resource = Resource(outer, request.type_name());
      if (resource == nullptr) return;
      const auto current = this->Read(outer, request.current_state(), resource->type());
      auto context = Begin(outer, request, request.private_());
      const auto identity =
          Identity(outer, *resource, request.has_current_identity(), request.current_identity());
      if (!context.has_value() || outer.diagnostics().HasErrors()) return;
      const ObjectState state =
          tfsdk::ReadResource(this->engine_, *context, request.type_name(), *resource, *current, identity);
      outer.diagnostics() = context->diagnostics();
      if (!state.state.has_value()) return;
      EmitValue(*state.state, resource->type(), response->mutable_new_state());
      response->set_private_(context->private_state().Serialize());
      EmitIdentity(*resource, state.identity, [&] { return response->mutable_new_identity(); });
      EmitDeferred(*context, response);
    });
  }

  template <class Request, class Response>
  grpc::Status ImportResourceState(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ImportResourceState", request.type_name(), response, [&](Context& outer) {
      const AnyResource* resource = Resource(outer, request.type_name());
      if (resource == nullptr) return;
      auto context = Begin(outer, request, "");
      const auto identity = Identity(outer, *resource, request.has_identity(), request.identity());
      if (!context.has_value() || outer.diagnostics().HasErrors()) return;
      const ObjectState state =
          ImportResource(this->engine_, *context, request.type_name(), *resource, request.id(), identity);
      outer.diagnostics() = context->diagnostics();
      if (!state.state.has_value()) return;
      auto* imported = response->add_imported_resources();
      imported->set_type_name(request.type_name());
      EmitValue(*state.state, resource->type(), imported->mutable_state());
      imported->set_private_(context->private_state().Serialize());
      EmitIdentity(*resource, state.identity, [&] { return imported->mutable_identity(); });
      EmitDeferred(*context, response);
    });
  }

  template <class Request, class Response>
  grpc::Status UpgradeResourceState(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "UpgradeResourceState", request.type_name(), response, [&](Context& context) {
      const AnyResource* resource = Resource(context, request.type_name());
      if (resource == nullptr) return;
      const absl::Status readable = JsonIn(request.raw_state());
      context.diagnostics().AddStatus(absl::StrCat("Cannot read the stored state of ", request.type_name()),
                                      readable);
      if (!readable.ok()) return;
      const auto state = UpgradeState(context, request.type_name(), *resource, request.version(),
                                      request.raw_state().json());
      if (state.has_value()) EmitValue(*state, resource->type(), response->mutable_upgraded_state());
    });
  }

  template <class Request, class Response>
  grpc::Status UpgradeResourceIdentity(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "UpgradeResourceIdentity", request.type_name(), response, [&](Context& context) {
      const AnyResource* resource = Resource(context, request.type_name());
      if (resource == nullptr) return;
      const auto identity = UpgradeIdentity(context, request.type_name(), *resource, request.version(),
                                            request.raw_identity().json());
      if (!identity.has_value() || identity->IsNull()) return;
      EmitIdentity(*resource, identity, [&] { return response->mutable_upgraded_identity(); });
    });
  }

  template <class Request, class Response>
  grpc::Status MoveResourceState(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "MoveResourceState", request.target_type_name(), response, [&](Context& outer) {
      const AnyResource* resource = Resource(outer, request.target_type_name());
      if (resource == nullptr) return;
      const absl::Status readable = JsonIn(request.source_state());
      outer.diagnostics().AddStatus(absl::StrCat("Cannot move to ", request.target_type_name()), readable);
      auto private_state = Private(outer, request.source_private());
      if (!readable.ok() || !private_state.has_value()) return;
      ResourceContext context(outer.cancel());
      const ObjectState state = MoveState(
          context, request.target_type_name(), *resource,
          {request.source_provider_address(), request.source_type_name(), request.source_schema_version(),
           request.source_state().json(), *std::move(private_state), request.source_identity().json()});
      outer.diagnostics() = context.diagnostics();
      if (!state.state.has_value()) return;
      EmitValue(*state.state, resource->type(), response->mutable_target_state());
      response->set_target_private(context.private_state().Serialize());
      EmitIdentity(*resource, state.identity, [&] { return response->mutable_target_identity(); });
    });
  }

  template <class Request, class Response>
  grpc::Status GenerateResourceConfig(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "GenerateResourceConfig", request.type_name(), response, [&](Context& context) {
      const AnyResource* resource = Resource(context, request.type_name());
      if (resource == nullptr) return;
      const auto state = this->Read(context, request.state(), resource->type());
      if (!state.has_value()) return;
      EmitValue(GenerateConfig(resource->schema(), *state), resource->type(), response->mutable_config());
    });
  }

 private:
  const AnyResource* Resource(Context& context, const std::string& type_name) const {
    return this->Find(context, this->engine_.provider().resources, "resource", type_name);
  }

  static std::optional<PrivateState> Private(Context& context, const std::string& bytes) {
    absl::StatusOr<PrivateState> state = PrivateState::Parse(bytes);
    context.diagnostics().AddStatus("Terraform sent private data that this provider cannot read",
                                    state.status());
    if (!state.ok()) return std::nullopt;
    return *std::move(state);
  }

  // The context of a call about one object; nothing, with an error in the diagnostics, when the request cannot be
  // decoded.
  template <class Request>
  std::optional<ResourceContext> Begin(Context& outer, const Request& request,
                                       const std::string& private_bytes) const {
    ResourceContext::Carried carried;
    auto private_state = Private(outer, private_bytes);
    if (!private_state.has_value()) return std::nullopt;
    carried.private_state = *std::move(private_state);
    if constexpr (requires { request.provider_meta(); }) {
      const auto& meta = this->engine_.provider().meta;
      if (meta.has_value()) {
        carried.provider_meta = this->Read(outer, request.provider_meta(), meta->type());
        if (!carried.provider_meta.has_value()) return std::nullopt;
      }
    }
    if constexpr (requires { request.client_capabilities(); }) {
      carried.deferral_allowed = request.client_capabilities().deferral_allowed();
    }
    return ResourceContext(outer.cancel(), std::move(carried));
  }

  template <class Message>
  std::optional<Value> Identity(Context& context, const AnyResource& resource, bool there,
                                const Message& message) const {
    if (!there || resource.identity_schema() == nullptr) return std::nullopt;
    return this->Read(context, message.identity_data(), resource.identity_schema()->type());
  }

  // A resource without identity must not answer with one: the host crashes.
  template <class Mutable>
  static void EmitIdentity(const AnyResource& resource, const std::optional<Value>& identity,
                           const Mutable& mutable_identity) {
    if (resource.identity_schema() == nullptr || !identity.has_value()) return;
    EmitValue(*identity, resource.identity_schema()->type(), mutable_identity()->mutable_identity_data());
  }

  template <class Response>
  static void EmitDeferred(const ResourceContext& context, Response* response) {
    if (context.deferred().has_value())
      response->mutable_deferred()->set_reason(P::Reason(*context.deferred()));
  }

  template <class RawState>
  static absl::Status JsonIn(const RawState& raw) {
    if (!raw.json().empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(raw.flatmap().empty()
                                          ? "Terraform sent no state."
                                          : "It was written by Terraform 0.11 or older. Apply it once with "
                                            "Terraform 0.12 to 1.x and a provider of "
                                            "that time, then run again.");
  }
};

}  // namespace tfsdk::protocol
