#include "support/test_certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "tfsdk/internal/check.h"

namespace k8soidc {
namespace {

using CertificatePtr = std::shared_ptr<X509>;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<size_t>(size));
  BIO_free(bio);
  return text;
}

std::string Pem(X509* certificate) {
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  return TextOf(bio);
}

std::string Pem(EVP_PKEY* key) {
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(bio);
}

KeyPtr KeyFromPem(const std::string& pem) {
  BIO* const bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  const KeyPtr key(PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr), &EVP_PKEY_free);
  BIO_free(bio);
  return key;
}

KeyPtr MakeKey(const std::string& type) {
  EVP_PKEY* key = nullptr;
  if (type == "P-256") key = EVP_EC_gen("P-256");
  if (type == "RSA-2048") key = EVP_RSA_gen(2048);
  if (type == "RSA-1024") key = EVP_RSA_gen(1024);
  if (type == "Ed25519") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  TFSDK_CHECK(key != nullptr, "no such key type");
  return KeyPtr(key, &EVP_PKEY_free);
}

void Extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  if (value.empty()) return;
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  TFSDK_CHECK(extension != nullptr, "bad extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// A subjectAltName of the one name `bytes`, which may hold a NUL.
void AddDnsName(X509* certificate, const std::string& bytes) {
  ASN1_IA5STRING* const text = ASN1_IA5STRING_new();
  ASN1_STRING_set(text, bytes.data(), static_cast<int>(bytes.size()));
  GENERAL_NAME* const name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, GEN_DNS, text);
  GENERAL_NAMES* const names = GENERAL_NAMES_new();
  sk_GENERAL_NAME_push(names, name);
  TFSDK_CHECK(X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, 0) == 1, "bad name");
  GENERAL_NAMES_free(names);
}

constexpr char kAuthority[] = "critical,CA:TRUE";
constexpr char kLeaf[] = "critical,CA:FALSE";

// `issuer` null: signs itself.
CertificatePtr MakeCertificate(const TestCertificateSpec& spec, EVP_PKEY* key, X509* issuer,
                               EVP_PKEY* issuer_key, const std::string& basic_constraints,
                               const std::string& constraints, const std::string& key_usage = {}) {
  const CertificatePtr certificate(X509_new(), &X509_free);
  X509_set_version(certificate.get(), X509_VERSION_3);
  uint32_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial));
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), uint64_t{serial} + 1);
  ASN1_TIME_set(X509_getm_notBefore(certificate.get()), absl::ToTimeT(spec.not_before));
  ASN1_TIME_set(X509_getm_notAfter(certificate.get()), absl::ToTimeT(spec.not_after));
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(spec.common_name.data()),
                             static_cast<int>(spec.common_name.size()), -1, 0);
  X509* const signer = issuer == nullptr ? certificate.get() : issuer;
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(signer));
  X509_set_pubkey(certificate.get(), key);
  Extend(certificate.get(), signer, NID_basic_constraints, basic_constraints);
  Extend(certificate.get(), signer, NID_key_usage, key_usage);
  Extend(certificate.get(), signer, NID_subject_key_identifier, "hash");
  Extend(certificate.get(), signer, NID_name_constraints, constraints);
  Extend(certificate.get(), signer, NID_ext_key_usage, spec.extended_key_usage);
  if (!spec.dns_name_bytes.empty()) {
    AddDnsName(certificate.get(), spec.dns_name_bytes);
  } else {
    Extend(certificate.get(), signer, NID_subject_alt_name, spec.names);
  }
  EVP_PKEY* const signing_key = issuer == nullptr ? key : issuer_key;
  const EVP_MD* const digest =
      EVP_PKEY_get_id(signing_key) == EVP_PKEY_ED25519 ? nullptr : EVP_get_digestbyname(spec.digest.c_str());
  TFSDK_CHECK(X509_sign(certificate.get(), signing_key, digest) > 0, "cannot sign");
  return certificate;
}

}  // namespace

TestAuthority::TestAuthority(const std::string& common_name, absl::Time not_after) : key_(MakeKey("P-256")) {
  certificate_ = MakeCertificate({.common_name = common_name, .not_after = not_after}, key_.get(), nullptr,
                                 nullptr, kAuthority, {});
  pem_ = Pem(certificate_.get());
}

TestAuthority TestAuthority::Intermediate(const std::string& common_name,
                                          const std::string& constraints) const {
  TestAuthority made;
  made.key_ = MakeKey("P-256");
  made.certificate_ = MakeCertificate({.common_name = common_name}, made.key_.get(), certificate_.get(),
                                      key_.get(), kAuthority, constraints);
  made.pem_ = Pem(made.certificate_.get());
  return made;
}

TestAuthority TestAuthority::IntermediateWith(const TestIntermediateSpec& spec) const {
  TestAuthority made;
  made.key_ = MakeKey("P-256");
  made.certificate_ =
      MakeCertificate({.common_name = spec.common_name, .not_after = spec.not_after}, made.key_.get(),
                      certificate_.get(), key_.get(), spec.basic_constraints, {}, spec.key_usage);
  made.pem_ = Pem(made.certificate_.get());
  return made;
}

TestCertificate TestAuthority::Issue(const TestCertificateSpec& spec) const {
  const KeyPtr key = MakeKey(spec.key_type);
  const CertificatePtr certificate =
      MakeCertificate(spec, key.get(), certificate_.get(), key_.get(), kLeaf, {});
  return {.chain = Pem(certificate.get()), .key = Pem(key.get())};
}

TestCertificate TestAuthority::SelfSigned(const TestCertificateSpec& spec) {
  const KeyPtr key = MakeKey(spec.key_type);
  const CertificatePtr certificate = MakeCertificate(spec, key.get(), nullptr, nullptr, kLeaf, {});
  return {.chain = Pem(certificate.get()), .key = Pem(key.get())};
}

std::string TraditionalKeyPem(const std::string& key) {
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey_traditional(bio, KeyFromPem(key).get(), nullptr, nullptr, 0, nullptr, nullptr);
  return TextOf(bio);
}

std::string EncryptedKeyPem(const std::string& key) {
  BIO* const bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PKCS8PrivateKey(bio, KeyFromPem(key).get(), EVP_aes_256_cbc(), "passphrase", 10, nullptr,
                                nullptr);
  return TextOf(bio);
}

}  // namespace k8soidc
