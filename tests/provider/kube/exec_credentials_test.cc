// ExecCredentials: one run for many, what is kept and for how long, and what a 401 changes.

#include <atomic>
#include <stop_token>
#include <thread>
#include <vector>

#include "provider/kube/exec_fixture.h"
#include "tfsdk/testing/status_matchers.h"

namespace k8soidc::kube {
namespace {

using ::testing::HasSubstr;

class ExecCredentialsTest : public ExecTest {};

TEST_F(ExecCredentialsTest, GivesTheToken) {
  const auto credential = Get(Plugin(Answer(R"("token":"t0ken")")));
  ASSERT_TRUE(credential.ok()) << credential.status();
  EXPECT_EQ((*credential)->token.Reveal(), "t0ken");
  EXPECT_EQ((*credential)->expires, std::nullopt);
}

TEST_F(ExecCredentialsTest, KeepsAnAnswerWithoutExpiry) {
  const ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\n", Answer(R"("token":"a")")));
  const auto first = Get(plugin);
  const auto second = Get(plugin);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, *second);
  EXPECT_EQ(Runs(), 1);
}

TEST_F(ExecCredentialsTest, KeepsAnAnswerUntilItExpires) {
  const absl::Time expires = absl::Now() + absl::Seconds(3);
  const std::string text = absl::FormatTime(absl::RFC3339_full, expires, absl::UTCTimeZone());
  const ExecPlugin plugin = Plugin(
      absl::StrCat(kCount, "\n", Answer(absl::StrCat(R"("token":"a","expirationTimestamp":")", text, "\""))));
  ASSERT_TRUE(Get(plugin).ok());
  ASSERT_TRUE(Get(plugin).ok());
  if (absl::Now() < expires) {
    EXPECT_EQ(Runs(), 1);
  }
  absl::SleepFor(expires - absl::Now() + absl::Milliseconds(10));
  const int before = Runs();
  ASSERT_TRUE(Get(plugin).ok());
  EXPECT_EQ(Runs(), before + 1);
}

TEST_F(ExecCredentialsTest, UsesAnExpiredAnswerOnce) {
  const ExecPlugin plugin = Plugin(
      absl::StrCat(kCount, "\n", Answer(R"("token":"old","expirationTimestamp":"2001-01-01T00:00:00Z")")));
  for (int round = 1; round <= 2; ++round) {
    const auto credential = Get(plugin);
    ASSERT_TRUE(credential.ok()) << credential.status();
    EXPECT_EQ((*credential)->token.Reveal(), "old");
    EXPECT_EQ(Runs(), round);
  }
}

TEST_F(ExecCredentialsTest, RunsOnceForManyAtATime) {
  const ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\nsleep 0.3\n", Answer(R"("token":"a")")));
  std::atomic<int> good = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 20; ++i) {
    readers.emplace_back([&] { good += Get(plugin).ok() ? 1 : 0; });
  }
  readers.clear();
  EXPECT_EQ(good, 20);
  EXPECT_EQ(Runs(), 1);
}

TEST_F(ExecCredentialsTest, GivesAnExpiredAnswerToAllWhoWaited) {
  const ExecPlugin plugin = Plugin(absl::StrCat(
      kCount, "\nsleep 1\n", Answer(R"("token":"old","expirationTimestamp":"2001-01-01T00:00:00Z")")));
  std::atomic<int> good = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 5; ++i) readers.emplace_back([&] { good += Get(plugin).ok() ? 1 : 0; });
  readers.clear();
  EXPECT_EQ(good, 5);
  EXPECT_EQ(Runs(), 1);
}

TEST_F(ExecCredentialsTest, TellsPluginsApart) {
  ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\n", Answer(R"("token":"a")")));
  ASSERT_TRUE(Get(plugin).ok());
  plugin.args = {"x"};
  ASSERT_TRUE(Get(plugin).ok());
  plugin.env = {{"A", tfsdk::Secret("b")}};
  ASSERT_TRUE(Get(plugin).ok());
  EXPECT_EQ(Runs(), 3);
}

TEST_F(ExecCredentialsTest, TellsClustersApartOnlyWhenThePluginIsTold) {
  ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\n", Answer(R"("token":"a")")));
  ASSERT_TRUE(Get(plugin, {.server = "https://a"}).ok());
  ASSERT_TRUE(Get(plugin, {.server = "https://b"}).ok());
  EXPECT_EQ(Runs(), 1);
  plugin.provide_cluster_info = true;
  ASSERT_TRUE(Get(plugin, {.server = "https://a"}).ok());
  ASSERT_TRUE(Get(plugin, {.server = "https://b"}).ok());
  ASSERT_TRUE(Get(plugin, {.server = "https://b"}).ok());
  EXPECT_EQ(Runs(), 3);
}

TEST_F(ExecCredentialsTest, DoesNotRepeatAFailureAtOnce) {
  const ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\nexit 3"));
  const auto first = Get(plugin);
  const auto second = Get(plugin);
  EXPECT_EQ(first.status(), second.status());
  EXPECT_THAT(first.status().message(), HasSubstr("exit code 3"));
  EXPECT_EQ(Runs(), 1);
  absl::SleepFor(absl::Milliseconds(5100));
  EXPECT_FALSE(Get(plugin).ok());
  EXPECT_EQ(Runs(), 2);
}

