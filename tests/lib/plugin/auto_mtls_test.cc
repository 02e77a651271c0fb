#include "tfsdk/plugin/auto_mtls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "support/plugin_host.h"

namespace tfsdk::plugin {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::shared_ptr<X509> Parse(const std::string& der) {
  const auto* start = reinterpret_cast<const unsigned char*>(der.data());
  return std::shared_ptr<X509>(d2i_X509(nullptr, &start, static_cast<long>(der.size())), X509_free);
}

class AutoMtlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = MakeServerCertificate();
    ASSERT_TRUE(made.ok()) << made.status();
    own_ = *std::move(made);
    certificate_ = Parse(own_.der);
    ASSERT_NE(certificate_, nullptr);
  }

  ServerCertificate own_;
  std::shared_ptr<X509> certificate_;
};

// MUST 16, TRAP 2
TEST_F(AutoMtlsTest, CertificateIsForLocalhost) {
  EXPECT_EQ(X509_check_host(certificate_.get(), "localhost", 0, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT, nullptr),
            1);
  EXPECT_EQ(X509_check_host(certificate_.get(), "example.org", 0, 0, nullptr), 0);
}

// MUST 16
TEST_F(AutoMtlsTest, CertificateIsForServersAndClients) {
  EXPECT_EQ(X509_get_extended_key_usage(certificate_.get()), uint32_t{XKU_SSL_SERVER | XKU_SSL_CLIENT});
  EXPECT_EQ(X509_check_ca(certificate_.get()), 1);
}

// MUST 16
TEST_F(AutoMtlsTest, CertificateIsValidNowAndForAnyRun) {
  std::time_t past = std::time(nullptr) - 20;
  std::time_t far = std::time(nullptr) + 29L * 365 * 24 * 3600;
  EXPECT_LT(X509_cmp_time(X509_get0_notBefore(certificate_.get()), &past), 0);
  EXPECT_GT(X509_cmp_time(X509_get0_notAfter(certificate_.get()), &far), 0);
}

TEST_F(AutoMtlsTest, CertificateIsSignedWithItsOwnKey) {
  EVP_PKEY* key = X509_get0_pubkey(certificate_.get());
  EXPECT_EQ(X509_verify(certificate_.get(), key), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key), 256);
}

TEST_F(AutoMtlsTest, SerialIsPositiveAndNoLongerThanTwentyBytes) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate_.get());
  EXPECT_EQ(serial->type, V_ASN1_INTEGER);  // A negative one is V_ASN1_NEG_INTEGER.
  EXPECT_GT(serial->length, 8);
  EXPECT_LE(serial->length, 20);
}

// MUST 17
TEST_F(AutoMtlsTest, CertificateIsLongerThanTheHostAsksFor) { EXPECT_GT(own_.der.size(), 50u); }

// MUST 21
TEST_F(AutoMtlsTest, EveryCertificateHasAKeyOfItsOwn) {
  const auto other = MakeServerCertificate();
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(other->private_key_pem == own_.private_key_pem);
  EXPECT_NE(other->der, own_.der);
}

TEST_F(AutoMtlsTest, PemIsTheSameCertificate) {
  const auto read = ReadClientCertificate(own_.pem);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, own_.pem);
}

// MUST 19, TRAP 3
TEST(ClientCertificateTest, AcceptsEveryCurveAHostMayUse) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    const std::string pem = tfsdk::testing::MakeHostCertificate(curve).pem;
    const auto read = ReadClientCertificate(pem);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(*read, pem);
    EXPECT_TRUE(CheckClientCertificate(*read).ok());
  }
}

TEST(ClientCertificateTest, LeavesOutWhatElseStandsInTheText) {
  const auto host = tfsdk::testing::MakeHostCertificate();
  const auto read = ReadClientCertificate(absl::StrCat("some text\n", host.pem, host.private_key_pem));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, host.pem);
}

TEST(ClientCertificateTest, RefusesWhatIsNoSingleCertificateWithoutQuotingIt) {
  const auto host = tfsdk::testing::MakeHostCertificate();
  const std::string half = host.pem.substr(0, host.pem.size() / 2);
  const std::string bent = [&] {
    std::string text = host.pem;
    text[text.size() / 2] = '*';
    return text;
  }();
  for (const std::string& bad :
       {std::string("canary"), half, bent, host.private_key_pem,
        absl::StrCat(host.pem, tfsdk::testing::MakeHostCertificate().pem), std::string(100'000, 'x'),
        std::string("-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n")}) {
    const auto read = ReadClientCertificate(bad);
    const absl::Status status = read.ok() ? CheckClientCertificate(*read) : read.status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(status.message(), HasSubstr("PLUGIN_CLIENT_CERT"));
    EXPECT_THAT(status.message(), HasSubstr("Unset it"));
    EXPECT_THAT(status.message(), Not(HasSubstr("canary")));
    EXPECT_THAT(status.message(), Not(HasSubstr("BEGIN")));
  }
}

}  // namespace
}  // namespace tfsdk::plugin
