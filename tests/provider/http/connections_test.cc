// Which connection a request goes over, and how one is given up.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stop_token>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "http/retry.h"
#include "provider/http/fetch.h"

namespace k8soidc::http {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

Request WithClient(Request request, const std::string& name) {
  const TestCertificate client = Authority().Issue({.common_name = name, .extended_key_usage = "clientAuth"});
  request.tls.client_certificate = client.chain;
  request.tls.client_key = tfsdk::Secret(client.key);
  return request;
}

class ConnectionsTest : public ::testing::Test {
 protected:
  void Get(const Request& request) {
    const auto response = transport_->Get(tfsdk::CancelToken(), request);
    ASSERT_TRUE(response.ok()) << response.status();
  }

  RawServer server_{{.identity = ServerIdentity(), .client_authority = Authority().certificate()},
                    AnswerAlways(OkAnswer("x"))};
  const std::unique_ptr<Transport> transport_ = MakeCurlTransport({});
};

TEST_F(ConnectionsTest, ReusesAConnection) {
  for (int i = 0; i < 5; ++i) Get(RequestFor(server_.url("/")));
  EXPECT_EQ(server_.connections(), 1);
  EXPECT_EQ(server_.requests().size(), 5u);
}

TEST_F(ConnectionsTest, OpensANewOneWhenAFreshOneIsAskedFor) {
  Get(RequestFor(server_.url("/")));
  Request fresh = RequestFor(server_.url("/"));
  fresh.fresh_connection = true;
  Get(fresh);
  Get(fresh);
  EXPECT_EQ(server_.connections(), 3);
}

TEST_F(ConnectionsTest, NeverUsesOneIdentitysConnectionForAnother) {
  const Request alice = WithClient(RequestFor(server_.url("/")), "alice");
  const Request bob = WithClient(RequestFor(server_.url("/")), "bob");
  const Request nobody = RequestFor(server_.url("/"));
  for (int round = 0; round < 3; ++round) {
    Get(alice);
    Get(bob);
    Get(nobody);
  }
  EXPECT_THAT(server_.clients(), ElementsAre("alice", "bob", ""));
}

TEST_F(ConnectionsTest, NeverUsesAConnectionThatWasVerifiedInAnotherWay) {
  Request insecure = RequestFor(server_.url("/"));
  insecure.tls.ca_certificates.clear();
  insecure.tls.insecure = true;
  Get(insecure);
  Request stranger = RequestFor(server_.url("/"));
  stranger.tls.ca_certificates = TestAuthority("another").certificate();
  EXPECT_EQ(ErrorReason(transport_->Get(tfsdk::CancelToken(), stranger).status()), "tls_unknown_authority");
  Get(RequestFor(server_.url("/")));
  Request other_name = RequestFor(server_.url("/"));
  other_name.tls.server_name = "wrong.example";
  EXPECT_EQ(ErrorReason(transport_->Get(tfsdk::CancelToken(), other_name).status()), "tls_wrong_name");
}

TEST_F(ConnectionsTest, ReachesAServerThatClosedAnIdleConnection) {
  RawServer once({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(OkAnswer("x"));
  });
  for (int i = 0; i < 3; ++i) Get(RequestFor(once.url("/")));
  EXPECT_EQ(once.connections(), 3);
}

TEST_F(ConnectionsTest, ServesManyThreadsAtOnce) {
  std::vector<std::thread> threads;
  std::vector<int> statuses(8, 0);
  for (int& status : statuses) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        const auto response = transport_->Get(tfsdk::CancelToken(), RequestFor(server_.url("/")));
        status = response.ok() ? response->status : -1;
        if (status != 200) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(statuses, Each(200));
  EXPECT_LE(server_.connections(), 8);
}

// Cancels while a server of the given kind keeps the request waiting, and returns how long that took.
absl::Duration TimeToCancel(RawServerOptions options) {
  options.identity = ServerIdentity();
  RawServer server(std::move(options), [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Stall();
  });
  std::stop_source stop;
  absl::Notification done;
  absl::Time cancelled;
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(300));
    cancelled = absl::Now();
    stop.request_stop();
  });
  const auto refused =
      MakeCurlTransport({})->Get(tfsdk::CancelToken(stop.get_token()), RequestFor(server.url("/")));
  canceller.join();
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(ErrorReason(refused.status()), "cancelled");
  return absl::Now() - cancelled;
}

