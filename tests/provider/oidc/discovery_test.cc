#include "oidc/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace k8soidc::oidc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// As a Kubernetes API server writes it.
constexpr char kKubernetes[] =
    R"({"issuer":"https://kubernetes.default.svc.cluster.local","jwks_uri":"https://172.18.0.2:6443/openid/v1/jwks",)"
    R"("response_types_supported":["id_token"],"subject_types_supported":["public"],)"
    R"("id_token_signing_alg_values_supported":["RS256"]})";

std::string ErrorOf(absl::string_view text) {
  const auto discovery = ParseDiscovery(text);
  if (discovery.ok()) return "accepted";
  EXPECT_EQ(discovery.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(discovery.status().message());
}

TEST(DiscoveryTest, ReadsWhatAnApiServerServes) {
  const auto discovery = ParseDiscovery(kKubernetes);
  ASSERT_TRUE(discovery.ok()) << discovery.status();
  EXPECT_EQ(discovery->issuer, "https://kubernetes.default.svc.cluster.local");
  EXPECT_EQ(discovery->jwks_uri, "https://172.18.0.2:6443/openid/v1/jwks");
  EXPECT_THAT(discovery->response_types_supported, ElementsAre("id_token"));
  EXPECT_THAT(discovery->subject_types_supported, ElementsAre("public"));
  EXPECT_THAT(discovery->id_token_signing_alg_values_supported, ElementsAre("RS256"));
  EXPECT_THAT(discovery->warnings, IsEmpty());
}

TEST(DiscoveryTest, TakesOtherProvidersDocuments) {
  // EKS: an endpoint that is no URL. GKE: members nobody standardised. Entra: a null. AKS: a trailing slash.
  const auto discovery = ParseDiscovery(R"({
    "issuer": "https://eastus.oic.prod-aks.azure.example/0000/1111/",
    "jwks_uri": "https://eastus.oic.prod-aks.azure.example/0000/1111/openid/v1/jwks",
    "authorization_endpoint": "urn:kubernetes:programmatic_authorization",
    "grant_types": ["urn:kubernetes:grant_type:programmatic_authorization"],
    "cacheHeader": {"expires": ["x"]},
    "tenant_region_scope": null,
    "http_logout_supported": true,
    "response_types_supported": null,
    "subject_types_supported": ["public", "pairwise"]})");
  ASSERT_TRUE(discovery.ok()) << discovery.status();
  EXPECT_EQ(discovery->issuer, "https://eastus.oic.prod-aks.azure.example/0000/1111/");
  EXPECT_THAT(discovery->response_types_supported, IsEmpty());
  EXPECT_THAT(discovery->subject_types_supported, ElementsAre("public", "pairwise"));
  EXPECT_THAT(discovery->id_token_signing_alg_values_supported, IsEmpty());
  EXPECT_THAT(discovery->warnings, IsEmpty());
}

