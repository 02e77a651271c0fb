#include "tfsdk/number.h"

#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

Number Parsed(absl::string_view text) {
  absl::StatusOr<Number> number = Number::Parse(text);
  EXPECT_TRUE(number.ok()) << text;
  return number.value_or(Number(-999));
}

// TRAP 14
TEST(NumberTest, KeepsEveryDigit) {
  for (const char* text :
       {"0", "1", "-1", "0.1", "-0.5", "0.1234567890123456789", "9223372036854775807", "-9223372036854775808",
        "9223372036854775808", "18446744073709551615", "100000000000000000000000", "0.0000001",
        "3.1415926535897932384626433832795028841971693993751"}) {
    EXPECT_EQ(Parsed(text).ToString(), text);
  }
  const std::string digits = std::string(5000, '7') + "." + std::string(5000, '3');
  EXPECT_EQ(Parsed(digits).ToString(), digits);
}

TEST(NumberTest, ReadsAllSpellingsOfOneNumberAsEqual) {
  EXPECT_EQ(Parsed("1"), Parsed("1.0"));
  EXPECT_EQ(Parsed("1e23"), Parsed("100000000000000000000000"));
  EXPECT_EQ(Parsed("-0"), Number(0));
  EXPECT_EQ(Parsed("007.50"), Parsed("7.5"));
  EXPECT_EQ(Parsed("12e-1"), Parsed("1.2"));
  EXPECT_EQ(Parsed(".5"), Parsed("0.5"));
  EXPECT_EQ(Parsed("+3"), Number(3));
  EXPECT_FALSE(Parsed("0.1") == Parsed("0.10000000000000000001"));
}

TEST(NumberTest, RefusesWhatIsNoNumber) {
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "0x10", "1_000", " 1", "1 ", "1e 5", "nan", "inf",
                           "1.2.3", "--1", "1e5x"}) {
    EXPECT_THAT(Number::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("number")))
        << text;
  }
  EXPECT_THAT(Number::Parse("1e100001"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("exponent")));
  EXPECT_TRUE(Number::Parse("1e100000").ok());
}

TEST(NumberTest, TakesDoublesForTheShortestDecimalThatReadsBack) {
  EXPECT_EQ(*Number::FromDouble(0.1), Parsed("0.1"));
  EXPECT_EQ(*Number::FromDouble(1.5), Parsed("1.5"));
  EXPECT_EQ(*Number::FromDouble(3.0), Number(3));
  EXPECT_EQ(*Number::FromDouble(-0.0), Number(0));
  EXPECT_EQ(Number::FromDouble(5e-324)->ToDouble(), 5e-324);
  // A whole number is exactly what the double holds, and no rounder one.
  EXPECT_EQ(*Number::FromDouble(1e23), Parsed("99999999999999991611392"));
  EXPECT_FALSE(*Number::FromDouble(0.1F) == Parsed("0.1"));
}

TEST(NumberTest, RefusesWhatTerraformCannotHold) {
  for (const double value :
       {std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(Number::FromDouble(value), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("finite")));
  }
}

TEST(NumberTest, KnowsWhichNumbersADoubleHoldsExactly) {
  double value = 0;
  EXPECT_TRUE(Parsed("1.5").IsExactDouble(&value));
  EXPECT_EQ(value, 1.5);
  EXPECT_TRUE(Parsed("0.0009765625").IsExactDouble(&value));
  EXPECT_FALSE(Parsed("0.1").IsExactDouble(&value));
  EXPECT_FALSE(Parsed("0.05").IsExactDouble(&value));
  EXPECT_FALSE(Parsed("0.1234567890123456785").IsExactDouble(&value));
  EXPECT_FALSE(Parsed("1e400").IsExactDouble(&value));
}

TEST(NumberTest, GivesIntegersOnlyWhenTheyFit) {
  EXPECT_EQ(*Parsed("9223372036854775807").ToInt64(), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(*Parsed("-9223372036854775808").ToInt64(), std::numeric_limits<int64_t>::min());
  EXPECT_THAT(Parsed("9223372036854775808").ToInt64(),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("64 bits")));
  EXPECT_THAT(Parsed("1.5").ToInt64(), StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("whole")));
}

}  // namespace
}  // namespace tfsdk
