#include "json/strict_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "json/quote.h"
#include "tfsdk/status.h"

namespace k8soidc::json {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string Dump(absl::string_view text) {
  const auto document = Parse(text);
  return document.ok() ? document->dump() : std::string(document.status().message());
}

std::string Nested(int depth) { return absl::StrCat(std::string(depth, '['), std::string(depth, ']')); }

TEST(StrictJsonTest, ReadsADocumentAndOrdersMembersByName) {
  EXPECT_EQ(Dump(R"( {"b":[1,-2,true,null,"x\u00e9\n"],"a":{"":{}}} )"),
            "{\"a\":{\"\":{}},\"b\":[1,-2,true,null,\"x\xC3\xA9\\n\"]}");
  EXPECT_EQ(Dump("\"text\""), "\"text\"");
  EXPECT_EQ(Dump("[]"), "[]");
}

TEST(StrictJsonTest, KeepsNumbersExactly) {
  EXPECT_EQ(Dump("[9223372036854775807,-9223372036854775808,18446744073709551615]"),
            "[9223372036854775807,-9223372036854775808,18446744073709551615]");
  EXPECT_EQ(Dump("[1.0,1e2,-3.0e0,0.0,-0]"), "[1,100,-3,0,0]");
  EXPECT_EQ(Dump("[0.1,1.5,2.5e-3,1E-7]"), "[0.1,1.5,0.0025,1e-07]");
  EXPECT_EQ(Dump("[100000000000000000000]"), "[1e+20]");
}

TEST(StrictJsonTest, RefusesANumberThatWouldNotSurvive) {
  for (const char* number :
       {"1e400", "-1e400", "1e-400", "18446744073709551617", "0.1000000000000000000001",
        "123456789012345678901234567890", "1e99999999999999999999", "1e-99999999999999999999"}) {
    const auto document = Parse(absl::StrCat("{\"a\":", number, "}"));
    EXPECT_EQ(DefectOf(document.status()), Defect::kNumber) << number << document.status();
    EXPECT_THAT(document.status().message(), Not(HasSubstr(number)));
  }
}

TEST(StrictJsonTest, RefusesAMemberThatAppearsTwiceAtAnyLevelHoweverItIsEscaped) {
  for (const char* text :
       {R"({"kid":1,"kid":1})", R"({"kid":1,"\u006bid":2})", R"([{"a":{"kid":0,"x":{},"kid":[]}}])"}) {
    const auto document = Parse(text);
    EXPECT_EQ(DefectOf(document.status()), Defect::kDuplicateMember) << text;
    EXPECT_THAT(document.status().message(), HasSubstr("member \"kid\" appears twice"));
  }
  EXPECT_EQ(Parse("{\"a\":1,\n \"a\":2}").status().message(),
            "line 2, column 4: member \"a\" appears twice in one object");
  EXPECT_TRUE(Parse(R"([{"kid":1},{"kid":1,"x":{"kid":1}}])").ok());
}

TEST(StrictJsonTest, RefusesWhatReadersDisagreeAboutEachWithItsOwnDefect) {
  const std::vector<std::tuple<std::string, Defect>> cases = {
      {"", Defect::kEmpty},
      {" \r\n\t", Defect::kEmpty},
      {"<!DOCTYPE html><title>Sign in</title>", Defect::kHtml},
      {"\n <html>", Defect::kHtml},
      {"\xEF\xBB\xBF<html>", Defect::kHtml},
      {"\xEF\xBB\xBF{}", Defect::kByteOrderMark},
      {std::string("{\"a\":1}\0{\"a\":2}", 15), Defect::kNul},
      {std::string("{}\0", 3), Defect::kNul},
      {std::string("\"a\0b\"", 5), Defect::kNul},
      {"\"\xC0\xAF\"", Defect::kNotUtf8},
      {"\"\xED\xA0\x80\"", Defect::kNotUtf8},
      {"\"\xF4\x90\x80\x80\"", Defect::kNotUtf8},
      {"\"\xE2\x82\"", Defect::kNotUtf8},
      {"\xFF\xFE{\x01", Defect::kNotUtf8},
      {R"("\ud800")", Defect::kLoneSurrogate},
      {R"("\udc00\ud800")", Defect::kLoneSurrogate},
      {R"("\ud800\u0041")", Defect::kLoneSurrogate},
      {R"("\\\ud800 ")", Defect::kLoneSurrogate},
      {R"({"a":1)", Defect::kTruncated},
      {R"({"a":"b)", Defect::kTruncated},
      {R"([1,2,)", Defect::kTruncated},
      {R"(tru)", Defect::kTruncated},
      {R"({} {})", Defect::kTrailingData},
      {R"([1]])", Defect::kTrailingData},
      {R"({}x)", Defect::kTrailingData},
      {R"({"a":1,})", Defect::kSyntax},
      {R"([1,,2])", Defect::kSyntax},
      {R"({a:1})", Defect::kSyntax},
      {R"({'a':1})", Defect::kSyntax},
      {R"([01])", Defect::kSyntax},
      {R"([+1])", Defect::kSyntax},
      {R"([.5])", Defect::kSyntax},
      {R"([NaN])", Defect::kSyntax},
      {R"([Infinity])", Defect::kSyntax},
      {R"(["\x41"])", Defect::kSyntax},
      {R"(["\u12G4"])", Defect::kSyntax},
      {"[\"a\nb\"]", Defect::kSyntax},
      {"[1]/*x*/", Defect::kTrailingData},
      {"// x\n[1]", Defect::kSyntax},
      {"keys", Defect::kSyntax},
  };
  for (const auto& [text, defect] : cases) {
    const auto document = Parse(text);
    ASSERT_FALSE(document.ok()) << text;
    EXPECT_EQ(document.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(DefectOf(document.status()), defect) << text << " -> " << document.status();
  }
}

TEST(StrictJsonTest, AcceptsSurrogatePairsAndEscapedBackslashes) {
  EXPECT_EQ(Dump(R"("\ud83d\ude00")"), "\"\xF0\x9F\x98\x80\"");
  EXPECT_EQ(Dump(R"("\\ud800")"), R"("\\ud800")");
}

TEST(StrictJsonTest, RefusesWhatIsTooLargeOrTooDeep) {
  EXPECT_TRUE(Parse(Nested(32)).ok());
  EXPECT_EQ(DefectOf(Parse(Nested(33)).status()), Defect::kTooDeep);
  EXPECT_EQ(DefectOf(Parse(std::string(500'000, '[')).status()), Defect::kTooDeep);
  EXPECT_EQ(DefectOf(Parse(Nested(3), {.max_depth = 2}).status()), Defect::kTooDeep);
  std::string mebibyte = absl::StrCat("\"", std::string((1 << 20) - 2, 'a'), "\"");
  EXPECT_TRUE(Parse(mebibyte).ok());
  EXPECT_EQ(DefectOf(Parse(mebibyte + " ").status()), Defect::kTooLarge);
  EXPECT_EQ(Parse("[1, 2]", {.max_bytes = 5}).status().message(), "the text is larger than 5 bytes");
}

TEST(StrictJsonTest, SaysWhereAndQuotesNoContent) {
  const auto document = Parse("{\n  \"password\": \"hunter2\" \"more\"}");
  EXPECT_THAT(std::string(document.status().message()),
              AllOf(HasSubstr("line 2, column "), Not(HasSubstr("hunter2")), Not(HasSubstr("more"))));
}

TEST(StrictJsonTest, QuotesAHostileMemberNameOnOneLineAndCutsIt) {
  const std::string name = absl::StrCat("a\\n\\u202e", std::string(1000, 'z'));
  const std::string message =
      std::string(Parse(absl::StrCat("{\"", name, "\":1,\"", name, "\":2}")).status().message());
  EXPECT_THAT(message,
              AllOf(HasSubstr("\"a\\n\\xe2\\x80\\xae"), HasSubstr("zzz...\""), Not(HasSubstr("\n"))));
  EXPECT_LT(message.size(), 250u);
}

TEST(StrictJsonTest, TheDefectSurvivesAnnotate) {
  const absl::Status status = tfsdk::Annotate(Parse("<html>").status(), "GET https://example.test/keys");
  EXPECT_EQ(DefectOf(status), Defect::kHtml);
  EXPECT_EQ(DefectOf(absl::InvalidArgumentError("other")), std::nullopt);
  EXPECT_EQ(DefectOf(absl::OkStatus()), std::nullopt);
}

TEST(QuotedTest, EscapesAndCuts) {
  EXPECT_EQ(Quoted("plain-kid_1"), "\"plain-kid_1\"");
  EXPECT_EQ(Quoted("a\"b\\c\n\x1b[31m"), R"("a\"b\\c\n\x1b[31m")");
  EXPECT_EQ(Quoted("abcdef", 3), "\"abc...\"");
}

}  // namespace
}  // namespace k8soidc::json
