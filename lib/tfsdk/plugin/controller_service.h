#pragma once

// go-plugin's GRPCController: how the host asks the process to end.

#include <functional>
#include <utility>

#include "grpc_controller.grpc.pb.h"

namespace tfsdk::plugin {

// Shutdown answers at once and calls `end`, which must not block: the host waits for the answer without a
// deadline, and a server cannot be shut down from inside one of its handlers. Safe from any thread.
class ControllerService final : public ::plugin::GRPCController::Service {
 public:
  explicit ControllerService(std::function<void()> end) : end_(std::move(end)) {}

  grpc::Status Shutdown(grpc::ServerContext* context, const ::plugin::Empty* request,
                        ::plugin::Empty* response) override;

 private:
  const std::function<void()> end_;
};

}  // namespace tfsdk::plugin
