#pragma once

// The RPCs, once for both protocol versions: each handler is a template over its message types. The service
// classes in service_v5.cc and service_v6.cc only map method names to handlers.

#include <grpcpp/grpcpp.h>

#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tfsdk/engine/engine.h"
#include "tfsdk/protocol/call_log.h"
#include "tfsdk/protocol/convert.h"

namespace tfsdk::protocol {

// Thread-safe: gRPC calls it from its own threads, several at once. `P` is the traits type of the protocol
// version.
template <class P>
class Handlers {
 public:
  explicit Handlers(Engine& engine) : engine_(engine) {}

  template <class Request, class Response>
  grpc::Status GetProviderSchema(grpc::ServerContext* rpc, const Request&, Response* response) {
    return Guard(rpc, "GetProviderSchema", "", response, [&](Context&) {
      EmitSchema<P>(engine_.provider().schema, response->mutable_provider());
      for (const auto& [name, data_source] : engine_.provider().data_sources) {
        EmitSchema<P>(data_source->schema(), &(*response->mutable_data_source_schemas())[name]);
      }
      EmitCapabilities(response->mutable_server_capabilities());
    });
  }

  template <class Request, class Response>
  grpc::Status GetMetadata(grpc::ServerContext* rpc, const Request&, Response* response) {
    return Guard(rpc, "GetMetadata", "", response, [&](Context&) {
      for (const auto& [name, data_source] : engine_.provider().data_sources)
        response->add_data_sources()->set_type_name(name);
      EmitCapabilities(response->mutable_server_capabilities());
    });
  }

  // No managed resource here has an identity; an error would be fatal to the host, an empty answer is not.
  template <class Request, class Response>
  grpc::Status NothingToTell(grpc::ServerContext* rpc, absl::string_view name, const Request&,
                             Response* response) {
    return Guard(rpc, name, "", response, [](Context&) {});
  }

  template <class Request, class Response>
  grpc::Status ValidateProviderConfig(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return Guard(rpc, "ValidateProviderConfig", "", response, [&](Context& context) {
      const auto config = Read(context, request.config(), engine_.provider().type);
      if (config.has_value()) engine_.ValidateProviderConfig(context, *config);
    });
  }

  template <class Request, class Response>
  grpc::Status ConfigureProvider(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return Guard(rpc, "ConfigureProvider", "", response, [&](Context& context) {
      const auto config = Read(context, request.config(), engine_.provider().type);
      if (config.has_value()) engine_.ConfigureProvider(context, *config);
    });
  }

  template <class Request, class Response>
  grpc::Status ValidateDataSourceConfig(grpc::ServerContext* rpc, const Request& request,
                                        Response* response) {
    return Guard(rpc, "ValidateDataSourceConfig", request.type_name(), response, [&](Context& context) {
      const AnyDataSource* data_source = engine_.FindDataSource(context, request.type_name());
      if (data_source == nullptr) return;
      const auto config = Read(context, request.config(), data_source->type());
      if (config.has_value()) engine_.ValidateDataSourceConfig(context, *data_source, *config);
    });
  }

  template <class Request, class Response>
  grpc::Status ReadDataSource(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return Guard(rpc, "ReadDataSource", request.type_name(), response, [&](Context& context) {
      const AnyDataSource* data_source = engine_.FindDataSource(context, request.type_name());
      if (data_source == nullptr) return;
      const auto config = Read(context, request.config(), data_source->type());
      if (!config.has_value()) return;
      const Engine::ReadResult result =
          engine_.ReadDataSource(context, request.type_name(), *data_source, *config,
                                 request.client_capabilities().deferral_allowed());
      if (result.deferred) response->mutable_deferred()->set_reason(P::kProviderConfigUnknown);
      if (result.state.has_value()) EmitValue(*result.state, data_source->type(), response->mutable_state());
    });
  }

  template <class Request, class Response>
  grpc::Status Stop(grpc::ServerContext*, const Request&, Response*) {
    engine_.Stop();
    return grpc::Status::OK;
  }

  // A kind of thing this provider has none of: `kind` "resource", `name` as the request has it.
  template <class Response>
  grpc::Status NotOffered(grpc::ServerContext* rpc, absl::string_view kind, const std::string& name,
                          Response* response) {
    return Guard(rpc, absl::StrCat(kind, " rpc"), name, response,
                 [&](Context& context) { context.diagnostics().Add(NoneOf(kind, name)); });
  }

  template <class Response>
  grpc::Status NoFunction(const std::string& name, Response* response) {
    response->mutable_error()->set_text(NoneOf("function", name).detail);
    return grpc::Status::OK;
  }

  template <class Event>
  grpc::Status NoListResource(const std::string& name, grpc::ServerWriter<Event>* stream) {
    Event event;
    EmitDiagnostic(NoneOf("list resource", name), event.add_diagnostic());
    stream->Write(event);
    return grpc::Status::OK;
  }

  template <class Event>
  grpc::Status NoAction(const std::string& name, grpc::ServerWriter<Event>* stream) {
    Event event;
    EmitDiagnostic(NoneOf("action", name), event.mutable_completed()->add_diagnostics());
    stream->Write(event);
    return grpc::Status::OK;
  }

 private:
  Diagnostic NoneOf(absl::string_view kind, const std::string& name) const {
    Diagnostics clean;
    clean.AddError(absl::StrCat("Unknown ", kind),
                   absl::StrCat("Not offered by this provider: ", engine_.provider().name, " has no ", kind,
                                " ", name.substr(0, 200), "."));
    return clean.all().front();
  }

  // Nothing here depends on having been asked for the schema first.
  template <class Capabilities>
  static void EmitCapabilities(Capabilities* out) {
    out->set_get_provider_schema_optional(true);
  }

  template <class DynamicValue>
  static std::optional<Value> Read(Context& context, const DynamicValue& message, const Type& type) {
    absl::StatusOr<Value> value = ReadValue(message, type);
    context.diagnostics().AddStatus("Terraform sent a value that this provider cannot decode",
                                    value.status());
    if (!value.ok()) return std::nullopt;
    return *std::move(value);
  }

  // Runs `body` with a Context, then sends its diagnostics. An exception out of provider code or a library
  // ends the call with a diagnostic, not the process.
  template <class Response, class Body>
  grpc::Status Guard(grpc::ServerContext* rpc, absl::string_view name, const std::string& type_name,
                     Response* response, Body body) {
    CallLog log(name, type_name, P::kVersion);
    Context context(engine_.NewCancelToken([rpc] { return rpc->IsCancelled(); }));
    try {
      body(context);
    } catch (const std::exception&) {
      // what() may hold anything, also a secret.
      response->Clear();
      context.diagnostics().AddError(
          "Internal error in the provider",
          "The provider failed in a way it did not foresee. Run with TF_LOG=debug and report "
          "what it says.");
    }
    EmitDiagnostics(context.diagnostics(), response->mutable_diagnostics());
    log.Done(context.diagnostics());
    return rpc->IsCancelled() ? grpc::Status::CANCELLED : grpc::Status::OK;
  }

  Engine& engine_;
};

}  // namespace tfsdk::protocol
