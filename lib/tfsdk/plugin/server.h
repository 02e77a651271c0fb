#pragma once

// Runs a process as a go-plugin plugin: the handshake, one gRPC server, and an orderly end.
//
//   tfsdk::plugin::ServerOptions options;
//   options.cookie = {"TF_PLUGIN_MAGIC_COOKIE", "d602…"};
//   options.versions = {5, 6};
//   options.services = [&](int version) { return std::vector<grpc::Service*>{service_for(version)}; };
//   options.stop = [&] { engine.Stop(); };
//   return tfsdk::plugin::RunServer(options);
//
// Knows nothing of Terraform: what the services do is the caller's business.

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tfsdk/plugin/handshake.h"

namespace grpc {
class Service;
namespace experimental {
class ServerInterceptorFactoryInterface;
}
}  // namespace grpc

namespace tfsdk::plugin {

// Where a server that was started by hand listens: what a host needs to find it again.
struct ReattachAddress {
  Network network = Network::kUnix;
  std::string address;  // A socket's path, or "127.0.0.1:PORT".
  int version = 0;
  int pid = 0;
};

struct ServerOptions {
  // What the host must have put into the environment. Not asked for in debug mode.
  MagicCookie cookie;

  // Printed on stderr when the cookie is missing: the program was started by hand.
  std::string started_by_hand;

  // The application protocol's major versions that `services` knows. At least one.
  std::vector<int> versions;

  // The services to offer for the version that was agreed on (in debug mode: the highest). Called once,
  // before the handshake line, so it should be quick. The services stay the caller's and must live until the
  // process ends. Health, GRPCController, GRPCStdio and GRPCBroker are added here.
  std::function<std::vector<grpc::Service*>(int version)> services;

  // Makes what looks at every call of every service. May be empty, and may return null.
  std::function<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>()> interceptor;

  // Asks every running call to give up, for good. Called at most once, when the process is about to end;
  // must not block. Calls that do not return within the time left are abandoned.
  std::function<void()> stop;

  // Unix sockets unless a caller asks for TCP on 127.0.0.1.
  Network network = Network::kUnix;

  // Started by hand, to run under a debugger: no cookie, no handshake line, no TLS, stdout is left alone, the
  // parent may go away, SIGINT ends the process. Anyone who can enter the socket's directory can call.
  bool debug = false;

  // Debug mode only: told the address once the server listens.
  std::function<void(const ReattachAddress&)> listening;

  // Where the environment is read. Tests replace it.
  GetEnv getenv = [](const char* name) -> const char* { return std::getenv(name); };
};

// The exit codes of a process that served.
inline constexpr int kExitShutdown = 0;     // The host said Shutdown, or (debug mode) SIGINT.
inline constexpr int kExitParentGone = 0;   // The host is gone: nobody is left to be told.
inline constexpr int kExitSignalled = 143;  // SIGTERM or SIGHUP, as a shell reports it.
inline constexpr int kExitCannotServe = 1;  // No cookie, no usable directory, bad certificate, …

// Serves until the host says Shutdown, a SIGTERM or SIGHUP arrives, or the parent process is gone; then stops
// the calls, waits at most 150 ms for them (5 s after a signal), removes the socket and ends the process with
// _exit: a library that still waits for a half-open connection cannot hold it back, destructors and atexit
// handlers do not run.
//
// When it cannot serve, the exit code is kExitCannotServe, returned or through _exit, after a sentence on
// stderr and with nothing on stdout.
//
// Call it from main, before any other thread exists. It takes over the process: signal handlers (SIGINT and
// SIGPIPE are ignored), fatal signals and std::terminate (they report "panic: …"), core dumps (off), and
// after the handshake line descriptor 1 (whatever is printed goes to the host as GRPCStdio, or is dropped).
// Stdin is never read.
int RunServer(const ServerOptions& options);

}  // namespace tfsdk::plugin
