#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <sstream>
#include <string>
#include <thread>

#include "absl/strings/cord.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "tfsdk/cancel.h"
#include "tfsdk/internal/utf8.h"
#include "tfsdk/secret.h"
#include "tfsdk/status.h"
#include "tfsdk/testing/status_matchers.h"

namespace tfsdk {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using testing::StatusIs;

template <class T>
concept Streams = requires(std::ostream& out, const T& t) {
  out << t;
};

TEST(SecretTest, CannotBePrinted) {
  static_assert(!Streams<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_constructible_v<absl::string_view, Secret>);
  EXPECT_EQ(::testing::PrintToString(Secret("hunter2")), "(secret)");
}

TEST(SecretTest, GivesItsTextOnlyWhenAsked) {
  Secret secret("hunter2");
  const Secret copy = secret;
  const Secret moved = std::move(secret);
  EXPECT_EQ(copy.Reveal(), "hunter2");
  EXPECT_EQ(moved, copy);
  EXPECT_TRUE(secret.empty());  // NOLINT(bugprone-use-after-move): that nothing stays behind is the point
}

TEST(StatusTest, AnnotateKeepsCodeAndPayload) {
  absl::Status status = absl::NotFoundError("gone");
  status.SetPayload("k", absl::Cord("v"));
  const absl::Status annotated = Annotate(status, "reading x");
  EXPECT_THAT(annotated, StatusIs(absl::StatusCode::kNotFound, "reading x: gone"));
  EXPECT_EQ(annotated.GetPayload("k"), absl::Cord("v"));
  EXPECT_TRUE(Annotate(absl::OkStatus(), "x").ok());
}

TEST(CancelTokenTest, IsNeverCancelledByDefault) {
  EXPECT_FALSE(CancelToken().IsCancelled());
  EXPECT_TRUE(CancelToken().SleepFor(milliseconds(1)));
}

TEST(CancelTokenTest, WakesASleeperWhenStopped) {
  std::stop_source source;
  const CancelToken token(source.get_token());
  const auto start = std::chrono::steady_clock::now();
  std::thread stopper([&] {
    std::this_thread::sleep_for(milliseconds(20));
    source.request_stop();
  });
  EXPECT_FALSE(token.SleepFor(std::chrono::minutes(5)));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
  stopper.join();
}

TEST(CancelTokenTest, NoticesThatTheCallerHasGone) {
  bool gone = false;
  const CancelToken token(std::stop_token(), [&] { return gone; });
  EXPECT_FALSE(token.IsCancelled());
  gone = true;
  EXPECT_FALSE(token.SleepFor(std::chrono::minutes(5)));
}

TEST(Utf8Test, KnowsValidText) {
  EXPECT_TRUE(internal::IsUtf8("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80"));
  for (const char* bad :
       {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "a\x80"}) {
    EXPECT_FALSE(internal::IsUtf8(bad)) << bad;
  }
}

TEST(Utf8Test, MakesForeignTextFitToBeShown) {
  EXPECT_EQ(internal::Printable("a\x1b[31mred\x7f\n\tend"), "a\xef\xbf\xbd[31mred\xef\xbf\xbd\n\tend");
  EXPECT_EQ(internal::Printable("\xff"), "\xef\xbf\xbd");
  EXPECT_EQ(internal::Printable("\xe2\x80\xae"
                                "evil"),
            "\xef\xbf\xbd"
            "evil");                                           // right-to-left override
  EXPECT_EQ(internal::Printable("\xc2\x85"), "\xef\xbf\xbd");  // C1 control
  EXPECT_EQ(internal::Printable("\xc3\xa9"), "\xc3\xa9");
}

}  // namespace
}  // namespace tfsdk
