#pragma once

// A Transport around a Transport: asks again when that may help.

#include <functional>
#include <memory>
#include <optional>

#include "absl/time/time.h"
#include "http/http.h"
#include "tfsdk/cancel.h"

namespace k8soidc::http {

struct RetryOptions {
  // Further tries after the first.
  int max_retries = 2;
  // The n-th wait is drawn between 0 and the lesser of `first_wait` * 2^n and `longest_wait` ("full jitter"),
  // so that many clients do not come back all at once.
  absl::Duration first_wait = absl::Milliseconds(250);
  absl::Duration longest_wait = absl::Seconds(10);
  // The clock, the die (0 to below 1) and the sleep (false: cancelled). Tests put in their own; all three
  // must be safe from any thread.
  std::function<absl::Time()> now;
  std::function<double()> random;
  std::function<bool(const tfsdk::CancelToken&, absl::Duration)> sleep;
};

// Retried: status 429, 502, 503 and 504, of a server or of a proxy asked to connect to it; a connection, to
// either, that was refused, reset, cut off or did not come about in time. Never anything else: not 401, 403, 404,
// 406 or 407, no TLS failure, no DNS failure, no unknown one. All tries share the request's deadline, and the waits are cancellable.
//
// A server that asks for a pause (Retry-After, seconds or date) gets it. When that pause is longer than the
// time left, the read fails at once and says so (reason "retry_later").
//
// What comes back says how often was tried: Response::attempts, or the end of the error message.
std::shared_ptr<Transport> MakeRetryingTransport(std::shared_ptr<Transport> inner, RetryOptions options = {});

// The pause a Retry-After header asks for at `now`: seconds, or one of the three date forms of RFC
// 9110, 5.6.7. A date in the past means none. Nothing when it is neither.
std::optional<absl::Duration> ParseRetryAfter(absl::string_view text, absl::Time now);

}  // namespace k8soidc::http
