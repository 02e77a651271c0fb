#include "crypto/public_key.h"

#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "crypto/ed25519_point.h"
#include "crypto/openssl.h"
#include "crypto/rsa_modulus.h"
#include "tfsdk/status.h"

namespace k8soidc::crypto {
namespace {

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int BitLength(absl::string_view number) {
  int bits = static_cast<int>(number.size()) * 8;
  for (uint8_t top = static_cast<uint8_t>(number.front()); (top & 0x80) == 0; top = top * 2) --bits;
  return bits;
}

// The DER of an ASN.1 INTEGER with the value of a big-endian number.
absl::StatusOr<std::string> DerInteger(absl::string_view number) {
  const SslPtr<BIGNUM> value(BN_bin2bn(Bytes(number), static_cast<int>(number.size()), nullptr));
  const SslPtr<ASN1_INTEGER> integer(value ? BN_to_ASN1_INTEGER(value.get(), nullptr) : nullptr);
  const int size = integer ? i2d_ASN1_INTEGER(integer.get(), nullptr) : -1;
  if (size <= 0) return SslError("encoding an RSA key");
  std::string der(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_ASN1_INTEGER(integer.get(), &out);
  return der;
}

// RSAPublicKey (RFC 8017, appendix A.1.1).
absl::StatusOr<std::string> DerRsaPublicKey(absl::string_view n, absl::string_view e) {
  TFSDK_ASSIGN_OR_RETURN(std::string content, DerInteger(n));
  TFSDK_ASSIGN_OR_RETURN(const std::string exponent, DerInteger(e));
  content += exponent;
  const int size = static_cast<int>(content.size());
  std::string header(ASN1_object_size(1, size, V_ASN1_SEQUENCE) - size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(header.data());
  ASN1_put_object(&out, 1, size, V_ASN1_SEQUENCE, V_ASN1_UNIVERSAL);
  return header + content;
}

// Wraps `key` with its algorithm. `parameter` belongs to the algorithm: a curve's object, null, or absent.
absl::StatusOr<std::string> DerSpki(int algorithm, int parameter_type, void* parameter,
                                    absl::string_view key) {
  constexpr absl::string_view kDoing = "encoding a public key";
  const SslPtr<X509_PUBKEY> info(X509_PUBKEY_new());
  void* copy = OPENSSL_memdup(key.data(), key.size());
  if (!info || copy == nullptr ||
      !X509_PUBKEY_set0_param(info.get(), OBJ_nid2obj(algorithm), parameter_type, parameter,
                              static_cast<unsigned char*>(copy), static_cast<int>(key.size()))) {
    OPENSSL_free(copy);
    return SslError(kDoing);
  }
  const int size = i2d_X509_PUBKEY(info.get(), nullptr);
  if (size <= 0) return SslError(kDoing);
  std::string der(size, '\0');
  auto* out = reinterpret_cast<unsigned char*>(der.data());
  i2d_X509_PUBKEY(info.get(), &out);
  return der;
}

struct Curve {
  int nid;
  int bits;
  const char* name;
  const EC_GROUP* group;  // Built once and never freed: building it costs more than using it.
};

const Curve& CurveOf(PublicKey::Type type) {
  static const Curve p256{NID_X9_62_prime256v1, 256, "P-256",
                          EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1)};
  static const Curve p384{NID_secp384r1, 384, "P-384", EC_GROUP_new_by_curve_name(NID_secp384r1)};
  static const Curve p521{NID_secp521r1, 521, "P-521", EC_GROUP_new_by_curve_name(NID_secp521r1)};
  if (type == PublicKey::Type::kP256) return p256;
  return type == PublicKey::Type::kP384 ? p384 : p521;
}

}  // namespace

absl::StatusOr<PublicKey> PublicKey::Rsa(absl::string_view n, absl::string_view e) {
  if (n.empty() || n.front() == 0) return absl::InvalidArgumentError("its modulus is zero");
  if (e.empty() || e.front() == 0) return absl::InvalidArgumentError("its exponent is zero");
  TFSDK_RETURN_IF_ERROR(CheckRsaModulus(n));
  if (e.size() > 4 || e.back() % 2 == 0 || e == "\x01") {
    return absl::InvalidArgumentError("its exponent is not an odd number from 3 to 4294967295");
  }
  TFSDK_ASSIGN_OR_RETURN(const std::string key, DerRsaPublicKey(n, e));
  TFSDK_ASSIGN_OR_RETURN(std::string spki, DerSpki(NID_rsaEncryption, V_ASN1_NULL, nullptr, key));
  return PublicKey(Type::kRsa, BitLength(n), std::move(spki));
}

size_t PublicKey::CoordinateBytes(Type curve) { return (CurveOf(curve).bits + 7) / 8; }

absl::StatusOr<PublicKey> PublicKey::Ec(Type type, absl::string_view x, absl::string_view y) {
  const Curve& curve = CurveOf(type);
  const size_t width = CoordinateBytes(type);
  if (x.size() != width || y.size() != width) {
    return absl::InvalidArgumentError(absl::StrCat("a coordinate on ", curve.name, " has ", width, " bytes"));
  }
  const SslPtr<EC_POINT> point(curve.group != nullptr ? EC_POINT_new(curve.group) : nullptr);
  const SslPtr<BN_CTX> context(BN_CTX_new());
  if (!point || !context) return SslError("checking an elliptic curve key");
  const std::string encoded = absl::StrCat("\x04", x, y);
  // This form cannot encode infinity, and decoding checks the field's range and the curve's equation.
  if (!EC_POINT_oct2point(curve.group, point.get(), Bytes(encoded), encoded.size(), context.get())) {
    ForgetSslErrors();
    return absl::InvalidArgumentError(absl::StrCat("its x and y are no point of the curve ", curve.name));
  }
  TFSDK_ASSIGN_OR_RETURN(std::string spki,
                         DerSpki(NID_X9_62_id_ecPublicKey, V_ASN1_OBJECT, OBJ_nid2obj(curve.nid), encoded));
  return PublicKey(type, curve.bits, std::move(spki));
}

absl::StatusOr<PublicKey> PublicKey::Ed25519(absl::string_view x) {
  TFSDK_RETURN_IF_ERROR(CheckEd25519Point(x));
  TFSDK_ASSIGN_OR_RETURN(std::string spki, DerSpki(NID_ED25519, V_ASN1_UNDEF, nullptr, x));
  return PublicKey(Type::kEd25519, 256, std::move(spki));
}

std::string PublicKey::ToPem() const {
  const std::string base64 = absl::Base64Escape(spki_);
  std::string pem = "-----BEGIN PUBLIC KEY-----\n";
  for (size_t i = 0; i < base64.size(); i += 64)
    absl::StrAppend(&pem, absl::string_view(base64).substr(i, 64), "\n");
  return pem + "-----END PUBLIC KEY-----\n";
}

}  // namespace k8soidc::crypto
