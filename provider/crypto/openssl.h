#pragma once

// OpenSSL, for the .cc files of this folder: every header of it they need, ownership, and its errors as a
// Status. No header of this folder but this one includes it, so that nobody else has to know which library it
// is.

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace k8soidc::crypto {

// Frees each of OpenSSL's types with its own function.
struct SslDelete {
  void operator()(ASN1_INTEGER* p) const { ASN1_INTEGER_free(p); }
  void operator()(BIGNUM* p) const { BN_free(p); }
  void operator()(BN_CTX* p) const { BN_CTX_free(p); }
  void operator()(EC_GROUP* p) const { EC_GROUP_free(p); }
  void operator()(EC_POINT* p) const { EC_POINT_free(p); }
  void operator()(X509_PUBKEY* p) const { X509_PUBKEY_free(p); }
};

// An OpenSSL object with one owner.
template <typename T>
using SslPtr = std::unique_ptr<T, SslDelete>;

// "`doing`: reason", kInternal, from this thread's error queue, which it empties. For what must not fail
// (memory, an encoder); a verdict about a key is a sentence of our own.
absl::Status SslError(absl::string_view doing);

// Empties this thread's error queue: for a failure that was a verdict, so that it is not found by a later
// call.
void ForgetSslErrors();

}  // namespace k8soidc::crypto
