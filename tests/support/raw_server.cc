#include "support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tfsdk/internal/check.h"

namespace k8soidc {
namespace {

void IgnoreBrokenPipes() {
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}

int ChooseAlpn(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* offered,
               unsigned size, void* wanted) {
  const auto* const name = static_cast<const std::string*>(wanted);
  for (unsigned i = 0; i < size; i += offered[i] + 1u) {
    const absl::string_view one(reinterpret_cast<const char*>(offered + i + 1), offered[i]);
    if (one != *name) continue;
    *out = offered + i + 1;
    *out_size = offered[i];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_NOACK;
}

BIO* Text(const std::string& text) { return BIO_new_mem_buf(text.data(), static_cast<int>(text.size())); }

void UseIdentity(SSL_CTX* context, const TestCertificate& identity) {
  BIO* const chain = Text(identity.chain);
  X509* const leaf = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
  TFSDK_CHECK(leaf != nullptr && SSL_CTX_use_certificate(context, leaf) == 1, "bad server certificate");
  X509_free(leaf);
  while (X509* const next = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr)) {
    SSL_CTX_add0_chain_cert(context, next);
  }
  BIO_free(chain);
  BIO* const key_text = Text(identity.key);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_text, nullptr, nullptr, nullptr);
  TFSDK_CHECK(key != nullptr && SSL_CTX_use_PrivateKey(context, key) == 1, "bad server key");
  EVP_PKEY_free(key);
  BIO_free(key_text);
}

SSL_CTX* MakeContext(const RawServerOptions& options) {
  SSL_CTX* const context = SSL_CTX_new(TLS_server_method());
  SSL_CTX_set_security_level(context, 0);  // Weak certificates are there to be refused by the client.
  SSL_CTX_set_min_proto_version(context,
                                options.min_tls_version != 0 ? options.min_tls_version : TLS1_VERSION);
  if (options.max_tls_version != 0) SSL_CTX_set_max_proto_version(context, options.max_tls_version);
  UseIdentity(context, options.identity);
  if (!options.alpn.empty()) {
    SSL_CTX_set_alpn_select_cb(context, &ChooseAlpn, const_cast<std::string*>(&options.alpn));
  }
  if (!options.client_authority.empty()) {
    BIO* const pem = Text(options.client_authority);
    X509* const authority = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
    X509_free(authority);
    BIO_free(pem);
    SSL_CTX_set_verify(
        context, SSL_VERIFY_PEER | (options.require_client_certificate ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
        nullptr);
    // Only needed for a server that resumes sessions, but OpenSSL insists.
    SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>("t"), 1);
  }
  return context;
}

// Without it, every answer that follows TLS 1.3's tickets waits 40 ms for an acknowledgement.
void SendAtOnce(int socket) {
  const int yes = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
}

int ConnectToLoopback(uint16_t port, int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in v4 = {};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in6 v6 = {};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  v6.sin6_addr = in6addr_loopback;
  const int connected = family == AF_INET ? connect(fd, reinterpret_cast<sockaddr*>(&v4), sizeof(v4))
                                          : connect(fd, reinterpret_cast<sockaddr*>(&v6), sizeof(v6));
  SendAtOnce(fd);
  if (connected == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

std::string RawConnection::ReadSome() {
  char buffer[16384];
  const int got = tls_ != nullptr ? SSL_read(tls_, buffer, sizeof(buffer))
                                  : static_cast<int>(recv(socket_, buffer, sizeof(buffer), 0));
  return got > 0 ? std::string(buffer, static_cast<size_t>(got)) : "";
}

std::string RawConnection::ReadBytes(size_t count) {
  while (unread_.size() < count) {
    const std::string more = ReadSome();
    if (more.empty()) return "";
    unread_ += more;
  }
  std::string bytes = unread_.substr(0, count);
  unread_.erase(0, count);
  return bytes;
}

void RawConnection::Record(const std::string& text) {
  absl::MutexLock lock(&server_->mutex_);
  server_->requests_.push_back(text);
}

bool RawConnection::ConnectTo(uint16_t port) {
  upstream_ = ConnectToLoopback(port, AF_INET);
  if (upstream_ < 0) upstream_ = ConnectToLoopback(port, AF_INET6);
  return upstream_ >= 0;
}

void RawConnection::Relay(absl::string_view first) {
  const auto send_up = [&](absl::string_view bytes) {
    return bytes.empty() ||
           send(upstream_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  };
  bool open = send_up(first) && send_up(unread_);
  unread_.clear();
  while (open) {
    pollfd ends[] = {{.fd = socket_, .events = POLLIN, .revents = 0},
                     {.fd = upstream_, .events = POLLIN, .revents = 0}};
    const bool pending = tls_ != nullptr && SSL_pending(tls_) > 0;
    if (!pending && poll(ends, 2, -1) < 0) break;
    if (pending || ends[0].revents != 0) {
      const std::string bytes = ReadSome();
      open = !bytes.empty() && send_up(bytes);
    }
    if (open && ends[1].revents != 0) {
      char buffer[16384];
      const ssize_t got = recv(upstream_, buffer, sizeof(buffer), 0);
      open = got > 0 && Send({buffer, static_cast<size_t>(got)});
    }
  }
  close(upstream_);
}

std::string RawConnection::ReadRequest() {
  size_t end = std::string::npos;
  while ((end = unread_.find("\r\n\r\n")) == std::string::npos) {
    const std::string more = ReadSome();
    if (more.empty()) return "";
    unread_ += more;
  }
  std::string request = unread_.substr(0, end + 4);
  unread_.erase(0, end + 4);
  absl::MutexLock lock(&server_->mutex_);
  server_->requests_.push_back(request);
  return request;
}

bool RawConnection::Send(absl::string_view bytes) {
  while (!bytes.empty()) {
    const int sent = tls_ != nullptr
                         ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                         : static_cast<int>(send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawConnection::Drip(absl::string_view bytes, absl::Duration pause) {
  for (const char& byte : bytes) {
    if (!Send({&byte, 1})) return;
    absl::SleepFor(pause);
  }
}

void RawConnection::Stall() {
  while (!ReadSome().empty()) {
  }
}

void RawConnection::Close() {
  if (tls_ != nullptr) SSL_shutdown(tls_);
  shutdown(socket_, SHUT_RDWR);
}

void RawConnection::Cut() {
  if (tls_ != nullptr) SSL_set_quiet_shutdown(tls_, 1);
  shutdown(socket_, SHUT_RDWR);
}

void RawConnection::Reset() {
  if (tls_ != nullptr) SSL_set_quiet_shutdown(tls_, 1);
  const linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
}

void RawConnection::HalfClose() {
  if (tls_ != nullptr) SSL_set_quiet_shutdown(tls_, 1);
  shutdown(socket_, SHUT_WR);
}

std::string RawConnection::client_name() const {
  if (tls_ == nullptr) return "";
  X509* const certificate = SSL_get0_peer_certificate(tls_);
  char name[256] = {};
  if (certificate == nullptr) return "";
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof(name));
  return name;
}

std::string RawConnection::server_name() const {
  const char* const name = tls_ == nullptr ? nullptr : SSL_get_servername(tls_, TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

RawServer::RawServer(RawServerOptions options, Script script)
    : options_(std::move(options)),
      script_(std::move(script)),
      context_(options_.plain || options_.silent ? nullptr : MakeContext(options_), &SSL_CTX_free) {
  sockaddr_in6 address = {};  // Room for either family.
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  socklen_t size = sizeof(address);
  if (!options_.ipv6) {
    auto* const v4 = reinterpret_cast<sockaddr_in*>(&address);
    *v4 = {};
    v4->sin_family = AF_INET;
    v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    size = sizeof(*v4);
  }
  listener_ = socket(address.sin6_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TFSDK_CHECK(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                  listen(listener_, 64) == 0 &&
                  getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
              "cannot listen on loopback");
  port_ = ntohs(address.sin6_port);  // At the same place in both families.
  acceptor_ = std::thread(&RawServer::Accept, this);
}

RawServer::~RawServer() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
    for (const int socket : sockets_) shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  std::list<std::thread> workers;
  {
    absl::MutexLock lock(&mutex_);
    workers.swap(workers_);
  }
  for (std::thread& worker : workers) worker.join();
  close(listener_);
}

void RawServer::Accept() {
  while (true) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    absl::MutexLock lock(&mutex_);
    if (socket < 0 || stopped_) {
      if (socket >= 0) close(socket);
      return;
    }
    sockets_.push_back(socket);
    workers_.emplace_back(&RawServer::Serve, this, ++connections_, socket);
  }
}

void RawServer::Serve(int number, int socket) {
  IgnoreBrokenPipes();
  SendAtOnce(socket);
  SSL* tls = nullptr;
  bool ready = true;
  if (context_ != nullptr) {
    tls = SSL_new(context_.get());
    SSL_set_fd(tls, socket);
    ready = SSL_accept(tls) == 1;
  }
  RawConnection connection(this, number, socket, tls);
  if (options_.silent) {
    connection.Stall();
  } else if (ready) {
    {
      absl::MutexLock lock(&mutex_);
      clients_.push_back(connection.client_name());
      server_names_.push_back(connection.server_name());
    }
    script_(connection);
    if (tls != nullptr) SSL_shutdown(tls);
  }
  if (!ready) {
    // Closing with unread bytes would reset the connection, and the alert would be lost.
    shutdown(socket, SHUT_WR);
    char rest[1024];
    while (recv(socket, rest, sizeof(rest), 0) > 0) {
    }
  }
  SSL_free(tls);
  ERR_clear_error();
  absl::MutexLock lock(&mutex_);
  for (int& known : sockets_) {
    if (known == socket) known = -1;
  }
  close(socket);
}

std::string RawServer::url(absl::string_view path, absl::string_view host, absl::string_view scheme) const {
  return absl::StrCat(scheme, "://", host, ":", port_, path);
}

std::vector<std::string> RawServer::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

std::vector<std::string> RawServer::clients() const {
  absl::MutexLock lock(&mutex_);
  return clients_;
}

std::vector<std::string> RawServer::server_names() const {
  absl::MutexLock lock(&mutex_);
  return server_names_;
}

int RawServer::connections() const {
  absl::MutexLock lock(&mutex_);
  return connections_;
}

int RawServer::open_connections() const {
  absl::MutexLock lock(&mutex_);
  return static_cast<int>(std::count_if(sockets_.begin(), sockets_.end(), [](int fd) { return fd >= 0; }));
}

RawServer::Script AnswerAlways(std::string bytes) {
  return [bytes = std::move(bytes)](RawConnection& connection) {
    while (!connection.ReadRequest().empty()) {
      if (!connection.Send(bytes)) return;
    }
  };
}

std::string HttpAnswer(absl::string_view status_line, absl::string_view body, absl::string_view headers) {
  return absl::StrCat("HTTP/1.1 ", status_line, "\r\nContent-Length: ", body.size(), "\r\n", headers, "\r\n",
                      body);
}

std::string OkAnswer(absl::string_view body, absl::string_view headers) {
  return HttpAnswer("200 OK", body, headers);
}

}  // namespace k8soidc
