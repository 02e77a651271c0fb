#pragma once

// The plugin process of a run of the fault table, and what can be seen of it from outside.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/plugin_host.h"
#include "tfplugin6.grpc.pb.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace k8soidc::faults {

// What a process holds on to.
struct Holdings {
  int descriptors = 0;
  int threads = 0;
  int children = 0;
};

// A diagnostic as it came.
using Diagnostic = tfplugin6::Diagnostic;
using Diagnostics = std::vector<Diagnostic>;

struct ReadOutcome {
  Diagnostics diagnostics;
  std::string json;  // Of k8soidc_jwks.
};

// Options for the provider's binary: the log at TRACE, no variable that names a cluster, a proxy or a root.
tfsdk::testing::PluginHost::Options PluginOptions();

// Safe from any thread once started.
class PluginUnderTest {
 public:
  // The one of this run, started at the first call and again when it has died; ended after the last test.
  static PluginUnderTest& Get();

  PluginUnderTest();

  // Fails the test when the call itself fails: errors are diagnostics, never a gRPC status.
  Diagnostics Configure(const tfsdk::Value& config);
  ReadOutcome Read(const std::string& data_source, const tfsdk::Value& config);
  void Stop();

  const tfsdk::Type& provider_type() const { return provider_type_; }
  const tfsdk::Type& read_type(const std::string& data_source) const;
  tfplugin6::Provider::Stub& stub() { return *stub_; }
  tfsdk::testing::PluginHost& host() { return *host_; }

  Holdings Count() const;
  // In KiB: what is resident now, and the most since ForgetPeak().
  long ResidentKib() const { return StatusKib("VmRSS:"); }
  long PeakKib() const { return StatusKib("VmHWM:"); }
  void ForgetPeak() const;
  bool IsAlive();
  // Whether it ended by itself with exit code 0 when asked to.
  bool Shutdown();

 private:
  long StatusKib(const std::string& field) const;

  std::unique_ptr<tfsdk::testing::PluginHost> host_;
  std::unique_ptr<tfplugin6::Provider::Stub> stub_;
  tfsdk::Type provider_type_ = tfsdk::Type::Dynamic();
  std::map<std::string, tfsdk::Type> read_types_;
};

// Whether the build of this program, and so of the provider's, counts memory of its own.
bool HasSanitizer();

}  // namespace k8soidc::faults
