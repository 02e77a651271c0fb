#pragma once

// The TLS rules of a connection, put onto the SSL_CTX that curl makes for it: OpenSSL verifies chain and name
// itself, so curl's own name check (which accepts a bare Common Name) does not matter.
//
// Names are matched as Go does: subjectAltName only, no partial wildcards, addresses only against addresses.
// TLS 1.2 or later, security level 2 (RSA of 2048 bits, no SHA-1). A CA bundle that was given replaces the
// system's roots, and each certificate in it is trusted as it stands.

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "http/http.h"
#include "http/system_roots.h"
#include "http/tls_failure.h"

struct ssl_ctx_st;
struct x509_store_st;

namespace k8soidc::http {

// A digest (SHA-256) of everything in `tls` and `proxy` but who names the proxy, private key and password
// included: equal exactly when two requests to one origin may share a connection. Never printed.
std::string TlsIdentity(const Tls& tls, const std::optional<Proxy>& proxy = std::nullopt);

// What TLS had to say during one request.
struct TlsReport {
  // Before each request. Keeps the words, which belong to the connection.
  void Forget() {
    verification.reset();
    alert = -1;
    started = false;
    done = false;
    closed = false;
  }

  // Why the peer's certificate was not accepted.
  std::optional<TlsFailure> verification;
  // The alert the peer sent (RFC 8446, 6), or -1. close_notify does not count as one.
  int alert = -1;
  // The TCP connection stood, and the handshake began.
  bool started = false;
  // The handshake ended well.
  bool done = false;
  // The peer said properly that it has no more to send (close_notify).
  bool closed = false;
  // Set by Install(), for the words of a failure.
  TlsPeer peer = TlsPeer::kServer;
  std::string verified_name;
  std::string trust;
};

// A Tls, parsed. Immutable, so it may be shared between connections and threads.
class TlsContext {
 public:
  // `host` is the URL's. Errors: kInvalidArgument or kFailedPrecondition, reason "tls_config": text that is
  // not PEM, a key that does not belong to the certificate, `insecure` with CA certificates, no system roots.
  static absl::StatusOr<std::shared_ptr<const TlsContext>> Make(const Tls& tls, absl::string_view host,
                                                                SystemRoots& roots);

  // The rules for the way to an https proxy in front of such a server. The authorities given for the server
  // and the system's may both vouch for the proxy, which is verified even when the server is not, and never
  // sees the client certificate. `host` is the proxy's. Errors as above.
  static absl::StatusOr<std::shared_ptr<const TlsContext>> MakeForProxy(const Tls& tls,
                                                                        absl::string_view host,
                                                                        SystemRoots& roots);

  // Puts the rules onto a fresh context. Returns false when OpenSSL refuses one. `report` must outlive
  // every connection made from the context, and is written to whenever such a connection is used.
  bool Install(ssl_ctx_st* context, TlsReport* report) const;

  bool verifies() const { return store_ != nullptr; }
  bool has_client_certificate() const { return client_ != nullptr; }

 private:
  struct ClientIdentity;

  TlsPeer peer_ = TlsPeer::kServer;
  std::shared_ptr<x509_store_st> store_;  // Null: verify nothing.
  bool partial_chain_ = false;
  std::string verified_name_;
  std::string trust_;
  std::shared_ptr<const ClientIdentity> client_;
};

}  // namespace k8soidc::http
