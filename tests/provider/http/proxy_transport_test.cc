// Reads through proxies: what each side sees, and who shares a connection with whom.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <map>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "provider/http/fetch.h"
#include "support/raw_proxy.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::string ReasonOf(const absl::StatusOr<Response>& response) {
  return response.ok() ? absl::StrCat("status ", response->status) : ErrorReason(response.status());
}

std::string MessageOf(const absl::StatusOr<Response>& response) {
  return std::string(response.status().message());
}

Proxy Named(const std::string& url) {
  const auto proxy = ParseProxyUrl(url, "the argument proxy_url");
  EXPECT_TRUE(proxy.ok()) << proxy.status();
  return *proxy;
}

// A server behind a name that only a proxy can find.
const TestCertificate& ClusterIdentity() {
  static const TestCertificate* const identity =
      new TestCertificate(Authority().Issue({.common_name = "server", .names = "DNS:cluster.test"}));
  return *identity;
}

class ProxyTransportTest : public ::testing::Test {
 protected:
  // Everything that must stay between us and the server.
  Request SecretRequest(const std::string& url) {
    static const TestCertificate* const client =
        new TestCertificate(Authority().Issue({.common_name = "alice", .extended_key_usage = "clientAuth"}));
    Request request = RequestFor(url);
    request.authorization = tfsdk::Secret("Bearer server-secret");
    request.headers = {{"Impersonate-User", "server-secret-user"}};
    request.tls.client_certificate = client->chain;
    request.tls.client_key = tfsdk::Secret(client->key);
    return request;
  }

  RawServer server_{{.identity = ClusterIdentity(), .client_authority = Authority().certificate()},
                    AnswerAlways(OkAnswer("keys"))};
  const std::unique_ptr<Transport> transport_ = MakeCurlTransport({});

  absl::StatusOr<Response> Get(const Request& request) {
    return transport_->Get(tfsdk::CancelToken(), request);
  }
};

struct Kind {
  std::string name;
  std::string scheme;
  bool password = false;
};

class EveryProxyTest : public ProxyTransportTest, public ::testing::WithParamInterface<Kind> {
 protected:
  static RawServerOptions Options(const Kind& kind) {
    RawServerOptions options;
    options.plain = kind.scheme != "https";
    options.identity = ServerIdentity();
    // It would take our certificate if we showed one.
    options.client_authority = Authority().certificate();
    return options;
  }
  static RawServer::Script Script(const Kind& kind) {
    const RawProxyOptions options =
        kind.password ? RawProxyOptions{.username = "us:%er", .password = "p@w%41 proxy-secret"}
                      : RawProxyOptions{};
    return absl::StartsWith(kind.scheme, "socks") ? Socks5Proxy(options) : HttpProxy(options);
  }
  Proxy ProxyOf(const RawServer& proxy) const {
    return Named(absl::StrCat(GetParam().scheme, "://",
                              GetParam().password ? "us%3A%25er:p%40w%2541%20proxy-secret@" : "",
                              "127.0.0.1:", proxy.port()));
  }

  RawServer proxy_{Options(GetParam()), Script(GetParam())};
};

TEST_P(EveryProxyTest, CarriesAReadAndLearnsNothing) {
  Request request = SecretRequest(server_.url("/openid/v1/jwks", "cluster.test"));
  request.proxy = ProxyOf(proxy_);
  for (int i = 0; i < 3; ++i) {
    const auto response = Get(request);
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->body, "keys");
  }
  EXPECT_EQ(server_.connections(), 1) << "the tunnel is not reused";
  EXPECT_EQ(proxy_.connections(), 1);
  EXPECT_THAT(server_.clients(), ElementsAre("alice"));
  EXPECT_THAT(server_.server_names(), ElementsAre("cluster.test"));
  ASSERT_THAT(server_.requests(), SizeIs(3));
  EXPECT_THAT(server_.requests(),
              Each(AllOf(HasSubstr("GET /openid/v1/jwks HTTP/1.1\r\n"),
                         HasSubstr(absl::StrCat("\r\nHost: cluster.test:", server_.port(), "\r\n")),
                         HasSubstr("Authorization: Bearer server-secret"), Not(HasSubstr("Proxy-")),
                         Not(HasSubstr("proxy-secret")))));
  const std::string seen = absl::StrJoin(proxy_.requests(), "\n");
  EXPECT_THAT(
      seen, AllOf(HasSubstr(absl::StrCat("cluster.test:", server_.port())), Not(HasSubstr("server-secret"))));
  EXPECT_THAT(proxy_.clients(), Each(IsEmpty()));
  if (absl::StartsWith(GetParam().scheme, "socks")) {
    EXPECT_THAT(seen, HasSubstr("SOCKS5 name cluster.test:"));
  } else {
    // All there is, but for the credential.
    EXPECT_THAT(seen, HasSubstr(absl::StrCat("CONNECT cluster.test:", server_.port(),
                                             " HTTP/1.1\r\nHost: cluster.test:", server_.port(), "\r\n")));
    EXPECT_THAT(seen, HasSubstr("User-Agent: terraform-provider-k8soidc\r\n"));
    EXPECT_THAT(seen, Not(HasSubstr("Accept")));
  }
}

