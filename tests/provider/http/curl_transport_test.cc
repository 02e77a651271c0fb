#include "http/curl_transport.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "provider/http/fetch.h"
#include "support/scoped_environment.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

// What comes of a server that sends `bytes` after each request and then ends TLS properly.
absl::StatusOr<Response> FetchFrom(const std::string& bytes, size_t max_body_bytes = 1000) {
  RawServer server({.identity = ServerIdentity()}, [&](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(bytes);
  });
  Request request = RequestFor(server.url("/keys"));
  request.max_body_bytes = max_body_bytes;
  return Fetch(request);
}

std::string ReasonOf(const absl::StatusOr<Response>& response) {
  return response.ok() ? absl::StrCat("status ", response->status) : ErrorReason(response.status());
}

std::string MessageOf(const absl::StatusOr<Response>& response) {
  return std::string(response.status().message());
}

TEST(CurlTransportTest, ReturnsStatusTypeAndBody) {
  const auto response = FetchFrom(OkAnswer("{\"keys\":[]}", "content-type: application/jwk-set+json\r\n"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->content_type, "application/jwk-set+json");
  EXPECT_EQ(response->body, "{\"keys\":[]}");
  EXPECT_EQ(response->retry_after, std::nullopt);
  EXPECT_EQ(response->location, std::nullopt);
}

TEST(CurlTransportTest, SendsWhatTheRequestSaysAndNothingOfItsOwnAccord) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/k8s/clusters/c-1/openid/v1/jwks?a=b%20c"));
  request.accept = "application/jwk-set+json, */*;q=0.1";
  request.authorization = tfsdk::Secret("Bearer secret");
  request.headers = {{"X-One", "1"}, {"X-Empty", ""}};
  ASSERT_TRUE(Fetch(request).ok());
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0], absl::StrCat("GET /k8s/clusters/c-1/openid/v1/jwks?a=b%20c HTTP/1.1\r\n",
                                               "Host: 127.0.0.1:", server.port(), "\r\n",
                                               "User-Agent: terraform-provider-k8soidc\r\n"
                                               "Accept: application/jwk-set+json, */*;q=0.1\r\n"
                                               "Accept-Encoding: identity\r\n"
                                               "Authorization: Bearer secret\r\n"
                                               "X-One: 1\r\n"
                                               "X-Empty:\r\n\r\n"));
}

TEST(CurlTransportTest, KeepsDotSegmentsAndDropsTheFragment) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  ASSERT_TRUE(Fetch(RequestFor(server.url("/a/../b#part"))).ok());
  EXPECT_THAT(server.requests(), ElementsAre(HasSubstr("GET /a/../b HTTP/1.1\r\n")));
}

TEST(CurlTransportTest, RefusesALineBreakInAHeader) {
  for (const std::string& bad : std::vector<std::string>{"a\r\nX-Evil: 1", "a\nb", std::string("a\0b", 3)}) {
    Request request = RequestFor("https://127.0.0.1:1/");
    request.authorization = tfsdk::Secret(bad);
    const auto refused = Fetch(request);
    EXPECT_EQ(ReasonOf(refused), "bad_request");
    EXPECT_THAT(MessageOf(refused), AllOf(HasSubstr("\"Authorization\""), Not(HasSubstr("Evil"))));

    request.authorization.reset();
    request.headers = {{"Impersonate-User", bad}};
    EXPECT_EQ(ReasonOf(Fetch(request)), "bad_request");
    request.headers = {{bad, "x"}};
    EXPECT_EQ(ReasonOf(Fetch(request)), "bad_request");
  }
}

TEST(CurlTransportTest, TakesABodyOfExactlyTheLimit) {
  const std::string body(1000, 'x');
  const auto response = FetchFrom(OkAnswer(body));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, body);
}

TEST(CurlTransportTest, RefusesABodyOneByteOverTheLimit) {
  const auto announced = FetchFrom(OkAnswer(std::string(1001, 'x')));
  EXPECT_EQ(ReasonOf(announced), "too_large");
  EXPECT_THAT(MessageOf(announced),
              AllOf(HasSubstr("/keys: the body is larger than the 1000 bytes"), Not(HasSubstr("xxxx"))));
  EXPECT_EQ(ReasonOf(FetchFrom(absl::StrCat("HTTP/1.1 200 OK\r\n\r\n", std::string(1001, 'x')))),
            "too_large");
  EXPECT_EQ(ReasonOf(FetchFrom(absl::StrCat("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n",
                                            std::string(1001, 'x'), "\r\n0\r\n\r\n"))),
            "too_large");
}

