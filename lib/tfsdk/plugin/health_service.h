#pragma once

// gRPC's health check for the one service name go-plugin asks about.

#include "grpc_health.grpc.pb.h"

namespace tfsdk::plugin {

// "plugin" and "" (the whole server) are SERVING from the first moment; any other name is NOT_FOUND. gRPC has
// a health service of its own, whose asynchronous machinery costs threads at start-up.
class HealthService final : public grpc::health::v1::Health::Service {
 public:
  grpc::Status Check(grpc::ServerContext* context, const grpc::health::v1::HealthCheckRequest* request,
                     grpc::health::v1::HealthCheckResponse* response) override;
};

}  // namespace tfsdk::plugin
