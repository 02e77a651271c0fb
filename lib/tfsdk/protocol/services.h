#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/service_type.h>

#include <memory>

#include "tfsdk/engine/engine.h"

namespace tfsdk::protocol {

// The gRPC service of one protocol version over `engine`, which must outlive it. Thread-safe.
std::unique_ptr<grpc::Service> MakeServiceV5(Engine& engine);
std::unique_ptr<grpc::Service> MakeServiceV6(Engine& engine);

}  // namespace tfsdk::protocol