TEST_P(EveryProxyTest, ReachesAPlainHttpServer) {
  RawServer plain({.plain = true}, AnswerAlways(OkAnswer("plain")));
  Request request = RequestFor(plain.url("/keys?a=b", "cluster.test", "http"));
  request.proxy = ProxyOf(proxy_);
  const auto response = Get(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "plain");
  EXPECT_THAT(plain.requests(),
              ElementsAre(AllOf(HasSubstr("GET /keys?a=b HTTP/1.1\r\n"), Not(HasSubstr("Proxy-Auth")),
                                Not(HasSubstr("proxy-secret")))));
}

TEST_P(EveryProxyTest, ChecksTheNameOfTheServerBehindIt) {
  Request request = RequestFor(server_.url("/", "other.test"));
  request.proxy = ProxyOf(proxy_);
  const auto refused = Get(request);
  EXPECT_EQ(ReasonOf(refused), "tls_wrong_name");
  EXPECT_THAT(MessageOf(refused), AllOf(HasSubstr("the server's certificate is for \"cluster.test\""),
                                        HasSubstr("(Asked through the proxy ")));
  request.tls.server_name = "cluster.test";
  const auto response = Get(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(server_.server_names().back(), "cluster.test");
  EXPECT_THAT(proxy_.requests().back(), HasSubstr(absl::StrCat("other.test:", server_.port())));
  EXPECT_THAT(server_.requests().back(),
              HasSubstr(absl::StrCat("\r\nHost: other.test:", server_.port(), "\r\n")));
}

TEST_P(EveryProxyTest, ChecksTheAuthorityOfTheServerBehindIt) {
  RawServer stranger({.identity = TestAuthority("stranger").Issue({.names = "DNS:cluster.test"})},
                     AnswerAlways(OkAnswer("lies")));
  Request request = SecretRequest(stranger.url("/", "cluster.test"));
  request.proxy = ProxyOf(proxy_);
  EXPECT_EQ(ReasonOf(Get(request)), "tls_unknown_authority");
  EXPECT_THAT(stranger.requests(), IsEmpty());
}

TEST_P(EveryProxyTest, ReachesAServerByItsIpv6Address) {
  RawServer v6({.identity = Authority().Issue({.names = "IP:::1"}), .ipv6 = true},
               AnswerAlways(OkAnswer("six")));
  Request request = RequestFor(v6.url("/", "[::1]"));
  request.proxy = ProxyOf(proxy_);
  const auto response = Get(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "six");
  EXPECT_THAT(proxy_.requests().back(), HasSubstr("::1"));
}

TEST_P(EveryProxyTest, CarriesEitherVersionOfTls) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    RawServer server({.identity = ClusterIdentity(), .max_tls_version = version},
                     AnswerAlways(OkAnswer("x")));
    RawServerOptions options = Options(GetParam());
    options.max_tls_version = version;
    RawServer proxy(options, Script(GetParam()));
    Request request = RequestFor(server.url("/", "cluster.test"));
    request.proxy = ProxyOf(proxy);
    for (int i = 0; i < 3; ++i) {
      request.fresh_connection = i == 2;
      EXPECT_EQ(ReasonOf(Get(request)), "status 200") << version;
    }
  }
}

TEST_P(EveryProxyTest, ConnectsAnewWhenTheTunnelWasClosed) {
  RawServer once({.identity = ClusterIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(OkAnswer("x"));
  });
  Request request = RequestFor(once.url("/", "cluster.test"));
  request.proxy = ProxyOf(proxy_);
  for (int i = 0; i < 4; ++i) {
    const auto response = Get(request);
    ASSERT_TRUE(response.ok()) << response.status();
  }
  EXPECT_EQ(once.connections(), 4);
}

