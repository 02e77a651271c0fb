// How a plugin process behaves beside serving: how it ends, what it prints, what it leaves behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <future>
#include <nlohmann/json.hpp>
#include <regex>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "grpc_broker.grpc.pb.h"
#include "grpc_stdio.grpc.pb.h"
#include "lib/plugin/test_plugin_host.h"
#include "tfsdk/plugin/server.h"

namespace tfsdk::plugin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using tfsdk::testing::PluginHost;
using Clock = std::chrono::steady_clock;

// A bound for what takes a few milliseconds on an idle machine, so that a busy one does not fail the test.
// The host itself waits two seconds.
constexpr auto kSoon = std::chrono::milliseconds(1500);

class ProcessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/process-test-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    environment_ = {{"TMPDIR", directory_}};
  }
  void TearDown() override { fs::remove_all(directory_); }

  bool NothingLeft() const { return fs::is_empty(directory_); }

  std::string directory_;
  Variables environment_;
};

// Waits until `count` calls of "wait" or "deaf" are inside test_plugin.
void AwaitCalls(const PluginHost& host, const std::string& count) {
  const auto end = Clock::now() + std::chrono::seconds(10);
  while (Call(host, "waiting").text != count && Clock::now() < end) {
  }
}

// MUST 22, 29, TRAP 6
TEST_F(ProcessTest, EndsWithZeroSoonAfterShutdown) {
  PluginHost host(TestPlugin(environment_));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(host.Wait(kSoon), kExitShutdown);
  EXPECT_TRUE(NothingLeft());
}

// MUST 22, TRAP 7
TEST_F(ProcessTest, OpenStreamsDoNotHoldItBack) {
  PluginHost host(TestPlugin(environment_));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto channel = host.Connect();
  grpc::ClientContext broker_context;
  grpc::ClientContext stdio_context;
  const auto broker = ::plugin::GRPCBroker::NewStub(channel)->StartStream(&broker_context);
  const auto stdio = ::plugin::GRPCStdio::NewStub(channel)->StreamStdio(&stdio_context, {});
  ASSERT_TRUE(broker->Write({}));
  EXPECT_EQ(CallOver(channel, "echo", "x").text, "x");
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(host.Wait(kSoon), kExitShutdown);
  EXPECT_TRUE(NothingLeft());
}

// MUST 22
TEST_F(ProcessTest, AConnectionThatSaysNothingDoesNotHoldItBack) {
  for (const bool tls : {true, false}) {
    auto options = TestPlugin(environment_);
    options.tls = tls;
    PluginHost host(options);
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    const int silent = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, host.handshake().address().c_str(), sizeof(address.sun_path) - 1);
    ASSERT_EQ(connect(silent, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(Call(host, "echo", "x").text, "x");
    EXPECT_TRUE(host.Shutdown().ok());
    EXPECT_EQ(host.Wait(kSoon), kExitShutdown);
    close(silent);
  }
}

// MUST 22
TEST_F(ProcessTest, ACallThatDoesNotReturnDoesNotHoldItBack) {
  PluginHost host(TestPlugin(environment_));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  auto deaf = std::async(std::launch::async, [&] { return Call(host, "deaf"); });
  AwaitCalls(host, "1");
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(host.Wait(kSoon), kExitShutdown);
  EXPECT_FALSE(deaf.get().status.ok());
  EXPECT_TRUE(NothingLeft());
}

// MUST 27, TRAP 11
TEST_F(ProcessTest, IgnoresInterruptsInTheMiddleOfACall) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  auto call = std::async(std::launch::async, [&] { return Call(host, "wait"); });
  AwaitCalls(host, "1");
  for (int i = 0; i < 5; ++i) host.Signal(SIGINT);
  EXPECT_FALSE(host.Wait(std::chrono::milliseconds(100)).has_value());
  EXPECT_EQ(Call(host, "echo", "alive").text, "alive");
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(call.get().text, "woken");
  EXPECT_EQ(host.Wait(kSoon), kExitShutdown);
}

TEST_F(ProcessTest, TerminationStopsTheCallsAndCleansUp) {
  for (const int signal : {SIGTERM, SIGHUP}) {
    PluginHost host(TestPlugin(environment_));
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    auto call = std::async(std::launch::async, [&] { return Call(host, "wait"); });
    AwaitCalls(host, "1");
    host.Signal(signal);
    EXPECT_EQ(call.get().text, "woken");
    EXPECT_EQ(host.Wait(kSoon), kExitSignalled);
    EXPECT_TRUE(NothingLeft());
  }
}

// MUST 33, TRAP 39
TEST_F(ProcessTest, EndsWhenTheHostIsKilled) {
  for (const bool connected : {false, true}) {
    auto options = TestPlugin(environment_);
    options.own_parent = true;
    PluginHost host(options);
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    std::future<Answer> call;
    if (connected) {
      call = std::async(std::launch::async, [&] { return Call(host, "wait"); });
      AwaitCalls(host, "1");
    }
    EXPECT_FALSE(host.Wait(std::chrono::milliseconds(50)).has_value());
    host.KillParent();
    EXPECT_EQ(host.Wait(kSoon), kExitParentGone);
    EXPECT_TRUE(NothingLeft());
  }
}