TEST(CurlTransportTest, StopsAnEndlessBody) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\n\r\n");
    while (connection.Send(std::string(10000, 'x'))) {
    }
  });
  EXPECT_EQ(ReasonOf(Fetch(RequestFor(server.url("/")))), "too_large");
}

TEST(CurlTransportTest, ReturnsTheStatusOfAnErrorThoughItsBodyIsTooLong) {
  const auto response = FetchFrom(HttpAnswer("403 Forbidden", std::string(5000, 'x')));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 403);
  EXPECT_EQ(response->body.size(), 1000u);
}

TEST(CurlTransportTest, RefusesACompressedBody) {
  for (const std::string header : {"Content-Encoding: gzip\r\n", "content-encoding: br\r\n",
                                   "Content-Encoding: identity\r\nContent-Encoding: zstd\r\n"}) {
    const auto refused = FetchFrom(OkAnswer("\x1f\x8b", header));
    EXPECT_EQ(ReasonOf(refused), "encoded") << header;
    EXPECT_THAT(MessageOf(refused), HasSubstr("/keys: the body is compressed"));
  }
  EXPECT_EQ(ReasonOf(FetchFrom("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")),
            "encoded");
  EXPECT_EQ(ReasonOf(FetchFrom(OkAnswer("x", "Content-Encoding: identity\r\n"))), "status 200");
}

TEST(CurlTransportTest, LeavesOutACompressedBodyOfAnError) {
  const auto response = FetchFrom(HttpAnswer("401 Unauthorized", "\x1f\x8b", "Content-Encoding: gzip\r\n"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 401);
  EXPECT_EQ(response->body, "");
}

TEST(CurlTransportTest, RefusesAFloodOfHeaders) {
  std::string many;
  for (int i = 0; i < 501; ++i) absl::StrAppend(&many, "a: b\r\n");
  EXPECT_EQ(ReasonOf(FetchFrom(OkAnswer("x", many))), "too_large");
  EXPECT_EQ(ReasonOf(FetchFrom(OkAnswer("x", absl::StrCat("a: ", std::string(66000, 'b'), "\r\n")))),
            "too_large");
  EXPECT_EQ(ReasonOf(FetchFrom(OkAnswer("x", absl::StrCat("a: ", std::string(60000, 'b'), "\r\n")))),
            "status 200");
}

TEST(CurlTransportTest, EndsAFloodOfInformationalAnswers) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    while (connection.Send("HTTP/1.1 100 Continue\r\n\r\n")) {
    }
  });
  EXPECT_EQ(ReasonOf(Fetch(RequestFor(server.url("/")))), "too_large");
}

TEST(CurlTransportTest, SkipsAnInformationalAnswer) {
  const auto response =
      FetchFrom(absl::StrCat("HTTP/1.1 103 Early Hints\r\nContent-Encoding: gzip\r\n\r\n", OkAnswer("x")));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "x");
}

TEST(CurlTransportTest, RefusesATruncatedBodyThoughItIsValidUpToTheCut) {
  for (const std::string cut :
       {"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"keys\":[]}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"keys\":[]}\r\n"}) {
    const auto refused = FetchFrom(cut);
    EXPECT_EQ(ReasonOf(refused), "truncated") << cut;
    EXPECT_THAT(MessageOf(refused), HasSubstr("/keys: the answer was cut off after 11 bytes of body"));
  }
}

TEST(CurlTransportTest, RefusesABodyThatEndsWithoutTlsSayingSo) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\n\r\n{\"keys\":[]}");
    connection.Cut();
  });
  EXPECT_EQ(ReasonOf(Fetch(RequestFor(server.url("/")))), "truncated");
}

TEST(CurlTransportTest, ReturnsTheStatusOfAnErrorWhateverBecomesOfItsBody) {
  const auto cut = FetchFrom("HTTP/1.1 403 Forbidden\r\nContent-Length: 100\r\n\r\nhalf");
  ASSERT_TRUE(cut.ok()) << cut.status();
  EXPECT_EQ(cut->status, 403);
  EXPECT_EQ(cut->body, "half");
  const auto empty = FetchFrom("HTTP/1.1 204 No Content\r\n\r\n");
  ASSERT_TRUE(empty.ok()) << empty.status();
  EXPECT_EQ(empty->status, 204);
}

