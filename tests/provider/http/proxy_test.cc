#include "http/proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "http/http.h"
#include "json/strict_json.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

ProxyEnvironment EnvironmentOf(const std::map<std::string, std::string>& variables) {
  return ProxyEnvironment([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

absl::StatusOr<std::optional<Proxy>> ProxyFor(const std::map<std::string, std::string>& variables,
                                              const std::string& url) {
  return EnvironmentOf(variables).ProxyFor(*ParseHttpOrHttpsUrl(url));
}

TEST(ProxyEnvironmentTest, ChoosesWhatGoChooses) {
  std::ifstream file(std::string(TEST_DATA_DIR) + "/proxy/environment.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto rows = json::Parse(text.str());
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_GE(rows->size(), 140u);
  for (const nlohmann::json& row : *rows) {
    const auto proxy = ProxyFor(row["env"].get<std::map<std::string, std::string>>(), row["url"]);
    EXPECT_EQ(!proxy.ok(), row.value("error", false)) << row << proxy.status();
    if (!proxy.ok()) continue;
    ASSERT_EQ(proxy->has_value(), !row["proxy"].is_null()) << row;
    if (!proxy->has_value()) continue;
    EXPECT_EQ((*proxy)->Url(), row["proxy"]) << row;
    EXPECT_EQ((*proxy)->username, row.value("username", "")) << row;
    EXPECT_EQ((*proxy)->password.Reveal(), row.value("password", "")) << row;
  }
}

TEST(ProxyEnvironmentTest, SaysWhichVariableNamesTheProxy) {
  const auto proxy = ProxyFor({{"https_proxy", "http://user:secret@p.example:3128"}}, "https://h/");
  ASSERT_TRUE(proxy.ok() && proxy->has_value());
  EXPECT_EQ((*proxy)->Describe(), "the proxy http://p.example:3128 (https_proxy)");
}

TEST(ProxyEnvironmentTest, RefusesWhatGoPassesOver) {
  for (const std::string& bad : std::vector<std::string>{
           "http://", "http://:3128", "socks4://p:1", "ftp://p:1", "http://p:0", "http://p:99999",
           "http://p q", "http://u:secret%zz@p:1", "user:secret@", "u:secret%00@p", "http://u:secret\n@p:1",
           "socks5://u:" + std::string(256, 's') + "ecret@p:1", "u:se://secret@p:1", "\"http://p:1\""}) {
    const auto refused = ProxyFor({{"HTTPS_PROXY", bad}}, "https://h/");
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(ErrorReason(refused.status()), "proxy_config") << bad;
    EXPECT_THAT(std::string(refused.status().message()),
                AllOf(HasSubstr("the variable HTTPS_PROXY is no proxy URL"), HasSubstr("NO_PROXY"),
                      Not(HasSubstr("secret"))))
        << bad;
    // Only where it would decide.
    EXPECT_TRUE(ProxyFor({{"HTTPS_PROXY", bad}}, "https://127.0.0.1/").ok()) << bad;
    EXPECT_TRUE(ProxyFor({{"HTTPS_PROXY", bad}, {"NO_PROXY", "h"}}, "https://h/").ok()) << bad;
    EXPECT_TRUE(ProxyFor({{"HTTP_PROXY", bad}}, "https://h/").ok()) << bad;
  }
}

TEST(ProxyEnvironmentTest, TakesNoProxyFromACgiRequest) {
  const auto refused = ProxyFor({{"HTTP_PROXY", "http://p:1"}, {"REQUEST_METHOD", "GET"}}, "http://h/");
  EXPECT_EQ(ErrorReason(refused.status()), "proxy_config");
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("HTTP_PROXY is not used where REQUEST_METHOD"));
}

TEST(ProxyEnvironmentTest, IsNobodyWhenNothingIsSet) {
  EXPECT_EQ(*ProxyEnvironment().ProxyFor(*ParseUrl("https://h/")), std::nullopt);
}

TEST(ParseProxyUrlTest, SplitsWhatItAccepts) {
  const auto proxy = ParseProxyUrl("SOCKS5h://us%65r:p%3Aw@[fd00::1]:1081/x", "cluster \"c\"");
  ASSERT_TRUE(proxy.ok()) << proxy.status();
  EXPECT_EQ(proxy->scheme, Proxy::Scheme::kSocks5h);
  EXPECT_EQ(proxy->host, "fd00::1");
  EXPECT_EQ(proxy->port, 1081);
  EXPECT_EQ(proxy->username, "user");
  EXPECT_EQ(proxy->password.Reveal(), "p:w");
  EXPECT_EQ(proxy->Url(), "socks5h://[fd00::1]:1081");
  EXPECT_EQ(proxy->Describe(), "the proxy socks5h://[fd00::1]:1081 (cluster \"c\")");
}

TEST(ParseProxyUrlTest, FillsInThePort) {
  for (const auto& [url, port] : std::map<std::string, int>{{"http://h", 80},
                                                            {"https://h/", 443},
                                                            {"socks5://h", 1080},
                                                            {"socks5h://[::1]", 1080},
                                                            {"http://h:", 80}}) {
    const auto proxy = ParseProxyUrl(url, "x");
    ASSERT_TRUE(proxy.ok()) << url << proxy.status();
    EXPECT_EQ(proxy->port, port) << url;
  }
}

TEST(ParseProxyUrlTest, RefusesWhatHasNoScheme) {
  for (const char* const bad : {"", "h", "h:3128", "//h:1", "socks4a://h", "user:secret@h:1"}) {
    const auto refused = ParseProxyUrl(bad, "x");
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_EQ(std::string(refused.status().message()),
              "is no proxy URL: it must start with http://, https://, socks5:// or socks5h://");
  }
  EXPECT_FALSE(ParseProxyUrl("http://" + std::string(8200, 'h'), "x").ok());
}

}  // namespace
}  // namespace k8soidc::http
