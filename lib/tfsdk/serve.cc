#include "tfsdk/serve.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "tfsdk/engine/engine.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/log.h"
#include "tfsdk/plugin/server.h"
#include "tfsdk/protocol/data_files.h"
#include "tfsdk/protocol/services.h"

namespace tfsdk {
namespace {

// What Terraform and OpenTofu put into the environment of every provider (plugin protocol 5 and 6).
constexpr char kCookieName[] = "TF_PLUGIN_MAGIC_COOKIE";
constexpr char kCookieValue[] = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

std::string StartedByHand(const Provider& provider, const std::string& address) {
  return absl::StrCat(
      "This is a provider plugin for Terraform and OpenTofu: ", provider.name, ".\n",
      "They start it by themselves; run by hand it does nothing. To use it, declare it and run "
      "`terraform init`:\n\n",
      "  terraform {\n    required_providers {\n      ", provider.name, " = {\n        source = \"", address,
      "\"\n      }\n    }\n  }\n\n",
      "To run it under a debugger, start it with --debug and follow what it prints.\n");
}

void PrintReattach(const std::string& address, const plugin::ReattachAddress& where) {
  const nlohmann::ordered_json entry = {
      {"Protocol", "grpc"},
      {"ProtocolVersion", where.version},
      {"Pid", where.pid},
      {"Test", true},  // the host must leave the process alone
      {"Addr",
       {{"Network", where.network == plugin::Network::kUnix ? "unix" : "tcp"}, {"String", where.address}}}};
  const std::string json =
      nlohmann::ordered_json{{address, entry}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::printf(
      "Provider started. Set this where you run Terraform, and press Ctrl-C here when you are done:\n\n"
      "\tTF_REATTACH_PROVIDERS='%s'\n",
      absl::StrReplaceAll(json, {{"'", "'\\''"}}).c_str());
  std::fflush(stdout);
}

}  // namespace

int Serve(Provider provider, const ServeOptions& options, int argc, const char* const argv[]) {
  TFSDK_CHECK(!options.address.empty(), "ServeOptions.address is required");
  const bool fits_5 = provider.FitsProtocol5();
  TFSDK_CHECK(options.protocol_version != 5 || fits_5,
              "protocol 5 cannot express this provider's nested attributes");

  plugin::ServerOptions server;
  if (options.getenv) server.getenv = options.getenv;
  server.cookie = {kCookieName, kCookieValue};
  server.started_by_hand = StartedByHand(provider, options.address);
  server.debug = argc == 2 && absl::string_view(argv[1]) == "--debug";
  if (options.protocol_version != 0) {
    server.versions = {options.protocol_version};
  } else if (fits_5) {
    server.versions = {5, 6};
  } else {
    server.versions = {6};
  }
  if (argc > 1 && !server.debug) {
    std::fputs(server.started_by_hand.c_str(), stderr);
    return plugin::kExitCannotServe;
  }

  LogSettings log = LogSettingsFromEnvironment(provider.name, server.getenv);
  log.address = options.address;
  SetLog(std::move(log));
  Engine engine(std::move(provider));
  std::unique_ptr<grpc::Service> service;
  server.services = [&](int version) {
    service = version == 5 ? protocol::MakeServiceV5(engine) : protocol::MakeServiceV6(engine);
    return std::vector<grpc::Service*>{service.get()};
  };
  server.interceptor = [&]() -> std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> {
    const char* const directory = server.getenv("TF_LOG_SDK_PROTO_DATA_DIR");
    if (directory == nullptr || *directory == '\0') return nullptr;
    return protocol::MakeDataFiles(engine.provider(), directory);
  };
  server.stop = [&] { engine.Stop(); };
  server.listening = [&](const plugin::ReattachAddress& where) { PrintReattach(options.address, where); };
  return plugin::RunServer(server);
}

}  // namespace tfsdk
