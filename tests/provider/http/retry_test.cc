#include "http/retry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stop_token>

#include "absl/strings/str_cat.h"
#include "support/fake_transport.h"

namespace k8soidc::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kUrl[] = "https://h/keys";
const absl::Time kStart = absl::FromUnixSeconds(1'800'000'000);

absl::Status Failure(absl::string_view reason) {
  return ErrorWithReason(absl::StatusCode::kUnavailable, reason, absl::StrCat(kUrl, ": it failed."));
}

// A clock that only sleeping moves, and a die that always shows `die`.
class RetryTest : public ::testing::Test {
 protected:
  absl::StatusOr<Response> Get(int max_retries = 2) {
    RetryOptions options;
    options.max_retries = max_retries;
    options.now = [this] { return now_; };
    options.random = [this] { return die_; };
    options.sleep = [this](const tfsdk::CancelToken& cancel, absl::Duration duration) {
      waits_.push_back(duration);
      now_ += duration;
      return !cancel.IsCancelled();
    };
    Request request{.url = kUrl};
    request.deadline = kStart + absl::Seconds(30);
    return MakeRetryingTransport(fake_, std::move(options))->Get(cancel_, request);
  }

  // How often a server is asked that fails with this once and would serve after.
  size_t AttemptsAfter(absl::StatusOr<Response> first) {
    fake_ = std::make_shared<FakeTransport>();
    if (first.ok()) {
      fake_->Answer(kUrl, *first);
    } else {
      fake_->Fail(kUrl, first.status());
    }
    fake_->Answer(kUrl, {.status = 200});
    Get().IgnoreError();
    return fake_->requests().size();
  }

  std::shared_ptr<FakeTransport> fake_ = std::make_shared<FakeTransport>();
  absl::Time now_ = kStart;
  double die_ = 0.5;
  std::vector<absl::Duration> waits_;
  tfsdk::CancelToken cancel_;
};

TEST_F(RetryTest, AsksOnceWhenAllIsWell) {
  fake_->Answer(kUrl, {.status = 200, .body = "x"});
  const auto response = Get();
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->body, "x");
  EXPECT_EQ(response->attempts, "");
  EXPECT_EQ(fake_->requests().size(), 1u);
  EXPECT_EQ(fake_->requests()[0].deadline, kStart + absl::Seconds(30));
}

TEST_F(RetryTest, RetriesTheseStatusesAndNoOthers) {
  for (int status = 100; status < 600; ++status) {
    const bool retried = status == 429 || status == 502 || status == 503 || status == 504;
    EXPECT_EQ(AttemptsAfter(Response{.status = status}), retried ? 2u : 1u) << status;
  }
}

TEST_F(RetryTest, RetriesTheseFailuresAndNoOthers) {
  for (const char* const reason : {"connection_refused", "connection_reset", "connect_timeout", "truncated",
                                   "proxy_refused", "proxy_reset", "proxy_timeout", "proxy_unavailable"}) {
    EXPECT_EQ(AttemptsAfter(Failure(reason)), 2u) << reason;
  }
  for (const char* const reason : {"dns",
                                   "timeout",
                                   "too_large",
                                   "encoded",
                                   "not_http",
                                   "tls_unknown_authority",
                                   "tls_wrong_name",
                                   "tls_expired",
                                   "tls_not_yet_valid",
                                   "tls_bad_certificate",
                                   "tls_client_certificate",
                                   "tls_handshake",
                                   "tls_config",
                                   "bad_request",
                                   "cancelled",
                                   "unexpected",
                                   "never heard of",
                                   "proxy_auth",
                                   "proxy_config",
                                   "proxy_dns",
                                   "proxy_error",
                                   "proxy_tls_handshake",
                                   "proxy_tls_unknown_authority"}) {
    EXPECT_EQ(AttemptsAfter(Failure(reason)), 1u) << reason;
  }
  EXPECT_EQ(AttemptsAfter(absl::UnavailableError("somebody else's")), 1u);
}

TEST_F(RetryTest, GivesUpAfterMaxRetriesAndListsWhatItTried) {
  fake_->Answer(kUrl, {.status = 503});
  fake_->Answer(kUrl, {.status = 502});
  fake_->Fail(kUrl, Failure("connection_refused"));
  const auto response = Get();
  EXPECT_EQ(response.status().message(),
            "https://h/keys: it failed. (3 attempts in 0.4 s: 503, 502, connection refused)");
  EXPECT_EQ(ErrorReason(response.status()), "connection_refused");
  EXPECT_EQ(fake_->requests().size(), 3u);
}

TEST_F(RetryTest, ReturnsTheLastAnswerWithItsAttempts) {
  fake_->Answer(kUrl, {.status = 503});
  const auto response = Get();
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->attempts, "3 attempts in 0.4 s: 503, 503, 503");
}

TEST_F(RetryTest, NeverRetriesWhenNoneAreAllowed) {
  fake_->Answer(kUrl, {.status = 503});
  EXPECT_EQ(Get(0)->attempts, "");
  EXPECT_EQ(fake_->requests().size(), 1u);
}

