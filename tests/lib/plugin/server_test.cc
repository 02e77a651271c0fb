// How a plugin process starts and serves: test_plugin, driven over its pipes and its socket.

#include "tfsdk/plugin/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "grpc_health.grpc.pb.h"
#include "grpc_stdio.grpc.pb.h"
#include "lib/plugin/test_plugin_host.h"
#include "tfplugin5.grpc.pb.h"

namespace tfsdk::plugin {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
using tfsdk::testing::PluginHost;

// A directory of its own for each test.
class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/server-test-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  int FilesLeft() const {
    return static_cast<int>(std::distance(fs::recursive_directory_iterator(directory_), {}));
  }

  std::string directory_;
};

mode_t ModeOf(const std::string& path) {
  struct stat status = {};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 07777 : 0;
}

// MUST 1
TEST_F(ServerTest, StartedByHandItExplainsItselfAndEndsWithOne) {
  for (const std::optional<std::string>& cookie : {std::optional<std::string>(), {"wrong"}}) {
    PluginHost host(TestPlugin({{"TEST_COOKIE", cookie}, {"TMPDIR", directory_}}));
    EXPECT_FALSE(host.Start().ok());
    EXPECT_EQ(host.Wait(), kExitCannotServe);
    EXPECT_EQ(host.Stdout(), "");
    EXPECT_TRUE(host.WaitForStderr("its host starts it"));
  }
  EXPECT_EQ(FilesLeft(), 0);
}

// MUST 2, 3, 4, 12, TRAP 5
TEST_F(ServerTest, FirstBytesOnStdoutAreALineOfSixFields) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_THAT(host.handshake().fields, SizeIs(6));
  EXPECT_THAT(host.handshake().line, StartsWith("1|6|unix|/"));
  EXPECT_EQ(host.handshake().fields[4], "grpc");
  EXPECT_EQ(host.Stdout(), "");
}

// MUST 5, 6, 7
TEST_F(ServerTest, SpeaksTheVersionThatWasAgreedOn) {
  const std::pair<const char*, int> cases[] = {{"5,6", 6}, {"6,5", 6}, {"5", 5},
                                               {"", 5},    {"7", 5},   {"x,6", 6}};
  for (const auto& [offered, expected] : cases) {
    PluginHost host(TestPlugin({{"PLUGIN_PROTOCOL_VERSIONS", offered}}));
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    EXPECT_EQ(host.handshake().version(), expected) << offered;
    const auto channel = host.Connect();
    EXPECT_EQ(CallOver(channel, "echo", "x").status.ok(), expected == 6);
    grpc::ClientContext context;
    tfplugin5::CallFunction::Request request;
    tfplugin5::CallFunction::Response response;
    const auto status = tfplugin5::Provider::NewStub(channel)->CallFunction(&context, request, &response);
    EXPECT_EQ(status.ok(), expected == 5);
  }
}

// MUST 8, 13: the connection below is made without waiting.
TEST_F(ServerTest, ListensBeforeItWritesTheLine) {
  for (int i = 0; i < 10; ++i) {
    PluginHost host(TestPlugin());
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    struct stat status = {};
    EXPECT_EQ(stat(host.handshake().address().c_str(), &status), 0);
    EXPECT_TRUE(S_ISSOCK(status.st_mode));
    const auto answer = CallOver(host.Connect(), "echo", "at once", std::chrono::seconds(2));
    EXPECT_TRUE(answer.status.ok()) << answer.status.error_message();
  }
}

// MUST 9
TEST_F(ServerTest, ListensOnLoopbackWithinThePortRangeWhenAskedForTcp) {
  std::vector<std::unique_ptr<PluginHost>> hosts;
  for (int i = 0; i < 3; ++i) {
    hosts.push_back(std::make_unique<PluginHost>(TestPlugin(
        {{"TEST_PLUGIN_NETWORK", "tcp"}, {"PLUGIN_MIN_PORT", "23450"}, {"PLUGIN_MAX_PORT", "23470"}})));
    ASSERT_TRUE(hosts.back()->Start().ok()) << hosts.back()->Stderr();
    EXPECT_THAT(hosts.back()->handshake().line, StartsWith("1|6|tcp|127.0.0.1:234"));
    EXPECT_EQ(Call(*hosts.back(), "echo", "over TCP").text, "over TCP");
  }
  EXPECT_NE(hosts[0]->handshake().address(), hosts[1]->handshake().address());
  EXPECT_NE(hosts[1]->handshake().address(), hosts[2]->handshake().address());
}

TEST_F(ServerTest, SaysSoWhenEveryPortIsTaken) {
  const Variables one_port = {
      {"TEST_PLUGIN_NETWORK", "tcp"}, {"PLUGIN_MIN_PORT", "23471"}, {"PLUGIN_MAX_PORT", "23471"}};
  PluginHost first(TestPlugin(one_port));
  ASSERT_TRUE(first.Start().ok()) << first.Stderr();
  PluginHost second(TestPlugin(one_port));
  EXPECT_FALSE(second.Start().ok());
  EXPECT_EQ(second.Wait(), kExitCannotServe);
  EXPECT_TRUE(second.WaitForStderr("(23471 to 23471) is taken"));
  EXPECT_EQ(second.Stdout(), "");
}

