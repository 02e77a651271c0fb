#include "oidc/issuer_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "http/curl_transport.h"
#include "support/fake_transport.h"
#include "support/raw_server.h"

namespace k8soidc::oidc {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kUrl[] = "https://issuer.example/.well-known/openid-configuration";

std::string Document(absl::string_view issuer, absl::string_view jwks_uri) {
  return absl::StrCat(R"({"issuer":")", issuer, R"(","jwks_uri":")", jwks_uri, R"("})");
}

class IssuerClientTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::string> Discover() {
    return FetchDiscovery(fake_, tfsdk::CancelToken(), endpoint_, {});
  }
  absl::StatusOr<FetchedKeys> Keys() { return FetchKeys(fake_, tfsdk::CancelToken(), endpoint_, {}, false); }

  FakeTransport fake_;
  IssuerEndpoint endpoint_{.issuer = "https://issuer.example", .ca_certificates = ""};
};

TEST_F(IssuerClientTest, ReadsTheDocumentOfAnIssuer) {
  fake_.Answer(kUrl,
               {.status = 200, .body = Document("https://issuer.example", "https://keys.example/jwks")});
  const auto document = Discover();
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(*document, Document("https://issuer.example", "https://keys.example/jwks"));
}

TEST_F(IssuerClientTest, FollowsTheJwksUriToAnotherHostWithoutCredentials) {
  endpoint_.ca_certificates = "PEM";
  const IssuerTimeouts timeouts{.connect = absl::Seconds(1), .request = absl::Seconds(7)};
  fake_.Answer(kUrl,
               {.status = 200, .body = Document("https://issuer.example", "https://keys.example/jwks")});
  fake_.Answer("https://keys.example/jwks", {.status = 200, .body = R"({"keys":[]})"});
  const absl::Time start = absl::Now();
  const auto keys = FetchKeys(fake_, tfsdk::CancelToken(), endpoint_, timeouts, /*fresh_connection=*/true);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->url, "https://keys.example/jwks");
  EXPECT_EQ(keys->body, R"({"keys":[]})");
  ASSERT_THAT(fake_.requests(), SizeIs(2));
  EXPECT_EQ(fake_.requests()[0].accept, "application/json, */*;q=0.1");
  EXPECT_EQ(fake_.requests()[1].accept, "application/jwk-set+json, application/json;q=0.9, */*;q=0.1");
  for (const http::Request& request : fake_.requests()) {
    EXPECT_FALSE(request.authorization.has_value());
    EXPECT_THAT(request.headers, IsEmpty());
    EXPECT_EQ(request.tls.client_certificate, "");
    EXPECT_FALSE(request.tls.insecure);
    EXPECT_EQ(request.tls.ca_certificates, "PEM");
    EXPECT_TRUE(request.fresh_connection);
    EXPECT_EQ(request.deadline, fake_.requests()[0].deadline) << "one deadline for both";
    EXPECT_GE(request.deadline, start + timeouts.request);
    EXPECT_LE(request.deadline, absl::Now() + timeouts.request);
    EXPECT_EQ(request.connect_timeout, absl::Seconds(1));
  }
}

TEST_F(IssuerClientTest, TheIssuerMustBeEqualToTheLastByte) {
  for (const char* const other :
       {"https://issuer.example/", "https://Issuer.example", "https://issuer.example:443",
        "https://issuer.example.", "https://issuer.example//", "https://issuer.exampl%65",
        "https://login.example/{tenantid}/v2.0"}) {
    FakeTransport fake;
    fake.Answer(kUrl, {.status = 200, .body = Document(other, "https://issuer.example/jwks")});
    const auto document = FetchDiscovery(fake, tfsdk::CancelToken(), endpoint_, {});
    EXPECT_FALSE(document.ok()) << other;
  }
  fake_.Answer(kUrl,
               {.status = 200, .body = Document("https://issuer.example/", "https://issuer.example/jwks")});
  EXPECT_THAT(
      std::string(Keys().status().message()),
      HasSubstr("the document's issuer is \"https://issuer.example/\", not \"https://issuer.example\" as "
                "asked for"));
  EXPECT_THAT(fake_.requests(), SizeIs(1)) << "its keys are not even asked for";
}

TEST_F(IssuerClientTest, ATrailingSlashIsPartOfTheIssuer) {
  endpoint_.issuer = "https://issuer.example/";
  fake_.Answer(kUrl,
               {.status = 200, .body = Document("https://issuer.example/", "https://issuer.example/jwks")});
  const auto document = Discover();
  ASSERT_TRUE(document.ok()) << document.status();
}

