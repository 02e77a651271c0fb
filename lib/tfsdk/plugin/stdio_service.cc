#include "tfsdk/plugin/stdio_service.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <thread>
#include <utility>

#include "absl/time/time.h"

namespace tfsdk::plugin {

absl::Status StdioService::CaptureStdout() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "making a pipe");
  // Close-on-exec as well: a child gets descriptors of its own, or it would keep the host waiting.
  if (dup3(ends[1], STDOUT_FILENO, O_CLOEXEC) < 0) return absl::ErrnoToStatus(errno, "redirecting stdout");
  close(ends[1]);
  // A pipe is no terminal, so stdio would hold lines back until 4 KiB are there.
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  std::thread([this, pipe = ends[0]] { Drain(pipe); }).detach();
  return absl::OkStatus();
}

void StdioService::Drain(int pipe) {
  constexpr size_t kMaxKept = 64 * 1024;
  char buffer[4096];
  for (;;) {
    const ssize_t size = read(pipe, buffer, sizeof(buffer));
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    absl::MutexLock lock(&mutex_);
    if (printed_.size() < kMaxKept) printed_.append(buffer, static_cast<size_t>(size));
  }
}

grpc::Status StdioService::StreamStdio(grpc::ServerContext* context, const google::protobuf::Empty*,
                                       grpc::ServerWriter<::plugin::StdioData>* writer) {
  constexpr absl::Duration kAskWhetherTheHostIsThere = absl::Milliseconds(250);
  const auto something_to_do = [this] {
    mutex_.AssertReaderHeld();
    return closed_ || !printed_.empty();
  };
  while (!context->IsCancelled()) {
    ::plugin::StdioData data;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&something_to_do), kAskWhetherTheHostIsThere);
      if (printed_.empty()) {
        if (closed_) break;
        continue;
      }
      data.set_data(std::exchange(printed_, {}));
    }
    data.set_channel(::plugin::StdioData::STDOUT);
    if (!writer->Write(data)) break;
  }
  return grpc::Status::OK;
}

void StdioService::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

}  // namespace tfsdk::plugin
