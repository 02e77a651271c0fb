#include "jose/canonical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "provider/jose/jwks_files.h"

namespace k8soidc::jose {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

Jwks Canonical(const std::string& text, const CanonicalOptions& options = {}) {
  const auto set = Canonicalize(text, options);
  EXPECT_TRUE(set.ok()) << set.status();
  return set.ok() ? *set : Jwks();
}

std::vector<std::string> Kids(const Jwks& set) {
  std::vector<std::string> kids;
  for (const PublicJwk& key : set.keys) kids.push_back(key.kid.value_or("(none)"));
  return kids;
}

// "kid reason" of each key left out.
std::vector<std::string> Ignored(const Jwks& set) {
  std::vector<std::string> ignored;
  for (const IgnoredKey& key : set.ignored_keys) {
    ignored.push_back(absl::StrCat(key.kid.value_or("(none)"), " ", key.reason));
  }
  return ignored;
}

Json Named(const char* key, const char* kid) { return With(KeyNamed(key), {{"kid", kid}}); }

TEST(CanonicalizeTest, FillsInEveryAttributeOfAKey) {
  const Json key = With(KeyNamed("p-256"), {{"alg", "ES256"}, {"use", "sig"}});
  const Jwks set = Canonical(SetOf({key}));
  ASSERT_EQ(set.keys.size(), 1u);
  const PublicJwk& jwk = set.keys[0];
  EXPECT_EQ(jwk.kty, "EC");
  EXPECT_EQ(jwk.kid, "p-256");
  EXPECT_EQ(jwk.alg, "ES256");
  EXPECT_EQ(jwk.use, "sig");
  EXPECT_EQ(jwk.crv, "P-256");
  EXPECT_EQ(jwk.x, key["x"].get<std::string>());
  EXPECT_EQ(jwk.y, key["y"].get<std::string>());
  EXPECT_EQ(jwk.n, std::nullopt);
  EXPECT_EQ(jwk.e, std::nullopt);
  EXPECT_EQ(jwk.jwk, key.dump());
  EXPECT_EQ(set.json, absl::StrCat("{\"keys\":[", key.dump(), "]}"));
  EXPECT_THAT(set.warnings, IsEmpty());
  EXPECT_THAT(set.ignored_keys, IsEmpty());
}

TEST(CanonicalizeTest, DigestIsOfTheCanonicalBytes) {
  // printf '%s' '{"keys":[{"alg":"ML-DSA-44","kty":"AKP","pub":"AAAA"}]}' | sha256sum
  const Jwks set = Canonical(R"({"keys":[{"kty":"AKP","alg":"ML-DSA-44","pub":"AAAA"}]})");
  EXPECT_EQ(set.json, R"({"keys":[{"alg":"ML-DSA-44","kty":"AKP","pub":"AAAA"}]})");
  EXPECT_EQ(set.sha256, "c5d157fd5b4526797c10a8e7878b8e244b2c4a5818d840ad21a6d9e88cd31951");
}

TEST(CanonicalizeTest, ComputesTheThumbprintOfRfc7638) {
  // The key and the result of RFC 7638, section 3.1.
  const Jwks set = Canonical(
      R"({"keys":[{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tS)"
      R"(oc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqz)"
      R"(s8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF)"
      R"(44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}]})");
  ASSERT_EQ(set.keys.size(), 1u);
  EXPECT_EQ(set.keys[0].thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
  EXPECT_EQ(set.keys[0].kid_derivation, "other");
}

TEST(CanonicalizeTest, ComputesTheThumbprintOfRfc8037) {
  // The key and the result of RFC 8037, appendix A.3.
  const Jwks set = Canonical(
      R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})");
  ASSERT_EQ(set.keys.size(), 1u);
  EXPECT_EQ(set.keys[0].thumbprint, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
}

TEST(CanonicalizeTest, PassesUnknownTypesOnWithoutAPem) {
  const Jwks set = Canonical(ReadJwksFile("unknown_types.json"));
  ASSERT_THAT(Kids(set), ElementsAre("l", "m", "r"));
  EXPECT_EQ(set.keys[0].thumbprint, std::nullopt);
  EXPECT_NE(set.keys[1].thumbprint, std::nullopt);
  EXPECT_EQ(set.keys[1].pem, std::nullopt);
  EXPECT_EQ(set.keys[1].bits, std::nullopt);
  EXPECT_EQ(set.keys[1].spki_sha256, std::nullopt);
  EXPECT_EQ(set.keys[1].kid_derivation, "other");
  EXPECT_NE(set.keys[2].pem, std::nullopt);
  EXPECT_THAT(set.warnings, IsEmpty());
}

TEST(CanonicalizeTest, WarnsOfKeysWithoutKidAndOfNothingButUnknownTypes) {
  const Json rsa = Without(KeyNamed("rsa-2048"), "kid");
  EXPECT_THAT(Canonical(SetOf({rsa})).warnings, IsEmpty());
  EXPECT_THAT(Canonical(SetOf({rsa, rsa, KeyNamed("p-256")})).warnings, IsEmpty());
  EXPECT_THAT(Canonical(SetOf({rsa, Without(KeyNamed("p-256"), "kid")})).warnings,
              ElementsAre(HasSubstr("2 keys have no kid")));
  EXPECT_THAT(Canonical(ReadJwksFile("only_unknown.json")).warnings,
              ElementsAre(HasSubstr("types this provider does not know")));
}

TEST(CanonicalizeTest, ListsWhatItLeftOutInAnOrderThatIsNotTheServers) {
  const Json enc_b = With(Named("rsa-2048", "b"), {{"use", "enc"}, {"n", "not checked"}});
  const Json enc_none = With(Without(KeyNamed("rsa-2048"), "kid"), {{"use", "enc"}});
  const Json keep = Named("rsa-2048", "a");
  const Json ec = Named("p-256", "a-ec");
  std::vector<Json> keys = {enc_b, keep, ec, enc_none, keep, keep};
  std::sort(keys.begin(), keys.end());
  do {
    const Jwks set = Canonical(SetOf(keys), {.key_types = {"RSA"}});
    ASSERT_THAT(Kids(set), ElementsAre("a"));
    ASSERT_THAT(Ignored(set), ElementsAre("(none) use_enc", "a duplicate", "a duplicate",
                                          "a-ec key_type_filtered", "b use_enc"));
  } while (std::next_permutation(keys.begin(), keys.end()));
}

TEST(CanonicalizeTest, LeavesOutEncryptionKeysThatSayItByAlgOrKeyOps) {
  const Jwks set =
      Canonical(SetOf({KeyNamed("p-256"), With(Named("rsa-2048", "1"), {{"alg", "RSA-OAEP-256"}}),
                       With(Named("rsa-2048", "2"), {{"key_ops", {"wrapKey", "encrypt"}}}),
                       With(Named("p-384", "3"), {{"alg", "ECDH-ES+A128KW"}})}));
  EXPECT_THAT(Kids(set), ElementsAre("p-256"));
  EXPECT_THAT(Ignored(set), ElementsAre("1 use_enc", "2 use_enc", "3 use_enc"));
}

TEST(CanonicalizeTest, KeepsAUseItDoesNotKnow) {
  EXPECT_THAT(Kids(Canonical(ReadJwksFile("spiffe_bundle.json"))), ElementsAre("(none)", "j"));
}

TEST(CanonicalizeTest, FiltersByAlgorithmAndTakesAKeyThatDoesNotSayForAllItCanDo) {
  const std::string text = SetOf({With(Named("rsa-2048", "ps"), {{"alg", "PS256"}}), Named("rsa-2048", "any"),
                                  Named("p-256", "es256"), Named("p-384", "es384"), Named("ed25519", "ed"),
                                  Json{{"kty", "X-NEW"}, {"kid", "new"}},
                                  Json{{"kty", "AKP"}, {"kid", "akp"}, {"alg", "ML-DSA-44"}, {"pub", "AA"}}});
  EXPECT_THAT(Kids(Canonical(text, {.algorithms = {"RS256", "ES384"}})), ElementsAre("any", "es384"));
  EXPECT_THAT(Kids(Canonical(text, {.algorithms = {"PS256"}})), ElementsAre("any", "ps"));
  EXPECT_THAT(Kids(Canonical(text, {.algorithms = {"EdDSA", "ML-DSA-44"}})), ElementsAre("akp", "ed"));
  EXPECT_THAT(Ignored(Canonical(text, {.key_types = {"RSA", "X-NEW"}, .algorithms = {"RS256"}})),
              ElementsAre("akp key_type_filtered", "ed key_type_filtered", "es256 key_type_filtered",
                          "es384 key_type_filtered", "new algorithm_filtered", "ps algorithm_filtered"));
}

TEST(CanonicalizeTest, AFilteredKeyIsNoReasonToRefuseTheSet) {
  const std::string text = SetOf({KeyNamed("p-256"), With(KeyNamed("rsa-2048"), {{"n", "AQ"}})});
  EXPECT_FALSE(Canonicalize(text, {}).ok());
  EXPECT_THAT(Kids(Canonical(text, {.key_types = {"EC"}})), ElementsAre("p-256"));
}

TEST(CanonicalizeTest, RefusesASetWithNoUsableKeyAndSaysWhy) {
  const auto set = Canonicalize(
      SetOf({Named("rsa-2048", "a"), With(Named("p-256", "b"), {{"use", "enc"}}), Named("p-384", "c")}),
      {.key_types = {"OKP"}});
  EXPECT_EQ(set.status().message(),
            "the set has no usable key; left out: 2 by key_type_filtered, 1 by use_enc; check key_types and "
            "algorithms, and "
            "that the issuer publishes keys for signatures");
}

TEST(CanonicalizeTest, MinimumRsaBitsCanBeLoweredAndRaised) {
  const std::string small = ReadJwksFile("refused/rsa_1024.json");
  EXPECT_TRUE(Canonicalize(small, {.minimum_rsa_bits = 1024}).ok());
  EXPECT_FALSE(Canonicalize(small, {.minimum_rsa_bits = 1025}).ok());
  EXPECT_TRUE(Canonicalize(SetOf({KeyNamed("rsa-3072")}), {.minimum_rsa_bits = 3072}).ok());
  EXPECT_FALSE(Canonicalize(SetOf({KeyNamed("rsa-3072")}), {.minimum_rsa_bits = 3073}).ok());
}

TEST(CanonicalizeTest, DifferentKeysNeverGiveTheSameBytes) {
  const Json rsa = KeyNamed("rsa-2048");
  const std::vector<Json> keys = {rsa,
                                  Without(rsa, "kid"),
                                  With(rsa, {{"kid", "other"}}),
                                  With(rsa, {{"kid", "RSA-2048"}}),
                                  With(rsa, {{"e", "Aw"}}),
                                  With(rsa, {{"n", KeyNamed("rsa-3072")["n"]}}),
                                  With(rsa, {{"alg", "RS256"}}),
                                  With(rsa, {{"alg", "PS256"}}),
                                  With(rsa, {{"use", "sig"}}),
                                  With(rsa, {{"key_ops", {"verify"}}}),
                                  KeyNamed("p-256"),
                                  Json{{"kty", "X"}, {"v", 1}},
                                  Json{{"kty", "X"}, {"v", "1"}},
                                  Json{{"kty", "X"}, {"v", 1.5}},
                                  Json{{"kty", "X"}, {"v", {1}}},
                                  Json{{"kty", "X"}, {"v", nullptr}}};
  std::vector<std::string> all;
  for (const Json& key : keys) all.push_back(Canonical(SetOf({key})).json);
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST(CanonicalUnionTest, IsTheSetOfAllKeysWhicheverReplicaAnsweredFirst) {
  const Json a = Named("rsa-2048", "a"), b = Named("p-256", "b"), c = Named("p-384", "c");
  const Json enc = With(Named("rsa-2048", "e"), {{"use", "enc"}});
  const std::vector<std::string> texts = {SetOf({a, b, enc}), SetOf({c, b, enc}), SetOf({b, b})};
  const auto set = CanonicalUnion(texts, {});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->json, Canonical(SetOf({a, b, c})).json);
  EXPECT_THAT(Ignored(*set), ElementsAre("b duplicate", "e use_enc"));
  const auto reversed = CanonicalUnion({texts[2], texts[1], texts[0]}, {});
  ASSERT_TRUE(reversed.ok());
  EXPECT_EQ(reversed->json, set->json);
  EXPECT_EQ(reversed->ignored_keys, set->ignored_keys);
}

TEST(CanonicalUnionTest, OfOneIsThatOne) {
  const auto set = CanonicalUnion({ReadJwksFile("kids.json")}, {});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->json, ReadJwksFile("kids.canonical.json"));
  EXPECT_FALSE(CanonicalUnion({}, {}).ok());
}

TEST(CanonicalUnionTest, RefusesTwoKeysUnderOneKidAcrossAnswers) {
  const auto set = CanonicalUnion({SetOf({Named("rsa-2048", "k")}), SetOf({Named("p-256", "k")})}, {});
  EXPECT_THAT(std::string(set.status().message()), HasSubstr("two different keys have the kid \"k\""));
}

TEST(CanonicalUnionTest, SaysWhichAnswerIsRefused) {
  const auto set = CanonicalUnion({SetOf({KeyNamed("p-256")}), R"({"keys":[]})"}, {});
  EXPECT_THAT(std::string(set.status().message()), HasSubstr("answer 2 of 2: the set has no keys"));
}

TEST(CanonicalUnionTest, HoldsNoMoreThanAThousandKeys) {
  Json::array_t first, second;
  for (int i = 0; i < 600; ++i) {
    first.push_back(Named("ed25519", absl::StrCat("a", i).c_str()));
    second.push_back(Named("ed25519", absl::StrCat("b", i).c_str()));
  }
  EXPECT_THAT(std::string(CanonicalUnion({SetOf(first), SetOf(second)}, {}).status().message()),
              HasSubstr("together have 1200 keys"));
}

}  // namespace
}  // namespace k8soidc::jose
