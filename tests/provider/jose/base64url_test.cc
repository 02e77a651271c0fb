#include "jose/base64url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "jose/printable.h"

namespace k8soidc::jose {
namespace {

using ::testing::HasSubstr;

std::string Decode(absl::string_view text) {
  const auto bytes = DecodeBase64Url(text);
  return bytes.ok() ? *bytes : "refused: " + std::string(bytes.status().message());
}

TEST(Base64UrlTest, DecodesWithAndWithoutPadding) {
  // RFC 4648, section 10.
  EXPECT_EQ(Decode(""), "");
  EXPECT_EQ(Decode("Zg"), "f");
  EXPECT_EQ(Decode("Zg=="), "f");
  EXPECT_EQ(Decode("Zm8"), "fo");
  EXPECT_EQ(Decode("Zm8="), "fo");
  EXPECT_EQ(Decode("Zm9vYmFy"), "foobar");
  EXPECT_EQ(Decode("-_-_"), "\xFB\xFF\xBF");
  EXPECT_EQ(EncodeBase64Url("\xFB\xFF\xBF"), "-_-_");
  EXPECT_EQ(EncodeBase64Url("f"), "Zg");
}

TEST(Base64UrlTest, RefusesTheStandardAlphabet) {
  EXPECT_THAT(Decode("Zm+v"), HasSubstr("character 3 is of the standard base64 alphabet"));
  EXPECT_THAT(Decode("/m9v"), HasSubstr("character 1 is of the standard base64 alphabet"));
}

TEST(Base64UrlTest, RefusesStrayCharacters) {
  for (const char* text : {"Zm 9", "Zm9v\n", "Zm.9", "Zm\xC3\xA9", "Z%67", "=",
                           "====", "Zg=", "Zg===", "Z===", "Zm9v====", "Zg==Zg==", "Zm8=="}) {
    EXPECT_THAT(Decode(text), HasSubstr("refused: is not base64url")) << text;
  }
  EXPECT_THAT(Decode(absl::string_view("Zm\0v", 4)), HasSubstr("character 3 is outside"));
}

TEST(Base64UrlTest, RefusesBitsAndLengthsThatNoEncoderWrites) {
  EXPECT_THAT(Decode("Z"), HasSubstr("its length is impossible"));
  EXPECT_THAT(Decode("Zm9vZ"), HasSubstr("its length is impossible"));
  EXPECT_THAT(Decode("Zh"), HasSubstr("bits that should be zero"));
  EXPECT_THAT(Decode("Zm9"), HasSubstr("bits that should be zero"));
  EXPECT_THAT(Decode("Zh=="), HasSubstr("bits that should be zero"));
}

TEST(Base64UrlTest, TwoUnpaddedTextsNeverGiveTheSameBytes) {
  std::set<std::string> seen;
  int taken = 0;
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const char a : alphabet) {
    for (const char b : alphabet) {
      if (const auto bytes = DecodeBase64Url(std::string{a, b}); bytes.ok()) {
        EXPECT_TRUE(seen.insert(*bytes).second);
        ++taken;
      }
    }
  }
  EXPECT_EQ(taken, 256);
}

TEST(PrintableTest, TakesWhatCanBeSeen) {
  EXPECT_TRUE(IsPrintable("plain kid ~!\"\\"));
  EXPECT_TRUE(IsPrintable("caf\xC3\xA9 \xE6\x97\xA5 \xF0\x9F\x94\x91"));
}

TEST(PrintableTest, RefusesWhatCannot) {
  for (const char* text :
       {"\x01", "a\x1F", "\x7F", "\xC2\x80", "\xC2\xAD", "\xE2\x80\x8B", "\xE2\x80\xAE", "\xE2\x80\xA8",
        "\xEF\xBB\xBF", "\xEF\xBF\xBF", "\xEE\x80\x80", "\xF3\xA0\x81\x81", "\xF0\x9F\xBF\xBE"}) {
    EXPECT_FALSE(IsPrintable(text)) << ::testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace k8soidc::jose