TEST(CurlTransportTest, TakesABodyThatEndsWithTheConnection) {
  const auto response = FetchFrom("HTTP/1.1 200 OK\r\n\r\n{\"keys\":[]}");
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "{\"keys\":[]}");
}

TEST(CurlTransportTest, SaysThatTheServerClosedWithoutAnAnswer) {
  const auto refused = FetchFrom("");
  EXPECT_EQ(ReasonOf(refused), "connection_reset");
  EXPECT_THAT(MessageOf(refused), HasSubstr("closed the connection without an answer"));
}

TEST(CurlTransportTest, SaysThatTheConnectionWasReset) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Reset();
  });
  EXPECT_EQ(ReasonOf(Fetch(RequestFor(server.url("/")))), "connection_reset");
}

TEST(CurlTransportTest, RefusesWhatIsNotHttp) {
  for (const std::string bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n", "hello\n", "\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\nx"}) {
    const auto refused = FetchFrom(bytes);
    EXPECT_EQ(ReasonOf(refused), "not_http") << bytes;
    EXPECT_THAT(MessageOf(refused), HasSubstr("not HTTP/1.1 or HTTP/2")) << bytes;
  }
}

TEST(CurlTransportTest, SpeaksHttp2WhenTheServerChoosesIt) {
  RawServer server({.identity = ServerIdentity(), .alpn = "h2"}, [](RawConnection& connection) {
    // RFC 9113: SETTINGS, its acknowledgement, HEADERS of stream 1 (":status: 200" is entry 8 of HPACK's
    // table), DATA.
    connection.ReadSome();
    connection.Send(absl::string_view("\0\0\0\4\0\0\0\0\0", 9));
    connection.Send(absl::string_view("\0\0\0\4\1\0\0\0\0", 9));
    connection.Send(absl::string_view("\0\0\1\1\4\0\0\0\1\x88", 10));
    connection.Send(absl::string_view("\0\0\2\0\1\0\0\0\1ok", 11));
    connection.Stall();
  });
  const auto response = Fetch(RequestFor(server.url("/")));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "ok");
}

TEST(CurlTransportTest, RefusesAnHttp2AnswerThatIsBrokenOff) {
  RawServer server({.identity = ServerIdentity(), .alpn = "h2"}, [](RawConnection& connection) {
    connection.ReadSome();
    connection.Send(absl::string_view("\0\0\0\4\0\0\0\0\0", 9));
    connection.Send(absl::string_view("\0\0\0\4\1\0\0\0\0", 9));
    connection.Send(absl::string_view("\0\0\1\1\4\0\0\0\1\x88", 10));
    connection.Send(absl::string_view("\0\0\2\0\0\0\0\0\1ok", 11));
    // RST_STREAM, INTERNAL_ERROR.
    connection.Send(absl::string_view("\0\0\4\3\0\0\0\0\1\0\0\0\2", 13));
    connection.Stall();
  });
  EXPECT_EQ(ReasonOf(Fetch(RequestFor(server.url("/")))), "connection_reset");
}

TEST(CurlTransportTest, FollowsNoRedirect) {
  RawServer other({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("other")));
  for (const std::string status :
       {"301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"}) {
    const auto response =
        FetchFrom(HttpAnswer(status, "", absl::StrCat("Location: ", other.url("/login?token=x"), "\r\n")));
    ASSERT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->location, other.url("/login?token=x"));
    const absl::Status status_of = ToStatus(*response, "https://127.0.0.1/keys");
    EXPECT_THAT(std::string(status_of.message()),
                AllOf(HasSubstr(absl::StrCat("redirect to ", other.url("/login"), ", which is not followed")),
                      Not(HasSubstr("token"))));
  }
  EXPECT_EQ(other.connections(), 0);
}

TEST(CurlTransportTest, ReadsRetryAfter) {
  const auto response = FetchFrom(HttpAnswer("503 Busy", "", "retry-after:  7 \r\n"));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->retry_after, "7");
}

TEST(CurlTransportTest, SaysThatNothingListens) {
  uint16_t port = 0;
  { port = RawServer({.identity = ServerIdentity()}, AnswerAlways("")).port(); }
  const auto refused = Fetch(RequestFor(absl::StrCat("https://127.0.0.1:", port, "/")));
  EXPECT_EQ(ReasonOf(refused), "connection_refused");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(MessageOf(refused), HasSubstr(absl::StrCat("nothing listens at 127.0.0.1:", port)));
}

