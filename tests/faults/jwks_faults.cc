// Key sets that are none, and keys that must not be trusted (2.2 of the threats; provider.md 2.3).

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

using Json = nlohmann::json;

struct Row {
  std::string name;
  std::string body;
  std::vector<std::string> expect;
};

// The good set after `change` has seen its first key.
std::string FirstKey(const std::function<void(Json& key)>& change) {
  Json set = Json::parse(GoodKeys());
  change(set["keys"][0]);
  return set.dump();
}

std::string With(const char* member, const Json& value) {
  return FirstKey([&](Json& key) { key[member] = value; });
}

std::string Set(const std::function<void(Json& set)>& change) {
  Json set = Json::parse(GoodKeys());
  change(set);
  return set.dump();
}

std::string RefusedFile(const std::string& name) {
  std::ifstream in(absl::StrCat(TEST_DATA_DIR, "/jwks/refused/", name, ".json"));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string Nested(int depth) { return absl::StrCat(std::string(depth, '['), std::string(depth, ']')); }

std::vector<Row> SetRows() {
  constexpr char kNoSet[] = "this is not a JWK Set: ";
  return {
      {"Empty", "", {"the text is empty"}},
      {"LoginPage", absl::StrCat("<html>", kBodySecret, "</html>"), {"this is an HTML page"}},
      {"Text", absl::StrCat("no healthy upstream ", kBodySecret), {"line 1, column 2: not valid JSON"}},
      {"ByteOrderMark", absl::StrCat("\xef\xbb\xbf", GoodKeys()), {"byte order mark"}},
      {"NotUtf8", absl::StrReplaceAll(GoodKeys(), {{"\"sig\"", "\"s\xffg\""}}), {"the text is not UTF-8"}},
      {"NulInside", absl::StrCat(GoodKeys(), std::string(1, '\0')), {"a NUL byte"}},
      {"TrailingSet", absl::StrCat(GoodKeys(), GoodKeys()), {"more text after the end of the document"}},
      {"CutOff", GoodKeys().substr(0, 400), {"the text ends in the middle of the document"}},
      {"Deep", absl::StrCat("{\"keys\":", Nested(40), "}"), {"nested deeper than 32 levels"}},
      {"VeryDeep", absl::StrCat("{\"keys\":", Nested(100000), "}"), {"nested deeper than 32 levels"}},
      {"Array", absl::StrCat("[", GoodKeys(), "]"), {kNoSet, "the document is not an object"}},
      {"NoKeys", "{\"issuer\":\"https://c.example\"}", {kNoSet, "it has no member \"keys\""}},
      {"KeysNull", "{\"keys\":null}", {kNoSet, "its member \"keys\" is not an array"}},
      {"KeysAnObject", "{\"keys\":{}}", {kNoSet, "its member \"keys\" is not an array"}},
      {"KeysAText", "{\"keys\":\"none\"}", {kNoSet, "its member \"keys\" is not an array"}},
      {"NoKey", "{\"keys\":[]}", {"the set has no keys"}},
      {"KeysTwice",
       absl::StrReplaceAll(GoodKeys(), {{"{\"keys\": [", "{\"keys\": [], \"keys\": ["}}),
       {"member \"keys\" appears twice"}},
      {"AKeyAlone", Json::parse(GoodKeys())["keys"][0].dump(), {kNoSet, "it is a single key"}},
      {"ADiscoveryDocument",
       R"({"issuer":"https://c.example","jwks_uri":"https://c.example/k"})",
       {kNoSet, "it is the discovery document"}},
      {"AStatus",
       R"({"kind":"Status","status":"Failure"})",
       {kNoSet, "error answer of a Kubernetes API server"}},
      {"KeyNull",
       Set([](Json& set) { set["keys"].push_back(nullptr); }),
       {kNoSet, "key keys[2] is not an object"}},
      {"KeyAText",
       Set([](Json& set) { set["keys"].push_back("RSA"); }),
       {kNoSet, "key keys[2] is not an object"}},
      {"TooManyKeys",
       Set([](Json& set) {
         for (int i = 0; i < 1000; ++i)
           set["keys"].push_back({{"kty", "AKP"}, {"kid", absl::StrCat("k", i)}});
       }),
       {"the set has 1002 keys, more than 1000"}},
      {"HundredThousandKeys",
       absl::StrCat(
           "{\"keys\":[1",
           [] {
             std::string more;
             for (int i = 0; i < 100000; ++i) more += ",1";
             return more;
           }(),
           "]}"),
       {"the set has 100001 keys, more than 1000"}},
      {"OnlyForEncryption",
       Set([](Json& set) {
         for (Json& key : set["keys"]) {
           key["use"] = "enc";
           key.erase("alg");
         }
       }),
       {"the set has no usable key; left out: 2 by use_enc"}},
      {"TwoKeysUnderOneKid",
       Set([](Json& set) { set["keys"][1]["kid"] = set["keys"][0]["kid"]; }),
       {"two different keys have the kid "}},
      {"Prototype",
       Set([](Json& set) {
         set["__proto__"] = {{"keys", "x"}};
       }),
       {}},
      {"OneKeyTwice", Set([](Json& set) { set["keys"].push_back(set["keys"][0]); }), {}},
      {"OtherOrder", Set([](Json& set) { std::swap(set["keys"][0], set["keys"][1]); }), {}},
  };
}

std::vector<Row> KeyRows() {
  constexpr char kRefused[] = "(keys[0]) is refused: ";
  std::vector<Row> rows = {
      {"SymmetricKey",
       FirstKey([](Json& key) {
         key = {{"kty", "oct"}, {"kid", "s"}, {"k", kBodySecret}};
       }),
       {kRefused}},
      {"SymmetricKeyInDisguise", With("kty", "OCT"), {kRefused, "its kty is oct"}},
      {"KtyMissing", FirstKey([](Json& key) { key.erase("kty"); }), {kRefused, "it has no kty"}},
      {"KtyNumber", With("kty", 1), {kRefused, "its kty is not a string"}},
      {"KtyLowerCase", With("kty", "rsa"), {kRefused, "key types are case-sensitive and RSA is meant"}},
      {"KidNumber", With("kid", 7), {"is refused: its kid is not a string"}},
      {"KidNull", With("kid", nullptr), {"is refused: its kid is not a string"}},
      {"KidEmpty", With("kid", ""), {kRefused, "its kid is empty"}},
      {"KidLong", With("kid", std::string(257, 'k')), {kRefused, "its kid is longer than 256 bytes"}},
      {"KidWithEscapeSequence",
       With("kid", "a\x1b[31mb"),
       {"key \"a\\x1b[31mb\" (keys[0])", "cannot be seen"}},
      {"KidWithLineBreak",
       With("kid", "a\nError: forged"),
       {"key \"a\\nError: forged\" (keys[0])", "cannot be seen"}},
      {"KidRightToLeft", With("kid", "a\xe2\x80\xae"), {kRefused, "cannot be seen"}},
      {"KidZeroWidth", With("kid", "a\xe2\x80\x8b"), {kRefused, "cannot be seen"}},
      {"AlgNone", With("alg", "none"), {kRefused, "its alg \"none\" is no public-key signature"}},
      {"AlgHs256", With("alg", "HS256"), {kRefused, "its alg \"HS256\" is no public-key signature"}},
      {"AlgOfAnotherType", With("alg", "ES256"), {kRefused, "its alg \"ES256\" contradicts the key"}},
      {"AlgANumber", With("alg", 5), {kRefused, "its alg is not a string"}},
      {"UseANumber", With("use", 5), {kRefused, "its use is not a string"}},
      {"KeyOpsText", With("key_ops", "verify"), {kRefused, "its key_ops is not an array"}},
      {"KeyOpsForSigningOnly",
       With("key_ops", {"sign"}),
       {kRefused, "its key_ops does not allow \"verify\""}},
      {"ModulusMissing", FirstKey([](Json& key) { key.erase("n"); }), {kRefused, "it has no member \"n\""}},
      {"ModulusNumber", With("n", 12345), {kRefused, "its member \"n\" is not a string"}},
      {"ModulusEmpty", With("n", ""), {kRefused, "its modulus is zero"}},
      {"ModulusInStandardBase64",
       With("n", "+/" + std::string(340, 'A')),
       {kRefused, "of the standard base64 alphabet"}},
      {"ModulusWithSpaces", With("n", " AQAB "), {kRefused, "outside the base64url alphabet"}},
      {"ModulusWithTailBits", With("n", "AB"), {kRefused, "ends with bits that should be zero"}},
      {"ModulusOfImpossibleLength", With("n", "AQABA"), {kRefused, "its length is impossible"}},
      {"ExponentOne", With("e", "AQ"), {kRefused, "its exponent is not an odd number from 3"}},
      {"ExponentEven", With("e", "AQAA"), {kRefused, "its exponent is not an odd number from 3"}},
      {"ExponentHuge", With("e", "AQAAAAE"), {kRefused, "its exponent is not an odd number from 3"}},
      {"MemberOfAnotherType",
       With("crv", "P-256"),
       {kRefused, "its kty is RSA, which has no member \"crv\""}},
      {"CertificateThatIsNoneIsIgnored", With("x5c", {"%%%"}), {}},
      {"CertificateUrlIsNeverAsked", With("x5u", "https://127.0.0.1:1/x"), {}},
  };
  for (const char* member : {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"}) {
    rows.push_back({absl::StrCat("PrivateMember_", member), With(member, kBodySecret), {kRefused}});
  }
  rows.push_back({"PrivateMemberByEscape",
                  absl::StrReplaceAll(With("dX", kBodySecret), {{"\"dX\"", "\"\\u0064\""}}),
                  {kRefused}});
  rows.push_back({"PrivateMemberTwice",
                  absl::StrReplaceAll(With("d", kBodySecret), {{"\"d\":", "\"d\":null,\"d\":"}}),
                  {"member \"d\" appears twice"}});
  rows.push_back({"PrivateKeyBesideTheKeys",
                  Set([](Json& set) {
                    set["backup"] = {{"kty", "RSA"}, {"d", kBodySecret}};
                  }),
                  {"an object beside \"keys\" is refused"}});
  for (const char* name :
       {"ed25519_31_bytes", "ed25519_no_point", "ed25519_y_above_p", "p256_numbers_as_p384", "p256_off_curve",
        "p256_zero", "p384_numbers_as_p256", "p521_x_plus_p", "rsa_1024", "rsa_16385", "rsa_2047", "rsa_even",
        "rsa_factor_257", "rsa_factor_3", "rsa_factor_65521", "rsa_roca", "secp256k1", "secp256k1_as_p256",
        "x25519"}) {
    rows.push_back({absl::StrCat("File_", name),
                    RefusedFile(name),
                    {absl::StrCat("key \"", name, "\" (keys[0]) is refused: ")}});
  }
  return rows;
}

std::vector<FaultCase> CasesOf(const std::vector<Row>& rows) {
  std::vector<FaultCase> cases;
  for (const Row& row : rows) {
    cases.push_back({.name = row.name,
                     .prepare = [body = row.body](Stage& stage) { stage.Serve(ServesBody(body)); },
                     .expect = row.expect,
                     .requests = 1,
                     .megabytes = 16,
                     .answer_is_whole = true});
  }
  return cases;
}

FAULT_FAMILY(JwksSet, CasesOf(SetRows()));
FAULT_FAMILY(JwksKey, CasesOf(KeyRows()));

}  // namespace
}  // namespace k8soidc::faults
