// The same keys, written in any way a server may write them, give the same bytes; and a damaged text never
// passes for the one it was.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "jose/base64url.h"
#include "jose/canonical.h"
#include "provider/jose/jwks_files.h"

namespace k8soidc::jose {
namespace {

using Json = nlohmann::json;

constexpr uint32_t kSeed = 20'220'625;
constexpr int kRounds = 2'000;

// Writes JSON in a random one of its many spellings.
class Scribe {
 public:
  explicit Scribe(std::mt19937& random) : random_(random) {}

  std::string Write(const Json& value) {
    std::string text = Space();
    if (value.is_object()) {
      std::vector<std::string> members;
      for (const auto& member : value.items()) {
        members.push_back(absl::StrCat(Space(), String(member.key()), Space(), ":", Write(member.value())));
      }
      absl::StrAppend(&text, "{", Join(members), "}");
    } else if (value.is_array()) {
      std::vector<std::string> elements;
      for (const Json& element : value) elements.push_back(Write(element));
      absl::StrAppend(&text, "[", Join(elements, /*shuffle=*/false), "]");
    } else if (value.is_string()) {
      text += String(value.get<std::string>());
    } else if (value.is_number_integer()) {
      const std::string digits = value.dump();
      text += std::vector<std::string>{digits, digits + ".0", digits + ".00E-0", digits + "e+0"}[Below(4)];
    } else {
      text += value.dump();
    }
    return text + Space();
  }

  uint32_t Below(uint32_t limit) { return std::uniform_int_distribution<uint32_t>(0, limit - 1)(random_); }
  template <typename T>
  void Shuffle(T& sequence) {
    std::shuffle(sequence.begin(), sequence.end(), random_);
  }

 private:
  std::string Space() {
    std::string space;
    while (Below(4) == 0) space += " \t\r\n"[Below(4)];
    return space;
  }

  std::string Join(std::vector<std::string> parts, bool shuffle = true) {
    if (shuffle) Shuffle(parts);
    std::string joined;
    for (size_t i = 0; i < parts.size(); ++i) absl::StrAppend(&joined, i == 0 ? "" : ",", parts[i]);
    return parts.empty() ? Space() : joined;
  }

  std::string Escape(uint32_t unit) {
    return Below(2) == 0 ? absl::StrFormat("\\u%04x", unit) : absl::StrFormat("\\u%04X", unit);
  }

  std::string String(const std::string& text) {
    const uint32_t escape_one_in = 2 + Below(20);
    std::string quoted = "\"";
    for (size_t i = 0; i < text.size();) {
      const uint8_t lead = text[i];
      const size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
      uint32_t code_point = length == 1 ? lead : lead & (0xFFu >> (length + 1));
      for (size_t k = 1; k < length; ++k)
        code_point = code_point << 6 | (static_cast<uint8_t>(text[i + k]) & 0x3F);
      if (lead == '/' && Below(2) == 0) {
        quoted += "\\/";
      } else if (lead >= 0x20 && lead != '"' && lead != '\\' && Below(escape_one_in) != 0) {
        quoted += text.substr(i, length);
      } else if (code_point < 0x10000) {
        quoted += Escape(code_point);
      } else {
        quoted += Escape(0xD800 + ((code_point - 0x10000) >> 10));
        quoted += Escape(0xDC00 + ((code_point - 0x10000) & 0x3FF));
      }
      i += length;
    }
    return quoted + "\"";
  }

