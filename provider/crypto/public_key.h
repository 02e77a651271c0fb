#pragma once

// PublicKey: a public key whose numbers have been checked, and its standard encodings.

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::crypto {

// A public key for signatures. Immutable; cheap to move. There is none that has not passed the checks below,
// which all bound their input before OpenSSL sees it. An error is kInvalidArgument and a clause to follow
// "key X is refused: ", with no part of the key in it; kInternal when OpenSSL itself failed.
class PublicKey {
 public:
  enum class Type { kRsa, kP256, kP384, kP521, kEd25519 };

  // Big-endian, without leading zero bytes. `n` as CheckRsaModulus() wants it; `e` odd, from 3 to 2^32.
  static absl::StatusOr<PublicKey> Rsa(absl::string_view n, absl::string_view e);

  // Affine coordinates, big-endian, each CoordinateBytes(curve) long. They must be below the field's prime
  // and name a point of the curve (SEC 1, section 3.2.2.1; the cofactor is 1, so every such point but
  // infinity will do).
  static absl::StatusOr<PublicKey> Ec(Type curve, absl::string_view x, absl::string_view y);

  // The 32 bytes of RFC 8032, as CheckEd25519Point() wants them.
  static absl::StatusOr<PublicKey> Ed25519(absl::string_view x);

  // 32, 48 or 66. Requires a type that is a curve of Ec().
  static size_t CoordinateBytes(Type curve);

  Type type() const { return type_; }

  // The length of the modulus, or of the curve's field (256 for Ed25519).
  int bits() const { return bits_; }

  // SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) in DER: what `openssl pkey -pubout -outform DER` writes.
  const std::string& spki() const { return spki_; }

  // The same in PEM (RFC 7468, section 13), 64 characters a line, with a final newline.
  std::string ToPem() const;

 private:
  PublicKey(Type type, int bits, std::string spki) : type_(type), bits_(bits), spki_(std::move(spki)) {}

  Type type_;
  int bits_;
  std::string spki_;
};

}  // namespace k8soidc::crypto