TEST(CancelTest, EndsAWaitForAnAnswerWithinASecond) { EXPECT_LT(TimeToCancel({}), absl::Seconds(1)); }

TEST(CancelTest, EndsAHandshakeWithinASecond) { EXPECT_LT(TimeToCancel({.silent = true}), absl::Seconds(1)); }

// Cancels `request` after 300 ms, and returns how long it took to end.
absl::Duration TimeToCancel(Transport& transport, const Request& request) {
  std::stop_source stop;
  absl::Time cancelled;
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(300));
    cancelled = absl::Now();
    stop.request_stop();
  });
  const auto refused = transport.Get(tfsdk::CancelToken(stop.get_token()), request);
  const absl::Time now = absl::Now();
  canceller.join();
  EXPECT_EQ(ErrorReason(refused.status()), "cancelled") << refused.status();
  return now - cancelled;
}

TEST(CancelTest, EndsEveryOtherWaitWithinASecond) {
  RawServer header({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send("HTTP/1.1 200 OK\r\nContent-Le");
    connection.Stall();
  });
  RawServer drip({.identity = ServerIdentity()}, [](RawConnection& connection) {
    connection.ReadRequest();
    connection.Drip(OkAnswer(std::string(500, 'x')), absl::Milliseconds(20));
  });
  RawServer busy({.identity = ServerIdentity()},
                 AnswerAlways(HttpAnswer("503 Busy", "", "Retry-After: 5\r\n")));
  const std::shared_ptr<Transport> transport = MakeRetryingTransport(MakeCurlTransport({}));
  EXPECT_LT(TimeToCancel(*transport, RequestFor(header.url("/"))), absl::Seconds(1));
  EXPECT_LT(TimeToCancel(*transport, RequestFor(drip.url("/"))), absl::Seconds(1));
  EXPECT_LT(TimeToCancel(*transport, RequestFor(busy.url("/"))), absl::Seconds(1));
}

// A listener whose queue is full: the kernel leaves further connections without an answer.
TEST(CancelTest, EndsAConnectionThatNobodyAnswersWithinASecond) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const where = reinterpret_cast<sockaddr*>(&address);
  ASSERT_EQ(bind(listener, where, size), 0);
  ASSERT_EQ(listen(listener, 0), 0);
  ASSERT_EQ(getsockname(listener, where, &size), 0);
  std::vector<int> queued;
  for (int i = 0; i < 4; ++i) {
    queued.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    connect(queued.back(), where, size);
  }
  const auto transport = MakeCurlTransport({});
  EXPECT_LT(
      TimeToCancel(*transport, RequestFor(absl::StrCat("https://127.0.0.1:", ntohs(address.sin_port), "/"))),
      absl::Seconds(1));
  for (const int fd : queued) close(fd);
  close(listener);
}

TEST(CancelTest, AsksNothingWhenCancelledBefore) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  std::stop_source stop;
  stop.request_stop();
  const auto refused =
      MakeCurlTransport({})->Get(tfsdk::CancelToken(stop.get_token()), RequestFor(server.url("/")));
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(server.requests().empty());
}

TEST(CancelTest, NoticesThatTheCallerHasGone) {
  RawServer server({.identity = ServerIdentity()}, [](RawConnection& connection) { connection.Stall(); });
  const absl::Time start = absl::Now();
  const tfsdk::CancelToken gone({}, [&] { return absl::Now() - start > absl::Milliseconds(200); });
  EXPECT_EQ(MakeCurlTransport({})->Get(gone, RequestFor(server.url("/"))).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(1200));
}

}  // namespace
}  // namespace k8soidc::http
