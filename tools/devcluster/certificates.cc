#include "certificates.h"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace devcluster {
namespace {

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (extension == nullptr) std::abort();
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

void SetName(X509_NAME* name, const char* field, const std::string& value) {
  if (value.empty()) return;
  X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(value.c_str()), -1, -1, 0);
}

Identity NewIdentity(const CertificateSpec& spec) {
  Identity identity{CertificatePtr(X509_new()), *GenerateKey("p256")};
  X509* certificate = identity.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  uint64_t serial = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial);
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), spec.valid_from_days * 86400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate), spec.valid_until_days * 86400L);
  SetName(X509_get_subject_name(certificate), "O", spec.organization);
  SetName(X509_get_subject_name(certificate), "CN", spec.common_name);
  X509_set_pubkey(certificate, identity.key.get());
  return identity;
}

template <class Write>
std::string Pem(Write write) {
  BIO* memory = BIO_new(BIO_s_mem());
  write(memory);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string pem(data, size);
  BIO_free(memory);
  return pem;
}

}  // namespace

std::string Identity::CertificatePem() const {
  return Pem([this](BIO* out) { PEM_write_bio_X509(out, certificate.get()); });
}

std::string Identity::KeyPem() const {
  return Pem(
      [this](BIO* out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
}

Authority::Authority(const std::string& common_name)
    : self_(NewIdentity({.common_name = common_name, .valid_until_days = 3650})) {
  X509* certificate = self_.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  AddExtension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign,digitalSignature");
  AddExtension(certificate, certificate, NID_subject_key_identifier, "hash");
  X509_sign(certificate, self_.key.get(), EVP_sha256());
}

Identity Authority::Issue(const CertificateSpec& spec) const {
  Identity identity = NewIdentity(spec);
  X509* certificate = identity.certificate.get();
  X509* issuer = self_.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
  AddExtension(certificate, issuer, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate, issuer, NID_key_usage, "critical,digitalSignature");
  AddExtension(certificate, issuer, NID_ext_key_usage,
               spec.organization.empty() ? "serverAuth" : "clientAuth");
  AddExtension(certificate, issuer, NID_authority_key_identifier, "keyid");
  if (!spec.alternative_names.empty()) {
    AddExtension(certificate, issuer, NID_subject_alt_name, spec.alternative_names);
  }
  X509_sign(certificate, self_.key.get(), EVP_sha256());
  return identity;
}

}  // namespace devcluster
