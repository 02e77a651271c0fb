#include "kube/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::kube {
namespace {

using Kind = YamlNode::Kind;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A compact form in which every type shows.
std::string Show(const YamlNode& node) {
  std::string out;
  switch (node.kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return node.boolean ? "true" : "false";
    case Kind::kNumber:
      return absl::StrCat("#", node.text);
    case Kind::kString:
      return absl::StrCat("\"", node.text, "\"");
    case Kind::kSequence:
      for (const YamlNode& item : node.items) absl::StrAppend(&out, out.empty() ? "" : ",", Show(item));
      return absl::StrCat("[", out, "]");
    case Kind::kMapping:
      for (const auto& [name, value] : node.members) {
        absl::StrAppend(&out, out.empty() ? "" : ",", name, ":", Show(value));
      }
      return absl::StrCat("{", out, "}");
  }
  return out;
}

std::string Parse(const std::string& text) {
  const absl::StatusOr<YamlNode> root = ParseYaml(text);
  return root.ok() ? Show(*root) : absl::StrCat("error: ", root.status().message());
}

std::string ParseScalar(const std::string& text) { return Parse(absl::StrCat("[", text, "]")); }

TEST(YamlTest, ReadsBlocksFlowsAndJson) {
  EXPECT_EQ(Parse("a: b\nc:\n- d\n- e: f\n"), R"({a:"b",c:["d",{e:"f"}]})");
  EXPECT_EQ(Parse(R"({"a": ["b", null, true], "c": {"d": "e\u00e9"}})"),
            "{a:[\"b\",null,true],c:{d:\"e\xC3\xA9\"}}");
  EXPECT_EQ(Parse("a: |\n  x\n  y\nb: >-\n  x\n  y\n"), "{a:\"x\ny\n\",b:\"x y\"}");
}

TEST(YamlTest, AnEmptyTextIsNull) {
  EXPECT_EQ(Parse(""), "null");
  EXPECT_EQ(Parse("# nothing\n"), "null");
  EXPECT_EQ(Parse("---\n"), "null");
}

TEST(YamlTest, OnlyTheFirstDocumentCounts) {
  EXPECT_EQ(Parse("a: b\n---\nc: d\n"), R"({a:"b"})");
  EXPECT_EQ(Parse("---\n---\nc: d\n"), "null");
}

TEST(YamlTest, BooleansAreThoseOfYaml11) {
  for (const char* text : {"y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"}) {
    EXPECT_EQ(ParseScalar(text), "[true]") << text;
  }
  for (const char* text : {"n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"}) {
    EXPECT_EQ(ParseScalar(text), "[false]") << text;
  }
  for (const char* text : {"tRue", "yEs", "oN", "truee"}) {
    EXPECT_EQ(ParseScalar(text), absl::StrCat("[\"", text, "\"]"));
  }
  EXPECT_EQ(ParseScalar("'true'"), R"(["true"])");
  EXPECT_EQ(ParseScalar("\"yes\""), R"(["yes"])");
}

TEST(YamlTest, NumbersAreThoseOfClientGo) {
  for (const char* text :
       {"12345", "0123", "08", "0x1F", "0o17", "0b101", "-0b101", "1_000", "1_", "1e3", "+1", "-1", ".5",
        "1.", "-.5e-3", "18446744073709551615", "99999999999999999999"}) {
    EXPECT_EQ(ParseScalar(text), absl::StrCat("[#", text, "]"));
  }
  for (const char* text :
       {"1:30", "2001-01-01", "2001-01-01T00:00:00Z", "1e", "-", "+", "0x", "0b2", "0o8", "0xG", "_1", ".",
        "1.2.3", "1e400", "0x1FFFFFFFFFFFFFFFFF", "+18446744073709551615x", "._5"}) {
    EXPECT_EQ(ParseScalar(text), absl::StrCat("[\"", text, "\"]"));
  }
}

TEST(YamlTest, NullIsEmptyTildeOrTheWord) {
  EXPECT_EQ(Parse("a:\nb: ~\nc: null\nd: NULL\ne: ''\nf: nUll\n"),
            R"({a:null,b:null,c:null,d:null,e:"",f:"nUll"})");
}

TEST(YamlTest, RefusesNumbersThatJsonDoesNotHave) {
  for (const char* text : {".nan", ".inf", "-.Inf", "+.INF"}) {
    EXPECT_THAT(ParseScalar(text), HasSubstr("not numbers in JSON")) << text;
  }
}

TEST(YamlTest, TagsChooseTheTypeAndUnknownOnesMakeStrings) {
  EXPECT_EQ(ParseScalar("!!str 5"), R"(["5"])");
  EXPECT_EQ(ParseScalar("!!int '5'"), "[#5]");
  EXPECT_EQ(ParseScalar("!!bool 'yes'"), "[true]");
  EXPECT_EQ(ParseScalar("!!null ''"), "[null]");
  EXPECT_EQ(ParseScalar("!!binary YWJj"), R"(["abc"])");
  EXPECT_EQ(ParseScalar("!foo bar"), R"(["bar"])");
  EXPECT_EQ(ParseScalar("!foo 5"), R"(["5"])");
  EXPECT_EQ(ParseScalar("!!python/object:os.system ls"), R"(["ls"])");
  EXPECT_EQ(ParseScalar("! 'true'"), R"(["true"])");
  EXPECT_EQ(Parse("!foo {a: !bar [b]}"), R"({a:["b"]})");
}

TEST(YamlTest, RefusesTextThatContradictsItsTag) {
  EXPECT_THAT(ParseScalar("!!bool hunter2"), HasSubstr("this text is no !!bool"));
  EXPECT_THAT(ParseScalar("!!int hunter2"), Not(HasSubstr("hunter2")));
  EXPECT_THAT(ParseScalar("!!null x"), StartsWith("error: line 1, column 2"));
  EXPECT_THAT(ParseScalar("!!binary '?'"), HasSubstr("not base64"));
}

TEST(YamlTest, RefusesAKeyThatIsThereTwiceNamingBothLinesAndNoValue) {
  const std::string message = Parse("user:\n  token: hunter2\n  name: x\n  token: hunter3\n");
  EXPECT_THAT(message, HasSubstr(R"(line 4, column 3: the key "token" is already there on line 2)"));
  EXPECT_THAT(message, Not(HasSubstr("hunter")));
  EXPECT_THAT(Parse("{\"a\": 1, 'a': 2}"), HasSubstr("already there"));
  EXPECT_THAT(Parse("1: x\n'1': y\n"), HasSubstr("already there"));
  EXPECT_THAT(Parse("<<: {a: b}\n<<: {c: d}\n"), HasSubstr("already there"));
}

TEST(YamlTest, KeysAreStringsNumbersOrBooleans) {
  EXPECT_EQ(Parse("1: a\ntrue: b\nX: c\nx: d\n"), R"({1:"a",true:"b",X:"c",x:"d"})");
  EXPECT_THAT(Parse("~: a\n"), HasSubstr("a key that is null"));
  EXPECT_THAT(Parse("? [a]\n: b\n"), HasSubstr("a key that is a list"));
  EXPECT_THAT(Parse("{? {a: b} : c}"), HasSubstr("a key that is a mapping"));
}

TEST(YamlTest, MergeKeysAreHonouredInOrder) {
  EXPECT_EQ(Parse("base: &b {p: 1, q: 2}\nuse:\n  <<: *b\n  q: 3\n"), "{base:{p:#1,q:#2},use:{p:#1,q:#3}}");
  // What stands before a merge key loses against it. Other readers see it the other way round; kubectl does
  // not.
  EXPECT_EQ(Parse("{q: 3, <<: {q: 2}}"), "{q:#2}");
  EXPECT_EQ(Parse("<<: [{a: 1}, {a: 2, b: 2}]\nb: 3\n"), "{a:#1,b:#3}");
  EXPECT_EQ(Parse("'<<': {a: 1}\n"), "{<<:{a:#1}}");
  EXPECT_THAT(Parse("{<<: {a: 1}, a: 2, a: 3}"), HasSubstr("already there"));
}

TEST(YamlTest, RefusesAMergeOfAnythingButMappings) {
  EXPECT_THAT(Parse("<<: null\n"), HasSubstr("needs a mapping"));
  EXPECT_THAT(Parse("<<: hunter2\n"), Not(HasSubstr("hunter2")));
  EXPECT_THAT(Parse("<<: [{a: b}, c]\n"), HasSubstr("needs mappings, and this is a string"));
}

TEST(YamlTest, AliasesStandForTheirAnchor) {
  EXPECT_EQ(Parse("a: &x [1, &y two]\nb: *x\nc: *y\n"), R"({a:[#1,"two"],b:[#1,"two"],c:"two"})");
  EXPECT_EQ(Parse("a: &x 1\nb: &x 2\nc: *x\n"), "{a:#1,b:#2,c:#2}");
  EXPECT_EQ(Parse("a: &x\n  &x b: c\nd: *x\n"), R"({a:{b:"c"},d:"b"})");
}

TEST(YamlTest, RefusesAliasesToNothingOrToThemselves) {
  EXPECT_THAT(Parse("a: *x\nb: &x 1\n"), HasSubstr("line 1, column 4: an alias"));
  EXPECT_THAT(Parse("a: &x [*x]\n"), HasSubstr("contains the alias"));
  EXPECT_THAT(Parse("a: &x 1\nb: &x [*x]\n"), HasSubstr("contains the alias"));
}

TEST(YamlTest, RefusesAnAliasBombByWhatItExpandsTo) {
  std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    absl::StrAppend(&bomb, "a", i, ": &a", i, " [");
    for (int j = 0; j < 10; ++j) absl::StrAppend(&bomb, j == 0 ? "" : ",", "*a", i - 1);
    absl::StrAppend(&bomb, "]\n");
  }
  EXPECT_EQ(ParseYaml(bomb).status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(Parse(bomb), HasSubstr("counting each alias as what it stands for"));

  std::string text_bomb = absl::StrCat("a: &a ", std::string(1 << 20, 'x'), "\nb: [");
  for (int i = 0; i < 30; ++i) absl::StrAppend(&text_bomb, "*a,");
  EXPECT_THAT(Parse(absl::StrCat(text_bomb, "]\n")), HasSubstr("MiB of text"));
}

TEST(YamlTest, BoundsDepthNodesAndSize) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + "x" + std::string(depth, ']'); };
  EXPECT_TRUE(ParseYaml(nested(kYamlMaxDepth)).ok());
  EXPECT_THAT(Parse(nested(kYamlMaxDepth + 1)), HasSubstr("levels deep"));
  EXPECT_FALSE(ParseYaml(std::string(100'000, '[')).ok());
  EXPECT_FALSE(ParseYaml(std::string(100'000, '{')).ok());
  EXPECT_FALSE(ParseYaml(std::string(kYamlMaxBytes + 1, ' ')).ok());
  std::string many = "[";
  for (size_t i = 0; i <= kYamlMaxNodes; ++i) many += "x,";
  EXPECT_THAT(Parse(many + "]"), HasSubstr("more than 200000 values"));
  // Aliases do not get around the depth.
  std::string deep =
      absl::StrCat("a: &a ", nested(40), "\nb: ", std::string(40, '['), "*a", std::string(40, ']'), "\n");
  EXPECT_THAT(Parse(deep), HasSubstr("levels deep"));
}

TEST(YamlTest, RefusesWhatIsNoText) {
  EXPECT_THAT(Parse(std::string("a: b\0c", 6)), StartsWith("error: byte "));
  EXPECT_THAT(Parse("a: \xff\n"), StartsWith("error: byte 4"));
  EXPECT_THAT(Parse("a: \x01\n"), HasSubstr("control characters"));
  EXPECT_THAT(Parse("%YAML 1.2\n---\na: b\n"), HasSubstr("%YAML"));
  EXPECT_EQ(Parse("%YAML 1.1\n---\na: b\n"), R"({a:"b"})");
}

TEST(YamlTest, ReadsUtf16WithAByteOrderMark) {
  EXPECT_EQ(Parse(std::string("\xFF\xFE"
                              "a\0:\0 \0b\0\n\0",
                              12)),
            R"({a:"b"})");
  EXPECT_EQ(Parse("\xEF\xBB\xBF"
                  "a: b\n"),
            R"({a:"b"})");
}

TEST(YamlTest, SyntaxErrorsHaveLineAndColumnAndNoText) {
  const std::string message = Parse("users:\n- token: hunter2\n\t- hunter2\n");
  EXPECT_THAT(message, StartsWith("error: line 3, column 1: "));
  EXPECT_THAT(message, Not(HasSubstr("hunter2")));
}

TEST(YamlTest, NodesKnowTheirPlace) {
  const absl::StatusOr<YamlNode> root = ParseYaml("a:\n  - b: c\n");
  ASSERT_TRUE(root.ok());
  const YamlNode* const c = root->Find("a")->items[0].Find("b");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->position.line, 2u);
  EXPECT_EQ(c->position.column, 8u);
  EXPECT_EQ(root->Find("b"), nullptr);
}

TEST(YamlTest, EveryInputOfTwoBytesEnds) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const char text[] = {static_cast<char>(first), static_cast<char>(second)};
      const auto parsed = ParseYaml(absl::string_view(text, 2));
      EXPECT_TRUE(parsed.ok() || absl::IsInvalidArgument(parsed.status())) << first << " " << second;
    }
  }
}

}  // namespace
}  // namespace k8soidc::kube
