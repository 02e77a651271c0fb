#pragma once

#include "tfsdk/engine/deprecations.h"
#include "tfsdk/protocol/function_handlers.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// What concerns the provider as a whole. Thread-safe.
template <class P>
class ProviderHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status GetProviderSchema(grpc::ServerContext* rpc, const Request&, Response* response) {
    return this->Guard(rpc, "GetProviderSchema", "", response, [&](Context&) {
      EmitSchema<P>(this->engine_.provider().schema, response->mutable_provider());
      for (const auto& [name, data_source] : this->engine_.provider().data_sources) {
        EmitSchema<P>(data_source->schema(), &(*response->mutable_data_source_schemas())[name]);
      }
      for (const auto& [name, resource] : this->engine_.provider().resources) {
        EmitSchema<P>(resource->schema(), &(*response->mutable_resource_schemas())[name]);
      }
      const auto& meta = this->engine_.provider().meta;
      if (meta.has_value()) EmitSchema<P>(*meta, response->mutable_provider_meta());
      for (const auto& [name, resource] : this->engine_.provider().ephemeral_resources) {
        EmitSchema<P>(resource->schema(), &(*response->mutable_ephemeral_resource_schemas())[name]);
      }
      for (const auto& [name, list] : this->engine_.provider().list_resources) {
        EmitSchema<P>(list->schema(), &(*response->mutable_list_resource_schemas())[name]);
      }
      for (const auto& [name, action] : this->engine_.provider().actions) {
        EmitSchema<P>(action->schema(), (*response->mutable_action_schemas())[name].mutable_schema());
      }
      for (const auto& [name, function] : this->engine_.provider().functions) {
        EmitFunction<P>(function->signature(), &(*response->mutable_functions())[name]);
      }
      EmitCapabilities(response->mutable_server_capabilities());
    });
  }

  template <class Request, class Response>
  grpc::Status GetMetadata(grpc::ServerContext* rpc, const Request&, Response* response) {
    return this->Guard(rpc, "GetMetadata", "", response, [&](Context&) {
      for (const auto& [name, data_source] : this->engine_.provider().data_sources)
        response->add_data_sources()->set_type_name(name);
      for (const auto& [name, resource] : this->engine_.provider().resources)
        response->add_resources()->set_type_name(name);
      for (const auto& [name, resource] : this->engine_.provider().ephemeral_resources)
        response->add_ephemeral_resources()->set_type_name(name);
      for (const auto& [name, list] : this->engine_.provider().list_resources)
        response->add_list_resources()->set_type_name(name);
      for (const auto& [name, action] : this->engine_.provider().actions)
        response->add_actions()->set_type_name(name);
      for (const auto& [name, function] : this->engine_.provider().functions)
        response->add_functions()->set_name(name);
      EmitCapabilities(response->mutable_server_capabilities());
    });
  }

  template <class Request, class Response>
  grpc::Status ValidateProviderConfig(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ValidateProviderConfig", "", response, [&](Context& context) {
      const auto config = this->Read(context, request.config(), this->engine_.provider().type);
      if (!config.has_value()) return;
      this->engine_.ValidateProviderConfig(context, *config);
      WarnOfDeprecated(this->engine_.provider().schema, *config, context.diagnostics());
    });
  }

  template <class Request, class Response>
  grpc::Status ConfigureProvider(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ConfigureProvider", "", response, [&](Context& context) {
      const auto config = this->Read(context, request.config(), this->engine_.provider().type);
      if (config.has_value()) this->engine_.ConfigureProvider(context, *config);
    });
  }

  template <class Request, class Response>
  grpc::Status Stop(grpc::ServerContext*, const Request&, Response*) {
    this->engine_.Stop();
    return grpc::Status::OK;
  }

 private:
  // Nothing here depends on having been asked for the schema first.
  template <class Capabilities>
  static void EmitCapabilities(Capabilities* out) {
    out->set_get_provider_schema_optional(true);
    out->set_plan_destroy(true);
    out->set_move_resource_state(true);
    out->set_generate_resource_config(true);
  }
};

}  // namespace tfsdk::protocol
