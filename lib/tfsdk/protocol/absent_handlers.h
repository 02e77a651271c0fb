#pragma once

#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// What is not there yet: answered as the protocol wants it for a provider that has none of a kind. Thread-safe.
template <class P>
class AbsentHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status NothingToTell(grpc::ServerContext* rpc, absl::string_view name, const Request&,
                             Response* response) {
    return this->Guard(rpc, name, "", response, [](Context&) {});
  }

  template <class Response>
  grpc::Status NotOffered(grpc::ServerContext* rpc, absl::string_view kind, const std::string& name,
                          Response* response) {
    return this->Guard(rpc, absl::StrCat(kind, " rpc"), name, response,
                       [&](Context& context) { context.diagnostics().Add(this->NoneOf(kind, name)); });
  }

  template <class Event>
  grpc::Status NoListResource(const std::string& name, grpc::ServerWriter<Event>* stream) {
    Event event;
    EmitDiagnostic(this->NoneOf("list resource", name), event.add_diagnostic());
    stream->Write(event);
    return grpc::Status::OK;
  }
};

}  // namespace tfsdk::protocol
