// Proxies that refuse, fail or misbehave: each its own word and sentence, and never the server's fault.

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>
#include <stop_token>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/proxy_error.h"
#include "provider/http/fetch.h"
#include "support/raw_proxy.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kUrl[] = "https://cluster.test:6443/keys";

struct Outcome {
  std::string reason;
  std::string message;
};

Outcome OutcomeOf(const absl::StatusOr<Response>& response) {
  if (response.ok()) return {absl::StrCat("status ", response->status), ""};
  return {ErrorReason(response.status()), std::string(response.status().message())};
}

// A request through a proxy at `port`, which gives up after two seconds.
Request Through(const std::string& scheme, uint16_t port, const std::string& url = kUrl,
                const std::string& user = "") {
  Request request = RequestFor(url);
  request.authorization = tfsdk::Secret("Bearer server-secret");
  request.proxy =
      *ParseProxyUrl(absl::StrCat(scheme, "://", user, "127.0.0.1:", port), "the argument proxy_url");
  request.connect_timeout = absl::Seconds(2);
  return request;
}

// What comes of a proxy that runs `script` on each connection.
Outcome Try(const std::string& scheme, RawServer::Script script, const std::string& user = "") {
  RawServerOptions options;
  options.plain = scheme != "https";
  options.identity = ServerIdentity();
  RawServer proxy(options, std::move(script));
  const Outcome outcome = OutcomeOf(Fetch(Through(scheme, proxy.port(), kUrl, user)));
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("https://cluster.test:6443/keys: "),
                                     HasSubstr(absl::StrCat("the proxy ", scheme, "://127.0.0.1:",
                                                            proxy.port(), " (the argument proxy_url)")),
                                     Not(HasSubstr("secret")), Not(HasSubstr("NO_PROXY"))));
  for (const std::string& request : proxy.requests()) EXPECT_THAT(request, Not(HasSubstr("server-secret")));
  return outcome;
}

RawServer::Script Answer(const std::string& bytes) {
  return [bytes](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(bytes);
  };
}

TEST(ProxyFaultsTest, SaysThatNothingListens) {
  for (const std::string scheme : {"http", "https", "socks5"}) {
    uint16_t port = 0;
    { port = RawServer({.plain = true}, AnswerAlways("")).port(); }
    const Outcome outcome = OutcomeOf(Fetch(Through(scheme, port)));
    EXPECT_EQ(outcome.reason, "proxy_refused") << scheme;
    EXPECT_THAT(outcome.message,
                HasSubstr(absl::StrCat("nothing listens at the proxy ", scheme, "://127.0.0.1:", port,
                                       " (the argument proxy_url). Check its host and port")));
  }
}

TEST(ProxyFaultsTest, SaysThatTheNameOfTheProxyIsNotInDns) {
  Request request = RequestFor(kUrl);
  request.proxy = *ParseProxyUrl("http://u:secret@no-such-host.invalid", "the argument proxy_url");
  const Outcome outcome = OutcomeOf(Fetch(request));
  // Without any DNS server the look-up may also just not end.
  EXPECT_THAT(outcome.reason, AnyOf("proxy_dns", "proxy_timeout"));
  EXPECT_THAT(outcome.message, AllOf(HasSubstr("the name of the proxy http://no-such-host.invalid:80"),
                                     Not(HasSubstr("secret"))));
}

TEST(ProxyFaultsTest, MentionsNoProxyWhenTheEnvironmentNamesTheProxy) {
  RawServer proxy({.plain = true}, Answer(HttpAnswer("403 Forbidden", "")));
  CurlTransportOptions options;
  options.proxies = ProxyEnvironment([&](const char* name) -> std::optional<std::string> {
    if (absl::string_view(name) != "https_proxy") return std::nullopt;
    return absl::StrCat("127.0.0.1:", proxy.port());
  });
  const Outcome outcome = OutcomeOf(MakeCurlTransport(options)->Get(tfsdk::CancelToken(), RequestFor(kUrl)));
  EXPECT_EQ(outcome.reason, "proxy_error");
  EXPECT_EQ(
      outcome.message,
      absl::StrCat(kUrl, ": the proxy http://127.0.0.1:", proxy.port(),
                   " (https_proxy) answered the request to connect to cluster.test:6443 with status 403: it "
                   "does not allow this server or port. Have it allowed. To reach the server without the "
                   "proxy, list its host in NO_PROXY."));
}

