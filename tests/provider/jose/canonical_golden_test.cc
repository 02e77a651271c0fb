// The bytes we promise, against a second implementation: tests/data/jwks/README.md says whose.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "jose/canonical.h"
#include "provider/jose/jwks_files.h"

namespace k8soidc::jose {
namespace {

class CanonicalGoldenTest : public ::testing::TestWithParam<std::string> {};

TEST_P(CanonicalGoldenTest, GivesThePinnedBytes) {
  const CanonicalOptions options{.extra_members = GetParam() == "extra_members"};
  const auto set = Canonicalize(ReadJwksFile(GetParam() + ".json"), options);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->json, ReadJwksFile(GetParam() + ".canonical.json"));
}

TEST_P(CanonicalGoldenTest, IsUnchangedByASecondPass) {
  const CanonicalOptions options{.extra_members = GetParam() == "extra_members"};
  const std::string pinned = ReadJwksFile(GetParam() + ".canonical.json");
  const auto set = Canonicalize(pinned, options);
  ASSERT_TRUE(set.ok()) << set.status();
  EXPECT_EQ(set->json, pinned);
  EXPECT_THAT(set->ignored_keys, ::testing::IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Files, CanonicalGoldenTest,
                         ::testing::Values("all_types", "entra", "extra_members", "gke", "key_ops",
                                           "keycloak", "kids", "kube_apiserver_ec", "kube_apiserver_rsa",
                                           "null_members", "only_unknown", "sloppy_numbers", "spiffe_bundle",
                                           "spire", "strange_kids", "unknown_types"),
                         [](const auto& file) { return file.param; });

TEST(CanonicalFactsTest, AgreesWithOpensslAboutEachKey) {
  const auto set = Canonicalize(ReadJwksFile("all_types.json"), {});
  ASSERT_TRUE(set.ok()) << set.status();
  const auto facts = nlohmann::json::parse(ReadJwksFile("all_types.facts.json"));
  ASSERT_EQ(set->keys.size(), facts.size());
  for (const auto& fact : facts) {
    const nlohmann::json kid = fact["kid"];
    SCOPED_TRACE(kid.dump());
    const auto key = std::find_if(set->keys.begin(), set->keys.end(), [&](const PublicJwk& candidate) {
      return candidate.kid.has_value() ? kid == *candidate.kid : kid.is_null();
    });
    ASSERT_NE(key, set->keys.end());
    EXPECT_EQ(key->kty, fact["kty"].get<std::string>());
    EXPECT_EQ(key->bits, fact["bits"].get<int64_t>());
    EXPECT_EQ(key->thumbprint, fact["thumbprint"].get<std::string>());
    EXPECT_EQ(key->spki_sha256, fact["spki_sha256"].get<std::string>());
    EXPECT_EQ(key->pem, fact["pem"].get<std::string>());
    EXPECT_EQ(key->kid_derivation, fact["kid_derivation"].get<std::string>());
  }
}

TEST(CanonicalFactsTest, RecognisesTheKidsOfKubeApiserver) {
  for (const char* file : {"kube_apiserver_rsa.json", "kube_apiserver_ec.json"}) {
    const auto set = Canonicalize(ReadJwksFile(file), {});
    ASSERT_TRUE(set.ok()) << set.status();
    for (const PublicJwk& key : set->keys) EXPECT_EQ(key.kid_derivation, "kubernetes");
  }
}

}  // namespace
}  // namespace k8soidc::jose
