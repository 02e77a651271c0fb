#include "keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace devcluster {
namespace {

struct FreeNumber {
  void operator()(BIGNUM* number) const { BN_free(number); }
};
using NumberPtr = std::unique_ptr<BIGNUM, FreeNumber>;

// Big-endian, left-padded with zeros to `width`; 0 means as short as can be.
std::string Bytes(const BIGNUM* number, size_t width = 0) {
  if (width == 0) width = BN_num_bytes(number);
  std::string bytes(width, '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(width));
  return bytes;
}

std::string NumberParameter(EVP_PKEY* key, const char* name, size_t width = 0) {
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &number) != 1) std::abort();
  return Bytes(NumberPtr(number).get(), width);
}

std::string Sha256(absl::string_view bytes) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
         reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string KubernetesKid(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) std::abort();
  std::string kid = Base64Url(Sha256(absl::string_view(reinterpret_cast<char*>(der), size)));
  OPENSSL_free(der);
  return kid;
}

struct Curve {
  const char* name;
  const char* algorithm;
  size_t width;
};

Curve CurveOf(EVP_PKEY* key) {
  switch (EVP_PKEY_bits(key)) {
    case 256:
      return {"P-256", "ES256", 32};
    case 384:
      return {"P-384", "ES384", 48};
    default:
      return {"P-521", "ES512", 66};
  }
}

}  // namespace

std::string Base64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

absl::StatusOr<KeyPtr> GenerateKey(absl::string_view kind) {
  EVP_PKEY* key = nullptr;
  if (kind == "rsa1024") key = EVP_RSA_gen(1024);
  if (kind == "rsa2048") key = EVP_RSA_gen(2048);
  if (kind == "rsa3072") key = EVP_RSA_gen(3072);
  if (kind == "rsa4096") key = EVP_RSA_gen(4096);
  if (kind == "p256") key = EVP_EC_gen("P-256");
  if (kind == "p384") key = EVP_EC_gen("P-384");
  if (kind == "p521") key = EVP_EC_gen("P-521");
  if (kind == "ed25519") key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("no kind of key is called ", kind, "; there are: ", kKeyKinds));
  }
  return KeyPtr(key);
}

Json PublicJwk(EVP_PKEY* key) {
  const std::string kid = KubernetesKid(key);
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return {{"use", "sig"},
              {"kty", "RSA"},
              {"kid", kid},
              {"alg", "RS256"},
              {"n", Base64Url(NumberParameter(key, OSSL_PKEY_PARAM_RSA_N))},
              {"e", Base64Url(NumberParameter(key, OSSL_PKEY_PARAM_RSA_E))}};
    case EVP_PKEY_EC: {
      const Curve curve = CurveOf(key);
      return {{"use", "sig"},
              {"kty", "EC"},
              {"kid", kid},
              {"crv", curve.name},
              {"alg", curve.algorithm},
              {"x", Base64Url(NumberParameter(key, OSSL_PKEY_PARAM_EC_PUB_X, curve.width))},
              {"y", Base64Url(NumberParameter(key, OSSL_PKEY_PARAM_EC_PUB_Y, curve.width))}};
    }
    default: {
      std::string x(32, '\0');
      size_t size = x.size();
      EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(x.data()), &size);
      return {{"use", "sig"},     {"kty", "OKP"},   {"kid", kid},
              {"crv", "Ed25519"}, {"alg", "EdDSA"}, {"x", Base64Url(x)}};
    }
  }
}

Json PrivateJwk(EVP_PKEY* key) {
  Json jwk = PublicJwk(key);
  if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
    jwk["d"] = Base64Url(NumberParameter(key, OSSL_PKEY_PARAM_RSA_D));
  } else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
    jwk["d"] = Base64Url(NumberParameter(key, OSSL_PKEY_PARAM_PRIV_KEY, CurveOf(key).width));
  }
  return jwk;
}

Json RsaJwk(const std::string& modulus, const std::string& exponent) {
  return {{"use", "sig"},
          {"kty", "RSA"},
          {"kid", Base64Url(Sha256(modulus))},
          {"alg", "RS256"},
          {"n", Base64Url(modulus)},
          {"e", Base64Url(exponent)}};
}

std::string RocaModulus() {
  // n = k·M + (65537^a mod M), where M is the product of the first 126 primes: modulo every small prime, n is
  // then a power of 65537.
  NumberPtr product(BN_new()), power(BN_new()), base(BN_new()), exponent(BN_new()), factor(BN_new());
  BN_CTX* context = BN_CTX_new();
  BN_one(product.get());
  int found = 0;
  for (BN_ULONG candidate = 2; found < 126; ++candidate) {
    bool prime = true;
    for (BN_ULONG divisor = 2; divisor * divisor <= candidate; ++divisor)
      prime = prime && candidate % divisor != 0;
    if (!prime) continue;
    BN_mul_word(product.get(), candidate);
    ++found;
  }
  BN_set_word(base.get(), 65537);
  BN_set_word(exponent.get(), 123456791);
  BN_mod_exp(power.get(), base.get(), exponent.get(), product.get(), context);
  BN_set_bit(factor.get(), 2047 - BN_num_bits(product.get()) + 1);
  BN_mul(product.get(), product.get(), factor.get(), context);
  BN_add(product.get(), product.get(), power.get());
  BN_CTX_free(context);
  return Bytes(product.get());
}

}  // namespace devcluster
