#include "tfsdk/plugin/server.h"

#include <fcntl.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <malloc.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/internal/sdk_log.h"
#include "tfsdk/log.h"
#include "tfsdk/plugin/auto_mtls.h"
#include "tfsdk/plugin/broker_service.h"
#include "tfsdk/plugin/controller_service.h"
#include "tfsdk/plugin/crash_report.h"
#include "tfsdk/plugin/health_service.h"
#include "tfsdk/plugin/private_socket.h"
#include "tfsdk/plugin/process_events.h"
#include "tfsdk/plugin/stdio_service.h"
#include "tfsdk/status.h"

namespace tfsdk::plugin {
namespace {

constexpr int kMaxMessageBytes = 256 * 1024 * 1024;
constexpr int kMaxMetadataBytes = 16 * 1024;
constexpr int kMaxStreams = 1000;  // Far above any -parallelism: Stop must find a free one.
constexpr auto kConnectionHandshakeTimeout = std::chrono::seconds(10);
constexpr auto kShutdownGrace = std::chrono::milliseconds(150);
constexpr auto kSignalGrace = std::chrono::seconds(5);

absl::Status WriteAll(int descriptor, absl::string_view text) {
  while (!text.empty()) {
    const ssize_t size = write(descriptor, text.data(), text.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return absl::ErrnoToStatus(errno, "writing the handshake line");
    text.remove_prefix(static_cast<size_t>(size));
  }
  return absl::OkStatus();
}

// A host's log shows this line at its ERROR level; a person reads it in a terminal.
int CannotServe(const absl::Status& status) {
  const std::string line = absl::StrCat("[ERROR] cannot serve: ", status.message(), "\n");
  WriteAll(STDERR_FILENO, line).IgnoreError();
  return kExitCannotServe;
}

// What the libraries say goes into our log: the host would take any line of theirs for one of its own form.
void LogGrpc(gpr_log_func_args* args) {
  const LogLevel level = args->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarn : LogLevel::kTrace;
  Log(internal::SdkLog(), level, args->message, {{"library", "grpc"}});
}
void LogProtobuf(google::protobuf::LogLevel level, const char*, int, const std::string& message) {
  const bool bad = level >= google::protobuf::LOGLEVEL_ERROR;
  Log(internal::SdkLog(), bad ? LogLevel::kWarn : LogLevel::kTrace, message, {{"library", "protobuf"}});
}

// Children get descriptors of their own. One that inherited ours would keep the host waiting until it ends,
// because the host reads them until the end.
void KeepDescriptorsFromChildren() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
}

// gRPC reads "unix:…" as a URI.
std::string UnixTarget(absl::string_view path) {
  std::string target = "unix:";
  for (const char c : path) {
    if (c == '/' || c == '-' || c == '_' || c == '.' || absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      target.push_back(c);
    } else {
      absl::StrAppend(&target, "%", absl::BytesToHexString(absl::string_view(&c, 1)));
    }
  }
  return target;
}

bool PortIsFree(int port) {
  const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return false;
  const int yes = 1;
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool free = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 &&
                    listen(descriptor, 1) == 0;
  close(descriptor);
  return free;
}

class PluginServer {
 public:
  explicit PluginServer(const ServerOptions& options) : options_(options) {}

  // Afterwards the server accepts connections.
  absl::Status Start(const HostEnvironment& host) {
    version_ = options_.debug ? *std::max_element(options_.versions.begin(), options_.versions.end())
                              : ChooseVersion(host.versions, options_.versions);
    std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
    if (!options_.debug && !host.client_certificate.empty()) {
      TFSDK_ASSIGN_OR_RETURN(client_certificate_, ReadClientCertificate(host.client_certificate));
      TFSDK_ASSIGN_OR_RETURN(const ServerCertificate own, MakeServerCertificate());
      credentials = MutualTlsCredentials(own, client_certificate_);
      certificate_ = own.der;
    }
    const std::vector<grpc::Service*> services = options_.services(version_);
    absl::Status status = options_.network == Network::kUnix ? ListenUnix(host, services, credentials)
                                                             : ListenTcp(services, credentials);
    // gRPC only says that it cannot listen, whatever the reason.
    if (!status.ok() && !client_certificate_.empty()) {
      TFSDK_RETURN_IF_ERROR(CheckClientCertificate(client_certificate_));
    }
    return status;
  }

  std::string Line(const HostEnvironment& host) const {
    return HandshakeLine(version_, options_.network, address_, certificate_, host.multiplexing_offered);
  }
  ReattachAddress Address() const { return {options_.network, address_, version_, getpid()}; }
  absl::Status CaptureStdout() { return stdio_.CaptureStdout(); }

  // Ends the calls and the connections, waiting no longer than `grace`.
  void Stop(std::chrono::milliseconds grace) {
    RemoveSocket();
    if (options_.stop) options_.stop();
    stdio_.Close();
    broker_.Close();
    // Server::Shutdown waits beyond its deadline for a connection whose client says nothing, so it gets a
    // thread that the process does not wait for.
    struct Done {
      std::mutex mutex;
      std::condition_variable wake;
      bool done = false;
    };
    const auto done = std::make_shared<Done>();
    const auto deadline = std::chrono::system_clock::now() + grace;
    std::thread([this, deadline, done] {
      server_->Shutdown(deadline);
      const std::lock_guard lock(done->mutex);
      done->done = true;
      done->wake.notify_one();
    }).detach();
    std::unique_lock lock(done->mutex);
    done->wake.wait_for(lock, grace, [&] { return done->done; });
  }

