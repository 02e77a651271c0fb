// A plugin of nothing but plugin/: its services answer a few made-up functions, some of which misbehave on
// request. server_test.cc runs it as a host would.
//
// TEST_PLUGIN_NETWORK=tcp, TEST_PLUGIN_DEBUG=1 choose what a real plugin's flags would.

#include <fcntl.h>
#include <grpcpp/grpcpp.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tfplugin5.grpc.pb.h"
#include "tfplugin6.grpc.pb.h"
#include "tfsdk/cancel.h"
#include "tfsdk/log.h"
#include "tfsdk/plugin/server.h"

namespace {

std::stop_source g_stop;
std::atomic<int> g_waiting = 0;

// Does what `name` says, and returns what the function's result carries.
std::string Run(const std::string& name, const std::string& argument) {
  if (name == "size") return absl::StrCat(argument.size());
  if (name == "echo") return argument;
  if (name == "waiting") return absl::StrCat(g_waiting.load());
  if (name == "print") {
    int count = 0;
    if (!absl::SimpleAtoi(argument, &count)) std::abort();
    const std::string text(static_cast<size_t>(count), 'x');
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
  if (name == "wait") {  // Until the process stops; "deaf" not even then.
    ++g_waiting;
    tfsdk::CancelToken(g_stop.get_token()).SleepFor(std::chrono::minutes(1));
    return "woken";
  }
  if (name == "deaf") {
    ++g_waiting;
    std::this_thread::sleep_for(std::chrono::minutes(1));
  }
  if (name == "segfault") std::raise(SIGSEGV);
  if (name == "throw") std::thread([&] { throw std::runtime_error(argument); }).join();
  if (name == "log") tfsdk::Log(tfsdk::LogLevel::kInfo, argument, {{"@level", "5"}});
  if (name == "descriptors") {  // Which descriptors a child would get.
    std::string kept;
    for (int descriptor = 0; descriptor < 200; ++descriptor) {
      const int flags = fcntl(descriptor, F_GETFD);
      if (flags >= 0 && (flags & FD_CLOEXEC) == 0) absl::StrAppend(&kept, descriptor, " ");
    }
    return kept;
  }
  return name;
}

template <class Base, class Request, class Response>
class Functions final : public Base {
 public:
  grpc::Status CallFunction(grpc::ServerContext*, const Request* request, Response* response) override {
    const std::string argument = request->arguments_size() > 0 ? request->arguments(0).msgpack() : "";
    response->mutable_result()->set_msgpack(Run(request->name(), argument));
    return grpc::Status::OK;
  }
};

}  // namespace

int main() {
  tfsdk::SetLog(tfsdk::LogSettingsFromEnvironment(
      "test", [](const char* name) -> const char* { return std::getenv(name); }));
  using Service5 = Functions<tfplugin5::Provider::Service, tfplugin5::CallFunction::Request,
                             tfplugin5::CallFunction::Response>;
  using Service6 = Functions<tfplugin6::Provider::Service, tfplugin6::CallFunction::Request,
                             tfplugin6::CallFunction::Response>;
  static Service5 service5;
  static Service6 service6;
  const char* network = std::getenv("TEST_PLUGIN_NETWORK");

  tfsdk::plugin::ServerOptions options;
  options.cookie = {"TEST_COOKIE", "test cookie"};
  options.started_by_hand = "This is a plugin; its host starts it.\n";
  options.versions = {5, 6};
  options.services = [](int version) -> std::vector<grpc::Service*> {
    if (version == 5) return {&service5};
    return {&service6};
  };
  options.stop = [] { g_stop.request_stop(); };
  options.debug = std::getenv("TEST_PLUGIN_DEBUG") != nullptr;
  if (network != nullptr && std::string(network) == "tcp") options.network = tfsdk::plugin::Network::kTcp;
  options.listening = [](const tfsdk::plugin::ReattachAddress& address) {
    std::printf("listening at %s, version %d, pid %d\n", address.address.c_str(), address.version,
                address.pid);
    std::fflush(stdout);
  };
  return tfsdk::plugin::RunServer(options);
}
