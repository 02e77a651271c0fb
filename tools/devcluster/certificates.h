#pragma once

// X.509 for the cluster: its authority, its own certificate and its users' ones. All made at start.

#include <openssl/x509.h>

#include <memory>
#include <string>
#include <vector>

#include "keys.h"

namespace devcluster {

struct FreeCertificate {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using CertificatePtr = std::unique_ptr<X509, FreeCertificate>;

// A certificate and its private key.
struct Identity {
  CertificatePtr certificate;
  KeyPtr key;

  std::string CertificatePem() const;
  std::string KeyPem() const;  // PKCS #8
};

struct CertificateSpec {
  std::string common_name;
  std::string organization = {};       // A client's group; empty for servers.
  std::string alternative_names = {};  // As OpenSSL writes them: "IP:127.0.0.1,DNS:localhost". Empty: none.
  int valid_from_days = -1;            // Relative to now.
  int valid_until_days = 365;
};

// A certificate authority with a P-256 key.
class Authority {
 public:
  explicit Authority(const std::string& common_name);

  // A leaf certificate signed by this authority, with a new P-256 key.
  Identity Issue(const CertificateSpec& spec) const;
  const Identity& identity() const { return self_; }

 private:
  Identity self_;
};

}  // namespace devcluster