// MUST 10
TEST_F(ServerTest, PutsTheSocketWhereTheHostWantsIt) {
  const std::string odd = directory_ + "/a b%41#?";  // None of these may be read as part of a URI.
  fs::create_directory(odd);
  PluginHost host(TestPlugin({{"PLUGIN_UNIX_SOCKET_DIR", odd}, {"TMPDIR", "/nowhere"}}));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_THAT(host.handshake().address(), StartsWith(odd + "/"));
  EXPECT_EQ(Call(host, "echo", "there").text, "there");
}

TEST_F(ServerTest, RefusesASocketDirectoryItCannotUse) {
  for (const std::string& bad :
       {directory_ + "/missing", directory_ + "/" + std::string(120, 'x'), directory_ + "/a|b"}) {
    PluginHost host(TestPlugin({{"PLUGIN_UNIX_SOCKET_DIR", bad}}));
    EXPECT_FALSE(host.Start().ok());
    EXPECT_EQ(host.Wait(), kExitCannotServe);
    EXPECT_EQ(host.Stdout(), "");
    EXPECT_TRUE(host.WaitForStderr("PLUGIN_UNIX_SOCKET_DIR"));
    EXPECT_TRUE(host.WaitForStderr(directory_));
  }
}

// MUST 11
TEST_F(ServerTest, SharesTheSocketWithTheGroupTheHostNames) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may give files to a group it is not in";
  for (const char* group : {"daemon", "1"}) {
    PluginHost host(TestPlugin({{"PLUGIN_UNIX_SOCKET_GROUP", group}, {"TMPDIR", directory_}}));
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    struct stat status = {};
    ASSERT_EQ(stat(host.handshake().address().c_str(), &status), 0);
    EXPECT_EQ(status.st_gid, 1u);
    EXPECT_EQ(status.st_mode & 07777, 0660u);
    const std::string parent = fs::path(host.handshake().address()).parent_path();
    EXPECT_EQ(ModeOf(parent), 0710u);
    EXPECT_TRUE(host.Shutdown().ok());
  }
}

// MUST 11
TEST_F(ServerTest, RefusesAGroupThatDoesNotExist) {
  PluginHost host(TestPlugin({{"PLUGIN_UNIX_SOCKET_GROUP", "no-such-group"}, {"TMPDIR", directory_}}));
  EXPECT_FALSE(host.Start().ok());
  EXPECT_EQ(host.Wait(), kExitCannotServe);
  EXPECT_EQ(host.Stdout(), "");
  EXPECT_TRUE(host.WaitForStderr("\"no-such-group\""));
  EXPECT_EQ(FilesLeft(), 0);
}

// MUST 12
TEST_F(ServerTest, WritesASeventhFieldForAHostThatMultiplexes) {
  PluginHost host(TestPlugin({{"PLUGIN_MULTIPLEX_GRPC", "true"}}));
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  ASSERT_THAT(host.handshake().fields, SizeIs(7));
  EXPECT_EQ(host.handshake().fields[6], "false");
  EXPECT_EQ(Call(host, "echo", "x").text, "x");
}

// MUST 14
TEST_F(ServerTest, KeepsItsSocketPrivateWhateverTheUmask) {
  const mode_t before = umask(0);
  PluginHost host(TestPlugin({{"TMPDIR", directory_}}));
  const absl::Status started = host.Start();
  umask(before);
  ASSERT_TRUE(started.ok()) << host.Stderr();
  EXPECT_EQ(ModeOf(host.handshake().address()), 0600u);
  EXPECT_EQ(ModeOf(fs::path(host.handshake().address()).parent_path()), 0700u);
}

// MUST 14
TEST_F(ServerTest, FallsBackToTmpWhenTmpdirCannotBeUsed) {
  fs::create_directory(directory_ + "/" + std::string(90, 'x'));
  for (const std::string& bad : {std::string("/nowhere"), directory_ + "/" + std::string(90, 'x')}) {
    PluginHost host(TestPlugin({{"TMPDIR", bad}}));
    ASSERT_TRUE(host.Start().ok()) << host.Stderr();
    EXPECT_THAT(host.handshake().address(), StartsWith("/tmp/plugin-"));
    EXPECT_LT(host.handshake().address().size(), 108u);
    EXPECT_EQ(Call(host, "echo", "x").text, "x");
  }
}

TEST_F(ServerTest, MakesARelativeTmpdirAbsolute) {
  auto options = TestPlugin({{"TMPDIR", "."}, {"PWD", "/nowhere"}});
  options.working_directory = directory_;
  PluginHost host(options);
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_THAT(host.handshake().address(), StartsWith(directory_ + "/"));
}

