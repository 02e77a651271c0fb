#include "crypto/ed25519_point.h"

#include <string>

#include "crypto/openssl.h"

namespace k8soidc::crypto {

absl::Status CheckEd25519Point(absl::string_view encoded) {
  if (encoded.size() != 32) return absl::InvalidArgumentError("an Ed25519 key has exactly 32 bytes");

  std::string bytes(encoded.rbegin(), encoded.rend());
  bytes[0] = static_cast<char>(bytes[0] & 0x7F);  // The bit of x's sign.

  const SslPtr<BN_CTX> context(BN_CTX_new());
  const SslPtr<BIGNUM> prime(BN_new()), d(BN_new()), y(BN_new()), yy(BN_new()), xx(BN_new()), rest(BN_new());
  if (!context || !prime || !d || !y || !yy || !xx || !rest) return SslError("checking an Ed25519 key");
  BIGNUM* const p = prime.get();
  BN_CTX* const c = context.get();

  // p = 2^255 - 19, d = -121665/121666 mod p.
  if (!BN_set_bit(p, 255) || !BN_sub_word(p, 19) || !BN_set_word(d.get(), 121666) ||
      !BN_mod_inverse(d.get(), d.get(), p, c) || !BN_mul_word(d.get(), 121665) ||
      !BN_sub(d.get(), p, d.get()) || !BN_nnmod(d.get(), d.get(), p, c) ||
      !BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), 32, y.get())) {
    return SslError("checking an Ed25519 key");
  }
  if (BN_cmp(y.get(), p) >= 0)
    return absl::InvalidArgumentError("its bytes are no point of the Ed25519 curve");

  // The curve is -x^2 + y^2 = 1 + d x^2 y^2, so x^2 = (y^2 - 1) / (d y^2 + 1). The divisor is never zero:
  // -1/d is no square.
  if (!BN_mod_sqr(yy.get(), y.get(), p, c) || !BN_mod_mul(xx.get(), d.get(), yy.get(), p, c) ||
      !BN_add_word(xx.get(), 1) || !BN_mod_inverse(xx.get(), xx.get(), p, c) ||
      !BN_copy(rest.get(), yy.get()) || !BN_sub_word(rest.get(), 1) ||
      !BN_mod_mul(xx.get(), xx.get(), rest.get(), p, c) || !BN_nnmod(xx.get(), xx.get(), p, c) ||
      !BN_mod_add(rest.get(), xx.get(), yy.get(), p, c)) {
    return SslError("checking an Ed25519 key");
  }
  // x = 0 is order 1 or 2, y = 0 order 4; doubling gives y' = (y^2 + x^2) / (2 + x^2 - y^2), so x^2 = -y^2 is
  // order 8.
  if (BN_is_zero(xx.get()) || BN_is_zero(y.get()) || BN_is_zero(rest.get())) {
    return absl::InvalidArgumentError("it is a point of low order, for which signatures can be forged");
  }
  if (BN_kronecker(xx.get(), p, c) != 1) {
    return absl::InvalidArgumentError("its bytes are no point of the Ed25519 curve");
  }
  return absl::OkStatus();
}

}  // namespace k8soidc::crypto
