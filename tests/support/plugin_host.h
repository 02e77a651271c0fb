#pragma once

// PluginHost: starts a plugin as Terraform does, for tests.
//
//   PluginHost host({.binary = TEST_PLUGIN});
//   ASSERT_TRUE(host.Start().ok()) << host.Stderr();
//   const auto provider = tfplugin6::Provider::NewStub(host.Connect());
//   …
//   host.Shutdown();
//   EXPECT_EQ(host.Wait(), 0);

#include <grpcpp/grpcpp.h>
#include <sys/types.h>

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tfsdk/plugin/handshake.h"

namespace tfsdk::testing {

// A certificate signed with its own key, for localhost, as host and plugin make for one run.
struct HostCertificate {
  std::string pem;
  std::string private_key_pem;
};
HostCertificate MakeHostCertificate(const char* curve = "P-521");

// The handshake line in parts, and as it came.
struct HandshakeFields {
  std::string line;  // Newline included.
  std::vector<std::string> fields;
  int version() const;
  const std::string& network() const { return fields[2]; }
  const std::string& address() const { return fields[3]; }
  std::string certificate_der() const;  // Empty without TLS.
};

// One plugin process and its host. Descriptors are as with Terraform: stdin is a pipe that stays silent and
// never ends, stdout and stderr are pipes that are read all the time. Not thread-safe, but for the two texts.
class PluginHost {
 public:
  struct Options {
    std::string binary;
    std::string argv0 = {};  // Empty: `binary`.
    std::vector<std::string> arguments = {};
    std::string working_directory = {};  // Empty: this process'.

    // On top of this process' environment and of what a host sets (the cookie; PLUGIN_PROTOCOL_VERSIONS "5,6"
    // or "6,5", by chance; PLUGIN_MIN_PORT and PLUGIN_MAX_PORT; PLUGIN_CLIENT_CERT with `tls`). nullopt
    // unsets.
    std::map<std::string, std::optional<std::string>> environment = {};
    plugin::MagicCookie cookie = {"TF_PLUGIN_MAGIC_COOKIE",
                                  "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"};
    bool tls = true;
    uid_t user = 0;  // Not 0: runs as this user and group, which must be possible.

    // Puts another process between this one and the plugin, which KillParent() kills.
    bool own_parent = false;
  };

  explicit PluginHost(Options options);
  ~PluginHost();  // Kills what still runs.
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  // Starts the program and does not wait for a line.
  absl::Status Launch();

  // Launches, and reads the handshake line for at most ten seconds. Unavailable when the program ended or
  // said something else; the text is in Stdout() and Stderr().
  absl::Status Start();

  const HandshakeFields& handshake() const { return handshake_; }
  const HostCertificate& certificate() const { return certificate_; }
  pid_t pid() const { return pid_; }

  // A connection of its own, with TLS unless Options say otherwise: trusts the certificate of the handshake
  // line alone and checks the name localhost.
  std::shared_ptr<grpc::Channel> Connect() const;
  std::shared_ptr<grpc::Channel> ConnectWith(
      const std::shared_ptr<grpc::ChannelCredentials>& credentials) const;

  // Calls GRPCController.Shutdown over a connection of its own.
  grpc::Status Shutdown() const;

  void Signal(int signal) const;
  void KillParent();

  // The exit code, or minus the signal that ended it. nullopt when it still runs after `timeout`.
  std::optional<int> Wait(std::chrono::milliseconds timeout = std::chrono::seconds(10));

  // What it has written so far; stdout from behind the handshake line. WaitForStderr returns once `text` is
  // there, or false after five seconds.
  std::string Stdout() const;
  std::string Stderr() const;
  bool WaitForStderr(absl::string_view text) const;
  // Whether the plugin has closed its end of stdout.
  bool StdoutEnded() const;

 private:
  struct Output {
    mutable std::mutex mutex;
    std::string text;
    bool ended = false;
  };
  std::vector<std::string> Environment() const;
  static void Read(int descriptor, Output* output);

  const Options options_;
  HostCertificate certificate_;
  HandshakeFields handshake_;
  pid_t pid_ = -1;
  pid_t parent_ = -1;
  std::optional<int> exit_;
  int stdin_ = -1;
  Output stdout_;
  Output stderr_;
  std::vector<std::thread> readers_;
};

}  // namespace tfsdk::testing
