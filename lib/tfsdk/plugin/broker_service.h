#pragma once

// go-plugin's GRPCBroker: would open further connections. Hosts open the stream and never use it.

#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc_broker.grpc.pb.h"

namespace tfsdk::plugin {

// Keeps the stream open and says nothing, until the host closes it or Close() is called. Thread-safe.
class BrokerService final : public ::plugin::GRPCBroker::Service {
 public:
  grpc::Status StartStream(grpc::ServerContext* context,
                           grpc::ServerReaderWriter<::plugin::ConnInfo, ::plugin::ConnInfo>* stream) override;

  // Ends all streams, so that they do not hold back the server's end.
  void Close();

 private:
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<grpc::ServerContext*> open_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tfsdk::plugin
