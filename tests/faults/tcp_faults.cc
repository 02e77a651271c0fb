// TCP and names: nobody there, nobody who answers, connections that end too soon.
//
// Left out, because they need a DNS server of their own: SERVFAIL, a name with addresses of one family only, an
// address that changes between two look-ups (no address policy depends on a name for an API server).

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

// A loopback port that is taken: nobody listens, or nobody ever accepts and no more connections fit.
class TakenPort {
 public:
  explicit TakenPort(bool listening) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (bind(sockets_[0], reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(sockets_[0], reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      ADD_FAILURE() << "no port";
    }
    port_ = ntohs(address.sin_port);
    if (!listening) return;
    listen(sockets_[0], 0);
    // Linux keeps one connection more than it was asked to; the SYN of the one after that is dropped.
    for (int i = 0; i < 4; ++i) {
      sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      (void)connect(sockets_.back(), reinterpret_cast<const sockaddr*>(&address), size);
    }
  }
  ~TakenPort() {
    for (const int socket : sockets_) close(socket);
  }
  std::string url(absl::string_view host = "127.0.0.1") const {
    return absl::StrCat("https://", host, ":", port_);
  }

 private:
  std::vector<int> sockets_;
  int port_ = 0;
};

void PointAtTakenPort(Stage& stage, bool listening) {
  const auto port = std::make_shared<TakenPort>(listening);
  stage.Keep(port);
  stage.PointAt(port->url());
}

RawServerOptions Plain() { return {.plain = true}; }

constexpr char kRefused[] = "connection refused: nothing listens at 127.0.0.1:";
constexpr char kNoAnswer[] = "the server closed the connection without an answer";
constexpr char kReset[] = "the connection was closed during the TLS handshake";
constexpr char kHalf[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 900\r\nContent-Type: application/json\r\n\r\n{\"keys\":[";

std::vector<FaultCase> Cases() {
  const auto scripted = [](RawServer::Script script) {
    return [script](Stage& stage) { stage.Serve(script); };
  };
  const auto plain = [](RawServer::Script script) {
    return [script](Stage& stage) { stage.ServeWith(Plain(), script); };
  };
  const auto in_a_hurry = [](std::function<void(Stage&)> prepare) {
    return [prepare](Stage& stage) {
      prepare(stage);
      stage.AllowTime(absl::Milliseconds(800), absl::Milliseconds(600));
    };
  };
  return {
      {"Refused", [](Stage& stage) { PointAtTakenPort(stage, false); }, {kRefused, "Check host and port"}},
      {"RefusedThreeTimes",
       [](Stage& stage) {
         PointAtTakenPort(stage, false);
         stage.Retry(2);
       },
       {kRefused, "(3 attempts in ", "connection refused, connection refused, connection refused)"}},
      {"RefusedOverIpv6",
       [](Stage& stage) { stage.PointAt("https://[::1]:1"); },
       {"nothing listens at [::1]:1"}},
      {"NobodyAccepts",
       in_a_hurry([](Stage& stage) { PointAtTakenPort(stage, true); }),
       {"no connection to 127.0.0.1:", "(route, firewall, VPN)"},
       true},
      {"AcceptsAndSaysNothing",
       in_a_hurry([](Stage& stage) { stage.ServeWith({.silent = true}, [](RawConnection&) {}); }),
       {"connected to 127.0.0.1:", "but the TLS handshake did not end", "Does this port speak TLS?"},
       true},
      {"ClosesAtOnce", plain([](RawConnection&) {}), {"the TLS handshake"}},
      {"ResetsAtOnce",
       plain([](RawConnection& c) { c.Reset(); }),
       {"A proxy or firewall in between may do that"}},
      {"ResetsAfterTheHello",
       plain([](RawConnection& c) {
         c.ReadSome();
         c.Reset();
       }),
       {kReset}},
      {"ClosesItsHalfAfterTheHello",
       in_a_hurry(plain([](RawConnection& c) {
         c.ReadSome();
         c.HalfClose();
         c.Stall();
       })),
       {kReset}},
      {"ClosesAfterTheHandshake", scripted([](RawConnection& c) { c.Close(); }), {"without an answer"}},
      {"ClosesAfterTheRequest", scripted([](RawConnection& c) { c.ReadRequest(); }), {kNoAnswer}},
      {"CutsAfterTheRequest",
       scripted([](RawConnection& c) {
         c.ReadRequest();
         c.Cut();
       }),
       {"the connection"}},
      {"ResetsAfterTheRequest",
       scripted([](RawConnection& c) {
         c.ReadRequest();
         c.Reset();
       }),
       {"reset the connection"}},
      {"ClosesItsHalfAfterTheHeader",
       in_a_hurry(scripted([](RawConnection& c) {
         c.ReadRequest();
         c.Send(kHalf);
         c.HalfClose();
         c.Stall();
       })),
       {"the answer was cut off after 9 bytes of body"}},
      {"NeverAnswers",
       in_a_hurry(scripted([](RawConnection& c) {
         c.ReadRequest();
         c.Stall();
       })),
       {"the request was sent, but no answer came within"},
       true},
      {"StallsInTheHeader",
       in_a_hurry(scripted([](RawConnection& c) {
         c.ReadRequest();
         c.Send("HTTP/1.1 200 OK\r\nContent-Le");
         c.Stall();
       })),
       {"within"},
       true},
      {"StallsInTheBody",
       in_a_hurry(scripted([](RawConnection& c) {
         c.ReadRequest();
         c.Send(kHalf);
         c.Stall();
       })),
       {"the answer was not whole within", "(9 bytes of body came)"},
       true},
      {"NoSuchName",
       [](Stage& stage) {
         stage.PointAt("https://no-such-host.invalid:6443");
         stage.AllowTime(absl::Seconds(2), absl::Seconds(1));
       },
       {"the name of no-such-host.invalid:6443", "DNS"}},
      {"NameOfAnEmptyLabel", [](Stage& stage) { stage.PointAt("https://a..b:6443"); }, {"a..b:6443"}},
      {"NameOfALongLabel",
       [](Stage& stage) { stage.PointAt(absl::StrCat("https://", std::string(64, 'a'), ".invalid:6443")); },
       {"the name of aaaa"}},
      {"LocalhostOnIpv4Only",
       [](Stage& stage) {
         stage.ServeWith(GoodServer(), AnswerAlways(OkAnswer(GoodKeys())));
         stage.PointAt(stage.server().url("", "localhost"));
       }},
      {"ServerOnIpv6Only",
       [](Stage& stage) {
         RawServerOptions options = GoodServer();
         options.ipv6 = true;
         stage.ServeWith(options, AnswerAlways(OkAnswer(GoodKeys())));
         stage.PointAt(stage.server().url("", "[::1]"));
       }},
      {"KeptConnectionIsClosedMeanwhile", scripted([](RawConnection& c) {
         // The next read finds this connection ended and takes another, without a word.
         c.ReadRequest();
         c.Send(OkAnswer(GoodKeys()));
       })},
  };
}

FAULT_FAMILY(Tcp, Cases());

}  // namespace
}  // namespace k8soidc::faults
