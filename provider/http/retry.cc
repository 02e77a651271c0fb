#include "http/retry.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace k8soidc::http {
namespace {

constexpr absl::Duration kLongestRead = absl::Minutes(15);

bool MayHelp(const absl::StatusOr<Response>& result) {
  if (result.ok()) {
    return result->status == 429 || result->status == 502 || result->status == 503 || result->status == 504;
  }
  static constexpr absl::string_view kReasons[] = {
      "connection_refused", "connection_reset", "connect_timeout", "truncated",
      "proxy_refused",      "proxy_reset",      "proxy_timeout",   "proxy_unavailable",
  };
  const std::string reason = ErrorReason(result.status());
  return std::find(std::begin(kReasons), std::end(kReasons), reason) != std::end(kReasons);
}

std::string InAWord(const absl::StatusOr<Response>& result) {
  if (result.ok()) return absl::StrCat(result->status);
  const std::string reason = ErrorReason(result.status());
  return reason.empty() ? "error" : absl::StrReplaceAll(reason, {{"_", " "}});
}

class RetryingTransport final : public Transport {
 public:
  RetryingTransport(std::shared_ptr<Transport> inner, RetryOptions options)
      : inner_(std::move(inner)), options_(std::move(options)) {}

  void CloseConnections(const Request& request) override { inner_->CloseConnections(request); }

  absl::StatusOr<Response> Get(const tfsdk::CancelToken& cancel, const Request& original) override {
    const absl::Time start = options_.now();
    Request request = original;
    request.deadline = std::min(original.deadline, start + kLongestRead);
    std::vector<std::string> attempts;
    while (true) {
      absl::StatusOr<Response> result = inner_->Get(cancel, request);
      attempts.push_back(InAWord(result));
      const int retries = static_cast<int>(attempts.size()) - 1;
      if (!MayHelp(result) || retries >= options_.max_retries)
        return Tell(std::move(result), attempts, start);

      absl::Duration wait = options_.random() * std::min(options_.longest_wait,
                                                         options_.first_wait * (1 << std::min(retries, 20)));
      const absl::Time now = options_.now();
      const absl::Duration left = request.deadline - now;
      if (result.ok() && result->retry_after.has_value()) {
        const absl::Duration asked =
            ParseRetryAfter(*result->retry_after, now).value_or(absl::ZeroDuration());
        if (asked >= left) return Tell(TooLong(request, *result, asked, left), attempts, start);
        wait = std::max(wait, asked);
      }
      if (wait >= left) return Tell(std::move(result), attempts, start);
      if (!options_.sleep(cancel, wait)) {
        return ErrorWithReason(absl::StatusCode::kCancelled, "cancelled",
                               absl::StrCat(RedactUrl(request.url), ": the read was cancelled."));
      }
    }
  }

 private:
  static absl::Status TooLong(const Request& request, const Response& response, absl::Duration asked,
                              absl::Duration left) {
    return ErrorWithReason(
        absl::StatusCode::kUnavailable, "retry_later",
        absl::StrCat(
            RedactUrl(request.url), " answered with status ", response.status, " and asks to wait ",
            asked == absl::InfiniteDuration() ? "for years"
                                              : absl::FormatDuration(absl::Ceil(asked, absl::Seconds(1))),
            ", but only ",
            absl::FormatDuration(absl::Trunc(std::max(left, absl::ZeroDuration()), absl::Milliseconds(100))),
            " are left for this read. Try again later, or allow more time."));
  }

  // `result`, with what was tried when that was more than one attempt.
  absl::StatusOr<Response> Tell(absl::StatusOr<Response> result, const std::vector<std::string>& attempts,
                                absl::Time start) const {
    if (attempts.size() < 2) return result;
    const std::string told =
        absl::StrFormat("%d attempts in %.1f s: %s", attempts.size(),
                        absl::ToDoubleSeconds(options_.now() - start), absl::StrJoin(attempts, ", "));
    if (result.ok()) {
      result->attempts = told;
      return result;
    }
    if (result.status().code() == absl::StatusCode::kCancelled) return result;
    return ErrorWithReason(result.status().code(), ErrorReason(result.status()),
                           absl::StrCat(result.status().message(), " (", told, ")"));
  }

  const std::shared_ptr<Transport> inner_;
  const RetryOptions options_;
};

}  // namespace

std::shared_ptr<Transport> MakeRetryingTransport(std::shared_ptr<Transport> inner, RetryOptions options) {
  if (!options.now) options.now = &absl::Now;
  if (!options.random) {
    options.random = [] {
      thread_local std::mt19937_64 engine(std::random_device{}());
      return std::uniform_real_distribution<double>(0, 1)(engine);
    };
  }
  if (!options.sleep) {
    options.sleep = [](const tfsdk::CancelToken& cancel, absl::Duration duration) {
      return cancel.SleepFor(absl::ToChronoMilliseconds(duration));
    };
  }
  return std::make_shared<RetryingTransport>(std::move(inner), std::move(options));
}

std::optional<absl::Duration> ParseRetryAfter(absl::string_view text, absl::Time now) {
  text = absl::StripAsciiWhitespace(text);
  if (text.empty() || text.size() > 64) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    uint64_t seconds = 0;
    // Too many digits for a number is still a number: for ever.
    if (!absl::SimpleAtoi(text, &seconds) || seconds > 1'000'000'000) return absl::InfiniteDuration();
    return absl::Seconds(static_cast<int64_t>(seconds));
  }
  absl::Time date;
  std::string error;
  for (const char* const format :
       {"%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"}) {
    if (absl::ParseTime(format, text, &date, &error)) return std::max(date - now, absl::ZeroDuration());
  }
  return std::nullopt;
}

}  // namespace k8soidc::http
