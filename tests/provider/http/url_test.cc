#include "http/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/http.h"

namespace k8soidc::http {
namespace {

TEST(UrlTest, SplitsWhatItAccepts) {
  const auto url = ParseUrl("https://Example.com:6443/k8s/clusters/c-1?a=b#c");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->host, "Example.com");
  EXPECT_EQ(url->port, 6443);
  EXPECT_EQ(url->path, "/k8s/clusters/c-1");
  EXPECT_EQ(url->query, "a=b");
  EXPECT_TRUE(url->has_query);
  EXPECT_TRUE(url->has_fragment);
  EXPECT_EQ(url->Authority(), "example.com:6443");
  EXPECT_EQ(url->HostHeader(), "Example.com:6443");
}

TEST(UrlTest, FillsInPortAndPath) {
  const auto url = ParseUrl("HTTPS://h");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->port, 443);
  EXPECT_EQ(url->path, "/");
  EXPECT_EQ(url->HostHeader(), "h");
  EXPECT_EQ(url->Authority(), "h:443");
  EXPECT_FALSE(url->has_query);
  EXPECT_FALSE(url->has_fragment);
}

TEST(UrlTest, TakesPlainHttpOnlyWhereAskedTo) {
  EXPECT_EQ(ParseUrl("https://h:80/")->Origin(), "https://h:80");
  const auto url = ParseHttpOrHttpsUrl("HTTP://H/a");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->scheme, Url::Scheme::kHttp);
  EXPECT_EQ(url->port, 80);
  EXPECT_EQ(url->HostHeader(), "H");
  EXPECT_EQ(url->Origin(), "http://h:80");
  EXPECT_EQ(ParseHttpOrHttpsUrl("http://h:443/")->HostHeader(), "h:443");
  EXPECT_EQ(ParseHttpOrHttpsUrl("https://h/")->Origin(), "https://h:443");
  for (const char* const text :
       {"http:///path", "http://user@h/", "ftp://h/", "h:80", "http://h:0/", "http:h"}) {
    EXPECT_EQ(ErrorReason(ParseHttpOrHttpsUrl(text).status()), "bad_request") << text;
  }
}

TEST(UrlTest, KeepsThePathAsWritten) {
  for (const char* const path : {"/", "/a/../b", "/a/./b", "/a//b", "/a%2fb", "/a/", "/%41"}) {
    const auto url = ParseUrl(std::string("https://h") + path);
    ASSERT_TRUE(url.ok()) << url.status();
    EXPECT_EQ(url->path, path);
  }
}

TEST(UrlTest, ReadsAddresses) {
  const auto v6 = ParseUrl("https://[fd00::1]:6443/");
  ASSERT_TRUE(v6.ok()) << v6.status();
  EXPECT_EQ(v6->host, "fd00::1");
  EXPECT_EQ(v6->Authority(), "[fd00::1]:6443");
  // Written another way, it is the same host to everybody who asks.
  for (const char* const text : {"https://2130706433/", "https://0x7f.1/", "https://017700000001/"}) {
    const auto v4 = ParseUrl(text);
    ASSERT_TRUE(v4.ok()) << v4.status();
    EXPECT_EQ(v4->host, "127.0.0.1") << text;
  }
}

TEST(UrlTest, NoticesAnEmptyQueryOrFragment) {
  EXPECT_TRUE(ParseUrl("https://h/?")->has_query);
  EXPECT_TRUE(ParseUrl("https://h/#")->has_fragment);
  EXPECT_FALSE(ParseUrl("https://h/#?")->has_query);
}

TEST(UrlTest, RefusesWhatIsNoPlainHttpsUrl) {
  for (const std::string& text : std::vector<std::string>{"",
                                                          "h",
                                                          "//h/",
                                                          "/path",
                                                          "h:443",
                                                          "http://h/",
                                                          "ftp://h/",
                                                          "file:///etc/passwd",
                                                          "https:/h",
                                                          "https:h",
                                                          "https://",
                                                          "https:///path",
                                                          "https://:443/",
                                                          "https://.h/",
                                                          "https://user@h/",
                                                          "https://user:pw@h/",
                                                          "https://@h/",
                                                          "https://good\\@evil/",
                                                          "https://good%2fevil/",
                                                          "https://h:0/",
                                                          "https://h:65536/",
                                                          "https://h:-1/",
                                                          "https://h:x/",
                                                          "https://h /",
                                                          " https://h/",
                                                          "https://h/\n",
                                                          "https://h/a b",
                                                          "https://h/\t",
                                                          std::string("https://h/\0x", 12),
                                                          "https://h\xc3\xa4.example/",
                                                          "https://xn--\xe2\x80\x8b/",
                                                          "https://[::1%25eth0]/",
                                                          "https://[fe80::1%25lo]/",
                                                          "https://[::1/",
                                                          "https://[::g]/",
                                                          "https://h/\"",
                                                          "https://\"host\":443/openid/v1/jwks",
                                                          "https://h/<x>",
                                                          "https://h/{x}",
                                                          "https://" + std::string(254, 'h') + "/",
                                                          "https://h/" + std::string(8192, 'x')}) {
    const auto url = ParseUrl(text);
    EXPECT_FALSE(url.ok()) << text << " has the host " << url->host;
    if (url.ok()) continue;
    EXPECT_EQ(url.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(ErrorReason(url.status()), "bad_request") << text;
    EXPECT_THAT(std::string(url.status().message()), ::testing::HasSubstr(" cannot be used as a URL: "))
        << text;
  }
}

TEST(UrlTest, AnAtSignInTheFragmentNamesNoHost) {
  const auto url = ParseUrl("https://good#@evil/");
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(url->host, "good");
}

TEST(UrlTest, AcceptsTheLongestHostAndUrl) {
  EXPECT_TRUE(ParseUrl("https://" + std::string(253, 'h') + "/").ok());
  EXPECT_TRUE(ParseUrl("https://h/" + std::string(8192 - 10, 'x')).ok());
}

}  // namespace
}  // namespace k8soidc::http
