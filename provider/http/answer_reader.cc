#include "http/answer_reader.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxHeaderBytes = size_t{64} << 10;
constexpr size_t kMaxHeaderLines = 500;

// The code of "HTTP/1.1 200 OK" or "HTTP/2 200"; 0 when there is none.
int StatusOf(absl::string_view line) {
  const size_t space = line.find(' ');
  int status = 0;
  if (space == absl::string_view::npos || !absl::SimpleAtoi(line.substr(space + 1, 3), &status)) return 0;
  return status;
}

}  // namespace

bool AnswerReader::Fail(absl::string_view reason, absl::string_view sentence) {
  failure_ = ErrorWithReason(absl::StatusCode::kFailedPrecondition, reason, sentence);
  return false;
}

bool AnswerReader::OnHeaderLine(absl::string_view line) {
  header_bytes_ += line.size();
  ++header_lines_;
  if (header_bytes_ > kMaxHeaderBytes || header_lines_ > kMaxHeaderLines) {
    return Fail("too_large", "the header of the answer is larger than 64 KiB or has more than 500 lines.");
  }
  // Trailers carry nothing that is needed.
  if (in_body_) return true;

  line = absl::StripAsciiWhitespace(line);
  if (absl::StartsWith(line, "HTTP/")) {
    // A new answer: what came before was informational.
    response_ = Response();
    response_.status = StatusOf(line);
    http1_ = absl::StartsWith(line, "HTTP/1");
    chunked_ = false;
    encoded_ = false;
    bad_length_ = false;
    announced_bytes_.reset();
    return true;
  }
  if (line.empty()) return OnEndOfHeader();
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return true;
  const absl::string_view name = line.substr(0, colon);
  const absl::string_view value = absl::StripAsciiWhitespace(line.substr(colon + 1));
  if (absl::EqualsIgnoreCase(name, "content-type")) {
    response_.content_type = std::string(value);
  } else if (absl::EqualsIgnoreCase(name, "retry-after")) {
    response_.retry_after = std::string(value);
  } else if (absl::EqualsIgnoreCase(name, "location")) {
    response_.location = std::string(value);
  } else if (absl::EqualsIgnoreCase(name, "content-encoding")) {
    encoded_ = encoded_ || (!value.empty() && !absl::EqualsIgnoreCase(value, "identity"));
  } else if (absl::EqualsIgnoreCase(name, "transfer-encoding")) {
    // curl would undo a compression here by itself.
    chunked_ = absl::EndsWithIgnoreCase(value, "chunked");
    encoded_ = encoded_ || !absl::EqualsIgnoreCase(value, "chunked");
  } else if (absl::EqualsIgnoreCase(name, "content-length")) {
    uint64_t length = 0;
    const bool readable = absl::SimpleAtoi(value, &length);
    bad_length_ = bad_length_ || !readable || announced_bytes_.value_or(length) != length;
    if (readable) announced_bytes_ = length;
  }
  return true;
}

bool AnswerReader::OnEndOfHeader() {
  if (response_.status < 200) return true;
  in_body_ = true;
  if (response_.status != 200) return true;
  if (encoded_) {
    return Fail("encoded",
                "the body is compressed (Content-Encoding or Transfer-Encoding), though that was not asked "
                "for. Something between "
                "here and the server changes answers; ask it not to.");
  }
  // RFC 9112, 6.3, point 5: nobody can tell where this body ends.
  if (bad_length_ && !chunked_) {
    return Fail("not_http",
                "the answer announces two lengths that differ, or one that is no number (Content-Length), so "
                "where it ends cannot be told. Something between here and the server may have changed it.");
  }
  if (announced_bytes_.has_value() && *announced_bytes_ > max_body_bytes_) return OnBody({});
  return true;
}

bool AnswerReader::OnBody(absl::string_view bytes) {
  in_body_ = true;
  const bool announced_too_much = response_.status == 200 && announced_bytes_.value_or(0) > max_body_bytes_;
  const size_t room = max_body_bytes_ - response_.body.size();
  if (bytes.size() <= room && !announced_too_much) {
    if (!encoded_) response_.body.append(bytes.data(), bytes.size());
    return true;
  }
  if (response_.status == 200) {
    response_.body.clear();
    return Fail("too_large", absl::StrCat("the body is larger than the ", max_body_bytes_,
                                          " bytes that are read at most. Is this the right URL?"));
  }
  if (!encoded_) response_.body.append(bytes.data(), std::min(bytes.size(), room));
  return false;
}

}  // namespace k8soidc::http
