#include "crypto/public_key.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "crypto/ed25519_point.h"
#include "crypto/rsa_modulus.h"
#include "crypto/sha256.h"

namespace k8soidc::crypto {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string Hex(absl::string_view hex) { return absl::HexStringToBytes(hex); }

// The base points of the curves: SEC 2, section 2.4.2, and RFC 8032, section 5.1.
const char kP256X[] = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
const char kP256Y[] = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
const char kEd25519Base[] = "5866666666666666666666666666666666666666666666666666666666666666";

// 2^2048 - 1557 is prime.
std::string LargeOddNumber() { return std::string(253, '\xFF') + Hex("fff9eb"); }

TEST(PublicKeyTest, EncodesAnRsaKey) {
  const auto key = PublicKey::Rsa(LargeOddNumber(), Hex("010001"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->type(), PublicKey::Type::kRsa);
  EXPECT_EQ(key->bits(), 2048);
  EXPECT_THAT(key->spki(),
              AllOf(StartsWith(Hex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100ff")),
                    EndsWith(Hex("0203010001"))));
  EXPECT_EQ(key->spki().size(), 294u);
  EXPECT_THAT(key->ToPem(),
              AllOf(StartsWith("-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"),
                    EndsWith("AQAB\n-----END PUBLIC KEY-----\n")));
}

TEST(PublicKeyTest, EncodesAnEllipticCurveKey) {
  const auto key = PublicKey::Ec(PublicKey::Type::kP256, Hex(kP256X), Hex(kP256Y));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->bits(), 256);
  EXPECT_EQ(key->spki(),
            Hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004") + Hex(kP256X) + Hex(kP256Y));
}

TEST(PublicKeyTest, EncodesAnEd25519Key) {
  const auto key = PublicKey::Ed25519(Hex(kEd25519Base));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->bits(), 256);
  EXPECT_EQ(key->spki(), Hex("302a300506032b6570032100") + Hex(kEd25519Base));
}

TEST(PublicKeyTest, CountsTheBitsOfTheModulus) {
  std::string n = LargeOddNumber();
  n[0] = 0x01;
  for (; !PublicKey::Rsa(n, "\x03").ok(); n[100] = static_cast<char>(n[100] + 1)) {
  }
  EXPECT_EQ(PublicKey::Rsa(n, "\x03")->bits(), 2041);
}

TEST(PublicKeyTest, RefusesNumbersThatAreNoRsaKey) {
  const std::string n = LargeOddNumber();
  EXPECT_FALSE(PublicKey::Rsa("", "\x03").ok());
  EXPECT_FALSE(PublicKey::Rsa(n, "").ok());
  EXPECT_FALSE(PublicKey::Rsa(std::string(1, '\0') + n, "\x03").ok());
  for (const char* e : {"01", "02", "04", "010000", "0100000001", "ffffffffff"}) {
    EXPECT_THAT(std::string(PublicKey::Rsa(n, Hex(e)).status().message()),
                HasSubstr("its exponent is not an odd number"))
        << e;
  }
  EXPECT_TRUE(PublicKey::Rsa(n, Hex("03")).ok());
  EXPECT_TRUE(PublicKey::Rsa(n, Hex("ffffffff")).ok());
}

TEST(PublicKeyTest, RefusesCoordinatesOfAnotherLengthOrRange) {
  EXPECT_FALSE(PublicKey::Ec(PublicKey::Type::kP256, "", "").ok());
  EXPECT_FALSE(PublicKey::Ec(PublicKey::Type::kP256, Hex(kP256X).substr(1), Hex(kP256Y)).ok());
  EXPECT_FALSE(PublicKey::Ec(PublicKey::Type::kP256, Hex(kP256X) + "x", Hex(kP256Y)).ok());
  EXPECT_FALSE(PublicKey::Ec(PublicKey::Type::kP256, std::string(32, '\xFF'), Hex(kP256Y)).ok());
  EXPECT_FALSE(PublicKey::Ec(PublicKey::Type::kP384, Hex(kP256X), Hex(kP256Y)).ok());
}

TEST(RsaModulusTest, FindsEveryPrimeBelow65536) {
  const std::string n = LargeOddNumber();
  ASSERT_TRUE(CheckRsaModulus(n).ok());
  int found = 0;
  for (uint32_t prime = 3; prime < 65536; prime += 2) {
    bool is_prime = true;
    for (uint32_t d = 3; d * d <= prime && is_prime; d += 2) is_prime = prime % d != 0;
    if (!is_prime) continue;
    // The next number that the prime divides: n + prime - n mod prime, made odd.
    uint32_t rest = 0;
    for (const char byte : n) rest = (rest * 256 + static_cast<uint8_t>(byte)) % prime;
    std::string multiple = n;
    uint32_t subtract = rest % 2 == 0 ? rest : rest + prime;
    for (size_t i = multiple.size(); subtract > 0 && i-- > 0;) {
      const int digit = static_cast<uint8_t>(multiple[i]) - static_cast<int>(subtract & 0xFF);
      multiple[i] = static_cast<char>(digit);
      subtract = (subtract >> 8) + (digit < 0 ? 1 : 0);
    }
    ASSERT_THAT(std::string(CheckRsaModulus(multiple).message()), HasSubstr("factor below 65536")) << prime;
    ++found;
  }
  EXPECT_EQ(found, 6541);
}

TEST(RsaModulusTest, BoundsTheLengthBeforeLookingAtTheNumber) {
  EXPECT_THAT(std::string(CheckRsaModulus(std::string(2049, '\xFF')).message()),
              HasSubstr("longer than 16384 bits"));
  EXPECT_THAT(std::string(CheckRsaModulus(std::string(1 << 20, '\xFF')).message()),
              HasSubstr("longer than 16384 bits"));
}

TEST(Ed25519PointTest, TakesTheBasePointAndRefusesWhatIsNone) {
  EXPECT_TRUE(CheckEd25519Point(Hex(kEd25519Base)).ok());
  EXPECT_FALSE(CheckEd25519Point("").ok());
  EXPECT_FALSE(CheckEd25519Point(std::string(33, 'a')).ok());
  EXPECT_FALSE(CheckEd25519Point(std::string(32, '\xFF')).ok());
  EXPECT_THAT(std::string(CheckEd25519Point(std::string(32, '\0')).message()), HasSubstr("low order"));
}

TEST(Sha256Test, AgreesWithTheStandardsExamples) {
  // FIPS 180-4's examples, as published by NIST.
  EXPECT_EQ(absl::BytesToHexString(Sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(absl::BytesToHexString(Sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace k8soidc::crypto
