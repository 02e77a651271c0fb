#include "kube/errors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::Secret;

constexpr char kUrl[] = "https://a.example/openid/v1/jwks";

Cluster WithToken() {
  Cluster cluster;
  cluster.origin = "context \"dev\" of /dir/config";
  cluster.server = "https://a.example";
  cluster.bearer = {.description = "the token of user \"u\" (/dir/config, line 9)",
                    .token = Secret("hunter2")};
  return cluster;
}

Cluster Anonymous() {
  Cluster cluster = WithToken();
  cluster.bearer = {};
  return cluster;
}

// What an API server writes into a 403.
std::string Forbidden(const std::string& user) {
  return absl::StrCat(
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"forbidden: User \")",
      user, R"(\" cannot get path \"/openid/v1/jwks\"","reason":"Forbidden","details":{},"code":403})");
}

std::string Explain(int status, const Cluster& cluster, const std::string& body = "") {
  http::Response response;
  response.status = status;
  response.body = body;
  return std::string(ResponseToStatus(response, kUrl, cluster).message());
}

TEST(ErrorsTest, Only200IsSuccess) {
  http::Response response;
  response.status = 200;
  EXPECT_TRUE(ResponseToStatus(response, kUrl, WithToken()).ok());
  for (const int status : {100, 201, 204, 206, 301, 304, 400, 401, 403, 404, 406, 410, 418, 429, 500, 503}) {
    response.status = status;
    const absl::Status error = ResponseToStatus(response, kUrl, WithToken());
    EXPECT_FALSE(error.ok()) << status;
    EXPECT_EQ(http::ErrorReason(error), "http_status");
    EXPECT_THAT(std::string(error.message()),
                AllOf(HasSubstr(kUrl), HasSubstr(absl::StrCat(status)), Not(HasSubstr("hunter2"))));
  }
}

TEST(ErrorsTest, NotModifiedIsNoRedirect) {
  EXPECT_THAT(Explain(304, WithToken()), HasSubstr("only 200 is an answer to use"));
}

TEST(ErrorsTest, UnauthorizedNamesTheCredentialAndWhereItCameFrom) {
  EXPECT_THAT(Explain(401, WithToken()),
              AllOf(HasSubstr("does not accept the token of user \"u\" (/dir/config, line 9)"),
                    HasSubstr("context \"dev\" of /dir/config")));
  EXPECT_THAT(Explain(401, Anonymous()),
              HasSubstr("No credential was sent, because context \"dev\" of /dir/config has none"));
}

TEST(ErrorsTest, ForbiddenPrintsTheCommandForTheUserTheServerNamed) {
  EXPECT_THAT(
      Explain(403, WithToken(), Forbidden("jane@example.com")),
      AllOf(HasSubstr("The user \"jane@example.com\""),
            HasSubstr("kubectl create clusterrolebinding k8soidc-issuer-discovery "
                      "--clusterrole=system:service-account-issuer-discovery --user='jane@example.com'")));
  EXPECT_THAT(Explain(403, WithToken(), Forbidden("system:serviceaccount:atlantis:atlantis-sa")),
              HasSubstr("--serviceaccount=atlantis:atlantis-sa"));
  EXPECT_THAT(Explain(403, Anonymous(), Forbidden("system:anonymous")),
              AllOf(HasSubstr("No credential was sent"), HasSubstr("--group=system:unauthenticated")));
  EXPECT_THAT(Explain(403, WithToken(), Forbidden("system:anonymous")),
              AllOf(HasSubstr("took this for an anonymous request, though the token of user"),
                    HasSubstr("--group=")));
}

TEST(ErrorsTest, ForbiddenWithoutAUserSaysHowToFindIt) {
  for (const char* body : {"", "<html>Forbidden: hunter3</html>", R"({"message":"hunter3"})",
                           R"({"kind":"Status","message":5})", "[]", R"({"kind":["Status"]})"}) {
    EXPECT_THAT(Explain(403, WithToken(), body),
                AllOf(HasSubstr("kubectl auth whoami"), HasSubstr("system:service-account-issuer-discovery"),
                      Not(HasSubstr("hunter"))))
        << body;
  }
}

TEST(ErrorsTest, TheNameOfAUserIsTakenOnlyWhenItCanBePasted) {
  EXPECT_EQ(ForbiddenUser(Forbidden("jane doe")), "jane doe");
  EXPECT_EQ(ForbiddenUser(Forbidden(std::string(253, 'a'))), std::string(253, 'a'));
  for (const std::string& user :
       {std::string(), std::string(254, 'a'), std::string("a\\nb"), std::string("a\\u001bb"),
        std::string("j\xc3\xa9"), std::string("a\\\\b")}) {
    EXPECT_EQ(ForbiddenUser(Forbidden(user)), std::nullopt) << user;
  }
  EXPECT_EQ(ForbiddenUser(R"({"kind":"Status","message":"User \"x\" sells seashells"})"), std::nullopt);
  EXPECT_EQ(ForbiddenUser(R"({"kind":"Status","message":"User \"x"})"), std::nullopt);
}

