#include "tfsdk/plugin/controller_service.h"

namespace tfsdk::plugin {

grpc::Status ControllerService::Shutdown(grpc::ServerContext*, const ::plugin::Empty*, ::plugin::Empty*) {
  end_();
  return grpc::Status::OK;
}

}  // namespace tfsdk::plugin