TEST(CurlTransportTest, SaysThatANameIsNotInDns) {
  const auto refused = Fetch(RequestFor("https://no-such-host.invalid/keys"));
  // Without any DNS server the look-up may also just not end.
  EXPECT_THAT(ReasonOf(refused), ::testing::AnyOf("dns", "connect_timeout"));
  EXPECT_THAT(MessageOf(refused),
              HasSubstr("https://no-such-host.invalid/keys: the name of no-such-host.invalid:443"));
}

TEST(CurlTransportTest, SaysHowFarItGotWhenTimeIsUp) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) {
    const std::string request = connection.ReadRequest();
    if (absl::StrContains(request, "/half"))
      connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    connection.Stall();
  });
  Request request = RequestFor(server.url("/none"));
  request.deadline = absl::Now() + absl::Milliseconds(300);
  auto refused = Fetch(request);
  EXPECT_EQ(ReasonOf(refused), "timeout");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(MessageOf(refused), HasSubstr("the request was sent, but no answer came within 3"));

  request = RequestFor(server.url("/half"));
  request.deadline = absl::Now() + absl::Milliseconds(300);
  refused = Fetch(request);
  EXPECT_EQ(ReasonOf(refused), "timeout");
  EXPECT_THAT(MessageOf(refused), HasSubstr("(4 bytes of body came)"));

  request.deadline = absl::Now() - absl::Seconds(1);
  EXPECT_EQ(ReasonOf(Fetch(request)), "timeout");
}

TEST(CurlTransportTest, EndsADrippingBodyAtTheDeadline) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Drip(OkAnswer(std::string(500, 'x')), absl::Milliseconds(20));
  });
  Request request = RequestFor(server.url("/"));
  request.deadline = absl::Now() + absl::Milliseconds(500);
  const absl::Time start = absl::Now();
  EXPECT_EQ(ReasonOf(Fetch(request)), "timeout");
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(1500));
}

TEST(CurlTransportTest, GivesUpOnATlsHandshakeAfterTheConnectTimeout) {
  RawServer server({.silent = true}, nullptr);
  Request request = RequestFor(server.url("/"));
  request.connect_timeout = absl::Milliseconds(300);
  const auto refused = Fetch(request);
  EXPECT_EQ(ReasonOf(refused), "connect_timeout");
  EXPECT_THAT(MessageOf(refused), HasSubstr("but the TLS handshake did not end within 3"));
}

TEST(CurlTransportTest, GivesUpOnATcpConnectionAfterTheConnectTimeout) {
  // A listener whose queue is full drops what comes after, as a firewall does.
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  std::vector<int> queue;
  for (int i = 0; i < 4; ++i) {
    queue.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
    connect(queue.back(), reinterpret_cast<sockaddr*>(&address), size);
  }
  absl::SleepFor(absl::Milliseconds(50));
  Request request = RequestFor(absl::StrCat("https://127.0.0.1:", ntohs(address.sin_port), "/"));
  request.connect_timeout = absl::Milliseconds(300);
  const auto refused = Fetch(request);
  EXPECT_EQ(ReasonOf(refused), "connect_timeout");
  EXPECT_THAT(MessageOf(refused), HasSubstr("no connection to 127.0.0.1:"));
  for (const int one : queue) close(one);
  close(listener);
}

TEST(CurlTransportTest, UsesNoProxyOfTheEnvironment) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("direct")));
  const ScopedEnvironment https_proxy("HTTPS_PROXY", "http://127.0.0.1:1");
  const ScopedEnvironment lower("https_proxy", "http://127.0.0.1:1");
  const ScopedEnvironment all("ALL_PROXY", "http://127.0.0.1:1");
  const auto response = Fetch(RequestFor(server.url("/")));
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_EQ(response->body, "direct");
}

TEST(CurlTransportTest, RefusesEverythingButHttp) {
  for (const std::string url : {"file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "127.0.0.1",
                                "", "https://user:secret@127.0.0.1/"}) {
    const auto refused = Fetch(RequestFor(url));
    EXPECT_EQ(ReasonOf(refused), "bad_request") << url;
    EXPECT_THAT(MessageOf(refused), Not(HasSubstr("secret")));
  }
}

}  // namespace
}  // namespace k8soidc::http
