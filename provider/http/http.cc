#include "http/http.h"

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::http {
namespace {

constexpr absl::string_view kReasonPayload = "k8soidc/http-reason";
constexpr size_t kMaxShownUrl = 300;

std::string Shown(absl::string_view url) {
  std::string text = absl::CHexEscape(url.substr(0, kMaxShownUrl));
  if (url.size() > kMaxShownUrl) text += "...";
  return text;
}

struct StatusMeaning {
  absl::StatusCode code;
  std::string sentence;
};

StatusMeaning MeaningOf(const Response& response) {
  const int status = response.status;
  if (status >= 300 && status < 400 && status != 304) {
    const std::string where =
        response.location.has_value() ? absl::StrCat(" to ", RedactUrl(*response.location)) : "";
    return {
        absl::StatusCode::kFailedPrecondition,
        absl::StrCat("a redirect", where,
                     ", which is not followed. If that is a login page, credentials are missing; otherwise "
                     "name the final URL.")};
  }
  switch (status) {
    case 401:
      return {absl::StatusCode::kUnauthenticated,
              "the server wants a credential, or does not accept the one it got."};
    case 403:
      return {absl::StatusCode::kPermissionDenied, "the server knows who asks, and does not allow it."};
    case 404:
    case 410:
      return {absl::StatusCode::kNotFound, "there is nothing at this path. Check the URL."};
    case 406:
      return {absl::StatusCode::kFailedPrecondition,
              "the server has no representation of the kind asked for."};
    case 407:
      return {absl::StatusCode::kFailedPrecondition, "a proxy in between wants a credential."};
    case 429:
      return {absl::StatusCode::kUnavailable, "the server is asked too often. Try again later."};
    default:
      break;
  }
  if (status >= 500) {
    return {absl::StatusCode::kUnavailable,
            "the server, or a proxy before it, is in trouble. Try again; if it stays, see the server's log."};
  }
  return {absl::StatusCode::kFailedPrecondition, "only 200 is an answer to use."};
}

}  // namespace

absl::Status ToStatus(const Response& response, absl::string_view url) {
  if (response.status == 200) return absl::OkStatus();
  const StatusMeaning meaning = MeaningOf(response);
  std::string message =
      absl::StrCat(RedactUrl(url), " answered with status ", response.status, ": ", meaning.sentence);
  if (!response.attempts.empty()) absl::StrAppend(&message, " (", response.attempts, ")");
  return ErrorWithReason(meaning.code, "http_status", message);
}

std::string RedactUrl(absl::string_view url) {
  const size_t scheme_end = url.find("://");
  const size_t begin = scheme_end == absl::string_view::npos ? 0 : scheme_end + 3;
  absl::string_view rest = url.substr(begin);
  const size_t mark = rest.find_first_of("/?#\\");
  absl::string_view authority = rest.substr(0, mark);
  absl::string_view after = mark == absl::string_view::npos ? absl::string_view() : rest.substr(mark);

  // A password may hold a raw '/', '?' or '#'. When an '@' follows what looked like "host:port", that may
  // have been "user:pass"; then nothing of it is shown.
  if (absl::StrContains(after, '@') && absl::StrContains(authority, ':')) {
    return absl::StrCat(Shown(url.substr(0, begin)), "(hidden)");
  }
  if (const size_t at = authority.rfind('@'); at != absl::string_view::npos) authority.remove_prefix(at + 1);
  after = after.substr(0, after.find_first_of("?#"));
  if (url.empty()) return "(empty)";
  return Shown(absl::StrCat(url.substr(0, begin), authority, after));
}

std::string ErrorReason(const absl::Status& status) {
  const absl::optional<absl::Cord> reason = status.GetPayload(kReasonPayload);
  return reason.has_value() ? std::string(*reason) : "";
}

absl::Status ErrorWithReason(absl::StatusCode code, absl::string_view reason, absl::string_view message) {
  absl::Status status(code, message);
  status.SetPayload(kReasonPayload, absl::Cord(reason));
  return status;
}

}  // namespace k8soidc::http
