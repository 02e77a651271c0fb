// How many connections there are at once, how long they are kept, and when they are closed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "http/retry.h"
#include "provider/http/fetch.h"
#include "support/raw_proxy.h"

namespace k8soidc::http {
namespace {

using ::testing::Each;

absl::StatusOr<Response> Get(Transport& transport, const Request& request, tfsdk::CancelToken cancel = {}) {
  return transport.Get(cancel, request);
}

// A server that answers when it is told to, and counts how many requests wait for that.
class SlowServer {
 public:
  SlowServer()
      : server_({.identity = ServerIdentity()}, [this](RawConnection& connection) {
          while (!connection.ReadRequest().empty()) {
            {
              absl::MutexLock lock(&mutex_);
              ++waiting_;
              most_ = std::max(most_, waiting_);
            }
            answer_.WaitForNotification();
            absl::MutexLock lock(&mutex_);
            --waiting_;
            if (!connection.Send(OkAnswer("x"))) return;
          }
        }) {}
  ~SlowServer() { Answer(); }

  void Answer() {
    if (!answer_.HasBeenNotified()) answer_.Notify();
  }
  void WaitFor(int requests) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&] { return waiting_ >= requests; };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10));
  }
  int most() {
    absl::MutexLock lock(&mutex_);
    return most_;
  }
  RawServer& server() { return server_; }

 private:
  absl::Mutex mutex_;
  int waiting_ = 0;
  int most_ = 0;
  absl::Notification answer_;
  RawServer server_;
};

// Eight requests that keep every place busy until the server answers.
class BusyTest : public ::testing::Test {
 protected:
  void Fill(int requests) {
    for (int i = 0; i < requests; ++i) {
      threads_.emplace_back([this] {
        const auto response = Get(*transport_, RequestFor(slow_.server().url("/")));
        absl::MutexLock lock(&mutex_);
        statuses_.push_back(response.ok() ? response->status : -1);
      });
    }
  }
  void Finish() {
    slow_.Answer();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  SlowServer slow_;
  const std::unique_ptr<Transport> transport_ = MakeCurlTransport({});
  std::vector<std::thread> threads_;
  absl::Mutex mutex_;
  std::vector<int> statuses_;
};

TEST_F(BusyTest, AtMostEightRequestsAreUnderWayToOneServer) {
  Fill(30);
  slow_.WaitFor(8);
  absl::SleepFor(absl::Milliseconds(200));
  EXPECT_EQ(slow_.most(), 8);
  Finish();
  EXPECT_EQ(statuses_.size(), 30u);
  EXPECT_THAT(statuses_, Each(200));
  EXPECT_EQ(slow_.most(), 8);
  EXPECT_EQ(slow_.server().connections(), 8);
}

TEST_F(BusyTest, AnotherServerNeedNotWait) {
  Fill(8);
  slow_.WaitFor(8);
  RawServer other({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  EXPECT_TRUE(Get(*transport_, RequestFor(other.url("/"))).ok());
  Finish();
}

TEST_F(BusyTest, AWaitEndsAtTheDeadline) {
  Fill(8);
  slow_.WaitFor(8);
  Request request = RequestFor(slow_.server().url("/"));
  request.deadline = absl::Now() + absl::Milliseconds(300);
  const auto refused = Get(*transport_, request);
  EXPECT_LT(absl::Now(), request.deadline + absl::Seconds(1));
  EXPECT_EQ(ErrorReason(refused.status()), "timeout");
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(std::string(refused.status().message()),
              ::testing::StartsWith(absl::StrCat(request.url, ": all 8 connections")));
  Finish();
}

TEST_F(BusyTest, AWaitEndsWithACancellation) {
  Fill(8);
  slow_.WaitFor(8);
  std::stop_source stop;
  absl::Time cancelled;
  std::thread canceller([&] {
    absl::SleepFor(absl::Milliseconds(300));
    cancelled = absl::Now();
    stop.request_stop();
  });
  const auto refused =
      Get(*transport_, RequestFor(slow_.server().url("/")), tfsdk::CancelToken(stop.get_token()));
  const absl::Time now = absl::Now();
  canceller.join();
  EXPECT_EQ(ErrorReason(refused.status()), "cancelled");
  EXPECT_LT(now - cancelled, absl::Seconds(1));
  Finish();
  EXPECT_TRUE(Get(*transport_, RequestFor(slow_.server().url("/"))).ok());
}

TEST_F(BusyTest, AConnectionInUseIsNotUsedAgainOnceItsCredentialIsGone) {
  Fill(3);
  slow_.WaitFor(3);
  transport_->CloseConnections(RequestFor(slow_.server().url("/another/path")));
  Finish();
  EXPECT_THAT(statuses_, Each(200));
  EXPECT_TRUE(Get(*transport_, RequestFor(slow_.server().url("/"))).ok());
  EXPECT_EQ(slow_.server().connections(), 4);
}

TEST(CloseConnectionsTest, ClosesTheIdleOnesOfThatIdentityAndNoOthers) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  const std::shared_ptr<Transport> transport = MakeRetryingTransport(MakeCurlTransport({}));
  const Request ours = RequestFor(server.url("/"));
  Request others = ours;
  others.tls.server_name = "localhost";
  ASSERT_TRUE(Get(*transport, ours).ok());
  ASSERT_TRUE(Get(*transport, others).ok());
  EXPECT_EQ(server.open_connections(), 2);
  transport->CloseConnections(ours);
  for (int i = 0; i < 100 && server.open_connections() > 1; ++i) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(server.open_connections(), 1);
  ASSERT_TRUE(Get(*transport, others).ok());
  EXPECT_EQ(server.connections(), 2);
  ASSERT_TRUE(Get(*transport, ours).ok());
  EXPECT_EQ(server.connections(), 3);
  transport->CloseConnections(RequestFor("no url"));
}

TEST(CloseConnectionsTest, MeansTheOnesThroughTheSameProxy) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  RawServer proxy({.plain = true}, HttpProxy({}));
  const auto transport = MakeCurlTransport({});
  const Request direct = RequestFor(server.url("/"));
  Request through = direct;
  through.proxy = *ParseProxyUrl(absl::StrCat("http://127.0.0.1:", proxy.port()), "x");
  ASSERT_TRUE(Get(*transport, direct).ok());
  ASSERT_TRUE(Get(*transport, through).ok());
  transport->CloseConnections(through);
  ASSERT_TRUE(Get(*transport, direct).ok());
  EXPECT_EQ(server.connections(), 2);
  ASSERT_TRUE(Get(*transport, through).ok());
  EXPECT_EQ(server.connections(), 3);
}

TEST(IdleConnectionsTest, SixtyIdentitiesKeepTheirConnection) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  const auto transport = MakeCurlTransport({});
  const auto request_of = [&](int i) {
    Request request = RequestFor(server.url("/"));
    absl::StrAppend(&request.tls.ca_certificates, "\n# ", i);
    return request;
  };
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 60; ++i) ASSERT_TRUE(Get(*transport, request_of(i)).ok());
  }
  EXPECT_EQ(server.connections(), 60);
}

TEST(IdleConnectionsTest, TheOldestIsClosedWhenThereAreTooMany) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  const auto transport = MakeCurlTransport({});
  for (int i = 0; i < 140; ++i) {
    Request request = RequestFor(server.url("/"));
    absl::StrAppend(&request.tls.ca_certificates, "\n# ", i);
    ASSERT_TRUE(Get(*transport, request).ok());
  }
  for (int i = 0; i < 100 && server.open_connections() > 128; ++i) absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(server.open_connections(), 128);
}

}  // namespace
}  // namespace k8soidc::http
