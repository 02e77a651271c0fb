#include <string>

#include "gmock/gmock.h"
#include "tfsdk/binding.h"
#include "tfsdk/engine/semantic_equality.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"
#include "types/issuer_url.h"
#include "types/jwks_json.h"
#include "types/pem_text.h"

namespace k8soidc::types {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::Codec;
using tfsdk::Value;
using tfsdk::testing::IsOk;
using tfsdk::testing::StatusIs;
constexpr auto kWrong = absl::StatusCode::kInvalidArgument;

template <class T>
bool Same(const std::string& a, const std::string& b) {
  return Codec<T>::SameMeaning(Value::String(a), Value::String(b));
}

constexpr char kX[] = R"("x":"WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis")";
constexpr char kY[] = R"("y":"y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE")";
std::string Key(const std::string& members) {
  return R"({"keys":[{"kty":"EC","crv":"P-256",)" + members + "}]}";
}

TEST(JwksJsonTest, TheSameKeysInAnotherSpellingMeanTheSame) {
  const std::string one = Key(std::string(kX) + "," + kY);
  const std::string other =
      "\n{ \"keys\" : [ {" + std::string(kY) + "," + kX + R"(,"crv":"P-256","kty":"EC"}]})";
  EXPECT_TRUE(Same<JwksJson>(one, other));
  EXPECT_FALSE(Same<JwksJson>(one, Key(std::string(kX) + "," + kY + R"(,"kid":"new")")));
}

TEST(JwksJsonTest, RefusesPrivateKeysWithoutQuotingThem) {
  const absl::Status status =
      JwksJson::Parse(Key(std::string(kX) + "," + kY + R"(,"d":"c2VjcmV0")")).status();
  EXPECT_THAT(status, StatusIs(kWrong, HasSubstr("public keys")));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("c2VjcmV0")));
  EXPECT_THAT(JwksJson::Parse("{}"), StatusIs(kWrong, HasSubstr("JWK Set")));
}

constexpr char kPem[] = "-----BEGIN CERTIFICATE-----\naGVsbG8gd29y\nbGQ=\n-----END CERTIFICATE-----\n";

TEST(PemTextTest, LinesAndTheTextAroundDoNotCount) {
  EXPECT_TRUE(Same<PemText>(
      kPem, "subject: x\r\n-----BEGIN CERTIFICATE-----\r\naGVsbG8gd29ybGQ=\r\n-----END CERTIFICATE-----"));
  EXPECT_FALSE(Same<PemText>(kPem, "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n"));
  EXPECT_FALSE(
      Same<PemText>(kPem, "-----BEGIN PUBLIC KEY-----\naGVsbG8gd29ybGQ=\n-----END PUBLIC KEY-----\n"));
  EXPECT_FALSE(Same<PemText>(kPem, std::string(kPem) + kPem));
}

TEST(PemTextTest, SaysWhatIsWrong) {
  EXPECT_THAT(PemText::Parse(kPem), IsOk());
  EXPECT_THAT(PemText::Parse("hello"), StatusIs(kWrong, HasSubstr("has no -----BEGIN line")));
  EXPECT_THAT(PemText::Parse("-----BEGIN X-----\naGVsbG8=\n"), StatusIs(kWrong, HasSubstr("no -----END")));
  EXPECT_THAT(PemText::Parse("-----BEGIN X-----\naGVsbG8=\n-----END Y-----"),
              StatusIs(kWrong, HasSubstr("its own -----END")));
  EXPECT_THAT(PemText::Parse("-----BEGIN X-----\n???\n-----END X-----"),
              StatusIs(kWrong, HasSubstr("base64")));
  EXPECT_THAT(PemText::Parse("-----BEGIN X-----\n-----END X-----"), StatusIs(kWrong, HasSubstr("base64")));
  EXPECT_THAT(PemText::Parse("-----BEGIN X"), StatusIs(kWrong, HasSubstr("damaged")));
  EXPECT_THAT(PemText::Parse(std::string(2 << 20, 'a')), StatusIs(kWrong, HasSubstr("1 MiB")));
}

TEST(IssuerUrlTest, OnlyWhatUrlsCallTheSameMeansTheSame) {
  EXPECT_TRUE(Same<IssuerUrl>("https://example.com", "https://EXAMPLE.com:443/"));
  EXPECT_FALSE(Same<IssuerUrl>("https://example.com/a", "https://example.com/a/"));
  EXPECT_FALSE(Same<IssuerUrl>("https://example.com/a", "https://example.com/A"));
  EXPECT_FALSE(Same<IssuerUrl>("https://example.com", "https://example.com:8443"));
}

TEST(IssuerUrlTest, SaysWhatIsWrong) {
  EXPECT_THAT(IssuerUrl::Parse("http://example.com"),
              StatusIs(kWrong, HasSubstr("does not start with https://")));
  EXPECT_THAT(IssuerUrl::Parse("https://example.com?x=1"), StatusIs(kWrong, HasSubstr("has a query")));
  EXPECT_THAT(IssuerUrl::Parse(""), StatusIs(kWrong, HasSubstr("is empty")));
}

struct Trust {
  IssuerUrl issuer;
  JwksJson jwks;
  PemText certificate;
  static tfsdk::ObjectBinding<Trust> Describe() {
    return tfsdk::ObjectBinding<Trust>("")
        .Required("issuer", &Trust::issuer, "")
        .Required("jwks", &Trust::jwks, "")
        .Required("certificate", &Trust::certificate, "");
  }
};

TEST(TypesTest, AreCheckedDuringValidationAndKeepTheUsersBytes) {
  const auto& binding = tfsdk::BindingOf<Trust>();
  const auto make = [&](const char* issuer, const std::string& pem) {
    return Value::Object(binding.type(), {Value::String(pem), Value::String(issuer),
                                          Value::String(Key(std::string(kX) + "," + kY))});
  };
  const Value prior = make("https://example.com", kPem);
  EXPECT_EQ(
      tfsdk::KeepSameMeaning(binding.schema(), prior, make("https://Example.com/", "\n" + std::string(kPem))),
      prior);
  tfsdk::Diagnostics diagnostics;
  tfsdk::ValidateConfig(binding.schema(), make("ftp://x", kPem), diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].path.ToString(), "issuer");
}

}  // namespace
}  // namespace k8soidc::types