TEST(ErrorsTest, TheCommandIsSafeToPaste) {
  EXPECT_THAT(GrantCommand("x'; rm -rf ~; '"), HasSubstr(R"(--user='x'\''; rm -rf ~; '\''')"));
  EXPECT_THAT(GrantCommand("$(reboot)"), HasSubstr("--user='$(reboot)'"));
  EXPECT_THAT(GrantCommand("system:serviceaccount:a:b c"), HasSubstr("--user='system:serviceaccount:a:b c'"));
  EXPECT_THAT(GrantCommand("system:serviceaccount:a"), HasSubstr("--user='system:serviceaccount:a'"));
}

// What API servers write: 1.36, when nothing may be impersonated; and any, of the one thing that may not be.
std::string MayNotImpersonate(const std::string& message) {
  return absl::StrCat(R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")",
                      message, R"(","reason":"Forbidden","details":{},"code":403})");
}
constexpr char kDeniedOn[] =
    R"(forbidden: User \"deputy\" cannot impersonate-on:user-info:get path \"/openid/v1/jwks\")";
constexpr char kDenied[] =
    R"(groups \"readers\" is forbidden: User \"deputy\" cannot impersonate resource \"groups\" in API group \"\" at the cluster scope)";

TEST(ErrorsTest, DeniedImpersonationPrintsTheCommandsThatAllowItAndNoMore) {
  Cluster cluster = WithToken();
  cluster.impersonation = {.user = "jane", .groups = {"readers", "it's"}};
  constexpr char kCommands[] =
      "Whoever administers the cluster can allow it: kubectl create clusterrole k8soidc-impersonator "
      "--verb=impersonate --resource=users,groups --resource-name='jane' --resource-name='readers' "
      "--resource-name='it'\\''s' && kubectl create clusterrolebinding k8soidc-impersonator "
      "--clusterrole=k8soidc-impersonator --user='deputy'";
  EXPECT_EQ(Explain(403, cluster, MayNotImpersonate(kDeniedOn)),
            absl::StrCat(kUrl,
                         " answered with status 403 Forbidden. The user \"deputy\" (the token of user \"u\" "
                         "(/dir/config, line 9)) may not act as \"jane\". ",
                         kCommands));
  EXPECT_THAT(Explain(403, cluster, MayNotImpersonate(kDenied)),
              HasSubstr(absl::StrCat(
                  "may not act as \"jane\": it lacks the right to impersonate \"groups\". ", kCommands)));
}

TEST(ErrorsTest, DeniedImpersonationOfAServiceAccountWithUidAndExtra) {
  Cluster cluster = WithToken();
  cluster.impersonation = {.user = "system:serviceaccount:atlantis:runner",
                           .uid = "4\"2",
                           .extra = {{"Example.com/why", {"tests"}}}};
  EXPECT_THAT(
      Explain(403, cluster, MayNotImpersonate(kDeniedOn)),
      HasSubstr(
          "kubectl create clusterrole k8soidc-impersonator --verb=impersonate "
          "--resource='serviceaccounts,userextras.authentication.k8s.io/example.com/why' "
          "--resource-name='runner' --resource-name='tests' && kubectl patch clusterrole "
          "k8soidc-impersonator --type=json --patch='[{\"op\":\"add\",\"path\":\"/rules/-\",\"value\":"
          "{\"apiGroups\":[\"authentication.k8s.io\"],\"resourceNames\":[\"4\\\"2\"],"
          "\"resources\":[\"uids\"],\"verbs\":[\"impersonate\"]}}]' && kubectl create clusterrolebinding "));
}

TEST(ErrorsTest, DeniedImpersonationOfWhatCannotBePastedHasNoCommand) {
  Cluster cluster = WithToken();
  cluster.impersonation = {.user = "jane\n; rm -rf ~"};
  EXPECT_THAT(Explain(403, cluster, MayNotImpersonate(kDeniedOn)),
              AllOf(HasSubstr("may not act as \"jane\\n; rm -rf ~\""), Not(HasSubstr("kubectl"))));
}

TEST(ErrorsTest, ImpersonationThatNobodyAskedForIsAGateways) {
  EXPECT_THAT(
      Explain(403, WithToken(), MayNotImpersonate(kDenied)),
      AllOf(
          HasSubstr("may not act as somebody else: it lacks the right to impersonate \"groups\". A gateway"),
          Not(HasSubstr("kubectl"))));
}

TEST(ErrorsTest, NotFoundExplainsTheIssuer) {
  EXPECT_THAT(Explain(404, WithToken()),
              AllOf(HasSubstr("404"), HasSubstr("--service-account-issuer"), HasSubstr("https")));
}

TEST(ErrorsTest, ARedirectIsRefusedAndItsTargetRedacted) {
  http::Response response;
  response.status = 302;
  response.location = "https://login.example/start?session=hunter2";
  EXPECT_THAT(
      std::string(ResponseToStatus(response, kUrl, WithToken()).message()),
      AllOf(HasSubstr("https://login.example/start"), HasSubstr("not followed"), Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace k8soidc::kube
