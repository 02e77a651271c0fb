#include "support/raw_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace k8soidc {
namespace {

// Of "host:port", with or without "http://" before and a path after it.
uint16_t PortOf(absl::string_view target) {
  if (absl::ConsumePrefix(&target, "http://")) target = target.substr(0, target.find('/'));
  uint32_t port = 0;
  return absl::SimpleAtoi(target.substr(target.rfind(':') + 1), &port) ? static_cast<uint16_t>(port) : 80;
}

// `request` as a proxy passes it on: the path alone, nothing that was for the proxy.
std::string Forwarded(const std::string& request) {
  std::string out;
  for (const absl::string_view line : absl::StrSplit(request, "\r\n")) {
    if (absl::StartsWith(line, "GET http://")) {
      const absl::string_view rest = line.substr(11);
      absl::StrAppend(&out, "GET ", rest.substr(rest.find('/')), "\r\n");
    } else if (!absl::StartsWithIgnoreCase(line, "proxy-") && !line.empty()) {
      absl::StrAppend(&out, line, "\r\n");
    }
  }
  return out + "\r\n";
}

std::string AsText(absl::string_view address, int family) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(family, address.data(), text, sizeof(text));
  return text;
}

}  // namespace

RawServer::Script HttpProxy(RawProxyOptions options) {
  const std::string wanted =
      options.username.empty() && options.password.empty()
          ? ""
          : absl::StrCat("\r\nProxy-Authorization: Basic ",
                         absl::Base64Escape(absl::StrCat(options.username, ":", options.password)), "\r\n");
  return [wanted](RawConnection& connection) {
    const std::string request = connection.ReadRequest();
    const std::vector<std::string> words = absl::StrSplit(request.substr(0, request.find("\r\n")), ' ');
    if (words.size() != 3) return;
    if (!absl::StrContains(request, wanted)) {
      connection.Send(HttpAnswer("407 Proxy Authentication Required", "who are you",
                                 "Proxy-Authenticate: Basic realm=\"proxy\"\r\n"));
      return;
    }
    if (!connection.ConnectTo(PortOf(words[1]))) {
      connection.Send(HttpAnswer("502 Bad Gateway", ""));
    } else if (words[0] != "CONNECT") {
      connection.Relay(Forwarded(request));
    } else if (connection.Send("HTTP/1.1 200 Connection established\r\n\r\n")) {
      connection.Relay();
    }
  };
}

RawServer::Script Socks5Proxy(RawProxyOptions options) {
  return [options](RawConnection& connection) {
    const std::string greeting = connection.ReadBytes(2);
    if (greeting.size() != 2 || greeting[0] != 5) return;
    const std::string methods = connection.ReadBytes(static_cast<uint8_t>(greeting[1]));
    const char wanted = options.username.empty() ? 0 : 2;
    if (!absl::StrContains(methods, wanted)) {
      connection.Send("\x05\xff");
      return;
    }
    connection.Send(std::string{5, wanted});
    if (wanted == 2) {
      connection.ReadBytes(1);
      const std::string user = connection.ReadBytes(static_cast<uint8_t>(connection.ReadBytes(1)[0]));
      const std::string password = connection.ReadBytes(static_cast<uint8_t>(connection.ReadBytes(1)[0]));
      connection.Record(absl::StrCat("SOCKS5 user ", user, " ", password));
      const bool right = user == options.username && password == options.password;
      connection.Send(std::string{1, static_cast<char>(right ? 0 : 1)});
      if (!right) return;
    }
    const std::string head = connection.ReadBytes(4);
    if (head.size() != 4) return;
    std::string target;
    if (head[3] == 1) {
      target = absl::StrCat("ipv4 ", AsText(connection.ReadBytes(4), AF_INET));
    } else if (head[3] == 4) {
      target = absl::StrCat("ipv6 ", AsText(connection.ReadBytes(16), AF_INET6));
    } else {
      target = absl::StrCat("name ", connection.ReadBytes(static_cast<uint8_t>(connection.ReadBytes(1)[0])));
    }
    const std::string port_bytes = connection.ReadBytes(2);
    if (port_bytes.size() != 2) return;
    const uint16_t port =
        static_cast<uint16_t>(static_cast<uint8_t>(port_bytes[0]) << 8 | static_cast<uint8_t>(port_bytes[1]));
    connection.Record(absl::StrCat("SOCKS5 ", target, ":", port));
    const bool reachable = connection.ConnectTo(port);
    connection.Send(std::string{5, static_cast<char>(reachable ? 0 : 5), 0, 1, 0, 0, 0, 0, 0, 0});
    if (reachable) connection.Relay();
  };
}

}  // namespace k8soidc