TEST(ProxyFaultsTest, TellsAStatusFromAnother) {
  for (const auto& [status, reason] :
       std::vector<std::pair<std::string, std::string>>{{"302 Found", "proxy_error"},
                                                        {"400 Bad Request", "proxy_error"},
                                                        {"403 Forbidden", "proxy_error"},
                                                        {"405 Method Not Allowed", "proxy_error"},
                                                        {"407 Proxy Authentication Required", "proxy_auth"},
                                                        {"500 Internal Server Error", "proxy_error"},
                                                        {"502 Bad Gateway", "proxy_unavailable"},
                                                        {"503 Service Unavailable", "proxy_unavailable"},
                                                        {"504 Gateway Timeout", "proxy_unavailable"}}) {
    for (const std::string scheme : {"http", "https"}) {
      const Outcome outcome =
          Try(scheme, Answer(HttpAnswer(status, "secret page", "Location: https://evil.example/secret\r\n")));
      EXPECT_EQ(outcome.reason, reason) << scheme << " " << status;
    }
  }
}

TEST(ProxyFaultsTest, AsksForACredential) {
  const std::string refusal = HttpAnswer("407 Proxy Authentication Required", "who are you",
                                         "Proxy-Authenticate: Basic realm=\"x\"\r\n");
  EXPECT_THAT(Try("http", Answer(refusal)).message, HasSubstr("wants a user name and password"));
  const Outcome wrong = Try("http", HttpProxy({.username = "u", .password = "right"}), "u:secret@");
  EXPECT_EQ(wrong.reason, "proxy_auth");
  EXPECT_THAT(wrong.message, HasSubstr("does not accept the user name and password in its URL"));
  EXPECT_EQ(Try("https", HttpProxy({.username = "u", .password = "right"}), "u:secret@").reason,
            "proxy_auth");
  EXPECT_EQ(Try("http", HttpProxy({.username = "u", .password = "right"})).reason, "proxy_auth");
  EXPECT_EQ(Try("socks5", Socks5Proxy({.username = "u", .password = "right"}), "u:secret@").reason,
            "proxy_auth");
  EXPECT_EQ(Try("socks5h", Socks5Proxy({.username = "u", .password = "right"})).reason, "proxy_auth");
}

TEST(ProxyFaultsTest, AsksForACredentialForAPlainHttpServerToo) {
  RawServer proxy({.plain = true}, HttpProxy({.username = "u", .password = "p"}));
  Request request = RequestFor("http://cluster.test/keys");
  request.proxy = *ParseProxyUrl(absl::StrCat("http://127.0.0.1:", proxy.port()), "x");
  EXPECT_EQ(OutcomeOf(Fetch(request)).reason, "proxy_auth");
  // Not so when it is the server that says it.
  RawServer server({.plain = true}, AnswerAlways(HttpAnswer("407 Strange", "")));
  Request direct = RequestFor(server.url("/", "127.0.0.1", "http"));
  EXPECT_EQ(OutcomeOf(Fetch(direct)).reason, "status 407");
  RawServer socks({.plain = true}, Socks5Proxy({}));
  direct.proxy = *ParseProxyUrl(absl::StrCat("socks5://127.0.0.1:", socks.port()), "x");
  EXPECT_EQ(OutcomeOf(Fetch(direct)).reason, "status 407");
}

TEST(ProxyFaultsTest, TellsWhatIsNoProxy) {
  EXPECT_EQ(Try("http", Answer("SSH-2.0-OpenSSH_9.2\r\n")).reason, "proxy_error");
  for (const std::string bytes : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "\r\n\r\n",
                                  "\x15\x03\x03\x02\x02\x28\n\n"}) {
    EXPECT_EQ(Try("http", Answer(bytes)).reason, "proxy_error") << bytes;
  }
  EXPECT_EQ(Try("socks5",
                [](RawConnection& connection) {
                  connection.ReadBytes(3);
                  connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
                  connection.Stall();
                })
                .reason,
            "proxy_error");
  // http where https is meant, and the reverse.
  RawServer plain({.plain = true}, [](RawConnection& connection) {
    connection.ReadSome();
    connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
    connection.Stall();
  });
  EXPECT_EQ(OutcomeOf(Fetch(Through("https", plain.port()))).reason, "proxy_tls_handshake");
  RawServer tls({.identity = ServerIdentity()}, HttpProxy({}));
  EXPECT_THAT(OutcomeOf(Fetch(Through("http", tls.port()))).reason,
              AnyOf("proxy_error", "proxy_reset", "proxy_timeout"));
}

