#include "tfsdk/plugin/auto_mtls.h"

#include <grpcpp/security/server_credentials.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "absl/strings/str_cat.h"
#include "tfsdk/status.h"

namespace tfsdk::plugin {
namespace {

template <auto kFree>
struct Deleter {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;

// OpenSSL's error queue of this thread, emptied.
absl::Status OpenSslError(absl::string_view doing) {
  char text[160] = "unknown reason";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof(text));
  ERR_clear_error();
  return absl::InternalError(absl::StrCat(doing, ": ", text));
}

std::string Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return std::string(data, static_cast<size_t>(size));
}

std::string Pem(const char* label, const std::string& der) {
  const Bio bio(BIO_new(BIO_s_secmem()));
  if (bio == nullptr ||
      PEM_write_bio(bio.get(), label, "", reinterpret_cast<const unsigned char*>(der.data()),
                    static_cast<long>(der.size())) <= 0) {
    return "";
  }
  return Contents(bio.get());
}

// Both halves of a P-256 key. OpenSSL's own encoders would set up every format they know first, which takes
// longer than all the rest of the handshake.
struct KeyBytes {
  std::string private_number;  // 32 bytes.
  std::string public_point;    // 65 bytes, uncompressed.
};

absl::StatusOr<KeyBytes> BytesOf(EVP_PKEY* key) {
  KeyBytes bytes{std::string(32, '\0'), std::string(65, '\0')};
  BIGNUM* number = nullptr;
  size_t size = 0;
  const bool ok =
      EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1 &&
      BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.private_number.data()), 32) == 32 &&
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY,
                                      reinterpret_cast<unsigned char*>(bytes.public_point.data()), 65,
                                      &size) == 1 &&
      size == 65;
  BN_clear_free(number);
  if (!ok) return OpenSslError("reading a key");
  return bytes;
}

// RFC 5915. All lengths are fixed because the curve is.
std::string PrivateKeyDer(const KeyBytes& key) {
  constexpr absl::string_view kVersionOne("\x30\x77\x02\x01\x01\x04\x20", 7);
  constexpr absl::string_view kCurveP256(
      "\xa0\x0a\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\xa1\x44\x03\x42\x00", 17);
  return absl::StrCat(kVersionOne, key.private_number, kCurveP256, key.public_point);
}

bool SetPublicKey(X509* certificate, const std::string& point) {
  auto* bytes = static_cast<unsigned char*>(OPENSSL_memdup(point.data(), point.size()));
  if (bytes == nullptr) return false;
  // Takes both over.
  return X509_PUBKEY_set0_param(X509_get_X509_PUBKEY(certificate), OBJ_nid2obj(NID_X9_62_id_ecPublicKey),
                                V_ASN1_OBJECT, OBJ_nid2obj(NID_X9_62_prime256v1), bytes,
                                static_cast<int>(point.size())) == 1;
}

bool AddExtension(X509* certificate, int nid, const char* value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool SetSerial(X509* certificate) {
  const BigNumber serial(BN_new());
  return serial != nullptr && BN_rand(serial.get(), 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
         BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool SetSubject(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

bool SetValidity(X509* certificate) {
  constexpr int kDays = 10957;  // Thirty years, as Go's side does: the certificate ends with the process.
  return X509_gmtime_adj(X509_getm_notBefore(certificate), -30) != nullptr &&
         X509_time_adj_ex(X509_getm_notAfter(certificate), kDays, 0, nullptr) != nullptr;
}

absl::Status RefusePem(absl::string_view reason) {
  ERR_clear_error();
  return absl::InvalidArgumentError(absl::StrCat("PLUGIN_CLIENT_CERT, which the plugin's host sets, ", reason,
                                                 "; nobody could connect. Unset it to serve without TLS"));
}

}  // namespace

absl::StatusOr<ServerCertificate> MakeServerCertificate() {
  const Key key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpenSslError("making a key");
  TFSDK_ASSIGN_OR_RETURN(const KeyBytes key_bytes, BytesOf(key.get()));
  const Certificate certificate(X509_new());
  // The key identifier is left out: hosts match by name, and the certificate is its own issuer.
  if (certificate == nullptr || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
      !SetSerial(certificate.get()) || !SetSubject(certificate.get()) || !SetValidity(certificate.get()) ||
      !SetPublicKey(certificate.get(), key_bytes.public_point) ||
      !AddExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE") ||
      !AddExtension(certificate.get(), NID_key_usage,
                    "critical,digitalSignature,keyEncipherment,keyAgreement,keyCertSign") ||
      !AddExtension(certificate.get(), NID_ext_key_usage, "clientAuth,serverAuth") ||
      !AddExtension(certificate.get(), NID_subject_alt_name, "DNS:localhost") ||
      X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0) {
    return OpenSslError("making a certificate");
  }

  ServerCertificate result;
  const int size = i2d_X509(certificate.get(), nullptr);
  if (size <= 0) return OpenSslError("writing a certificate");
  result.der.resize(static_cast<size_t>(size));
  auto* end = reinterpret_cast<unsigned char*>(result.der.data());
  i2d_X509(certificate.get(), &end);
  result.pem = Pem("CERTIFICATE", result.der);
  result.private_key_pem = Secret(Pem("EC PRIVATE KEY", PrivateKeyDer(key_bytes)));
  if (result.pem.empty() || result.private_key_pem.empty()) return OpenSslError("writing a certificate");
  return result;
}

absl::StatusOr<std::string> ReadClientCertificate(absl::string_view pem) {
  constexpr size_t kMaxSize = 64 * 1024;
  if (pem.size() > kMaxSize) return RefusePem("is longer than 64 KiB");
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return OpenSslError("reading PLUGIN_CLIENT_CERT");
  std::string der;
  int certificates = 0;
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long size = 0;
  while (PEM_read_bio(bio.get(), &label, &header, &data, &size) == 1) {
    if (absl::string_view(label) == "CERTIFICATE") {
      ++certificates;
      der.assign(reinterpret_cast<const char*>(data), static_cast<size_t>(size));
    }
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_clear_free(data, static_cast<size_t>(size));
  }
  ERR_clear_error();  // The last one, or the end.
  if (certificates == 0) return RefusePem("holds no certificate in PEM form");
  if (certificates > 1) return RefusePem("holds more than one certificate");
  return Pem("CERTIFICATE", der);
}

absl::Status CheckClientCertificate(absl::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr || X509_get0_pubkey(certificate.get()) == nullptr) {
    return RefusePem("is not a certificate");
  }
  return absl::OkStatus();
}

std::shared_ptr<grpc::ServerCredentials> MutualTlsCredentials(const ServerCertificate& own,
                                                              const std::string& client_certificate_pem) {
  grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = client_certificate_pem;
  options.pem_key_cert_pairs.push_back({own.private_key_pem.Reveal(), own.pem});
  return grpc::SslServerCredentials(options);
}

}  // namespace tfsdk::plugin