  std::mt19937& random_;
};

// Pads, and where the member is a number adds or takes away leading zero bytes.
std::string Reencode(Scribe& scribe, const std::string& text, bool is_number) {
  std::string bytes = DecodeBase64Url(text).value();
  if (is_number && scribe.Below(2) == 0) bytes.erase(0, bytes.find_first_not_of('\0'));
  if (is_number) bytes.insert(0, scribe.Below(3), '\0');
  std::string encoded = EncodeBase64Url(bytes);
  if (scribe.Below(2) == 0) encoded.resize((encoded.size() + 3) / 4 * 4, '=');
  return encoded;
}

// The same key with members that count as nothing, numbers encoded in another way, operations in another
// order.
Json Disguise(Scribe& scribe, Json key) {
  const bool is_okp = key["kty"] == "OKP";
  if (is_okp || key["kty"] == "RSA" || key["kty"] == "EC") {
    for (const char* member : {"n", "e", "x", "y"}) {
      if (key.contains(member)) key[member] = Reencode(scribe, key[member], !is_okp);
    }
    if (scribe.Below(3) == 0) key["nbf"] = scribe.Below(1000);
    if (scribe.Below(3) == 0) key["unknown"] = {{"b", 1}, {"a", {nullptr, "\xC3\xBC"}}};
    if (scribe.Below(3) == 0) key["pub"] = "";
  }
  if (scribe.Below(3) == 0) key["x5c"] = {"MIIC"};
  if (scribe.Below(3) == 0) key["x5t#S256"] = "AAAA";
  for (const char* member : {"alg", "use", "key_ops"}) {
    if (!key.contains(member) && scribe.Below(3) == 0) key[member] = nullptr;
  }
  if (key.contains("key_ops") && key["key_ops"].is_array()) {
    key["key_ops"].push_back(key["key_ops"][0]);
    scribe.Shuffle(key["key_ops"]);
  }
  return key;
}

TEST(CanonicalPropertyTest, AnyWayToWriteTheSameKeysGivesTheSameBytes) {
  struct Case {
    std::vector<Json> keys;
    Jwks expected;
  };
  std::vector<Case> cases;
  for (const char* file : {"all_types", "kube_apiserver_ec", "unknown_types", "strange_kids", "key_ops"}) {
    const std::string pinned = ReadJwksFile(absl::StrCat(file, ".canonical.json"));
    const Json set = Json::parse(pinned);
    cases.push_back({{set["keys"].begin(), set["keys"].end()}, Canonicalize(pinned, {}).value()});
    ASSERT_EQ(cases.back().expected.json, pinned);
  }

  std::cout << "seed " << kSeed << ", " << kRounds << " rounds\n";
  std::mt19937 random(kSeed);
  Scribe scribe(random);
  for (int round = 0; round < kRounds; ++round) {
    const auto& [keys, expected] = cases[round % cases.size()];
    std::vector<Json> disguised;
    for (const Json& key : keys) disguised.push_back(Disguise(scribe, key));
    if (scribe.Below(3) == 0) disguised.push_back(Disguise(scribe, keys[scribe.Below(keys.size())]));
    if (scribe.Below(3) == 0) disguised.push_back({{"kty", "RSA"}, {"use", "enc"}, {"kid", "enc"}});
    scribe.Shuffle(disguised);
    Json set = {{"keys", disguised}};
    if (scribe.Below(3) == 0) set["cacheHeader"] = {{"a", 1}};
    const std::string text = scribe.Write(set);
    const auto result = Canonicalize(text, {});
    ASSERT_TRUE(result.ok()) << "round " << round << ": " << result.status() << "\n" << text;
    ASSERT_EQ(result->json, expected.json) << "round " << round << "\n" << text;
    ASSERT_EQ(result->sha256, expected.sha256);
    ASSERT_TRUE(result->keys == expected.keys);
  }
}

// Whether the members that make it into the canonical form are the same in two documents.
bool SayTheSame(const Json& a, const Json& b) {
  const Json& keys_a = a["keys"];
  const Json& keys_b = b["keys"];
  return keys_a.size() == keys_b.size() &&
         std::equal(keys_a.begin(), keys_a.end(), keys_b.begin(), [](const Json& x, const Json& y) {
           for (const char* member : {"kty", "kid", "alg", "crv", "n", "e", "x", "y", "pub", "use"}) {
             if (x.value(member, Json("")) != y.value(member, Json(""))) return false;
           }
           return true;
         });
}

class DamageTest : public ::testing::TestWithParam<const char*> {};

TEST_P(DamageTest, ATextCutShortIsNeverTaken) {
  const std::string text = ReadJwksFile(GetParam());
  for (size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(Canonicalize(text.substr(0, length), {}).ok()) << "cut to " << length;
  }
}

TEST_P(DamageTest, AChangedByteIsRefusedOrShows) {
  const std::string text = ReadJwksFile(GetParam());
  const Json document = Json::parse(text);
  const std::string canonical = Canonicalize(text, {}).value().json;
  size_t taken = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    for (const int mask : {0x01, 0x02, 0x20, 0x80}) {
      std::string damaged = text;
      damaged[i] = static_cast<char>(damaged[i] ^ mask);
      const auto set = Canonicalize(damaged, {});
      if (!set.ok()) continue;
      ++taken;
      if (set->json == canonical) {
        EXPECT_TRUE(SayTheSame(document, Json::parse(damaged))) << "byte " << i << " mask " << mask;
      }
    }
  }
  EXPECT_GT(taken, 0u);
}

TEST_P(DamageTest, ARemovedByteIsRefusedOrShows) {
  const std::string text = ReadJwksFile(GetParam());
  const Json document = Json::parse(text);
  const std::string canonical = Canonicalize(text, {}).value().json;
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged.erase(i, 1);
    const auto set = Canonicalize(damaged, {});
    if (set.ok() && set->json == canonical) {
      EXPECT_TRUE(SayTheSame(document, Json::parse(damaged))) << "byte " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Files, DamageTest,
                         ::testing::Values("kube_apiserver_rsa.json", "kube_apiserver_ec.json",
                                           "spiffe_bundle.json", "only_unknown.json", "gke.json"));

}  // namespace
}  // namespace k8soidc::jose
