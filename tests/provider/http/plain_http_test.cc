// Servers without TLS.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/http/fetch.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(PlainHttpTest, IsSpokenToAServerThatIsNamedSo) {
  RawServer server({.plain = true}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/keys", "127.0.0.1", "http"));
  request.tls.server_name = "ignored.example";
  const auto response = Fetch(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "x");
  EXPECT_THAT(server.requests(), ElementsAre(HasSubstr("GET /keys HTTP/1.1\r\nHost: 127.0.0.1:")));
}

TEST(PlainHttpTest, CarriesNoCredential) {
  RawServer server({.plain = true}, AnswerAlways(OkAnswer("x")));
  const Request plain = RequestFor(server.url("/", "127.0.0.1", "http"));
  Request token = plain;
  token.authorization = tfsdk::Secret("Bearer secret");
  Request certificate = plain;
  certificate.tls.client_certificate = "x";
  Request impersonation = plain;
  impersonation.headers = {{"impersonate-Group", "system:masters"}};
  for (const Request& request : {token, certificate, impersonation}) {
    const auto refused = Fetch(request);
    EXPECT_EQ(ErrorReason(refused.status()), "bad_request");
    EXPECT_THAT(std::string(refused.status().message()),
                AllOf(HasSubstr("is not sent over plain http"), Not(HasSubstr("secret"))));
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(PlainHttpTest, RefusesATruncatedBody) {
  RawServer server({.plain = true}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"keys\":[]}");
  });
  EXPECT_EQ(ErrorReason(Fetch(RequestFor(server.url("/", "127.0.0.1", "http"))).status()), "truncated");
}

TEST(PlainHttpTest, SaysThatTheServerSpeaksTls) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  const auto refused = Fetch(RequestFor(server.url("/", "127.0.0.1", "http")));
  EXPECT_FALSE(refused.ok());
}

TEST(PlainHttpTest, SharesNoConnectionWithTls) {
  const auto transport = MakeCurlTransport({});
  RawServer server({.plain = true}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(OkAnswer("x"));
    connection.Stall();
  });
  EXPECT_TRUE(transport->Get(tfsdk::CancelToken(), RequestFor(server.url("/", "127.0.0.1", "http"))).ok());
  Request secure = RequestFor(server.url("/"));
  secure.connect_timeout = absl::Milliseconds(300);
  EXPECT_EQ(ErrorReason(transport->Get(tfsdk::CancelToken(), secure).status()), "connect_timeout");
  EXPECT_EQ(server.connections(), 2);
}

}  // namespace
}  // namespace k8soidc::http
