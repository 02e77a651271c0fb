// Proxies: what stands between us and the server says no, nonsense or nothing. Its password goes to it alone, and the
// server's credential never goes to it.

#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

struct Row {
  const char* name;
  const char* scheme;
  // What the proxy says to each thing it reads, one after the other; then it closes.
  std::vector<std::string> says;
  std::vector<std::string> expect;
  bool stalls = false;
};

constexpr char kOpen[] = "HTTP/1.1 200 Connection established\r\n\r\n";

std::vector<Row> Rows() {
  const std::string no_login("\x05\x00", 2);
  const std::string login("\x05\x02", 2);
  const std::string welcome("\x01\x00", 2);
  const auto reply = [](char code) {
    return std::string("\x05", 1) + code + std::string("\x00\x01\0\0\0\0\0\0", 8);
  };
  constexpr char kNoHttpProxy[] = "does not answer as an HTTP proxy does";
  constexpr char kClosed[] = "closed the connection before it opened a way to ";
  return {
      {"WantsAnotherPassword",
       "http",
       {HttpAnswer("407 Proxy Authentication Required", kBodySecret)},
       {"does not accept the user name and password in its URL"}},
      {"WantsAPasswordInItsOwnWay",
       "http",
       {HttpAnswer("407 Proxy Authentication Required", "",
                   "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n")},
       {"does not accept the user name and password in its URL"}},
      {"Forbids",
       "http",
       {HttpAnswer("403 Forbidden", kBodySecret)},
       {"with status 403: it does not allow this server"}},
      {"CannotReachTheServer",
       "http",
       {HttpAnswer("502 Bad Gateway", kBodySecret)},
       {"with status 502: it cannot reach"}},
      {"Busy",
       "http",
       {HttpAnswer("503 Service Unavailable", kBodySecret)},
       {"with status 503: it cannot reach"}},
      {"Fails", "http", {HttpAnswer("500 Oops", kBodySecret)}, {"with status 500. Only 2xx opens a way"}},
      {"Redirects",
       "http",
       {HttpAnswer("302 Found", kBodySecret,
                   absl::StrCat("Location: https://evil.example/?", kBodySecret, "\r\n"))},
       {"with status 302. Only 2xx opens a way"}},
      {"IsAWebServer", "http", {HttpAnswer("405 Method Not Allowed", kBodySecret)}, {"with status 405"}},
      {"SaysNothing", "http", {}, {kClosed}},
      {"SpeaksAnotherProtocol", "http", {absl::StrCat("SSH-2.0-", kBodySecret, "\r\n")}, {kNoHttpProxy}},
      {"HeaderFlood",
       "http",
       {absl::StrCat(
           "HTTP/1.1 200 OK\r\n",
           [] {
             std::string lines;
             for (int i = 0; i < 5000; ++i) lines += "X: y\r\n";
             return lines;
           }(),
           "\r\n")},
       {"the header of the answer of the proxy"}},
      {"OpensAndCloses",
       "http",
       {kOpen},
       {"the connection was closed during the TLS handshake", "Asked through the proxy"}},
      {"OpensToNonsense",
       "http",
       {kOpen, "HTTP/1.1 400 Bad Request\r\n\r\n"},
       {"does not speak TLS on this port"}},
      {"NeverAnswers", "http", {}, {"opened no way to "}, true},
      {"OpensAndStalls", "http", {kOpen}, {"within"}, true},
      {"IsNoTls",
       "https",
       {"HTTP/1.1 400 Bad Request\r\n\r\n"},
       {"does not speak TLS on this port", "write http:// for it"}},
      {"SocksIsNone", "socks5", {"HTTP/1.1 400 Bad Request\r\n\r\n"}, {"does not answer as SOCKS5 does"}},
      {"SocksSaysNothing", "socks5", {}, {kClosed}},
      {"SocksTakesNoMethod", "socks5", {std::string("\x05\xff", 2)}, {"user name and password"}},
      {"SocksRejectsThePassword",
       "socks5",
       {login, std::string("\x01\x01", 2)},
       {"does not accept the user name and password"}},
      {"SocksFails", "socks5", {login, welcome, reply(1)}, {"cannot reach ", "it failed without saying why"}},
      {"SocksForbids", "socks5h", {login, welcome, reply(2)}, {"does not allow a connection to "}},
      {"SocksFindsNoHost", "socks5h", {login, welcome, reply(4)}, {"the host is unreachable"}},
      {"SocksIsRefused", "socks5", {no_login, reply(5)}, {"cannot reach ", "connection refused"}},
      {"SocksClosesInItsReply", "socks5", {no_login, std::string("\x05\x00", 2)}, {kClosed}},
      {"SocksNeverAnswers", "socks5", {}, {"opened no way to "}, true},
  };
}

FaultCase Through(const Row& row) {
  return {.name = row.name,
          .prepare =
              [row](Stage& stage) {
                RawServer& proxy = stage.ServeWith({.plain = true}, [row](RawConnection& connection) {
                  for (const std::string& words : row.says) {
                    if (connection.ReadSome().empty() || !connection.Send(words)) return;
                  }
                  if (row.says.empty() && connection.ReadSome().empty()) return;
                  if (row.stalls) return connection.Stall();
                  connection.HalfClose();
                  connection.Stall();
                });
                RawServer& target = stage.ServeAside(GoodServer(), AnswerAlways(OkAnswer(GoodKeys())));
                stage.PointAt(target.url(""));
                stage.Set("proxy_url",
                          absl::StrCat(row.scheme, "://user:", kProxySecret, "@127.0.0.1:", proxy.port()));
                if (row.stalls) stage.AllowTime(absl::Milliseconds(900), absl::Milliseconds(700));
                // Nobody goes around a proxy that was named.
                stage.AtEnd([&target] { EXPECT_EQ(target.connections(), 0); });
              },
          .expect = row.expect,
          .is_timeout = row.stalls};
}

FaultCase Named(std::string name, std::string url, std::vector<std::string> expect) {
  return {.name = std::move(name),
          .prepare =
              [url](Stage& stage) {
                stage.Serve(AnswerAlways(OkAnswer(GoodKeys())));
                stage.Set("proxy_url", url);
              },
          .expect = std::move(expect),
          .requests = 0,
          .answer_is_whole = true};
}

std::vector<FaultCase> Cases() {
  std::vector<FaultCase> cases;
  for (const Row& row : Rows()) cases.push_back(Through(row));
  const std::string user = absl::StrCat("user:", kProxySecret, "@");
  cases.push_back(Named("Refused", absl::StrCat("http://", user, "127.0.0.1:1"),
                        {"nothing listens at the proxy http://127.0.0.1:1"}));
  cases.push_back(Named("NoSuchName", absl::StrCat("http://", user, "no-such-host.invalid:3128"),
                        {"the name of the proxy http://no-such-host.invalid:3128"}));
  cases.push_back(Named("OtherScheme", absl::StrCat("ftp://", user, "127.0.0.1:1"), {"proxy_url"}));
  cases.push_back(Named("NoUrl", absl::StrCat("http://", user, "a b"), {"proxy_url"}));
  cases.push_back(
      Named("WithAPath", absl::StrCat("http://", user, "127.0.0.1:1/path?x=", kBodySecret), {"prox"}));
  return cases;
}

FAULT_FAMILY(Proxy, Cases());

}  // namespace
}  // namespace k8soidc::faults
