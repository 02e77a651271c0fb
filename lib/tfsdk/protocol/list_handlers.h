#pragma once

#include "tfsdk/engine/list_resources.h"
#include "tfsdk/internal/utf8.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// List resources. Thread-safe.
template <class P>
class ListHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status ValidateListResourceConfig(grpc::ServerContext* rpc, const Request& request,
                                          Response* response) {
    return this->Guard(rpc, "ValidateListResourceConfig", request.type_name(), response,
                       [&](Context& context) {
                         const AnyListResource* list = ListOf(context, request.type_name());
                         if (list == nullptr) return;
                         const auto config = this->Read(context, request.config(), list->type());
                         if (config.has_value()) {
                           ValidateListResource(context, request.type_name(), *list, *config);
                         }
                       });
  }

  template <class Request, class Event>
  grpc::Status ListResource(grpc::ServerContext* rpc, const Request& request,
                            grpc::ServerWriter<Event>* stream) {
    return this->Frame(rpc, "ListResource", request.type_name(), [&](Context& context) {
      this->Survives(context, [&] { List(context, request, stream); });
      // What concerns the whole comes last, in an event of its own, and not at all when there is nothing.
      if (context.diagnostics().all().empty()) return;
      Event last;
      EmitDiagnostics(context.diagnostics(), last.mutable_diagnostic());
      stream->Write(last);
    });
  }

 private:
  const AnyListResource* ListOf(Context& context, const std::string& type_name) const {
    return this->Find(context, this->engine_.provider().list_resources, "list resource", type_name);
  }

  template <class Request, class Event>
  void List(Context& context, const Request& request, grpc::ServerWriter<Event>* stream) {
    const AnyListResource* list = ListOf(context, request.type_name());
    if (list == nullptr) return;
    const auto config = this->Read(context, request.config(), list->type());
    if (!config.has_value()) return;
    // Provider::Check() saw to it that there is a resource of that name, with an identity.
    const AnyResource& resource = *this->engine_.provider().resources.at(request.type_name());
    const auto send = [&](const ListEvent& event) {
      Event message;
      message.set_display_name(internal::Printable(event.display_name));
      if (event.identity.has_value()) {
        EmitValue(*event.identity, list->identity_type(),
                  message.mutable_identity()->mutable_identity_data());
      }
      if (event.object.has_value()) {
        EmitValue(*event.object, resource.type(), message.mutable_resource_object());
      }
      EmitDiagnostics(event.diagnostics, message.mutable_diagnostic());
      // It fails when the caller has gone, or has seen enough.
      return stream->Write(message) && !context.cancel().IsCancelled();
    };
    ListObjects(this->engine_, context, request.type_name(), *list, resource, *config,
                {request.include_resource_object(), request.limit()}, send);
  }
};

}  // namespace tfsdk::protocol
