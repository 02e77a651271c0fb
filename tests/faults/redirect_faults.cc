// Redirects (T-03, T-04): none is followed, and nobody else hears of the credential.

#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

struct Row {
  const char* name;
  const char* status;
  // ELSEWHERE stands for another good server, HERE for the same one.
  std::string location;
  std::vector<std::string> expect;
};

std::string Fill(std::string text, const std::string& here, const std::string& elsewhere) {
  for (const auto& [word, url] : {std::pair("ELSEWHERE", elsewhere), std::pair("HERE", here)}) {
    const size_t at = text.find(word);
    if (at != std::string::npos) text.replace(at, std::string(word).size(), url);
  }
  return text;
}

const std::vector<Row>& Rows() {
  constexpr char kNot[] = "which is not followed, because credentials and trust end at this server";
  static const auto* const rows = new std::vector<Row>{
      {"MultipleChoices300", "300 Multiple Choices", "ELSEWHERE/keys", {"status 300", kNot}},
      {"MovedPermanently301",
       "301 Moved Permanently",
       "ELSEWHERE/keys",
       {"status 301", "to https://127.0.0.1:", kNot}},
      {"Found302", "302 Found", "ELSEWHERE/keys", {"status 302", "to https://127.0.0.1:", kNot}},
      {"SeeOther303", "303 See Other", "ELSEWHERE/keys", {"status 303", kNot}},
      {"UseProxy305", "305 Use Proxy", "ELSEWHERE/", {"status 305", kNot}},
      {"Temporary307", "307 Temporary Redirect", "ELSEWHERE/keys", {"status 307", kNot}},
      {"Permanent308", "308 Permanent Redirect", "ELSEWHERE/keys", {"status 308", kNot}},
      {"ToItself", "302 Found", "/openid/v1/jwks", {"status 302", "to /openid/v1/jwks", kNot}},
      {"ToTheSameServer", "307 Temporary Redirect", "HERE/other", {"status 307", kNot}},
      {"ToPlainHttp",
       "301 Moved Permanently",
       "http://127.0.0.1/",
       {"status 301", "to http://127.0.0.1/", kNot}},
      {"ToAFile", "302 Found", "file:///etc/passwd", {"status 302", "to file:///etc/passwd", kNot}},
      {"ToTheMetadataService",
       "302 Found",
       "http://169.254.169.254/latest/",
       {"to http://169.254.169.254/latest/"}},
      {"WithoutAScheme", "302 Found", "//evil.example/x", {"to //evil.example/x", kNot}},
      {"WithAPassword",
       "302 Found",
       absl::StrCat("https://root:", kPassword, "@evil.example/x"),
       {"to https://evil.example/x", kNot}},
      {"WithASecretInTheQuery",
       "302 Found",
       absl::StrCat("https://evil.example/x?token=", kBodySecret, "#", kBodySecret),
       {"to https://evil.example/x,", kNot}},
      {"WithoutALocation", "302 Found", "", {"status 302", "which is not followed"}},
      {"WithControlCharacters",
       "302 Found",
       "https://evil.example/\x1b[2J\x07\xe2\x80\xae",
       {"status 302", kNot}},
      {"WithALongLocation",
       "302 Found",
       absl::StrCat("https://evil.example/", std::string(20000, 'a')),
       {"status 302", "...", kNot}},
      {"ToALoginPage",
       "302 Found",
       "https://login.example/oauth2?client_id=x",
       {"login page", "to https://login.example/oauth2"}},
  };
  return *rows;
}

std::vector<FaultCase> Cases() {
  std::vector<FaultCase> cases;
  for (const Row& row : Rows()) {
    cases.push_back({.name = row.name,
                     .prepare =
                         [&row](Stage& stage) {
                           const auto location = std::make_shared<std::string>();
                           RawServer& here = stage.Serve([location, &row](RawConnection& connection) {
                             connection.ReadRequest();
                             connection.Send(HttpAnswer(row.status, kBodySecret, *location));
                           });
                           RawServer& elsewhere =
                               stage.ServeAside(GoodServer(), AnswerAlways(OkAnswer(GoodKeys())));
                           if (!row.location.empty()) {
                             *location = absl::StrCat(
                                 "Location: ", Fill(row.location, here.url(""), elsewhere.url("")), "\r\n");
                           }
                           stage.AtEnd([&elsewhere] { EXPECT_EQ(elsewhere.connections(), 0); });
                         },
                     .expect = row.expect,
                     .requests = 1});
  }
  return cases;
}

FAULT_FAMILY(Redirect, Cases());

}  // namespace
}  // namespace k8soidc::faults
