#include "tfsdk/plugin/handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/escaping.h"

namespace tfsdk::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

GetEnv Environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const char* name) -> const char* {
    const auto found = variables.find(name);
    return found == variables.end() ? nullptr : found->second.c_str();
  };
}

// MUST 1 (the process' side of it is in server_test.cc)
TEST(HandshakeTest, AcceptsTheCookieAndNothingElse) {
  const MagicCookie cookie = {"COOKIE", "value"};
  EXPECT_TRUE(HasCookie(cookie, Environment({{"COOKIE", "value"}})));
  EXPECT_FALSE(HasCookie(cookie, Environment({{"COOKIE", "value "}})));
  EXPECT_FALSE(HasCookie(cookie, Environment({{"COOKIE", ""}})));
  EXPECT_FALSE(HasCookie(cookie, Environment({})));
}

// MUST 5
TEST(HandshakeTest, PicksTheHighestCommonVersionInWhateverOrderTheyCome) {
  EXPECT_EQ(ChooseVersion({5, 6}, {5, 6}), 6);
  EXPECT_EQ(ChooseVersion({6, 5}, {5, 6}), 6);
  EXPECT_EQ(ChooseVersion({6, 5}, {6, 5}), 6);
  EXPECT_EQ(ChooseVersion({5}, {5, 6}), 5);
  EXPECT_EQ(ChooseVersion({4, 5, 6, 7}, {5, 6}), 6);
  EXPECT_EQ(ChooseVersion({5, 6}, {5}), 5);
}

// MUST 6
TEST(HandshakeTest, AnswersWithItsLowestVersionWhenNoneIsCommon) {
  EXPECT_EQ(ChooseVersion({}, {6, 5}), 5);
  EXPECT_EQ(ChooseVersion({7, 8}, {5, 6}), 5);
  EXPECT_THAT(ReadHostEnvironment(Environment({})).versions, IsEmpty());
  EXPECT_THAT(ReadHostEnvironment(Environment({{"PLUGIN_PROTOCOL_VERSIONS", ""}})).versions, IsEmpty());
}

// MUST 7
TEST(HandshakeTest, IgnoresVersionsThatAreNoNumbers) {
  const GetEnv environment =
      Environment({{"PLUGIN_PROTOCOL_VERSIONS", "x,6,,5.5, 5,99999999999999999999,0x7,6;5"}});
  EXPECT_THAT(ReadHostEnvironment(environment).versions, ElementsAre(6, 5));
}

TEST(HandshakeTest, ReadsWhatTheHostAskedFor) {
  const HostEnvironment host = ReadHostEnvironment(Environment({{"PLUGIN_CLIENT_CERT", "PEM"},
                                                                {"PLUGIN_UNIX_SOCKET_DIR", "/run/x"},
                                                                {"PLUGIN_UNIX_SOCKET_GROUP", "staff"},
                                                                {"PLUGIN_MULTIPLEX_GRPC", "true"}}));
  EXPECT_EQ(host.client_certificate, "PEM");
  EXPECT_EQ(host.socket_directory, "/run/x");
  EXPECT_EQ(host.socket_group, "staff");
  EXPECT_TRUE(host.multiplexing_offered);
  EXPECT_FALSE(ReadHostEnvironment(Environment({})).multiplexing_offered);
}

// MUST 9
TEST(HandshakeTest, ReadsThePortRange) {
  const auto ports = ReadPortRange(Environment({{"PLUGIN_MIN_PORT", "10000"}, {"PLUGIN_MAX_PORT", "25000"}}));
  ASSERT_TRUE(ports.ok()) << ports.status();
  EXPECT_THAT(*ports, Pair(10000, 25000));
  EXPECT_THAT(*ReadPortRange(Environment({})), Pair(0, 0));
}

TEST(HandshakeTest, RefusesAPortRangeThatIsNone) {
  for (const char* bad : {"x", "-1", "65536", "1e4"}) {
    const auto ports = ReadPortRange(Environment({{"PLUGIN_MIN_PORT", bad}, {"PLUGIN_MAX_PORT", "25000"}}));
    EXPECT_THAT(ports.status().message(), HasSubstr("PLUGIN_MIN_PORT must be a port number")) << bad;
  }
  const auto backwards =
      ReadPortRange(Environment({{"PLUGIN_MIN_PORT", "25000"}, {"PLUGIN_MAX_PORT", "10000"}}));
  EXPECT_THAT(backwards.status().message(), HasSubstr("PLUGIN_MAX_PORT must not be below"));
}

// MUST 3, 4, 12
TEST(HandshakeTest, WritesSixFieldsAndANewline) {
  EXPECT_EQ(HandshakeLine(6, Network::kUnix, "/tmp/plugin-1/socket", "abc", false),
            "1|6|unix|/tmp/plugin-1/socket|grpc|YWJj\n");
}

TEST(HandshakeTest, LeavesTheCertificateEmptyWithoutTls) {
  EXPECT_EQ(HandshakeLine(5, Network::kTcp, "127.0.0.1:10000", "", false), "1|5|tcp|127.0.0.1:10000|grpc|\n");
}

// MUST 12, TRAP 5
TEST(HandshakeTest, WritesASeventhFieldOnlyForAHostThatKnowsIt) {
  EXPECT_EQ(HandshakeLine(6, Network::kUnix, "/s", "abc", true), "1|6|unix|/s|grpc|YWJj|false\n");
  EXPECT_EQ(HandshakeLine(6, Network::kUnix, "/s", "", true), "1|6|unix|/s|grpc||false\n");
}

// MUST 17, TRAP 1
TEST(HandshakeTest, WritesTheCertificateWithoutPaddingWhateverItsLength) {
  for (const size_t length : {300u, 301u, 302u}) {
    const std::string certificate(length, '\xfb');  // Encodes as '+' and '/'.
    const std::string line = HandshakeLine(6, Network::kUnix, "/s", certificate, false);
    EXPECT_THAT(line, ::testing::Not(HasSubstr("=")));
    EXPECT_THAT(line, ::testing::Not(HasSubstr("-")));
    const std::string field = line.substr(sizeof("1|6|unix|/s|grpc|") - 1, line.size() - 18);
    EXPECT_EQ(field.size(), (length * 8 + 5) / 6);
    std::string decoded;
    EXPECT_TRUE(absl::Base64Unescape(field, &decoded));
    EXPECT_EQ(decoded, certificate);
  }
}

}  // namespace
}  // namespace tfsdk::plugin