TEST_F(ExecCredentialsTest, RunsAgainOnceAfterARejection) {
  const ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\n", Answer(R"("token":"a")")));
  const auto first = Get(plugin);
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(credentials_.Reject(plugin, {}, *first));
  EXPECT_TRUE(credentials_.Reject(plugin, {}, *first)) << "another reader's 401 of the same credential";
  const auto second = Get(plugin);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(Runs(), 2);
  EXPECT_FALSE(credentials_.Reject(plugin, {}, *second)) << "the same token again";
  ASSERT_TRUE(Get(plugin).ok());
  EXPECT_EQ(Runs(), 2);
}

TEST_F(ExecCredentialsTest, RunsAgainForEachNewTokenThatIsRejected) {
  const ExecPlugin plugin = Plugin(absl::StrCat(
      kCount, "\nN=$(wc -l < \"$DIR/count\" | tr -d ' ')\n",
      "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":"
      "{\"token\":\"t%s\"}}' \"$N\""));
  const auto first = Get(plugin);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_TRUE(credentials_.Reject(plugin, {}, *first));
  const auto second = Get(plugin);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ((*second)->token.Reveal(), "t2");
  EXPECT_TRUE(credentials_.Reject(plugin, {}, *first)) << "late: it has been replaced";
  EXPECT_EQ(*Get(plugin), *second);
  EXPECT_TRUE(credentials_.Reject(plugin, {}, *second));
  EXPECT_EQ((*Get(plugin))->token.Reveal(), "t3");
}

TEST_F(ExecCredentialsTest, AnotherReaderTakesOverWhenTheFirstIsCancelled) {
  // The first run hangs, the second answers.
  const ExecPlugin plugin = Plugin(
      absl::StrCat(kCount, "\n[ $(wc -l < \"$DIR/count\") = 1 ] && sleep 60\n", Answer(R"("token":"a")")));
  std::stop_source stop;
  absl::Status first;
  std::jthread canceller([&] {
    first =
        credentials_.Get(tfsdk::CancelToken(stop.get_token()), plugin, {}, absl::InfiniteFuture()).status();
  });
  ASSERT_TRUE(Eventually([&] { return Runs() == 1; }));
  std::atomic<int> good = 0;
  std::vector<std::jthread> readers;
  for (int i = 0; i < 5; ++i) readers.emplace_back([&] { good += Get(plugin).ok() ? 1 : 0; });
  absl::SleepFor(absl::Milliseconds(100));
  stop.request_stop();
  canceller.join();
  readers.clear();
  EXPECT_EQ(first.code(), absl::StatusCode::kCancelled) << first;
  EXPECT_EQ(good, 5);
  EXPECT_EQ(Runs(), 2);
}

TEST_F(ExecCredentialsTest, AWaitingReaderCanBeCancelledAlone) {
  const ExecPlugin plugin = Plugin(
      absl::StrCat(kCount, "\nwhile [ ! -e \"$DIR/go\" ]; do sleep 0.05; done\n", Answer(R"("token":"a")")));
  absl::StatusOr<std::shared_ptr<const ExecCredential>> result = absl::UnknownError("");
  std::jthread runner([&] { result = Get(plugin); });
  ASSERT_TRUE(Eventually([&] { return Runs() == 1; }));
  std::stop_source stop;
  stop.request_stop();
  const absl::Status cancelled =
      credentials_.Get(tfsdk::CancelToken(stop.get_token()), plugin, {}, absl::InfiniteFuture()).status();
  EXPECT_EQ(cancelled.code(), absl::StatusCode::kCancelled) << cancelled;
  const absl::Status late =
      credentials_.Get(tfsdk::CancelToken(), plugin, {}, absl::Now() + absl::Milliseconds(100)).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded) << late;
  directory_.Write("go", "");
  runner.join();
  EXPECT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(Runs(), 1);
}

TEST_F(ExecCredentialsTest, RunsNothingWhenTheTimeIsOver) {
  const ExecPlugin plugin = Plugin(absl::StrCat(kCount, "\n", Answer(R"("token":"a")")));
  const absl::Status late = credentials_.Get(tfsdk::CancelToken(), plugin, {}, absl::Now()).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded) << late;
  EXPECT_EQ(Runs(), 0);
  ASSERT_TRUE(Get(plugin).ok());
  EXPECT_TRUE(credentials_.Get(tfsdk::CancelToken(), plugin, {}, absl::Now()).ok()) << "it is there already";
}

TEST_F(ExecCredentialsTest, AReadersDeadlineIsNotThePluginsFailure) {
  const ExecPlugin plugin = Plugin(
      absl::StrCat(kCount, "\n[ $(wc -l < \"$DIR/count\") = 1 ] && sleep 60\n", Answer(R"("token":"a")")));
  const absl::Status late =
      credentials_.Get(tfsdk::CancelToken(), plugin, {}, absl::Now() + absl::Milliseconds(300)).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kDeadlineExceeded) << late;
  EXPECT_THAT(late.message(), HasSubstr("in the time that was left for this read"));
  EXPECT_TRUE(Get(plugin).ok());
}

}  // namespace
}  // namespace k8soidc::kube
