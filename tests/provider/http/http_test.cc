#include "http/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(ToStatusTest, OnlyTwoHundredIsSuccess) {
  EXPECT_TRUE(ToStatus({.status = 200}, "https://h/").ok());
  for (const int status :
       {0, 100, 201, 202, 203, 204, 206, 226, 299, 304, 399, 400, 499, 500, 599, 600, 999}) {
    const absl::Status error = ToStatus({.status = status}, "https://h/p");
    EXPECT_EQ(ErrorReason(error), "http_status") << status;
    EXPECT_THAT(std::string(error.message()),
                HasSubstr(absl::StrCat("https://h/p answered with status ", status, ": ")));
  }
}

TEST(ToStatusTest, ChoosesTheCodeByStatus) {
  using absl::StatusCode;
  const std::pair<int, StatusCode> rows[] = {
      {301, StatusCode::kFailedPrecondition}, {400, StatusCode::kFailedPrecondition},
      {401, StatusCode::kUnauthenticated},    {403, StatusCode::kPermissionDenied},
      {404, StatusCode::kNotFound},           {406, StatusCode::kFailedPrecondition},
      {407, StatusCode::kFailedPrecondition}, {410, StatusCode::kNotFound},
      {429, StatusCode::kUnavailable},        {500, StatusCode::kUnavailable},
      {503, StatusCode::kUnavailable},
  };
  for (const auto& [status, code] : rows)
    EXPECT_EQ(ToStatus({.status = status}, "https://h/").code(), code) << status;
}

TEST(ToStatusTest, NeverShowsTheBodyAndRepeatsTheAttempts) {
  const absl::Status error = ToStatus(
      {.status = 503, .body = "<html>secret</html>", .attempts = "3 attempts in 4.1 s: 503, 503, 503"},
      "https://user:pass@h/p?token=x");
  EXPECT_THAT(std::string(error.message()),
              ::testing::AllOf(Not(HasSubstr("secret")), Not(HasSubstr("pass")), Not(HasSubstr("token")),
                               HasSubstr("(3 attempts in 4.1 s: 503, 503, 503)")));
}

TEST(RedactUrlTest, HidesWhatMayBeSecret) {
  const std::pair<const char*, const char*> rows[] = {
      {"https://h:6443/openid/v1/jwks", "https://h:6443/openid/v1/jwks"},
      {"https://[::1]:6443/", "https://[::1]:6443/"},
      {"https://user:pw@h/p", "https://h/p"},
      {"https://user@h/p", "https://h/p"},
      {"https://a@b@h/p", "https://h/p"},
      {"https://h/p?sig=x#y", "https://h/p"},
      {"https://h?sig=x", "https://h"},
      {"https://h/p#x", "https://h/p"},
      {"https://user:p/w@h/", "https://(hidden)"},
      {"https://user:p#w@h/", "https://(hidden)"},
      {"https://user:p?w@h/", "https://(hidden)"},
      {"https://user:p\\w@h/", "https://(hidden)"},
      {"user:pw@h", "h"},
      {"", "(empty)"},
      {"https://h/a\nb\x1b[0m", "https://h/a\\nb\\x1b[0m"},
  };
  for (const auto& [url, shown] : rows) EXPECT_EQ(RedactUrl(url), shown) << url;
}

TEST(RedactUrlTest, CutsALongOne) {
  const std::string shown = RedactUrl("https://h/" + std::string(5000, 'x'));
  EXPECT_EQ(shown.size(), 303u);
  EXPECT_TRUE(shown.substr(300) == "...");
}

TEST(ErrorReasonTest, SurvivesAnnotationAndIsEmptyForOthers) {
  const absl::Status error = ErrorWithReason(absl::StatusCode::kUnavailable, "dns", "no such host");
  EXPECT_EQ(ErrorReason(tfsdk::Annotate(error, "reading keys")), "dns");
  EXPECT_EQ(ErrorReason(absl::UnavailableError("x")), "");
  EXPECT_EQ(ErrorReason(absl::OkStatus()), "");
}

}  // namespace
}  // namespace k8soidc::http
