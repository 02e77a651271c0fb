#include "kube/request_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace k8soidc::kube {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using tfsdk::Secret;

std::vector<std::string> Lines(const Impersonation& impersonation) {
  std::vector<std::string> lines;
  for (const http::Header& header : ImpersonationHeaders(impersonation)) {
    lines.push_back(absl::StrCat(header.name, ": ", header.value));
  }
  return lines;
}

// client-go, transport/round_trippers_test.go: TestImpersonationRoundTripper and TestHeaderEscapeRoundTrip.
TEST(ImpersonationHeadersTest, AreThoseOfClientGo) {
  EXPECT_THAT(Lines({}), IsEmpty());
  EXPECT_THAT(Lines({.user = "user"}), ElementsAre("Impersonate-User: user"));
  EXPECT_THAT(Lines({.user = "user", .groups = {"one", "two"}}),
              ElementsAre("Impersonate-User: user", "Impersonate-Group: one", "Impersonate-Group: two"));
  EXPECT_THAT(Lines({.user = "user", .uid = "uid-a", .extra = {{"first", {"A", "a"}}, {"second", {"B"}}}}),
              ElementsAre("Impersonate-User: user", "Impersonate-Uid: uid-a", "Impersonate-Extra-first: A",
                          "Impersonate-Extra-first: a", "Impersonate-Extra-second: B"));
  EXPECT_THAT(Lines({.user = "user",
                     .extra = {{"Test.Example.Com/Thing.Thing", {"v"}},
                               {"alpha-._~!#$%&'*+^`|", {"v"}},
                               {"key/\xe1\x9b\x8f", {"v"}},
                               {"with space", {"v"}}}}),
              ElementsAre("Impersonate-User: user", "Impersonate-Extra-test.example.com%2Fthing.thing: v",
                          "Impersonate-Extra-alpha-._~!#$%25&'*+^`|: v",
                          "Impersonate-Extra-key%2F%E1%9B%8F: v",  //
                          "Impersonate-Extra-with%20space: v"));
}

TEST(ImpersonationHeadersTest, RefusesWhatCannotBeSent) {
  const auto first = [](const Impersonation& impersonation) {
    const std::vector<ImpersonationError> errors = CheckImpersonation(impersonation, true);
    return errors.empty() ? std::string("fine") : absl::StrCat(errors[0].field, " ", errors[0].message);
  };
  EXPECT_EQ(first({}), "fine");
  EXPECT_EQ(first({.user = "system:serviceaccount:a:b", .groups = {"g"}, .extra = {{"k", {""}}}}), "fine");
  EXPECT_THAT(first({.uid = "1"}), HasSubstr("user is missing"));
  EXPECT_THAT(first({.groups = {"g"}}), HasSubstr("user is missing"));
  EXPECT_THAT(first({.extra = {{"k", {"v"}}}}), HasSubstr("user is missing"));
  EXPECT_THAT(first({.user = "jane\r\nX-Evil: 1"}), HasSubstr("user has control characters"));
  EXPECT_THAT(first({.user = "jane", .uid = std::string("a\0b", 3)}), HasSubstr("uid has control"));
  EXPECT_THAT(first({.user = "jane", .groups = {"g\n"}}), HasSubstr("groups has control"));
  EXPECT_THAT(first({.user = "jane", .groups = {""}}), HasSubstr("a group without a name"));
  EXPECT_THAT(first({.user = " jane"}), HasSubstr("white space around it"));
  EXPECT_THAT(first({.user = "jane", .extra = {{"k", {"a\nb"}}}}), HasSubstr("extra has control"));
  EXPECT_THAT(first({.user = "jane", .extra = {{"", {"a"}}}}), HasSubstr("a key without a name"));
  EXPECT_THAT(first({.user = std::string(kMaxHeaderBytes + 1, 'x')}), HasSubstr("longer than 8192 bytes"));
  EXPECT_THAT(first({.user = "jane", .groups = std::vector<std::string>(300, "g")}),
              HasSubstr("more than 256 values"));
}

TEST(ExtraHeaderTest, RefusesOursAndPointsToTheRightArgument) {
  const auto refusal = [](absl::string_view name, const std::string& value = "v") {
    return std::string(CheckExtraHeader(name, Secret(value)).message());
  };
  EXPECT_EQ(refusal("X-Gateway-Key"), "");
  EXPECT_EQ(refusal("Cf-Access-Client-Secret", "hunter2"), "");
  EXPECT_THAT(refusal("Authorization"), HasSubstr("use token"));
  EXPECT_THAT(refusal("PROXY-authorization"), HasSubstr("proxy_url"));
  EXPECT_THAT(refusal("impersonate-user"), HasSubstr("the block impersonate"));
  EXPECT_THAT(refusal("Impersonate-Extra-x"), HasSubstr("the block impersonate"));
  for (const char* name :
       {"Host", "accept", "Accept-Encoding", "content-length", "Connection", "Transfer-Encoding"}) {
    EXPECT_THAT(refusal(name), HasSubstr("cannot be set here")) << name;
  }
  for (const char* name : {"", "a b", "a:b", "a\r\nb", "\xc3\xa9"}) {
    EXPECT_THAT(refusal(name), HasSubstr("no name of a header")) << name;
  }
  EXPECT_THAT(refusal("X", "hunter2\r\nY: 1"), AllOf(HasSubstr("control"), Not(HasSubstr("hunter2"))));
  EXPECT_EQ(refusal("X", std::string(kMaxHeaderBytes - 1, 'x')), "");
  EXPECT_THAT(refusal("X", std::string(kMaxHeaderBytes, 'x')), HasSubstr("longer than 8192 bytes"));
}

}  // namespace
}  // namespace k8soidc::kube
