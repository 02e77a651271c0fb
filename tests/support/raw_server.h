#pragma once

// RawServer: a TLS server on loopback that sends exactly the bytes a test tells it to.
//
//   TestAuthority ca("ca");
//   RawServer server({.identity = ca.Issue({.names = "IP:127.0.0.1"})}, AnswerAlways(OkAnswer("hello")));
//   ... server.url("/") ...
//
// It knows no HTTP beyond "a request ends with an empty line". Scripts run on a thread per connection.

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "support/test_certificates.h"

struct ssl_st;
struct ssl_ctx_st;

namespace k8soidc {

// One accepted connection, inside a script. Used by the script's thread only.
class RawConnection {
 public:
  // The next request up to and including its empty line; empty when the client is gone.
  std::string ReadRequest();
  // Some bytes, whatever they are; empty when the client is gone.
  std::string ReadSome();
  // Exactly `count` bytes; empty when the client is gone before.
  std::string ReadBytes(size_t count);
  // Adds `text` to the server's requests(), for protocols that ReadRequest() does not read.
  void Record(const std::string& text);
  // As a proxy: connects to `port` on loopback. False when nothing listens there.
  bool ConnectTo(uint16_t port);
  // Sends `first` there, and then carries bytes both ways until one end stops.
  void Relay(absl::string_view first = {});
  // False when the client is gone.
  bool Send(absl::string_view bytes);
  // Sends `bytes` one by one, `pause` apart, until the client or the server stops.
  void Drip(absl::string_view bytes, absl::Duration pause);
  // Sends nothing until the client or the server stops.
  void Stall();
  // Ends TLS properly, then TCP. What happens anyway when the script returns.
  void Close();
  // Ends TCP without TLS's close_notify.
  void Cut();
  // Ends TCP with a reset.
  void Reset();
  // Says that nothing more comes (a FIN, without close_notify), and goes on listening.
  void HalfClose();

  // Counts from 1.
  int number() const { return number_; }
  // The Common Name in the client's certificate; empty without one.
  std::string client_name() const;
  // The server name the client asked for (SNI); empty without one.
  std::string server_name() const;

 private:
  friend class RawServer;
  RawConnection(class RawServer* server, int number, int socket, ssl_st* tls)
      : server_(server), number_(number), socket_(socket), tls_(tls) {}

  class RawServer* const server_;
  const int number_;
  int socket_;
  ssl_st* tls_;  // Null: plain TCP.
  int upstream_ = -1;
  std::string unread_;
};

struct RawServerOptions {
  TestCertificate identity = {};
  // Plain TCP instead of TLS.
  bool plain = false;
  // Listen on ::1 instead of 127.0.0.1.
  bool ipv6 = false;
  // Accept TCP connections but never answer the TLS handshake.
  bool silent = false;
  // The protocol to choose by ALPN: "h2", "http/1.1" or none.
  std::string alpn = {};
  // PEM of the authority of client certificates. Empty: none is asked for.
  std::string client_authority = {};
  bool require_client_certificate = false;
  // TLS1_1_VERSION and so on; 0: no limit.
  int max_tls_version = 0;
  // The same for the lowest one.
  int min_tls_version = 0;
};

// Serves until destroyed, which ends all connections. Safe from any thread.
class RawServer {
 public:
  using Script = std::function<void(RawConnection&)>;

  // Aborts when it cannot listen.
  RawServer(RawServerOptions options, Script script);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  uint16_t port() const { return port_; }
  // "https://127.0.0.1:PORT" + path, or with another host or scheme.
  std::string url(absl::string_view path, absl::string_view host = "127.0.0.1",
                  absl::string_view scheme = "https") const;

  // Every request read with ReadRequest(), in order.
  std::vector<std::string> requests() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Of each connection that finished its handshake, in order: the client certificate's Common Name, or empty.
  std::vector<std::string> clients() const ABSL_LOCKS_EXCLUDED(mutex_);
  // The same: the server names asked for.
  std::vector<std::string> server_names() const ABSL_LOCKS_EXCLUDED(mutex_);
  // TCP connections accepted.
  int connections() const ABSL_LOCKS_EXCLUDED(mutex_);
  // TCP connections that have not ended.
  int open_connections() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  friend class RawConnection;
  void Accept();
  void Serve(int number, int socket);

  const RawServerOptions options_;
  const Script script_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  int listener_ = -1;
  uint16_t port_ = 0;
  mutable absl::Mutex mutex_;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<int> sockets_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> clients_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> server_names_ ABSL_GUARDED_BY(mutex_);
  std::list<std::thread> workers_ ABSL_GUARDED_BY(mutex_);
  int connections_ ABSL_GUARDED_BY(mutex_) = 0;
  std::thread acceptor_;
};

// A script: the same bytes for every request, on connections that stay open.
RawServer::Script AnswerAlways(std::string bytes);

// Bytes of a whole HTTP/1.1 answer with a Content-Length. `headers`: further lines, each with its "\r\n".
std::string HttpAnswer(absl::string_view status_line, absl::string_view body, absl::string_view headers = {});
std::string OkAnswer(absl::string_view body, absl::string_view headers = {});

}  // namespace k8soidc