TEST_P(EveryProxyTest, SpeaksHttp2ThroughIt) {
  RawServer h2({.identity = ClusterIdentity(), .alpn = "h2"}, [](RawConnection& connection) {
    connection.ReadSome();
    connection.Send(absl::string_view("\0\0\0\4\0\0\0\0\0", 9));
    connection.Send(absl::string_view("\0\0\0\4\1\0\0\0\0", 9));
    connection.Send(absl::string_view("\0\0\1\1\4\0\0\0\1\x88", 10));
    connection.Send(absl::string_view("\0\0\2\0\1\0\0\0\1ok", 11));
    connection.Stall();
  });
  Request request = RequestFor(h2.url("/", "cluster.test"));
  request.proxy = ProxyOf(proxy_);
  const auto response = Get(request);
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "ok");
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryProxyTest,
                         ::testing::Values(Kind{"http", "http"}, Kind{"http_password", "http", true},
                                           Kind{"https", "https"}, Kind{"https_password", "https", true},
                                           Kind{"socks5", "socks5"}, Kind{"socks5_password", "socks5", true},
                                           Kind{"socks5h", "socks5h"}),
                         [](const auto& kind) { return kind.param.name; });

TEST_F(ProxyTransportTest, NeverUsesOneProxysConnectionForAnother) {
  RawServer one({.plain = true}, HttpProxy({}));
  RawServer two({.plain = true}, HttpProxy({}));
  Request request = RequestFor(server_.url("/", "cluster.test"));
  for (int round = 0; round < 3; ++round) {
    for (const RawServer* proxy : {&one, &two}) {
      for (const char* const user : {"", "alice:1@", "bob:1@", "bob:2@"}) {
        request.proxy = Named(absl::StrCat("http://", user, "127.0.0.1:", proxy->port()));
        ASSERT_EQ(ReasonOf(Get(request)), "status 200");
      }
    }
  }
  EXPECT_EQ(one.connections(), 4);
  EXPECT_EQ(two.connections(), 4);
  RawServer direct({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  Request straight = RequestFor(direct.url("/"));
  ASSERT_EQ(ReasonOf(Get(straight)), "status 200");
  straight.proxy = Named(absl::StrCat("http://127.0.0.1:", one.port()));
  ASSERT_EQ(ReasonOf(Get(straight)), "status 200");
  EXPECT_EQ(direct.connections(), 2);
  EXPECT_EQ(one.connections(), 5);
}

TEST_F(ProxyTransportTest, UsesTheEnvironmentsProxyUnlessTheRequestNamesOne) {
  RawServer of_environment({.plain = true}, HttpProxy({}));
  RawServer of_request({.plain = true}, HttpProxy({}));
  const std::map<std::string, std::string> variables = {
      {"HTTPS_PROXY", absl::StrCat("http://127.0.0.1:", of_environment.port())}, {"NO_PROXY", "direct.test"}};
  CurlTransportOptions options;
  options.proxies = ProxyEnvironment([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
  const auto transport = MakeCurlTransport(options);
  Request request = RequestFor(server_.url("/", "cluster.test"));
  EXPECT_EQ(ReasonOf(transport->Get(tfsdk::CancelToken(), request)), "status 200");
  EXPECT_EQ(of_environment.connections(), 1);
  request.proxy = Named(absl::StrCat("http://127.0.0.1:", of_request.port()));
  EXPECT_EQ(ReasonOf(transport->Get(tfsdk::CancelToken(), request)), "status 200");
  EXPECT_EQ(of_environment.connections(), 1);
  EXPECT_EQ(of_request.connections(), 1);

  RawServer local({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  EXPECT_EQ(ReasonOf(transport->Get(tfsdk::CancelToken(), RequestFor(local.url("/")))), "status 200");
  EXPECT_EQ(of_environment.connections(), 1);
  // Not through the proxy, and so not found.
  const auto direct = transport->Get(tfsdk::CancelToken(), RequestFor("https://direct.test:1/"));
  EXPECT_THAT(ReasonOf(direct), ::testing::AnyOf("dns", "connect_timeout"));
  EXPECT_EQ(of_environment.connections(), 1);
}

TEST_F(ProxyTransportTest, SaysWhichVariableHoldsNoProxy) {
  CurlTransportOptions options;
  options.proxies = ProxyEnvironment([](const char* name) -> std::optional<std::string> {
    return absl::string_view(name) == "HTTPS_PROXY" ? std::optional<std::string>("socks4://u:secret@h")
                                                    : std::nullopt;
  });
  const auto refused =
      MakeCurlTransport(options)->Get(tfsdk::CancelToken(), RequestFor("https://cluster.test/"));
  EXPECT_EQ(ReasonOf(refused), "proxy_config");
  EXPECT_THAT(MessageOf(refused),
              AllOf(HasSubstr("https://cluster.test/: the variable HTTPS_PROXY is no proxy URL"),
                    Not(HasSubstr("secret"))));
}

}  // namespace
}  // namespace k8soidc::http