// MUST 23
TEST_F(ServerTest, IsHealthy) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto health = grpc::health::v1::Health::NewStub(host.Connect());
  const auto check = [&](const std::string& service) {
    grpc::ClientContext context;
    grpc::health::v1::HealthCheckRequest request;
    request.set_service(service);
    grpc::health::v1::HealthCheckResponse response;
    const grpc::Status status = health->Check(&context, request, &response);
    return std::pair(status.error_code(), static_cast<int>(response.status()));
  };
  const int serving = grpc::health::v1::HealthCheckResponse::SERVING;
  EXPECT_EQ(check("plugin"), std::pair(grpc::StatusCode::OK, serving));
  EXPECT_EQ(check(""), std::pair(grpc::StatusCode::OK, serving));
  EXPECT_EQ(check("other").first, grpc::StatusCode::NOT_FOUND);
}

// MUST 24
TEST_F(ServerTest, AnswersUnknownMethodsWithUnimplemented) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto channel = host.Connect();
  grpc::ClientContext context;
  tfplugin6::StopProvider::Response response;
  const auto stub = tfplugin6::Provider::NewStub(channel);
  EXPECT_EQ(stub->StopProvider(&context, {}, &response).error_code(), grpc::StatusCode::UNIMPLEMENTED);
  grpc::ClientContext other;
  tfplugin5::Stop::Response stop;
  EXPECT_EQ(tfplugin5::Provider::NewStub(channel)->Stop(&other, {}, &stop).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(CallOver(channel, "echo", "still there").text, "still there");
}

// MUST 25, TRAP 13
TEST_F(ServerTest, TakesAndSendsMessagesOfAQuarterOfAGigabyte) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto channel = host.Connect();
  const std::string large(255 * 1024 * 1024, 'x');
  EXPECT_EQ(CallOver(channel, "size", large).text, absl::StrCat(large.size()));
  EXPECT_EQ(CallOver(channel, "echo", large.substr(0, 64 * 1024 * 1024)).text.size(), 64u * 1024 * 1024);
  const std::string too_large(257 * 1024 * 1024, 'x');
  EXPECT_EQ(CallOver(channel, "size", too_large).status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// MUST 26
TEST_F(ServerTest, ServesManyCallsAtOnce) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto channel = host.Connect();
  std::vector<std::future<Answer>> waiting;
  for (int i = 0; i < 64; ++i) {
    waiting.push_back(std::async(std::launch::async, [&] { return CallOver(channel, "wait"); }));
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  std::string count;
  while (count != "64" && std::chrono::steady_clock::now() < end) count = CallOver(channel, "waiting").text;
  EXPECT_EQ(count, "64");
  EXPECT_TRUE(host.Shutdown().ok());
  for (auto& call : waiting) EXPECT_EQ(call.get().text, "woken");
}

// MUST 34
TEST_F(ServerTest, IgnoresFieldsItDoesNotKnow) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  grpc::ClientContext context;
  tfplugin6::CallFunction::Request request;
  request.set_name("echo");
  request.add_arguments()->set_msgpack("x");
  request.GetReflection()->MutableUnknownFields(&request)->AddLengthDelimited(4711,
                                                                              "of a later minor version");
  tfplugin6::CallFunction::Response response;
  const auto status =
      tfplugin6::Provider::NewStub(host.Connect())->CallFunction(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.result().msgpack(), "x");
}

// MUST 30, TRAP 12: stdin is a pipe that stays silent and never ends, in every test here.
TEST_F(ServerTest, LooksAtNothingOfTheEnvironmentItDoesNotNeed) {
  auto options =
      TestPlugin({{"PWD", "/stale"}, {"LANG", std::nullopt}, {"HOME", std::nullopt}, {"PATH", std::nullopt}});
  options.binary = fs::relative(TEST_PLUGIN);
  options.argv0 = options.binary;
  if (geteuid() == 0) options.user = 54321;  // Without an entry in passwd.
  PluginHost host(options);
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_EQ(Call(host, "echo", "x").text, "x");
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(host.Wait(), 0);
}

// MUST 91
TEST_F(ServerTest, DebugModeNeedsNoHostAndServesWithoutTls) {
  auto options =
      TestPlugin({{"TEST_PLUGIN_DEBUG", "1"}, {"TEST_COOKIE", std::nullopt}, {"TMPDIR", directory_}});
  PluginHost host(options);
  EXPECT_FALSE(host.Start().ok());  // What it prints is no handshake line.
  std::string address;
  std::istringstream(host.Stdout().substr(sizeof("listening at ") - 1)) >> address;
  ASSERT_THAT(address, StartsWith(directory_));
  address.pop_back();  // The comma.
  EXPECT_THAT(host.Stdout(), HasSubstr(absl::StrCat("version 6, pid ", host.pid())));
  for (int run = 0; run < 3; ++run) {  // One process serves several runs.
    const auto channel = grpc::CreateChannel("unix:" + address, grpc::InsecureChannelCredentials());
    EXPECT_EQ(CallOver(channel, "echo", "x").text, "x");
  }
  host.Signal(SIGINT);
  EXPECT_EQ(host.Wait(), 0);
  EXPECT_EQ(FilesLeft(), 0);
}

}  // namespace
}  // namespace tfsdk::plugin