TEST(ProxyFaultsTest, SaysThatTheProxyClosedTheConnection) {
  EXPECT_EQ(Try("http", Answer("")).reason, "proxy_reset");
  EXPECT_EQ(Try("https", Answer("")).reason, "proxy_reset");
  EXPECT_EQ(Try("http",
                [](RawConnection& connection) {
                  connection.ReadRequest();
                  connection.Reset();
                })
                .reason,
            "proxy_reset");
  EXPECT_EQ(Try("socks5", [](RawConnection& connection) { connection.ReadBytes(3); }).reason, "proxy_reset");
}

TEST(ProxyFaultsTest, TellsWhatSocksSays) {
  for (const auto& [reply, reason] : std::vector<std::pair<int, std::string>>{{1, "proxy_unavailable"},
                                                                              {2, "proxy_error"},
                                                                              {3, "proxy_unavailable"},
                                                                              {4, "proxy_unavailable"},
                                                                              {5, "proxy_unavailable"},
                                                                              {6, "proxy_unavailable"},
                                                                              {7, "proxy_error"},
                                                                              {8, "proxy_error"},
                                                                              {99, "proxy_error"}}) {
    EXPECT_EQ(Try("socks5",
                  [reply = reply](RawConnection& connection) {
                    connection.ReadBytes(3);
                    connection.Send(std::string{5, 0});
                    connection.ReadBytes(5);
                    connection.Send(std::string{5, static_cast<char>(reply), 0, 1, 0, 0, 0, 0, 0, 0});
                    connection.Stall();
                  })
                  .reason,
              reason)
        << reply;
  }
}

