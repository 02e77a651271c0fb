#include "kube/yaml_json.h"

#include <gtest/gtest.h>

#include <string>

namespace k8soidc::kube {
namespace {

std::string Json(const std::string& yaml) {
  const absl::StatusOr<YamlNode> node = ParseYaml(yaml);
  return node.ok() ? YamlToJson(*node) : std::string(node.status().message());
}

TEST(YamlJsonTest, KeepsStructureAndTypes) {
  EXPECT_EQ(Json("b: [1, 'two', null, yes]\na: {}\n"), R"({"a":{},"b":[1,"two",null,true]})");
  EXPECT_EQ(Json("a: \"\\u00e9\\\"\\n\""), "{\"a\":\"\xc3\xa9\\\"\\n\"}");
}

// As goyaml, client-go's parser, counts.
TEST(YamlJsonTest, WritesNumbersInDecimal) {
  EXPECT_EQ(Json("[0, -5, +7, 0x1F, 0123, 0o17, 0b101, 1_000, 08]"), "[0,-5,7,31,83,15,5,1000,8]");
  EXPECT_EQ(Json("[1e3, 1.5, -0.25, .5]"), "[1000,1.5,-0.25,0.5]");
  EXPECT_EQ(Json("[18446744073709551615, -9223372036854775808]"),
            "[18446744073709551615,-9223372036854775808]");
}

}  // namespace
}  // namespace k8soidc::kube
