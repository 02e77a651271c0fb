// What is refused, and the sentence that says so: it names the key and the member, says what to do, and holds
// no value.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "jose/canonical.h"
#include "json/strict_json.h"
#include "provider/jose/jwks_files.h"

namespace k8soidc::jose {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

std::string MessageFor(const std::string& text, const CanonicalOptions& options = {}) {
  const auto set = Canonicalize(text, options);
  if (set.ok()) return "accepted: " + set->json;
  EXPECT_EQ(set.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(set.status().message());
}

std::string MessageForKey(const Json& key) { return MessageFor(SetOf({key})); }

struct Refusal {
  std::string what;
  std::string key;       // The kid of a good key, or JSON.
  std::string change;    // Members to replace, in JSON; or the name of one to leave out.
  std::string sentence;  // Part of it.
};

void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.what; }

Json BadKey(const Refusal& refusal) {
  const Json key = refusal.key.front() == '{' ? Json::parse(refusal.key) : KeyNamed(refusal.key);
  return refusal.change.front() == '{' ? With(key, Json::parse(refusal.change))
                                       : Without(key, refusal.change);
}

std::vector<Refusal> Refusals() {
  const std::string akp = R"({"kty":"AKP","kid":"akp","alg":"ML-DSA-44","pub":"AAAA"})";
  const std::string n = KeyNamed("rsa-2048")["n"];
  const std::string x = KeyNamed("p-256")["x"];
  const std::string y = KeyNamed("p-256")["y"];
  const auto set = [](const std::string& member, const std::string& value) {
    return Json{{member, value}}.dump();
  };
  const std::string rsa = "rsa-2048", ec = "p-256", ed = "ed25519";
  return {
      {"SecretKeyType", R"({"kty":"oct","kid":"a"})", "{}", "its kty is oct, a secret"},
      {"SecretKeyTypeInOtherCase", R"({"kty":"OCT","kid":"a"})", "{}", "its kty is oct, a secret"},
      {"NoKeyType", rsa, "kty", "it has no kty"},
      {"KeyTypeOfOtherCase", rsa, R"({"kty":"rsa"})", "key types are case-sensitive and RSA is meant"},
      {"KeyTypeIsANumber", rsa, R"({"kty":1})", "its kty is not a string"},
      {"KeyTypeIsEmpty", rsa, R"({"kty":""})", "its kty is empty"},
      {"KidIsANumber", rsa, R"({"kid":7})", "its kid is not a string"},
      {"KidIsNull", rsa, R"({"kid":null})", "its kid is not a string"},
      {"KidIsEmpty", rsa, R"({"kid":""})", "its kid is empty"},
      {"KidIsTooLong", rsa, set("kid", std::string(257, 'k')), "its kid is longer than 256 bytes"},
      {"KidHasAControlCharacter", rsa, R"({"kid":"a\nb"})",
       "its kid \"a\\nb\" has a character that cannot be seen"},
      {"KidHasANul", rsa, R"({"kid":"a\u0000z"})", "its kid \"a\\x00z\" has a character"},
      {"KidHasADelete", rsa, R"({"kid":"a\u007f"})", "has a character that cannot be seen"},
      {"KidReordersText", rsa, R"({"kid":"a\u202e"})", "its kid \"a\\xe2\\x80\\xae\" has a character"},
      {"AlgIsNone", rsa, R"({"alg":"none"})", "its alg \"none\" is no public-key signature"},
      {"AlgIsNoneInOtherCase", rsa, R"({"alg":"NonE"})", "is no public-key signature"},
      {"AlgIsAnHmac", ec, R"({"alg":"HS256"})", "its alg \"HS256\" is no public-key signature"},
      {"AlgOfUnknownTypeIsAnHmac", akp, R"({"alg":"HS512"})", "is no public-key signature"},
      {"AlgIsANumber", rsa, R"({"alg":256})", "its alg is not a string"},
      {"AlgOfAnotherType", rsa, R"({"alg":"ES256"})",
       "its alg \"ES256\" contradicts the key, which can do RS256, RS384, RS512, PS256, PS384, PS512"},
      {"AlgOfAnotherCurve", ec, R"({"alg":"ES384"})", "contradicts the key, which can do ES256"},
      {"AlgIsNothingAnRsaKeyCanDo", rsa, R"({"alg":"XY256"})", "its alg \"XY256\" contradicts the key"},
      {"AlgInOtherCase", rsa, R"({"alg":"rs256"})", "its alg \"rs256\" contradicts the key"},
      {"AlgForEncryptionOfASigningKey", rsa, R"({"alg":"RSA-OAEP","use":"sig"})", "contradicts the key"},
      {"AlgOfEd25519", ed, R"({"alg":"ES256"})", "which can do EdDSA, Ed25519"},
      {"AlgOfAKnownTypeOnAnother", akp, R"({"alg":"RS256"})",
       "its alg \"RS256\" contradicts its kty \"AKP\""},
      {"UseIsAList", rsa, R"({"use":["sig"]})", "its use is not a string"},
      {"KeyOpsIsAString", rsa, R"({"key_ops":"verify"})", "its key_ops is not an array"},
      {"KeyOpsHasANumber", rsa, R"({"key_ops":["verify",1]})",
       "its key_ops has an element that is not a string"},
      {"KeyOpsOnlySigns", rsa, R"({"key_ops":["sign"]})", "its key_ops does not allow \"verify\""},
      {"KeyOpsContradictUse", rsa, R"({"key_ops":["encrypt"],"use":"sig"})", "does not allow \"verify\""},
      {"NoModulus", rsa, "n", "it has no member \"n\""},
      {"NoExponent", rsa, "e", "it has no member \"e\""},
      {"ModulusIsANumber", rsa, R"({"n":65537})", "its member \"n\" is not a string"},
      {"ModulusIsEmpty", rsa, R"({"n":""})", "its modulus is zero"},
      {"ModulusIsZero", rsa, R"({"n":"AAAA"})", "its modulus is zero"},
      {"ModulusInStandardAlphabet", rsa, set("n", absl::StrCat("+", n.substr(1))),
       "its member \"n\" is not base64url: character 1 is of the standard base64 alphabet"},
      {"ModulusWithWhiteSpace", rsa, set("n", n + "\n"), "is outside the base64url alphabet"},
      {"ModulusWithTailBits", rsa, set("n", n.substr(0, n.size() - 1) + "_"),
       "its member \"n\" is not base64url: it ends with bits that should be zero"},
      {"ModulusOfImpossibleLength", rsa, set("n", n + "AAA"), "its length is impossible"},
      {"ExponentIsOne", rsa, R"({"e":"AQ"})", "its exponent is not an odd number from 3"},
      {"ExponentIsEven", rsa, R"({"e":"AQAA"})", "its exponent is not an odd number"},
      {"ExponentIsZero", rsa, R"({"e":"AAAA"})", "its exponent is zero"},
      {"ExponentIsOver2To32", rsa, R"({"e":"AQAAAAE"})",
       "its exponent is not an odd number from 3 to 4294967295"},
      {"RsaWithACurve", rsa, R"({"crv":"P-256"})", "its kty is RSA, which has no member \"crv\""},
      {"RsaWithACoordinate", rsa, set("x", x), "which has no member \"x\""},
      {"EcWithAModulus", ec, set("n", n), "its kty is EC, which has no member \"n\""},
      {"Ed25519WithASecondCoordinate", ed, set("y", y), "its kty is OKP, which has no member \"y\""},
      {"NoCurve", ec, "crv", "it has no member \"crv\""},
      {"NoY", ec, "y", "it has no member \"y\""},
      {"CurveInOtherCase", ec, R"({"crv":"p-256"})",
       "its crv \"p-256\" is not one that kty EC is supported with"},
      {"CurveOfAnotherType", ec, R"({"crv":"Ed25519"})", "its crv \"Ed25519\" is not one that kty EC"},
      {"CurveOfEcOnOkp", ed, R"({"crv":"P-256"})", "its crv \"P-256\" is not one that kty OKP"},
      {"CoordinateTooLong", ec, set("x", KeyNamed("p-521")["x"]),
       "its member \"x\" is longer than the 32 bytes of a coordinate on P-256"},
      {"CoordinatesSwapped", ec, Json{{"x", y}, {"y", x}}.dump(), "no point of the curve P-256"},
  };
}

class RefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(RefusalTest, SaysWhichKeyWhatAndWhatToDo) {
  const Json key = BadKey(GetParam());
  const std::string message = MessageForKey(key);
  EXPECT_THAT(message, HasSubstr(GetParam().sentence));
  EXPECT_THAT(message,
              AllOf(HasSubstr("keys[0]"), HasSubstr("is refused: "), HasSubstr("; "), Not(HasSubstr("\n"))));
  const Json kid = key.value("kid", Json());
  if (kid == "rsa-2048" || kid == "p-256") {
    EXPECT_THAT(message, HasSubstr(absl::StrCat("key ", kid.dump(), " (")));
  }
  for (const char* member : {"n", "x", "y"}) {
    const auto value = key.find(member);
    if (value != key.end() && value->is_string() && value->get<std::string>().size() > 16) {
      EXPECT_THAT(message, Not(HasSubstr(value->get<std::string>().substr(1, 12))));
    }
  }
}

TEST_P(RefusalTest, RefusesTheWholeSetWhereverTheKeyStands) {
  const Json good = KeyNamed("p-384");
  EXPECT_THAT(MessageFor(SetOf({good, BadKey(GetParam())})), HasSubstr(GetParam().sentence));
  EXPECT_THAT(MessageFor(SetOf({good, BadKey(GetParam()), KeyNamed("p-521")})), HasSubstr("keys[1]"));
}

INSTANTIATE_TEST_SUITE_P(Keys, RefusalTest, ::testing::ValuesIn(Refusals()),
                         [](const auto& refusal) { return refusal.param.what; });

TEST(RefusedFilesTest, RefusesNumbersThatAreNoPublicKey) {
  const std::vector<std::pair<std::string, std::string>> files = {
      {"rsa_even", "its modulus is even"},
      {"rsa_factor_3", "its modulus has a factor below 65536"},
      {"rsa_factor_257", "its modulus has a factor below 65536"},
      {"rsa_factor_65521", "its modulus has a factor below 65536"},
      {"rsa_roca", "CVE-2017-15361"},
      {"rsa_1024", "it is an RSA key of 1024 bits, fewer than minimum_rsa_bits (2048)"},
      {"rsa_2047", "it is an RSA key of 2047 bits"},
      {"rsa_16385", "its modulus is longer than 16384 bits"},
      {"p256_off_curve", "its x and y are no point of the curve P-256"},
      {"p256_zero", "no point of the curve P-256"},
      {"p256_numbers_as_p384", "no point of the curve P-384"},
      {"p384_numbers_as_p256", "is longer than the 32 bytes of a coordinate on P-256"},
      {"p521_x_plus_p", "no point of the curve P-521"},
      {"secp256k1", "its crv \"secp256k1\" is not one that kty EC is supported with (P-256, P-384, P-521)"},
      {"secp256k1_as_p256", "no point of the curve P-256"},
      {"ed25519_no_point", "no point of the Ed25519 curve"},
      {"ed25519_y_above_p", "no point of the Ed25519 curve"},
      {"ed25519_31_bytes", "an Ed25519 key has exactly 32 bytes"},
      {"x25519", "its crv \"X25519\" is not one that kty OKP is supported with (Ed25519)"},
  };
  for (const auto& [file, sentence] : files) {
    const std::string message = MessageFor(ReadJwksFile("refused/" + file + ".json"));
    EXPECT_THAT(message, AllOf(HasSubstr(absl::StrCat("key \"", file, "\" (keys[0]) is refused: ")),
                               HasSubstr(sentence)));
  }
}

TEST(RefusedFilesTest, RefusesEveryEncodingOfALowOrderPoint) {
  const Json points = Json::parse(ReadJwksFile("refused/ed25519_low_order_points.json"));
  ASSERT_EQ(points.size(), 14u);
  for (const Json& x : points) {
    EXPECT_THAT(MessageForKey({{"kty", "OKP"}, {"crv", "Ed25519"}, {"x", x}}),
                ::testing::AnyOf(HasSubstr("low order"), HasSubstr("no point")));
  }
}

TEST(PrivateMemberTest, IsRefusedInEveryKeyTypeHoweverItIsWritten) {
  const std::vector<Json> keys = {KeyNamed("rsa-2048"),
                                  KeyNamed("p-256"),
                                  KeyNamed("ed25519"),
                                  {{"kty", "AKP"}, {"kid", "a"}, {"alg", "ML-DSA-44"}, {"pub", "AAAA"}},
                                  {{"kty", "oct"}, {"kid", "o"}},
                                  {{"kty", "X-NEW"}, {"kid", "x"}}};
  for (const Json& key : keys) {
    for (const std::string name : {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}) {
      SCOPED_TRACE(absl::StrCat(key["kty"].get<std::string>(), " ", name));
      const auto is_refused =
          AllOf(HasSubstr(absl::StrCat("key ", key["kid"].dump(), " (keys[1]) is refused: its member \"",
                                       name, "\" is private")),
                HasSubstr("have the issuer replace the key"), Not(HasSubstr("c2VjcmV0")));
      for (const Json& value : {Json("c2VjcmV0"), Json(), Json(""), Json(5), Json::array(), Json{{"a", 1}}}) {
        EXPECT_THAT(MessageFor(SetOf({KeyNamed("p-384"), With(key, {{name, value}})})), is_refused);
      }
      EXPECT_THAT(
          MessageFor(SetOf({KeyNamed("p-384"), With(key, {{"meta", {{{"in", {{name, "c2VjcmV0"}}}}}}})})),
          is_refused);
      EXPECT_THAT(MessageFor(SetOf({KeyNamed("p-384"), With(key, {{name, "c2VjcmV0"}, {"use", "enc"}})})),
                  is_refused);

      const std::string plain = SetOf({KeyNamed("p-384"), With(key, {{name, "c2VjcmV0"}})});
      const std::string escaped =
          absl::StrCat("\"\\u00", absl::Hex(name[0]), name.substr(1), "\":\"c2VjcmV0\"");
      const std::string hidden =
          absl::StrReplaceAll(plain, {{absl::StrCat("\"", name, "\":\"c2VjcmV0\""), escaped}});
      ASSERT_THAT(hidden, HasSubstr(escaped));
      EXPECT_THAT(MessageFor(hidden), is_refused);
      const CanonicalOptions options{.key_types = {"EC"}, .algorithms = {"ES384"}, .extra_members = true};
      EXPECT_THAT(MessageFor(plain, options), is_refused);
    }
  }
}

TEST(PrivateMemberTest, IsReportedBeforeAnyOtherDefect) {
  const Json leak = With(KeyNamed("rsa-2048"), {{"d", "c2VjcmV0"}});
  EXPECT_THAT(MessageFor(SetOf({Json(5), Json{{"kty", "oct"}}, leak})),
              HasSubstr("keys[2]) is refused: its member \"d\""));
  EXPECT_THAT(MessageFor(leak.dump()), HasSubstr("its member \"d\" is private"));
  EXPECT_THAT(MessageFor(Json{{"old", {leak}}, {"keys", {KeyNamed("p-256")}}}.dump()),
              AllOf(HasSubstr("an object beside \"keys\""), HasSubstr("its member \"d\" is private")));
}

TEST(PrivateMemberTest, IsNoneInMetadataBesideTheKeys) {
  const Json set = {{"keys", {KeyNamed("p-256")}}, {"cache", {{"k", 1}, {"d", 2}}}};
  EXPECT_TRUE(Canonicalize(set.dump(), {}).ok());
}

TEST(PrivateMemberTest, HiddenByADuplicateIsRefusedAsADuplicate) {
  const auto set = Canonicalize(R"({"keys":[{"kty":"RSA","d":"c2VjcmV0","\u0064":null}]})", {});
  EXPECT_EQ(json::DefectOf(set.status()), json::Defect::kDuplicateMember);
  EXPECT_THAT(std::string(set.status().message()), AllOf(HasSubstr("\"d\""), Not(HasSubstr("c2VjcmV0"))));
}

TEST(NotAJwkSetTest, SaysWhatItIsInstead) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "not a JWK Set: the document is not an object"},
      {"null", "not a JWK Set: the document is not an object"},
      {"{}", "it has no member \"keys\""},
      {R"({"Keys":[]})", "it has no member \"keys\""},
      {R"({"keys":null})", "its member \"keys\" is not an array"},
      {R"({"keys":{}})", "its member \"keys\" is not an array"},
      {R"({"keys":[]})", "the set has no keys"},
      {R"({"keys":[[]]})", "key keys[0] is not an object"},
      {R"({"keys":["x"]})", "key keys[0] is not an object"},
      {R"({"kind":"Status","status":"Failure","code":403})",
       "it is an error answer of a Kubernetes API server"},
      {R"({"issuer":"https://a","jwks_uri":"https://a/keys"})", "it is the discovery document"},
      {KeyNamed("p-256").dump(), "it is a single key"},
      {"<html><body>Sign in</body></html>", "an HTML page, perhaps a login page"},
      {"\xEF\xBB\xBF{\"keys\":[]}", "byte order mark"},
      {std::string("{\"keys\":[]}\0", 12), "a NUL byte"},
      {absl::StrCat("{\"keys\":", std::string(40, '['), std::string(40, ']'), "}"),
       "nested deeper than 32 levels"},
      {absl::StrCat("{\"keys\":[],\"a\":\"", std::string(1 << 20, 'a'), "\"}"), "larger than 1048576 bytes"},
      {R"({"keys":[]} {"keys":[]})", "more text after the end"},
      {R"({"keys":[)", "the text ends in the middle"},
      {"", "the text is empty"},
  };
  for (const auto& [text, sentence] : cases)
    EXPECT_THAT(MessageFor(text), HasSubstr(sentence)) << text.substr(0, 80);
}

