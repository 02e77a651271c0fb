#pragma once

// Throwaway X.509 for tests: authorities and certificates of any shape, made on the spot.

#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "absl/time/time.h"

struct x509_st;
struct evp_pkey_st;

namespace k8soidc {

// PEM texts as a server or client is given them.
struct TestCertificate {
  std::string chain;  // Leaf first.
  std::string key;    // PKCS#8.
};

struct TestCertificateSpec {
  std::string common_name = "test";
  // As OpenSSL writes them: "DNS:localhost,IP:127.0.0.1". Empty: no subjectAltName.
  std::string names = {};
  absl::Time not_before = absl::Now() - absl::Hours(1);
  absl::Time not_after = absl::Now() + absl::Hours(24);
  // "P-256", "RSA-2048", "RSA-1024" or "Ed25519".
  std::string key_type = "P-256";
  // As OpenSSL writes it: "serverAuth". Empty: no extendedKeyUsage.
  std::string extended_key_usage = {};
  // "SHA256", "SHA1".
  std::string digest = "SHA256";
  // One more name of the subjectAltName, as bytes: for those that OpenSSL's notation cannot write.
  std::string dns_name_bytes = {};
};

struct TestIntermediateSpec {
  std::string common_name = "intermediate";
  // As OpenSSL writes it.
  std::string basic_constraints = "critical,CA:TRUE";
  // The same; empty: none.
  std::string key_usage = {};
  absl::Time not_after = absl::Now() + absl::Hours(24);
};

// A certificate authority. Cheap to copy; immutable.
class TestAuthority {
 public:
  // A root.
  explicit TestAuthority(const std::string& common_name,
                         absl::Time not_after = absl::Now() + absl::Hours(24));
  // An intermediate under this one. `constraints`: nameConstraints as OpenSSL writes them, or empty.
  TestAuthority Intermediate(const std::string& common_name, const std::string& constraints = {}) const;
  // One that is no proper authority, as the case wants.
  TestAuthority IntermediateWith(const TestIntermediateSpec& spec) const;

  // The chain holds the leaf only; append certificate() of intermediates as the case wants.
  TestCertificate Issue(const TestCertificateSpec& spec) const;
  // A certificate that signs itself, without an authority.
  static TestCertificate SelfSigned(const TestCertificateSpec& spec);

  // In PEM.
  const std::string& certificate() const { return pem_; }

 private:
  TestAuthority() = default;

  std::shared_ptr<x509_st> certificate_;
  std::shared_ptr<evp_pkey_st> key_;
  std::string pem_;
};

// `key` (PKCS#8) in the older forms: PKCS#1 for RSA, SEC 1 for EC.
std::string TraditionalKeyPem(const std::string& key);
// `key` encrypted with a passphrase, PKCS#8.
std::string EncryptedKeyPem(const std::string& key);

}  // namespace k8soidc