TEST_F(IssuerClientTest, AsksNothingOfWhatIsNoIssuer) {
  for (const char* const issuer : {"http://issuer.example", "issuer.example", "https://u:p@issuer.example",
                                   "https://issuer.example?x", "file:///etc/passwd"}) {
    endpoint_.issuer = issuer;
    EXPECT_EQ(Discover().status().code(), absl::StatusCode::kInvalidArgument) << issuer;
  }
  EXPECT_THAT(fake_.requests(), IsEmpty());
}

TEST_F(IssuerClientTest, FollowsNoJwksUriThatIsNotHttps) {
  for (const char* const uri : {"http://issuer.example/jwks", "file:///etc/passwd", "/jwks",
                                "//issuer.example/jwks", "https://u:secret@issuer.example/jwks", ""}) {
    FakeTransport fake;
    fake.Answer(kUrl, {.status = 200, .body = Document("https://issuer.example", uri)});
    const auto keys = FetchKeys(fake, tfsdk::CancelToken(), endpoint_, {}, false);
    EXPECT_THAT(std::string(keys.status().message()),
                AllOf(HasSubstr(absl::StrCat(kUrl, ": the document's jwks_uri ")), Not(HasSubstr("secret"))))
        << uri;
    EXPECT_THAT(fake.requests(), SizeIs(1));
  }
  fake_.Answer(kUrl, {.status = 200, .body = R"({"issuer":"https://issuer.example"})"});
  EXPECT_THAT(std::string(Keys().status().message()),
              HasSubstr("has no jwks_uri, so it does not say where the keys are"));
}

TEST_F(IssuerClientTest, FollowsNoRedirect) {
  fake_.Answer(kUrl, {.status = 302, .location = "https://evil.example/"});
  EXPECT_THAT(
      std::string(Discover().status().message()),
      HasSubstr("answered with status 302: a redirect to https://evil.example/, which is not followed"));
  EXPECT_THAT(fake_.requests(), SizeIs(1));
}

TEST_F(IssuerClientTest, NamesTheUrlInEveryError) {
  for (const char* const body : {"<html>secret", "{\"secret\":1}", "", "[\"secret\"]"}) {
    FakeTransport fake;
    fake.Answer(kUrl, {.status = 200, .body = body});
    EXPECT_THAT(std::string(FetchDiscovery(fake, tfsdk::CancelToken(), endpoint_, {}).status().message()),
                AllOf(HasSubstr(absl::StrCat(kUrl, ": ")), Not(HasSubstr("secret"))))
        << body;
  }
  fake_.Answer(kUrl,
               {.status = 200, .body = Document("https://issuer.example", "https://keys.example/jwks")});
  fake_.Answer("https://keys.example/jwks", {.status = 404});
  EXPECT_THAT(std::string(Keys().status().message()),
              HasSubstr("https://keys.example/jwks answered with status 404"));
}

TEST_F(IssuerClientTest, PassesOnWhyATransportFailed) {
  fake_.Fail(kUrl, http::ErrorWithReason(absl::StatusCode::kUnavailable, "dns", "no such host"));
  EXPECT_EQ(http::ErrorReason(Discover().status()), "dns");
}

TEST(IssuerClientOverTlsTest, ReadsAnIssuerBehindAPrivateAuthority) {
  const TestAuthority authority("private authority");
  std::string issuer;
  RawServer server({.identity = authority.Issue({.names = "DNS:localhost"})}, [&](RawConnection& connection) {
    while (true) {
      const std::string request = connection.ReadRequest();
      if (request.empty()) return;
      connection.Send(request.find("GET /id/.well-known/openid-configuration ") == 0
                          ? OkAnswer(Document(issuer, issuer + "/keys"))
                          : OkAnswer(R"({"keys":[]})", "Content-Type: application/octet-stream\r\n"));
    }
  });
  issuer = server.url("/id", "localhost");
  const auto transport = http::MakeCurlTransport({});
  IssuerEndpoint endpoint{.issuer = issuer, .ca_certificates = authority.certificate()};
  const auto keys = FetchKeys(*transport, tfsdk::CancelToken(), endpoint, {}, false);
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->url, issuer + "/keys");
  EXPECT_EQ(keys->body, R"({"keys":[]})");
  EXPECT_EQ(server.connections(), 1);
  EXPECT_THAT(server.requests(),
              ElementsAre(Not(HasSubstr("Authorization")), Not(HasSubstr("Authorization"))));

  endpoint.ca_certificates = TestAuthority("another").certificate();
  EXPECT_EQ(http::ErrorReason(FetchKeys(*transport, tfsdk::CancelToken(), endpoint, {}, false).status()),
            "tls_unknown_authority");
}

}  // namespace
}  // namespace k8soidc::oidc