TEST_F(RetryTest, WaitsLongerEachTimeUpToACap) {
  fake_->Answer(kUrl, {.status = 503});
  Get(8).IgnoreError();
  EXPECT_THAT(waits_, ElementsAre(absl::Milliseconds(125), absl::Milliseconds(250), absl::Milliseconds(500),
                                  absl::Seconds(1), absl::Seconds(2), absl::Seconds(4), absl::Seconds(5),
                                  absl::Seconds(5)));
}

TEST_F(RetryTest, WaitsAnywhereFromNothingToTheWholeWait) {
  fake_->Answer(kUrl, {.status = 503});
  die_ = 0;
  Get(1).IgnoreError();
  die_ = 0.999;
  Get(1).IgnoreError();
  EXPECT_THAT(waits_, ElementsAre(absl::ZeroDuration(), 0.999 * absl::Milliseconds(250)));
}

TEST_F(RetryTest, WaitsAsLongAsTheServerAsks) {
  fake_->Answer(kUrl, {.status = 429, .retry_after = "7"});
  fake_->Answer(kUrl, {.status = 200});
  EXPECT_EQ(Get()->status, 200);
  EXPECT_THAT(waits_, ElementsAre(absl::Seconds(7)));
}

TEST_F(RetryTest, IgnoresARetryAfterThatIsNone) {
  fake_->Answer(kUrl, {.status = 429, .retry_after = "soon"});
  fake_->Answer(kUrl, {.status = 200});
  EXPECT_EQ(Get()->status, 200);
  EXPECT_THAT(waits_, ElementsAre(absl::Milliseconds(125)));
}

TEST_F(RetryTest, FailsAtOnceWhenTheServerAsksForLongerThanIsLeft) {
  fake_->Answer(kUrl, {.status = 503, .retry_after = "30"});
  const auto response = Get();
  EXPECT_EQ(
      response.status().message(),
      "https://h/keys answered with status 503 and asks to wait 30s, but only 30s are left for this read. "
      "Try again later, or allow more time.");
  EXPECT_EQ(ErrorReason(response.status()), "retry_later");
  EXPECT_THAT(waits_, IsEmpty());
  fake_ = std::make_shared<FakeTransport>();
  fake_->Answer(kUrl, {.status = 503, .retry_after = "99999999999999999999999999"});
  EXPECT_THAT(std::string(Get().status().message()), HasSubstr("and asks to wait for years, but only "));
  fake_ = std::make_shared<FakeTransport>();
  fake_->Answer(kUrl, {.status = 503, .retry_after = "29"});
  fake_->Answer(kUrl, {.status = 200});
  EXPECT_EQ(Get()->status, 200);
}

TEST_F(RetryTest, SharesOneDeadlineOverAllTries) {
  fake_->Answer(kUrl, {.status = 503});
  const auto response = Get(1000);
  EXPECT_EQ(response->status, 503);
  EXPECT_LE(now_, kStart + absl::Seconds(30));
  for (const Request& request : fake_->requests()) EXPECT_EQ(request.deadline, kStart + absl::Seconds(30));
}

TEST_F(RetryTest, EndsItsWaitWhenCancelled) {
  std::stop_source stop;
  stop.request_stop();
  fake_->Answer(kUrl, {.status = 503});
  cancel_ = tfsdk::CancelToken(stop.get_token());
  EXPECT_EQ(Get().status().code(), absl::StatusCode::kCancelled);
}

TEST(RetryingTransportTest, CancelsARealWaitWithinASecond) {
  const auto fake = std::make_shared<FakeTransport>();
  fake->Answer(kUrl, {.status = 503, .retry_after = "20"});
  const absl::Time start = absl::Now();
  const tfsdk::CancelToken gone({}, [&] { return absl::Now() - start > absl::Milliseconds(200); });
  EXPECT_EQ(MakeRetryingTransport(fake)->Get(gone, {.url = kUrl}).status().code(),
            absl::StatusCode::kCancelled);
  EXPECT_LT(absl::Now() - start, absl::Milliseconds(1200));
}

TEST(ParseRetryAfterTest, ReadsSecondsAndAllThreeDateForms) {
  const absl::Time now = absl::FromCivil(absl::CivilSecond(1994, 11, 6, 8, 49, 0), absl::UTCTimeZone());
  EXPECT_EQ(ParseRetryAfter("0", now), absl::ZeroDuration());
  EXPECT_EQ(ParseRetryAfter(" 120 ", now), absl::Seconds(120));
  EXPECT_EQ(ParseRetryAfter("99999999999999999999999", now), absl::InfiniteDuration());
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", now), absl::Seconds(37));
  EXPECT_EQ(ParseRetryAfter("Sunday, 06-Nov-94 08:49:37 GMT", now), absl::Seconds(37));
  EXPECT_EQ(ParseRetryAfter("Sun Nov  6 08:49:37 1994", now), absl::Seconds(37));
  EXPECT_EQ(ParseRetryAfter("Sun, 06 Nov 1994 08:48:00 GMT", now), absl::ZeroDuration()) << "past";
  for (const char* const text : {"", "-1", "1.5", "1e3", "soon", "+5", "5 s", "Sun, 06 Nov 1994"}) {
    EXPECT_EQ(ParseRetryAfter(text, now), std::nullopt) << text;
  }
  EXPECT_EQ(ParseRetryAfter(std::string(65, '1'), now), std::nullopt);
}

}  // namespace
}  // namespace k8soidc::http
