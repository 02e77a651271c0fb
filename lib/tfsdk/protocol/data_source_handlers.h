#pragma once

#include "tfsdk/engine/data_sources.h"
#include "tfsdk/engine/deprecations.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// Data sources. Thread-safe.
template <class P>
class DataSourceHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status ValidateDataSourceConfig(grpc::ServerContext* rpc, const Request& request,
                                        Response* response) {
    return this->Guard(rpc, "ValidateDataSourceConfig", request.type_name(), response, [&](Context& context) {
      const AnyDataSource* data_source =
          this->Find(context, this->engine_.provider().data_sources, "data source", request.type_name());
      if (data_source == nullptr) return;
      const auto config = this->Read(context, request.config(), data_source->type());
      if (!config.has_value()) return;
      ValidateConfig(data_source->schema(), *config, context.diagnostics());
      WarnOfDeprecated(data_source->schema(), *config, context.diagnostics());
    });
  }

  template <class Request, class Response>
  grpc::Status ReadDataSource(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ReadDataSource", request.type_name(), response, [&](Context& context) {
      const AnyDataSource* data_source =
          this->Find(context, this->engine_.provider().data_sources, "data source", request.type_name());
      if (data_source == nullptr) return;
      const auto config = this->Read(context, request.config(), data_source->type());
      if (!config.has_value()) return;
      const DataSourceRead result =
          tfsdk::ReadDataSource(this->engine_, context, request.type_name(), *data_source, *config,
                                request.client_capabilities().deferral_allowed());
      if (result.deferred)
        response->mutable_deferred()->set_reason(P::Reason(DeferredReason::kProviderConfigUnknown));
      if (result.state.has_value()) EmitValue(*result.state, data_source->type(), response->mutable_state());
    });
  }
};

}  // namespace tfsdk::protocol
