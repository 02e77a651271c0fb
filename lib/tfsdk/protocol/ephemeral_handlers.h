#pragma once

#include <algorithm>
#include <cstdint>

#include "tfsdk/engine/ephemeral_resources.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// Ephemeral resources. Thread-safe.
template <class P>
class EphemeralHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status ValidateEphemeralResourceConfig(grpc::ServerContext* rpc, const Request& request,
                                               Response* response) {
    return Guarded(rpc, "ValidateEphemeralResourceConfig", request, response,
                   [&](Context& context, const AnyEphemeralResource& resource) {
                     const auto config = this->Read(context, request.config(), resource.type());
                     if (config.has_value()) {
                       ValidateEphemeralResource(context, request.type_name(), resource, *config);
                     }
                   });
  }

  template <class Request, class Response>
  grpc::Status OpenEphemeralResource(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return Guarded(
        rpc, "OpenEphemeralResource", request, response,
        [&](Context& context, const AnyEphemeralResource& resource) {
          const auto config = this->Read(context, request.config(), resource.type());
          if (!config.has_value()) return;
          const EphemeralOpening opening =
              tfsdk::OpenEphemeralResource(this->engine_, context, request.type_name(), resource, *config,
                                           request.client_capabilities().deferral_allowed());
          if (opening.deferred)
            response->mutable_deferred()->set_reason(P::Reason(DeferredReason::kProviderConfigUnknown));
          if (!opening.result.has_value()) return;
          EmitValue(*opening.result, resource.type(), response->mutable_result());
          EmitRenewAt(opening.renew_at, response);
          if (!opening.private_data.empty()) response->set_private_(opening.private_data);
        });
  }

  template <class Request, class Response>
  grpc::Status RenewEphemeralResource(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return Guarded(rpc, "RenewEphemeralResource", request, response,
                   [&](Context& context, const AnyEphemeralResource& resource) {
                     const auto renewal = tfsdk::RenewEphemeralResource(
                         this->engine_, context, request.type_name(), resource, request.private_());
                     if (!renewal.has_value()) return;
                     EmitRenewAt(renewal->renew_at, response);
                     // Also when it is as it was: one host forgets what it is not told again.
                     response->set_private_(*renewal->private_data);
                   });
  }

  template <class Request, class Response>
  grpc::Status CloseEphemeralResource(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return Guarded(rpc, "CloseEphemeralResource", request, response,
                   [&](Context& context, const AnyEphemeralResource& resource) {
                     tfsdk::CloseEphemeralResource(this->engine_, context, request.type_name(), resource,
                                                   request.private_());
                   });
  }

 private:
  template <class Request, class Response, class Body>
  grpc::Status Guarded(grpc::ServerContext* rpc, absl::string_view name, const Request& request,
                       Response* response, Body body) {
    return this->Guard(rpc, name, request.type_name(), response, [&](Context& context) {
      const AnyEphemeralResource* resource = this->Find(context, this->engine_.provider().ephemeral_resources,
                                                        "ephemeral resource", request.type_name());
      if (resource != nullptr) body(context, *resource);
    });
  }

  // An infinite future means never, which is how the wire says it too: by nothing.
  template <class Response>
  static void EmitRenewAt(const std::optional<absl::Time>& renew_at, Response* response) {
    if (!renew_at.has_value() || *renew_at == absl::InfiniteFuture()) return;
    // What a Timestamp can hold: the years 1 to 9999.
    constexpr int64_t kFirst = -62135596800, kLast = 253402300799;
    const int64_t seconds = absl::ToUnixSeconds(*renew_at);
    auto* out = response->mutable_renew_at();
    out->set_seconds(std::clamp(seconds, kFirst, kLast));
    if (seconds != out->seconds()) return;
    out->set_nanos(
        static_cast<int32_t>(absl::ToInt64Nanoseconds(*renew_at - absl::FromUnixSeconds(seconds))));
  }
};

}  // namespace tfsdk::protocol
