#include "kube/server_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace k8soidc::kube {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Server(const std::string& text) {
  const absl::StatusOr<std::string> url = ParseServerUrl(text);
  return url.ok() ? *url : "error: " + std::string(url.status().message());
}

std::string Host(const std::string& text) {
  const absl::StatusOr<std::string> url = ParseHostArgument(text);
  return url.ok() ? *url : "error: " + std::string(url.status().message());
}

TEST(ServerUrlTest, KeepsAPathWithoutTheLastSlash) {
  EXPECT_EQ(Server("https://rancher.example/k8s/clusters/c-abc"),
            "https://rancher.example/k8s/clusters/c-abc");
  EXPECT_EQ(Server("https://rancher.example/k8s/clusters/c-abc/"),
            "https://rancher.example/k8s/clusters/c-abc");
  EXPECT_EQ(Server("https://a.example:6443/"), "https://a.example:6443");
  EXPECT_EQ(Server("https://a.example:443"), "https://a.example");
  EXPECT_EQ(Server("HTTPS://a.example"), "https://a.example");
  EXPECT_EQ(Server("https://[2001:db8::1]:6443/x"), "https://[2001:db8::1]:6443/x");
}

TEST(ServerUrlTest, CleansThePathAsKubectlDoes) {
  EXPECT_EQ(Server("https://a.example//x///y/./z/../w"), "https://a.example/x/y/w");
  EXPECT_EQ(Server("https://a.example/../.."), "https://a.example");
}

TEST(ServerUrlTest, TakesPlainHttp) {
  EXPECT_EQ(Server("http://localhost:8001"), "http://localhost:8001");
  EXPECT_EQ(Server("HTTP://a.example:80/x/"), "http://a.example/x");
  EXPECT_TRUE(IsPlainHttp("http://a.example"));
  EXPECT_FALSE(IsPlainHttp("https://a.example"));
}

TEST(ServerUrlTest, RefusesOtherSchemesAndNone) {
  EXPECT_THAT(Server("a.example:6443"), HasSubstr("write https:// before it"));
  EXPECT_THAT(Server("unix:///var/run/socket"), HasSubstr("error:"));
}

TEST(ServerUrlTest, RefusesUserinfoQueryAndFragmentWithoutShowingThem) {
  for (const char* url :
       {"https://user:hunter2@a.example", "https://a.example/?token=hunter2", "https://a.example/#hunter2"}) {
    EXPECT_THAT(Server(url), HasSubstr("error:")) << url;
    EXPECT_THAT(Server(url), Not(HasSubstr("hunter2")));
  }
  EXPECT_THAT(Server("https://a.example?x"), HasSubstr("query"));
}

TEST(ServerUrlTest, RefusesWhatIsNoUrl) {
  for (const char* url : {"https://", "https://a b", "https://a.example:99999", "https://a.example:0",
                          "https://a.example:x", "https://[::1", "https://a\nb"}) {
    EXPECT_THAT(Server(url), HasSubstr("error:")) << url;
  }
}

TEST(ServerUrlTest, ABareHostArgumentMeansHttps) {
  EXPECT_EQ(Host("a.example"), "https://a.example");
  EXPECT_EQ(Host("10.0.0.1:6443"), "https://10.0.0.1:6443");
  EXPECT_EQ(Host("a.example/k8s"), "https://a.example/k8s");
  EXPECT_EQ(Host("https://a.example"), "https://a.example");
  EXPECT_EQ(Host("http://127.0.0.1:8001"), "http://127.0.0.1:8001");
  EXPECT_THAT(Host("user:hunter2@a.example"), HasSubstr("error:"));
}

}  // namespace
}  // namespace k8soidc::kube
