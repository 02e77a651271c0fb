#include "faults/plugin_under_test.h"

#include <dirent.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"

namespace k8soidc::faults {
namespace {

using tfsdk::Type;
using tfsdk::Value;

constexpr auto kLongestCall = std::chrono::seconds(60);

// The implied type of a block, as Terraform derives it.
Type TypeOf(const tfplugin6::Schema::Block& block) {
  std::map<std::string, Type> members;
  const auto nest = [](int mode, Type inner) {
    switch (mode) {
      case tfplugin6::Schema::NestedBlock::LIST:
        return Type::List(std::move(inner));
      case tfplugin6::Schema::NestedBlock::SET:
        return Type::Set(std::move(inner));
      case tfplugin6::Schema::NestedBlock::MAP:
        return Type::Map(std::move(inner));
      default:
        return inner;
    }
  };
  const std::function<Type(const tfplugin6::Schema::Attribute&)> type_of =
      [&](const tfplugin6::Schema::Attribute& attribute) {
        if (!attribute.has_nested_type()) return *tfsdk::DecodeTypeJson(attribute.type());
        std::map<std::string, Type> inner;
        for (const auto& one : attribute.nested_type().attributes()) inner.emplace(one.name(), type_of(one));
        return nest(attribute.nested_type().nesting(), Type::Object(inner));
      };
  for (const auto& attribute : block.attributes()) members.emplace(attribute.name(), type_of(attribute));
  for (const auto& inner : block.block_types()) {
    members.emplace(inner.type_name(), nest(inner.nesting(), TypeOf(inner.block())));
  }
  return Type::Object(members);
}

int CountEntries(const std::string& path) {
  DIR* const directory = opendir(path.c_str());
  if (directory == nullptr) return -1;
  int count = 0;
  while (const dirent* const entry = readdir(directory)) count += entry->d_name[0] == '.' ? 0 : 1;
  closedir(directory);
  return count;
}

// Ends the plugin after the last test and looks at how it ends.
class EndOfRun : public ::testing::Environment {
 public:
  explicit EndOfRun(std::unique_ptr<PluginUnderTest>& plugin) : plugin_(plugin) {}
  void TearDown() override {
    if (plugin_ == nullptr) return;
    EXPECT_TRUE(plugin_->Shutdown());
    plugin_.reset();
  }

 private:
  std::unique_ptr<PluginUnderTest>& plugin_;
};

std::unique_ptr<PluginUnderTest> the_plugin;
const ::testing::Environment* const end_of_run =
    ::testing::AddGlobalTestEnvironment(new EndOfRun(the_plugin));

}  // namespace

tfsdk::testing::PluginHost::Options PluginOptions() {
  tfsdk::testing::PluginHost::Options options{.binary = PROVIDER_BINARY};
  for (const char* name :
       {"KUBECONFIG", "KUBE_CONFIG_PATH", "KUBE_CONFIG_PATHS", "KUBE_HOST", "KUBE_TOKEN",
        "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY",
        "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy", "K8SOIDC_EXEC_ALLOW"}) {
    options.environment[name] = std::nullopt;
  }
  for (const char* name : {"TF_LOG", "TF_LOG_PROVIDER"}) options.environment[name] = "TRACE";
  return options;
}

PluginUnderTest& PluginUnderTest::Get() {
  if (the_plugin != nullptr && !the_plugin->IsAlive()) the_plugin.reset();
  if (the_plugin == nullptr) the_plugin = std::make_unique<PluginUnderTest>();
  return *the_plugin;
}

PluginUnderTest::PluginUnderTest()
    : host_(std::make_unique<tfsdk::testing::PluginHost>([] {
        auto options = PluginOptions();
        options.environment["PLUGIN_PROTOCOL_VERSIONS"] = "6";
        return options;
      }())) {
  const absl::Status started = host_->Start();
  if (!started.ok()) {
    std::fprintf(stderr, "the plugin does not start: %s\n%s\n", std::string(started.message()).c_str(),
                 host_->Stderr().c_str());
    std::abort();
  }
  stub_ = tfplugin6::Provider::NewStub(host_->Connect());
  grpc::ClientContext context;
  tfplugin6::GetProviderSchema::Response schema;
  if (!stub_->GetProviderSchema(&context, {}, &schema).ok()) std::abort();
  provider_type_ = TypeOf(schema.provider().block());
  for (const auto& [name, one] : schema.data_source_schemas()) read_types_.emplace(name, TypeOf(one.block()));
}

const Type& PluginUnderTest::read_type(const std::string& data_source) const {
  return read_types_.at(data_source);
}

Diagnostics PluginUnderTest::Configure(const Value& config) {
  tfplugin6::ConfigureProvider::Request request;
  request.set_terraform_version("1.11.4");
  request.mutable_config()->set_msgpack(tfsdk::EncodeMsgpack(config));
  tfplugin6::ConfigureProvider::Response response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kLongestCall);
  const grpc::Status status = stub_->ConfigureProvider(&context, request, &response);
  EXPECT_TRUE(status.ok()) << "ConfigureProvider: " << status.error_message();
  return {response.diagnostics().begin(), response.diagnostics().end()};
}

