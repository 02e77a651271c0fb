#pragma once

// Collects an answer piece by piece as it arrives, and stops it at the first limit it breaks.

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "http/http.h"

namespace k8soidc::http {

// One per request; used by one thread. Knows no curl, only header lines and body bytes.
//
// Bounds: 64 KiB and 500 lines of header, counting informational (1xx) answers and trailers too, so that a
// flood of those ends as well; and `max_body_bytes` of body.
class AnswerReader {
 public:
  explicit AnswerReader(size_t max_body_bytes) : max_body_bytes_(max_body_bytes) {}

  // A status line, header field or trailer field with its line end, or the empty line. False: stop the
  // transfer.
  bool OnHeaderLine(absl::string_view line);
  // The next bytes of the body. False: stop the transfer.
  bool OnBody(absl::string_view bytes);

  // Why the transfer was stopped. OK: it was not, or only to leave out the rest of a body nobody needs.
  const absl::Status& failure() const { return failure_; }
  // The header is whole and says something else than success: an answer, whatever becomes of its body.
  bool HasOtherStatus() const { return in_body_ && response_.status != 200; }
  // Only the end of the connection ends this body (RFC 9112, 6.3, point 8), so it has to end properly.
  bool EndsWithConnection() const { return http1_ && in_body_ && !chunked_ && !announced_bytes_.has_value(); }
  // The empty line after the header has come.
  bool HasWholeHeader() const { return in_body_; }
  // Only the end of the stream ends this body (RFC 9113, 8.1).
  bool EndsWithStream() const { return !http1_ && in_body_ && !announced_bytes_.has_value(); }
  size_t body_bytes() const { return response_.body.size(); }

  // What arrived. Whole once the transfer ended well.
  Response TakeResponse() { return std::move(response_); }

 private:
  bool Fail(absl::string_view reason, absl::string_view sentence);
  bool OnEndOfHeader();

  const size_t max_body_bytes_;
  Response response_;
  bool in_body_ = false;
  bool http1_ = false;
  bool chunked_ = false;
  bool encoded_ = false;
  bool bad_length_ = false;
  std::optional<size_t> announced_bytes_;
  size_t header_bytes_ = 0;
  size_t header_lines_ = 0;
  absl::Status failure_;
};

}  // namespace k8soidc::http