  void RemoveSocket() const {
    if (socket_.has_value()) socket_->Remove();
  }

 private:
  absl::Status ListenUnix(const HostEnvironment& host, const std::vector<grpc::Service*>& services,
                          const std::shared_ptr<grpc::ServerCredentials>& credentials) {
    TFSDK_ASSIGN_OR_RETURN(socket_, PrivateSocket::Make(host, options_.getenv));
    RemoveOnCrash(socket_->path(), socket_->directory());
    absl::Status status = Build(UnixTarget(socket_->path()), services, credentials, nullptr)
                              ? socket_->SetMode()
                              : absl::InternalError(absl::StrCat("cannot listen at ", socket_->path()));
    address_ = socket_->path();
    return status;
  }

  absl::Status ListenTcp(const std::vector<grpc::Service*>& services,
                         const std::shared_ptr<grpc::ServerCredentials>& credentials) {
    TFSDK_ASSIGN_OR_RETURN(const auto ports, ReadPortRange(options_.getenv));
    for (int port = ports.first; port <= ports.second; ++port) {
      int bound = 0;
      if ((port != 0 && !PortIsFree(port)) ||
          !Build(absl::StrCat("127.0.0.1:", port), services, credentials, &bound)) {
        continue;
      }
      address_ = absl::StrCat("127.0.0.1:", bound);
      return absl::OkStatus();
    }
    return absl::UnavailableError(absl::StrCat("every port from PLUGIN_MIN_PORT to PLUGIN_MAX_PORT (",
                                               ports.first, " to ", ports.second, ") is taken"));
  }

  // Builds and starts the server at `target`; false when it cannot listen there.
  bool Build(const std::string& target, const std::vector<grpc::Service*>& services,
             const std::shared_ptr<grpc::ServerCredentials>& credentials, int* bound_port) {
    grpc::ServerBuilder builder;
    builder.SetMaxReceiveMessageSize(kMaxMessageBytes);
    builder.SetMaxSendMessageSize(kMaxMessageBytes);
    builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);  // Or two plugins would share one TCP port.
    builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams);
    builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadataBytes);
    builder.AddChannelArgument(
        GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS,
        static_cast<int>(std::chrono::milliseconds(kConnectionHandshakeTimeout).count()));
    builder.AddListeningPort(target, credentials, bound_port);
    for (grpc::Service* service : services) builder.RegisterService(service);
    builder.RegisterService(&broker_);
    builder.RegisterService(&controller_);
    builder.RegisterService(&health_);
    builder.RegisterService(&stdio_);
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    if (options_.interceptor) interceptors.push_back(options_.interceptor());
    if (!interceptors.empty() && interceptors.front() != nullptr)
      builder.experimental().SetInterceptorCreators(std::move(interceptors));
    server_ = builder.BuildAndStart();
    return server_ != nullptr;
  }

  const ServerOptions& options_;
  int version_ = 0;
  std::string certificate_;         // DER; empty without TLS.
  std::string client_certificate_;  // PEM; empty without TLS.
  std::string address_;
  std::optional<PrivateSocket> socket_;
  BrokerService broker_;
  ControllerService controller_{&ProcessEvents::RequestShutdown};
  HealthService health_;
  StdioService stdio_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace

int RunServer(const ServerOptions& options) {
  TFSDK_CHECK(!options.versions.empty() && options.services, "a plugin needs versions and services");
  if (!options.debug && !HasCookie(options.cookie, options.getenv)) {
    WriteAll(STDERR_FILENO, options.started_by_hand).IgnoreError();
    return kExitCannotServe;
  }
  InstallCrashReport();
  if (!options.debug) KeepMemoryPrivate();
  KeepDescriptorsFromChildren();
  mallopt(M_ARENA_MAX, 2);  // Not 64 MiB of address space for each of gRPC's threads.
  gpr_set_log_function(LogGrpc);
  google::protobuf::SetLogHandler(LogProtobuf);
  if (absl::Status status = ProcessEvents::Install(/*interrupt_ends=*/options.debug,
                                                   /*watch_parent=*/!options.debug);
      !status.ok()) {
    return CannotServe(status);
  }

  const HostEnvironment host = ReadHostEnvironment(options.getenv);
  // Never destroyed: its threads run until the process ends.
  auto& server = *new PluginServer(options);
  absl::Status status = server.Start(host);
  if (status.ok() && options.debug) {
    if (options.listening) options.listening(server.Address());
  } else if (status.ok()) {
    status = WriteAll(STDOUT_FILENO, server.Line(host));  // Fails when the host has gone in the meantime.
    status.Update(server.CaptureStdout());
  }
  if (!status.ok()) {
    server.RemoveSocket();
    _exit(CannotServe(status));
  }

  const EndReason reason = ProcessEvents::Wait();
  server.Stop(reason == EndReason::kSignal ? kSignalGrace : std::chrono::milliseconds(kShutdownGrace));
  switch (reason) {
    case EndReason::kSignal:
      _exit(kExitSignalled);
    case EndReason::kParentGone:
      _exit(kExitParentGone);
    case EndReason::kShutdown:
    case EndReason::kInterrupt:
      _exit(kExitShutdown);
  }
  TFSDK_CHECK(false, "not one of the reasons");
}

}  // namespace tfsdk::plugin
