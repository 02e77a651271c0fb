#pragma once

// go-plugin's GRPCStdio: what the process prints on stdout after the handshake, as a stream to the host.
//
// Nothing should be printed there. But a stray printf in some library must neither block for ever (the host
// stops reading a pipe after one line of 64 KiB) nor be lost without a trace, so descriptor 1 becomes a pipe
// of ours, which a thread empties. Stderr stays the host's pipe: it carries the log.

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "grpc_stdio.grpc.pb.h"

namespace tfsdk::plugin {

// Thread-safe. Lives as long as the process once CaptureStdout was called.
class StdioService final : public ::plugin::GRPCStdio::Service {
 public:
  // Points descriptor 1 at this service. The host then sees the end of the old one. Call once, after the
  // handshake line was written.
  absl::Status CaptureStdout();

  // Streams what was printed, in pieces, until the host closes the stream or Close() is called. With several
  // streams open each gets a part.
  grpc::Status StreamStdio(grpc::ServerContext* context, const google::protobuf::Empty* request,
                           grpc::ServerWriter<::plugin::StdioData>* writer) override;

  // Ends all streams, so that they do not hold back the server's end.
  void Close();

 private:
  // Empties the pipe for ever; what no stream has taken yet is kept, up to a limit, and the rest dropped.
  void Drain(int pipe);

  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::string printed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tfsdk::plugin
