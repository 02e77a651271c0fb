#include "http/openssl_pem.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>
#include <limits>

#include "absl/strings/str_cat.h"
#include "http/http.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxPemBytes = size_t{16} << 20;
constexpr size_t kMaxCertificates = 10000;

absl::Status Refuse(absl::string_view what, absl::string_view why) {
  ERR_clear_error();
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "tls_config", absl::StrCat(what, " ", why));
}

// Asked for a passphrase: note it, and give none.
int NoPassphrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

}  // namespace

absl::StatusOr<std::vector<OpenSslPtr<X509>>> CertificatesFromPem(absl::string_view pem,
                                                                  absl::string_view what, bool lenient) {
  if (pem.size() > kMaxPemBytes) return Refuse(what, "are larger than 16 MiB.");
  const OpenSslPtr<BIO> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  std::vector<OpenSslPtr<X509>> certificates;
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* data = nullptr;
  long length = 0;
  ERR_clear_error();
  while (bio != nullptr && PEM_read_bio(bio.get(), &name, &header, &data, &length) == 1) {
    OpenSslPtr<X509> certificate;
    const bool wanted = std::strcmp(name, "CERTIFICATE") == 0;
    if (wanted) {
      const unsigned char* der = data;
      certificate.reset(d2i_X509(nullptr, &der, length));
      // What follows the certificate inside its block belongs to nothing.
      if (certificate != nullptr && der != data + length) certificate.reset();
    }
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(data);
    if (certificate != nullptr) {
      certificates.push_back(std::move(certificate));
      if (certificates.size() > kMaxCertificates) return Refuse(what, "hold more than 10,000 certificates.");
    } else if (wanted && !lenient) {
      return Refuse(what, absl::StrCat("hold a certificate that cannot be parsed (number ",
                                       certificates.size() + 1, " in the PEM text)."));
    }
    ERR_clear_error();
  }
  const bool ended = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!ended && !lenient) {
    return Refuse(what, absl::StrCat("are damaged after certificate number ", certificates.size(),
                                     ": the PEM block does not end, or is no base64."));
  }
  if (certificates.empty()) {
    return Refuse(what, "hold no certificate in PEM (-----BEGIN CERTIFICATE-----).");
  }
  return certificates;
}

absl::StatusOr<OpenSslPtr<EVP_PKEY>> PrivateKeyFromPem(const tfsdk::Secret& pem, absl::string_view what) {
  const std::string& text = pem.Reveal();
  if (text.size() > kMaxPemBytes) return Refuse(what, "is larger than 16 MiB.");
  const OpenSslPtr<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  bool asked = false;
  ERR_clear_error();
  OpenSslPtr<EVP_PKEY> key(
      bio == nullptr ? nullptr : PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, &asked));
  ERR_clear_error();
  if (key != nullptr) return key;
  if (asked) return Refuse(what, "is protected by a passphrase. Give the key without one.");
  return Refuse(what, "is no private key in PEM (PKCS#8, PKCS#1 or SEC 1).");
}

}  // namespace k8soidc::http
