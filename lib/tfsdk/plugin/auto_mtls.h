#pragma once

// AutoMTLS: host and plugin each make a certificate for one run, hand it over (the host in
// PLUGIN_CLIENT_CERT, the plugin in the handshake line), and trust nothing but the other's.

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/secret.h"

namespace grpc {
class ServerCredentials;
}

namespace tfsdk::plugin {

// A certificate signed with its own key. The key lives in memory only, for as long as this process.
struct ServerCertificate {
  std::string der;
  std::string pem;
  Secret private_key_pem;
};

// Makes a fresh one: ECDSA P-256, serial of 127 random bits, DNS name localhost (hosts check nothing else),
// for server and client use, a CA of its own, valid from 30 seconds ago for 30 years. Internal when OpenSSL
// fails.
absl::StatusOr<ServerCertificate> MakeServerCertificate();

// The host's certificate in PEM as it must be trusted: exactly one, re-encoded, so that nothing else in the
// text (a second certificate, a key) gets into the pool. InvalidArgument when there is none or more than one;
// the message does not quote it. Looks no further than the PEM form, because whoever uses the certificate
// must parse it anyway, and parsing twice is a good part of the time to start: CheckClientCertificate says
// whether it is one, once something went wrong.
absl::StatusOr<std::string> ReadClientCertificate(absl::string_view pem);
absl::Status CheckClientCertificate(absl::string_view pem);

// TLS 1.2 or later, ALPN h2, and only a client that proves to own `client_certificate_pem`. Under TLS 1.2
// gRPC knows one curve, P-256; the P-521 certificates of real hosts come over TLS 1.3.
std::shared_ptr<grpc::ServerCredentials> MutualTlsCredentials(const ServerCertificate& own,
                                                              const std::string& client_certificate_pem);

}  // namespace tfsdk::plugin
