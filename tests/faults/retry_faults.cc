// Retries: what is tried again, how often, and how long a server may ask to wait.

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

constexpr int kAlways = 1000;
constexpr char k503[] = "503 Service Unavailable";

// Answers the first `times` requests with `bytes` (nothing: a reset), the rest with the good keys.
RawServer::Script FailsFirst(int times, std::string bytes) {
  const auto left = std::make_shared<std::atomic<int>>(times);
  return [left, bytes](RawConnection& connection) {
    while (!connection.ReadRequest().empty()) {
      if (left->fetch_sub(1) > 0) {
        if (bytes.empty()) return connection.Reset();
        connection.Send(bytes);
        return;
      } else if (!connection.Send(OkAnswer(GoodKeys()))) {
        return;
      }
    }
  };
}

FaultCase After(std::string name, int failures, std::string bytes, int retries,
                std::vector<std::string> expect, int requests) {
  return {.name = std::move(name),
          .prepare =
              [=](Stage& stage) {
                stage.Serve(FailsFirst(failures, bytes));
                stage.Retry(retries);
              },
          .expect = std::move(expect),
          .requests = requests};
}

std::string Busy(const char* status, absl::string_view retry_after) {
  return HttpAnswer(status, kBodySecret,
                    retry_after.empty() ? "" : absl::StrCat("Retry-After: ", retry_after, "\r\n"));
}

std::string HttpDate(absl::Duration from_now) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now() + from_now, absl::UTCTimeZone());
}

std::vector<FaultCase> Cases() {
  const std::string cut =
      absl::StrCat("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n", "{");
  std::vector<FaultCase> cases = {
      After("Busy503ThenGood", 1, Busy(k503, ""), 2, {}, 2),
      After("Busy503TwiceThenGood", 2, Busy(k503, "0"), 2, {}, 3),
      After("Busy503ThreeTimes", kAlways, Busy(k503, "0"), 2,
            {"status 503", "(3 attempts in ", ": 503, 503, 503)"}, 3),
      After("NoRetryWhenNoneIsAllowed", kAlways, Busy(k503, "0"), 0, {"status 503"}, 1),
      After("Busy429ThenGood", 1, Busy("429 Too Many Requests", "0"), 1, {}, 2),
      After("Gateway502ThenGood", 1, Busy("502 Bad Gateway", ""), 1, {}, 2),
      After("Gateway504ThenGood", 1, Busy("504 Gateway Timeout", ""), 1, {}, 2),
      After("ResetThenGood", 1, "", 1, {}, 2),
      After("OneOfEachThenGood", 3, "", 3, {}, 4),
      After("RetryAfterOneSecond", 1, Busy(k503, "1"), 1, {}, 2),
      After("RetryAfterADateSoon", 1, Busy(k503, "Mon, 01 Jan 2024 00:00:00 GMT"), 1, {}, 2),
      After("RetryAfterNegative", 1, Busy(k503, "-1"), 1, {}, 2),
      After("RetryAfterGarbage", 1, Busy(k503, "soon\x01"), 1, {}, 2),
      After("RetryAfterEmpty", 1, Busy(k503, " "), 1, {}, 2),
      After("RetryAfterAFraction", 1, Busy(k503, "0.5"), 1, {}, 2),
      After("RetryAfterAnHour", kAlways, Busy(k503, "3600"), 2,
            {"answered with status 503 and asks to wait 1h", "are left for this read"}, 1),
      After("RetryAfterForEver", kAlways, Busy(k503, "99999999999999999999999999"), 2,
            {"answered with status 503 and asks to wait", "are left for this read"}, 1),
      After("RetryAfterADateInAnHour", kAlways, Busy("429 Too Many Requests", HttpDate(absl::Hours(1))), 2,
            {"answered with status 429 and asks to wait", "are left for this read"}, 1),
      After("RetryAfterAnHourWithoutRetries", kAlways, Busy(k503, "3600"), 0, {"answered with status 503"},
            1),
      After("CutThenCut", kAlways, cut, 1, {"cut off", "(2 attempts in "}, 2),
  };
  struct Never {
    const char* status;
    const char* name;
  };
  for (const auto& [status, name] :
       {Never{"401 Unauthorized", "Never401"}, Never{"403 Forbidden", "Never403"},
        Never{"404 Not Found", "Never404"}, Never{"406 Not Acceptable", "Never406"},
        Never{"408 Request Timeout", "Never408"}, Never{"500 Internal Server Error", "Never500"},
        Never{"501 Not Implemented", "Never501"}}) {
    const std::string code = std::string(status).substr(0, 3);
    cases.push_back(After(name, kAlways, HttpAnswer(status, kBodySecret, "Retry-After: 0\r\n"), 3,
                          {absl::StrCat("answered with status ", code)}, 1));
  }
  cases.push_back({.name = "TheDeadlineEndsTheRetries",
                   .prepare =
                       [](Stage& stage) {
                         stage.Serve(FailsFirst(kAlways, Busy(k503, "")));
                         stage.Retry(10);
                         stage.AllowTime(absl::Milliseconds(900), absl::Milliseconds(500));
                       },
                   .expect = {"status 503", "attempts in "}});
  cases.push_back({.name = "TheDeadlineIsSharedByAllTries",
                   .prepare =
                       [](Stage& stage) {
                         stage.Serve([](RawConnection& c) {
                           c.ReadRequest();
                           absl::SleepFor(absl::Milliseconds(350));
                           c.Send(Busy(k503, ""));
                         });
                         stage.Retry(10);
                         stage.AllowTime(absl::Milliseconds(900), absl::Milliseconds(500));
                       },
                   .expect = {"attempts in "}});
  return cases;
}

FAULT_FAMILY(Retry, Cases());

}  // namespace
}  // namespace k8soidc::faults