ReadOutcome PluginUnderTest::Read(const std::string& data_source, const Value& config) {
  tfplugin6::ReadDataSource::Request request;
  request.set_type_name(data_source);
  request.mutable_config()->set_msgpack(tfsdk::EncodeMsgpack(config));
  tfplugin6::ReadDataSource::Response response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kLongestCall);
  const grpc::Status status = stub_->ReadDataSource(&context, request, &response);
  EXPECT_TRUE(status.ok()) << "ReadDataSource: " << status.error_message();
  ReadOutcome outcome;
  outcome.diagnostics = {response.diagnostics().begin(), response.diagnostics().end()};
  if (response.has_state() && data_source == "k8soidc_jwks") {
    const auto state = tfsdk::DecodeMsgpack(response.state().msgpack(), read_type(data_source));
    if (state.ok()) outcome.json = state->attribute("json").AsString();
  }
  return outcome;
}

void PluginUnderTest::Stop() {
  tfplugin6::StopProvider::Response response;
  grpc::ClientContext context;
  EXPECT_TRUE(stub_->StopProvider(&context, {}, &response).ok());
}

Holdings PluginUnderTest::Count() const {
  const std::string process = absl::StrCat("/proc/", host_->pid());
  Holdings counted = {.descriptors = CountEntries(process + "/fd"),
                      .threads = CountEntries(process + "/task")};
  // Not every kernel lists children: those that still name the plugin as their parent are asked themselves.
  DIR* const processes = opendir("/proc");
  while (const dirent* const entry = readdir(processes)) {
    if (entry->d_name[0] < '0' || entry->d_name[0] > '9') continue;
    std::ifstream status(absl::StrCat("/proc/", entry->d_name, "/status"));
    std::string line;
    while (std::getline(status, line)) {
      if (line == absl::StrCat("PPid:\t", host_->pid())) ++counted.children;
    }
  }
  closedir(processes);
  return counted;
}

long PluginUnderTest::StatusKib(const std::string& field) const {
  std::ifstream status(absl::StrCat("/proc/", host_->pid(), "/status"));
  std::string word;
  long value = -1;
  while (status >> word) {
    if (word == field && status >> value) return value;
  }
  return -1;
}

void PluginUnderTest::ForgetPeak() const {
  std::ofstream(absl::StrCat("/proc/", host_->pid(), "/clear_refs")) << "5";
}

bool PluginUnderTest::IsAlive() { return !host_->Wait(std::chrono::milliseconds(0)).has_value(); }

bool PluginUnderTest::Shutdown() { return host_->Shutdown().ok() && host_->Wait() == 0; }

bool HasSanitizer() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return true;
#else
  return false;
#endif
}

}  // namespace k8soidc::faults