TEST(DiscoveryTest, WarnsOfAJwksUriThatNobodyCanUse) {
  const auto quotes =
      ParseDiscovery(R"({"issuer":"https://h","jwks_uri":"https://\"host\":443/openid/v1/jwks"})");
  ASSERT_TRUE(quotes.ok()) << quotes.status();
  EXPECT_EQ(quotes->jwks_uri, "https://\"host\":443/openid/v1/jwks");
  EXPECT_THAT(quotes->warnings, ElementsAre(HasSubstr("its jwks_uri is no https URL")));
  EXPECT_THAT(ParseDiscovery(R"({"issuer":"https://h","jwks_uri":"http://h/"})")->warnings,
              ElementsAre(HasSubstr("its jwks_uri is no https URL")));
}

TEST(DiscoveryTest, TakesADocumentWithoutJwksUri) {
  for (const char* const text : {R"({"issuer":"https://h"})", R"({"issuer":"https://h","jwks_uri":null})"}) {
    const auto discovery = ParseDiscovery(text);
    ASSERT_TRUE(discovery.ok()) << discovery.status();
    EXPECT_EQ(discovery->jwks_uri, std::nullopt);
    EXPECT_THAT(discovery->warnings, IsEmpty());
  }
}

TEST(DiscoveryTest, RefusesWhatIsNoDiscoveryDocument) {
  const std::pair<const char*, const char*> rows[] = {
      {"", "empty"},
      {"<!DOCTYPE html><title>Log in</title>", "the answer is a web page (perhaps a login page"},
      {"not json", "line 1"},
      {"[]", "it is no JSON object"},
      {"\"https://h\"", "it is no JSON object"},
      {"{}", "it has no issuer; this is another service"},
      {R"({"issuer":null})", "it has no issuer; this is another service"},
      {R"({"kind":"Status","status":"Failure"})", "it has no issuer; this is another service"},
      {R"({"issuer":["https://h"]})", "its issuer is no string"},
      {R"({"issuer":""})", "its issuer \"(empty)\" is empty"},
      {R"({"issuer":"https://h","issuer":"https://h"})", "\"issuer\""},
      {R"({"issuer":"https://h","jwks_uri":7})", "its jwks_uri is no string"},
      {R"({"issuer":"https://h","response_types_supported":"id_token"})",
       "its response_types_supported is no list of at most 200 strings"},
      {R"({"issuer":"https://h","subject_types_supported":["public",1]})",
       "its subject_types_supported is no list of at most 200 strings"},
      {R"({"issuer":"https://h"}{})", "line 1"},
      {R"({"issuer":"https://h")", "line 1"},
  };
  for (const auto& [text, sentence] : rows) EXPECT_THAT(ErrorOf(text), HasSubstr(sentence)) << text;
}

TEST(DiscoveryTest, BoundsItsLists) {
  const auto with = [](int count) {
    std::string list = "\"RS256\"";
    for (int i = 1; i < count; ++i) list += ",\"RS256\"";
    return absl::StrCat(R"({"issuer":"https://h","id_token_signing_alg_values_supported":[)", list, "]}");
  };
  EXPECT_EQ(ErrorOf(with(200)), "accepted");
  EXPECT_THAT(ErrorOf(with(201)), HasSubstr("is no list of at most 200 strings"));
}

TEST(CheckIssuerTest, AcceptsIssuersThatExist) {
  for (const char* const issuer :
       {"https://kubernetes.default.svc.cluster.local", "https://kubernetes.default.svc",
        "https://oidc.eks.eu-west-1.amazonaws.example/id/0123456789ABCDEF0123456789ABCDEF",
        "https://container.googleapis.example/v1/projects/p/locations/l/clusters/c",
        "https://eastus.oic.prod-aks.azure.example/0000/1111/", "https://10.0.0.1:6443",
        "https://[fd00::1]:6443", "https://h:443", "https://Example.COM/A%2FB",
        "https://xn--bcher-kva.example", "https://h//x"}) {
    EXPECT_TRUE(CheckIssuer(issuer).ok()) << CheckIssuer(issuer);
  }
}

TEST(CheckIssuerTest, RefusesTheRest) {
  for (const std::string& issuer : std::vector<std::string>{"",
                                                            "kubernetes/serviceaccount",
                                                            "api",
                                                            "http://h",
                                                            "HTTPS://h",
                                                            "https://",
                                                            "https:///p",
                                                            "https://u@h",
                                                            "https://u:p@h",
                                                            "https://h?q",
                                                            "https://h/?",
                                                            "https://h#f",
                                                            "https://h/#",
                                                            "https://h:0",
                                                            "https://h:65536",
                                                            "https://h/../x",
                                                            "https://h/x/..",
                                                            "https://h/./x",
                                                            "https://h\\x",
                                                            "https://h/a b",
                                                            "https://h\t",
                                                            "https://h\n",
                                                            " https://h",
                                                            "https://h ",
                                                            std::string("https://h\0", 10),
                                                            "https://b\xc3\xbc.example",
                                                            "https://[fe80::1%25eth0]",
                                                            "https://\xd0\xb0pple.example",
                                                            "https://h/\xe2\x80\x8d"}) {
    EXPECT_EQ(CheckIssuer(issuer).code(), absl::StatusCode::kInvalidArgument) << issuer;
  }
}

TEST(CheckIssuerTest, AcceptsTheLongestAndNoLonger) {
  EXPECT_TRUE(CheckIssuer(absl::StrCat("https://h/", std::string(2048 - 10, 'x'))).ok());
  EXPECT_THAT(std::string(CheckIssuer(absl::StrCat("https://h/", std::string(2048 - 9, 'x'))).message()),
              HasSubstr("is longer than 2048 bytes"));
}

TEST(DiscoveryUrlTest, LeavesOutOneTrailingSlash) {
  EXPECT_EQ(DiscoveryUrl("https://h"), "https://h/.well-known/openid-configuration");
  EXPECT_EQ(DiscoveryUrl("https://h/"), "https://h/.well-known/openid-configuration");
  EXPECT_EQ(DiscoveryUrl("https://h/a/"), "https://h/a/.well-known/openid-configuration");
  EXPECT_EQ(DiscoveryUrl("https://h/a//"), "https://h/a//.well-known/openid-configuration");
}

TEST(IssuerHostPathTest, KeepsAllButTheScheme) {
  EXPECT_EQ(IssuerHostPath("https://h"), "h");
  EXPECT_EQ(IssuerHostPath("https://h:8443/a/"), "h:8443/a/");
}

}  // namespace
}  // namespace k8soidc::oidc
