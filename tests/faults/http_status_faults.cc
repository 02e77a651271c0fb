// Statuses: everything but 200 is an error with a sentence of its own kind, and no body is ever shown.

#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

struct Row {
  const char* name;
  const char* status_line;
  std::vector<std::string> expect;
  std::string body = absl::StrCat("{\"secret\":\"", kBodySecret, "\"}");
  const char* headers = "";
};

constexpr char kInTrouble[] = "the server, or a proxy before it, is in trouble";
constexpr char kOnly200[] = "only 200 is an answer to use";
constexpr char kNotHttp[] = "the server's answer is not HTTP/1.1 or HTTP/2";

std::string Forbidden(absl::string_view user) {
  return absl::StrCat(
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":"forbidden: User \")", user,
      R"(\" cannot get path \"/openid/v1/jwks\"","reason":"Forbidden","code":403,"x":")", kBodySecret, "\"}");
}

const std::vector<Row>& Rows() {
  static const auto* const rows = new std::vector<Row>{
      {"Created201", "201 Created", {"answered with status 201", kOnly200}},
      {"Accepted202", "202 Accepted", {"answered with status 202", kOnly200}},
      {"NonAuthoritative203", "203 Non-Authoritative Information", {"answered with status 203", kOnly200}},
      {"NoContent204", "204 No Content", {"answered with status 204", kOnly200}, ""},
      {"PartialContent206", "206 Partial Content", {"answered with status 206", kOnly200}, GoodKeys()},
      {"NotModified304", "304 Not Modified", {"answered with status 304", kOnly200}, ""},
      {"BadRequest400", "400 Bad Request", {"answered with status 400", kOnly200}},
      {"Unauthorized401",
       "401 Unauthorized",
       {"answered with status 401 Unauthorized", "does not accept the credential in token",
        "chosen by the server in host"}},
      {"Unauthorized401WithAChallenge",
       "401 Unauthorized",
       {"answered with status 401 Unauthorized", "does not accept the credential in token"},
       "",
       "WWW-Authenticate: Basic realm=\"x\"\r\nWWW-Authenticate: Negotiate\r\nWWW-Authenticate: Digest "
       "realm=y\r\n"},
      {"PaymentRequired402", "402 Payment Required", {"answered with status 402", kOnly200}},
      {"Forbidden403OfAUser",
       "403 Forbidden",
       {"answered with status 403 Forbidden", "The user \"jane@example.com\"",
        "kubectl create clusterrolebinding",
        "--clusterrole=system:service-account-issuer-discovery --user='jane@example.com'"},
       Forbidden("jane@example.com")},
      {"Forbidden403OfAServiceAccount",
       "403 Forbidden",
       {"--serviceaccount=atlantis:runner"},
       Forbidden("system:serviceaccount:atlantis:runner")},
      {"Forbidden403OfAnAnonymous",
       "403 Forbidden",
       {"anonymous", "--group=system:unauthenticated"},
       Forbidden("system:anonymous")},
      {"Forbidden403OfAShellCommand",
       "403 Forbidden",
       {"--user='a'\\''; rm -rf /;'"},
       Forbidden("a'; rm -rf /;")},
      {"Forbidden403OfAControlCharacter",
       "403 Forbidden",
       {"answered with status 403", "--user=NAME"},
       Forbidden(R"(a\u001b[31mb)")},
      {"Forbidden403WithoutAStatus", "403 Forbidden", {"answered with status 403", "kubectl auth whoami"}},
      {"Forbidden403AsAPage",
       "403 Forbidden",
       {"answered with status 403", "--user=NAME"},
       absl::StrCat("<html>", kBodySecret, "</html>")},
      {"NotFound404", "404 Not Found", {"answered with status 404", "--service-account-issuer"}},
      {"MethodNotAllowed405", "405 Method Not Allowed", {"answered with status 405", kOnly200}},
      {"NotAcceptable406", "406 Not Acceptable", {"answered with status 406", "Accept header"}},
      {"ProxyAuthenticationRequired407",
       "407 Proxy Authentication Required",
       {"answered with status 407", "A proxy on the way wants to know who we are"}},
      {"RequestTimeout408", "408 Request Timeout", {"answered with status 408", kOnly200}},
      {"Gone410", "410 Gone", {"answered with status 410", "nothing at this path"}},
      {"Misdirected421", "421 Misdirected Request", {"answered with status 421", kOnly200}},
      {"TooEarly425", "425 Too Early", {"answered with status 425", kOnly200}},
      {"TooManyRequests429", "429 Too Many Requests", {"answered with status 429", "asked too often"}},
      {"HeaderTooLarge431", "431 Request Header Fields Too Large", {"answered with status 431", kOnly200}},
      {"LegalReasons451", "451 Unavailable For Legal Reasons", {"answered with status 451", kOnly200}},
      {"InternalError500", "500 Internal Server Error", {"answered with status 500", kInTrouble}},
      {"NotImplemented501", "501 Not Implemented", {"answered with status 501", kInTrouble}},
      {"BadGateway502", "502 Bad Gateway", {"answered with status 502", kInTrouble}},
      {"Unavailable503", "503 Service Unavailable", {"answered with status 503", kInTrouble}},
      {"GatewayTimeout504", "504 Gateway Timeout", {"answered with status 504", kInTrouble}},
      {"VersionNotSupported505", "505 HTTP Version Not Supported", {"answered with status 505", kInTrouble}},
      {"NetworkAuthenticationRequired511",
       "511 Network Authentication Required",
       {"answered with status 511", kInTrouble}},
      {"Unassigned599", "599 Whatever", {"answered with status 599"}},
      {"Unassigned600", "600 Whatever", {"answered with status 600"}},
      {"Unassigned999", "999 Request Denied", {"answered with status 999"}},
      {"TheReasonIsNotShown", "500 canary-body-2d7b60e1f9c3a854", {"answered with status 500", kInTrouble}},
      {"StatusZero", "000 Nothing", {"not"}},
      {"StatusOfTwoDigits", "20 OK", {kNotHttp}},
      {"StatusOfFourDigits", "2000 OK", {kNotHttp}},
      {"StatusOfLetters", "OK", {kNotHttp}},
      {"StatusMissing", "", {kNotHttp}},
  };
  return *rows;
}

std::vector<FaultCase> Cases() {
  std::vector<FaultCase> cases;
  for (const Row& row : Rows()) {
    cases.push_back(
        {.name = row.name,
         .prepare =
             [&row](Stage& stage) { stage.Serve(Sends(HttpAnswer(row.status_line, row.body, row.headers))); },
         .expect = row.expect,
         .requests = 1});
  }
  return cases;
}

FAULT_FAMILY(HttpStatus, Cases());

}  // namespace
}  // namespace k8soidc::faults
