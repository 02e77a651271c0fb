#include "tfsdk/plugin/broker_service.h"

namespace tfsdk::plugin {

grpc::Status BrokerService::StartStream(
    grpc::ServerContext* context, grpc::ServerReaderWriter<::plugin::ConnInfo, ::plugin::ConnInfo>* stream) {
  {
    absl::MutexLock lock(&mutex_);
    if (closed_) return grpc::Status::OK;
    open_.insert(context);
  }
  ::plugin::ConnInfo offer;
  while (stream->Read(&offer)) {
  }
  absl::MutexLock lock(&mutex_);
  open_.erase(context);
  return grpc::Status::OK;
}

void BrokerService::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
  // A read that waits for the host can only be ended by cancelling its call.
  for (grpc::ServerContext* context : open_) context->TryCancel();
}

}  // namespace tfsdk::plugin
