#pragma once

// PEM text into OpenSSL objects, for the TLS settings of a request.

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/secret.h"

namespace k8soidc::http {

// unique_ptr for the OpenSSL types used here; the deleter is part of the type.
struct OpenSslDelete {
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509_STORE* store) const { X509_STORE_free(store); }
  void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <class T>
using OpenSslPtr = std::unique_ptr<T, OpenSslDelete>;

// The certificates of a PEM bundle, in order. Other kinds of block, and text between blocks, are skipped.
// With `lenient`, so is a certificate that cannot be parsed; otherwise that is an error, as are no
// certificate at all, more than 10,000, or more than 16 MiB. Errors: kInvalidArgument, reason "tls_config",
// starting with `what`.
absl::StatusOr<std::vector<OpenSslPtr<X509>>> CertificatesFromPem(absl::string_view pem,
                                                                  absl::string_view what, bool lenient);

// The first private key of a PEM text: PKCS#8, PKCS#1 or SEC 1, without a passphrase. Errors as above; they
// never hold a byte of the text.
absl::StatusOr<OpenSslPtr<EVP_PKEY>> PrivateKeyFromPem(const tfsdk::Secret& pem, absl::string_view what);

}  // namespace k8soidc::http