// MUST 91
TEST_F(ProcessTest, DebugModeOutlivesItsParent) {
  auto options = TestPlugin({{"TEST_PLUGIN_DEBUG", "1"}});
  options.own_parent = true;
  PluginHost host(options);
  EXPECT_FALSE(host.Start().ok());
  host.KillParent();
  EXPECT_FALSE(host.Wait(std::chrono::milliseconds(700)).has_value());
  host.Signal(SIGTERM);
  EXPECT_EQ(host.Wait(kSoon), kExitSignalled);
}

// MUST 31, TRAP 9
TEST_F(ProcessTest, PrintingAMegabyteBlocksNoCall) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto channel = host.Connect();
  for (int i = 0; i < 3; ++i) {
    const auto answer = CallOver(channel, "print", "1048576", std::chrono::seconds(5));
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  }
  EXPECT_TRUE(host.StdoutEnded());
  EXPECT_EQ(host.Stdout(), "");
}

// MUST 31
TEST_F(ProcessTest, WhatIsPrintedIsStreamedToTheHost) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto channel = host.Connect();
  EXPECT_TRUE(CallOver(channel, "print", "3").status.ok());  // Before anybody listens.
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
  const auto stream = ::plugin::GRPCStdio::NewStub(channel)->StreamStdio(&context, {});
  std::string received;
  ::plugin::StdioData data;
  while (received.size() < 3 && stream->Read(&data)) received += data.data();
  EXPECT_TRUE(CallOver(channel, "print", "4").status.ok());
  while (received.size() < 7 && stream->Read(&data)) received += data.data();
  EXPECT_EQ(received, "xxxxxxx");
  EXPECT_EQ(data.channel(), ::plugin::StdioData::STDOUT);
  context.TryCancel();
}

// MUST 32, TRAP 8
TEST_F(ProcessTest, ChildrenInheritNoDescriptor) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto answer = Call(host, "descriptors");
  ASSERT_TRUE(answer.status.ok());
  EXPECT_EQ(answer.text, "");
}

// MUST 35, 36, 37, TRAP 10
TEST_F(ProcessTest, LogsLinesThatTheHostCanRead) {
  PluginHost host(TestPlugin({{"TF_LOG", "TRACE"}, {"GRPC_VERBOSITY", "debug"}, {"GRPC_TRACE", "http"}}));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_TRUE(Call(host, "log", "two\nlines, \x1b[1m and " + std::string(100'000, 'x')).status.ok());
  EXPECT_TRUE(Call(host, "log", "the last").status.ok());
  EXPECT_TRUE(host.WaitForStderr("the last"));
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(host.Wait(kSoon), kExitShutdown);
  const std::regex timestamp(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d))");
  int lines = 0;
  const std::string text = host.Stderr();
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    ++lines;
    EXPECT_LT(line.size(), 65'536u);
    const auto json = nlohmann::json::parse(line.begin(), line.end(), nullptr, /*allow_exceptions=*/false);
    ASSERT_TRUE(json.is_object()) << line;
    for (const char* key : {"@level", "@message", "@timestamp"})
      EXPECT_TRUE(json.value(key, nlohmann::json()).is_string());
    EXPECT_TRUE(std::regex_match(json["@timestamp"].get<std::string>(), timestamp));
  }
  EXPECT_GT(lines, 2);
}

// MUST 38
TEST_F(ProcessTest, ACrashIsReportedAsAPanic) {
  for (const char* how : {"segfault", "throw"}) {
    PluginHost host(TestPlugin(environment_));
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    EXPECT_FALSE(Call(host, how, "canary", std::chrono::seconds(5)).status.ok());
    const auto exit = host.Wait();
    ASSERT_TRUE(exit.has_value());
    EXPECT_NE(*exit, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // Their reports take the place of ours.
    EXPECT_EQ(*exit, std::string(how) == "throw" ? -SIGABRT : -SIGSEGV);
    EXPECT_TRUE(host.WaitForStderr("  at 0x"));
    EXPECT_THAT("\n" + host.Stderr(), HasSubstr("\npanic: "));
    EXPECT_TRUE(NothingLeft());
#endif
    EXPECT_THAT(host.Stderr(), Not(HasSubstr("canary")));  // MUST 39
  }
}

// MUST 38
TEST_F(ProcessTest, ASignalFromOutsideIsReportedAsAPanic) {
  PluginHost host(TestPlugin(environment_));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  host.Signal(SIGABRT);
  EXPECT_EQ(host.Wait(), -SIGABRT);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_THAT(host.Stderr(), StartsWith("panic: SIGABRT"));
  EXPECT_TRUE(NothingLeft());
#endif
}

TEST_F(ProcessTest, SurvivesConnectionsThatCloseAtOnce) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  for (int i = 0; i < 50; ++i) {
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, host.handshake().address().c_str(), sizeof(address.sun_path) - 1);
    ASSERT_EQ(connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    if (i % 2 == 0) {
      EXPECT_GT(write(descriptor, "GET / HTTP/1.1\r\n\r\n", 18), 0);
    }
    close(descriptor);
  }
  EXPECT_EQ(Call(host, "echo", "x").text, "x");
}

}  // namespace
}  // namespace tfsdk::plugin