TEST(NotAJwkSetTest, RefusesMoreThanAThousandKeys) {
  Json::array_t keys;
  const Json key = KeyNamed("p-256");
  for (int i = 0; i < 1000; ++i) keys.push_back(With(key, {{"kid", absl::StrCat("kid-", i)}}));
  const auto set = Canonicalize(SetOf(keys), {});
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->keys.size(), 1000u);
  keys.push_back(With(key, {{"kid", "one more"}}));
  EXPECT_THAT(MessageFor(SetOf(keys)), HasSubstr("the set has 1001 keys, more than 1000"));
}

TEST(AmbiguousKidTest, RefusesTwoDifferentKeysUnderOneKid) {
  const auto clash = HasSubstr("two different keys have the kid \"same\"");
  const Json a = With(KeyNamed("rsa-2048"), {{"kid", "same"}});
  EXPECT_THAT(MessageFor(SetOf({a, With(KeyNamed("rsa-3072"), {{"kid", "same"}})})), clash);
  EXPECT_THAT(MessageFor(SetOf({a, With(KeyNamed("p-256"), {{"kid", "same"}})})), clash);
  const Json akp = {{"kty", "AKP"}, {"kid", "same"}, {"alg", "ML-DSA-44"}, {"pub", "AAAA"}};
  EXPECT_THAT(MessageFor(SetOf({a, akp})), clash);
  EXPECT_THAT(MessageFor(SetOf({akp, With(akp, {{"pub", "BBBB"}})})), clash);
  const Json unknown = {{"kty", "X-NEW"}, {"kid", "same"}, {"v", 1}};
  EXPECT_THAT(MessageFor(SetOf({unknown, With(unknown, {{"v", 2}})})), clash);
}

}  // namespace
}  // namespace k8soidc::jose