TEST(ProxyFaultsTest, EndsFloodsAndDrips) {
  const absl::Time start = absl::Now();
  const auto flood = [](const std::string& first, const std::string& again) {
    return [first, again](RawConnection& connection) {
      connection.ReadRequest();
      connection.Send(first);
      while (connection.Send(again)) {
      }
    };
  };
  EXPECT_EQ(Try("http", flood("HTTP/1.1 200 OK\r\n", "a: b\r\n")).reason, "proxy_error");
  EXPECT_EQ(Try("http", flood("HTTP/1.1 200 OK\r\na: ", std::string(10000, 'x'))).reason, "proxy_error");
  EXPECT_THAT(Try("http",
                  flood("HTTP/1.1 407 No\r\nContent-Length: 99999999999\r\n"
                        "Proxy-Authenticate: Basic realm=\"x\"\r\n\r\n",
                        std::string(10000, 'x')),
                  "u:secret@")
                  .reason,
              AnyOf("proxy_auth", "proxy_timeout"));
  EXPECT_EQ(Try("http",
                [](RawConnection& connection) {
                  connection.ReadRequest();
                  connection.Drip("HTTP/1.1 200 OK\r\n" + std::string(1000, 'a'), absl::Milliseconds(50));
                })
                .reason,
            "proxy_timeout");
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

TEST(ProxyFaultsTest, BlamesTheServerForWhatComesOutOfTheTunnel) {
  for (const std::string scheme : {"http", "https"}) {
    const Outcome plain =
        Try(scheme, Answer("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    EXPECT_EQ(plain.reason, "tls_handshake") << scheme;
    EXPECT_THAT(plain.message, HasSubstr("the server does not speak TLS on this port"));
    EXPECT_EQ(Try(scheme, Answer("HTTP/1.1 200 OK\r\n\r\n")).reason, "connection_reset") << scheme;
  }
  EXPECT_EQ(Try("socks5",
                [](RawConnection& connection) {
                  connection.ReadBytes(3);
                  connection.Send(std::string{5, 0});
                  connection.ReadBytes(5);
                  connection.Send(std::string{5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
                })
                .reason,
            "connection_reset");
}

// Cancels while a proxy keeps the request waiting, and returns how long that took.
absl::Duration TimeToCancel(const std::string& scheme, RawServerOptions options, RawServer::Script script) {
  options.identity = ServerIdentity();
  RawServer proxy(std::move(options), std::move(script));
  std::stop_source stop;
  absl::Time cancelled;
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(300));
    cancelled = absl::Now();
    stop.request_stop();
  });
  Request request = Through(scheme, proxy.port());
  request.connect_timeout = absl::Seconds(10);
  const auto refused = MakeCurlTransport({})->Get(tfsdk::CancelToken(stop.get_token()), request);
  const absl::Time now = absl::Now();
  canceller.join();
  EXPECT_EQ(OutcomeOf(refused).reason, "cancelled") << refused.status();
  return now - cancelled;
}

TEST(ProxyCancelTest, EndsEveryPhaseWithinASecond) {
  const auto stall = [](RawConnection& connection) { connection.Stall(); };
  const auto flood = [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 407 No\r\nContent-Length: 99999999999\r\n\r\n");
    while (connection.Send(std::string(10000, 'x'))) {
    }
  };
  EXPECT_LT(TimeToCancel("http", {.plain = true}, stall), absl::Seconds(1));
  EXPECT_LT(TimeToCancel("https", {.silent = true}, stall), absl::Seconds(1));
  EXPECT_LT(TimeToCancel("https", {}, stall), absl::Seconds(1));
  EXPECT_LT(TimeToCancel("socks5", {.plain = true}, stall), absl::Seconds(1));
  EXPECT_LT(TimeToCancel("http", {.plain = true}, flood), absl::Seconds(1));
}

TEST(ProxyDeadlineTest, IsKeptInEveryPhase) {
  const auto stall = [](RawConnection& connection) { connection.Stall(); };
  RawServer plain({.plain = true}, stall);
  RawServer silent({.identity = ServerIdentity(), .silent = true}, stall);
  RawServer tls({.identity = ServerIdentity()}, stall);
  for (const auto& [scheme, port] : std::vector<std::pair<std::string, uint16_t>>{{"http", plain.port()},
                                                                                  {"https", silent.port()},
                                                                                  {"https", tls.port()},
                                                                                  {"socks5", plain.port()}}) {
    Request request = Through(scheme, port);
    request.deadline = absl::Now() + absl::Milliseconds(500);
    const Outcome outcome = OutcomeOf(Fetch(request));
    EXPECT_EQ(outcome.reason, "proxy_timeout") << scheme;
    EXPECT_LT(absl::Now(), request.deadline + absl::Seconds(1)) << scheme;
  }
}

TEST(ProxyDeadlineTest, IsKeptAgainstAFlood) {
  RawServer proxy({.plain = true}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 407 No\r\nContent-Length: 99999999999\r\n\r\n");
    while (connection.Send(std::string(10000, 'x'))) {
    }
  });
  Request request = Through("http", proxy.port());
  request.connect_timeout = absl::Seconds(30);
  request.deadline = absl::Now() + absl::Milliseconds(500);
  EXPECT_THAT(OutcomeOf(Fetch(request)).reason, AnyOf("proxy_auth", "proxy_timeout"));
  EXPECT_LT(absl::Now(), request.deadline + absl::Seconds(1));
}

TEST(ProxyErrorTest, OnlyTheseCodesAreWorthAnotherTry) {
  const Proxy proxy = *ParseProxyUrl("socks5://u:secret@p:1", "x");
  std::set<int> retried;
  for (int code = 1; code < 200; ++code) {
    TransferOutcome outcome;
    outcome.curl_code = code;
    const absl::Status status = ProxyError(outcome, {}, {proxy, false, "h:443", "https://h/"});
    EXPECT_NE(ErrorReason(status), "") << code;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
    const std::string reason = ErrorReason(status);
    if (reason == "proxy_refused" || reason == "proxy_reset" || reason == "proxy_timeout" ||
        reason == "proxy_unavailable") {
      retried.insert(code);
    }
  }
  EXPECT_THAT(retried, ::testing::ElementsAre(CURLE_COULDNT_CONNECT, CURLE_OPERATION_TIMEDOUT,
                                              CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR));
}

}  // namespace
}  // namespace k8soidc::http
