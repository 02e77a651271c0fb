#include "tfsdk/validators.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
constexpr auto kWrong = absl::StatusCode::kInvalidArgument;

const Value kNothing = Value::Object(Type::Object({}), {});
const Surroundings kAround{kNothing, kNothing};

Value Text(std::string text) { return Value::String(std::move(text)); }
Value Num(const char* digits) { return Value::Number(*Number::Parse(digits)); }
Value List(std::vector<Value> elements, Type type = Type::String()) {
  return Value::Sequence(Type::List(std::move(type)), std::move(elements));
}
Value Set(std::vector<Value> elements) {
  return Value::Sequence(Type::Set(Type::String()), std::move(elements));
}
const Value kNull = Value::Null(Type::String());
const Value kUnknown = Value::Unknown(Type::String());

absl::Status Judge(const Validator& rule, const Value& value) { return rule(value, kAround); }

TEST(StringValidatorsTest, CountBytesOrCharacters) {
  EXPECT_THAT(Judge(LengthBetween(2, 4), Text("äö")), IsOk());
  EXPECT_THAT(Judge(LengthBetween(1, 2), Text("äö")),
              StatusIs(kWrong, "Must have 1 to 2 bytes; this has 4."));
  EXPECT_THAT(Judge(CharactersBetween(2, 2), Text("äö")), IsOk());
  EXPECT_THAT(Judge(CharactersAtLeast(3), Text("äö")),
              StatusIs(kWrong, "Must have at least 3 characters; this has 2."));
  EXPECT_THAT(Judge(CharactersAtMost(1), Text("😀")), IsOk());
  EXPECT_THAT(Judge(LengthAtMost(3), Text("😀")), StatusIs(kWrong, HasSubstr("at most 3 bytes")));
  EXPECT_THAT(Judge(LengthAtLeast(1), Text("")), StatusIs(kWrong, HasSubstr("at least 1")));
}

TEST(StringValidatorsTest, CountEachBadByteOnce) {
  EXPECT_THAT(Judge(CharactersBetween(3, 3), Text("\xff\xc3\x28")), IsOk());
  EXPECT_THAT(Judge(CharactersBetween(1, 1), Text("\xe2")), IsOk());
}

TEST(StringValidatorsTest, KnowOneOfAndNoneOf) {
  EXPECT_THAT(Judge(OneOfCaseInsensitive({"RSA"}), Text("rsa")), IsOk());
  EXPECT_THAT(Judge(OneOfCaseInsensitive({"RSA"}), Text("ec")),
              StatusIs(kWrong, "\"ec\" is not one of RSA."));
  EXPECT_THAT(Judge(NoneOf({"root"}), Text("Root")), IsOk());
  EXPECT_THAT(Judge(NoneOf({"root"}), Text("root")), StatusIs(kWrong, "\"root\" must be none of root."));
  EXPECT_THAT(Judge(NoneOfCaseInsensitive({"root"}), Text("Root")),
              StatusIs(kWrong, HasSubstr("none of root")));
}

TEST(StringValidatorsTest, MatchAPatternInLinearTime) {
  EXPECT_THAT(Judge(Matches("^[a-z]+$", "Must be letters."), Text("abc")), IsOk());
  EXPECT_THAT(Judge(Matches("^[a-z]+$", "Must be letters."), Text("ab1")),
              StatusIs(kWrong, "Must be letters."));
  EXPECT_THAT(Judge(Matches("b", "Must have a b."), Text("abc")), IsOk());
  // A pattern that takes a backtracking engine longer than the universe has.
  EXPECT_THAT(Judge(Matches("^(a+)+$", "No."), Text(std::string(100'000, 'a') + "!")),
              StatusIs(kWrong, "No."));
}

TEST(StringValidatorsDeathTest, APatternThatIsNoneIsABugOfTheAuthor) {
  EXPECT_DEATH(Matches("(", "No."), "regular expression");
}

TEST(NumberValidatorsTest, CompareExactly) {
  EXPECT_THAT(Judge(AtLeast(0.1), Num("0.1")), IsOk());
  EXPECT_THAT(Judge(AtLeast(0.1), Num("0.0999999999999999999999999")),
              StatusIs(kWrong, "Must be at least 0.1."));
  EXPECT_THAT(Judge(AtMost(9223372036854775807), Num("9223372036854775808")),
              StatusIs(kWrong, "Must be at most 9223372036854775807."));
  EXPECT_THAT(Judge(Between(-5, -1), Num("-1.0")), IsOk());
  EXPECT_THAT(Judge(Between(-5, -1), Num("-0.5")), StatusIs(kWrong, "Must be from -5 to -1."));
  EXPECT_THAT(Judge(OneOfNumbers({1, 2.5}), Num("2.50")), IsOk());
  EXPECT_THAT(Judge(OneOfNumbers({1, 2.5}), Num("2")), StatusIs(kWrong, "Must be one of 1, 2.5."));
  EXPECT_THAT(Judge(NoneOfNumbers({0}), Num("0")), StatusIs(kWrong, "Must be none of 0."));
}

TEST(NumberTest, OrdersAndAddsAnyLength) {
  const std::vector<const char*> ascending = {"-1e30", "-12", "-1.5", "-1", "-0.01", "0",
                                              "0.001", "0.5", "1",    "9",  "10.1",  "1e30"};
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(*Number::Parse(ascending[i]) <=> *Number::Parse(ascending[j]), i <=> j)
          << ascending[i] << " " << ascending[j];
    }
  }
  const auto sum = [](const char* a, const char* b) {
    return (*Number::Parse(a) + *Number::Parse(b)).ToString();
  };
  EXPECT_EQ(sum("0.1", "0.2"), "0.3");
  EXPECT_EQ(sum("9223372036854775807", "1"), "9223372036854775808");
  EXPECT_EQ(sum("1e23", "-1"), "99999999999999999999999");
  EXPECT_EQ(sum("-0.5", "0.5"), "0");
  EXPECT_EQ(sum("-1.25", "1"), "-0.25");
  EXPECT_EQ(sum("99.9", "0.1"), "100");
}

class SumTest : public ::testing::Test {
 protected:
  absl::Status Judge(const Validator& rule, const Value& a, const Value& b) {
    const Value object =
        Value::Object(Type::Object({{"a", Type::Number()}, {"b", Type::Number()}, {"total", Type::Number()}}),
                      {a, b, Num("0.3")});
    return rule(object.attribute("total"), {object, object});
  }
  const Value null_ = Value::Null(Type::Number());
};

TEST_F(SumTest, AreHeldAgainstTheSumOfOthers) {
  EXPECT_THAT(Judge(EqualToSumOf({"a", "b"}), Num("0.1"), Num("0.2")), IsOk());
  EXPECT_THAT(Judge(EqualToSumOf({"a", "b"}), Num("0.1"), Num("0.3")),
              StatusIs(kWrong, "Must be equal to the sum of a, b."));
  EXPECT_THAT(Judge(AtLeastSumOf({"a", "b"}), Num("0.1"), null_), IsOk());
  EXPECT_THAT(Judge(AtLeastSumOf({"a", "b"}), Num("1"), null_),
              StatusIs(kWrong, HasSubstr("at least the sum")));
  EXPECT_THAT(Judge(AtMostSumOf({"a", "b"}), null_, null_), StatusIs(kWrong, HasSubstr("at most the sum")));
  EXPECT_THAT(Judge(EqualToSumOf({"a", "total"}), Num("0.3"), null_), IsOk());
  EXPECT_THAT(Judge(EqualToSumOf({"a", "b"}), Num("9"), Value::Unknown(Type::Number())), IsOk());
}

TEST(CollectionValidatorsTest, CountElements) {
  EXPECT_THAT(Judge(SizeBetween(1, 2), List({Text("a"), kUnknown})), IsOk());
  EXPECT_THAT(Judge(SizeAtLeast(1), List({})), StatusIs(kWrong, "Must have at least 1 element; this has 0."));
  EXPECT_THAT(Judge(SizeAtMost(1), List({kUnknown, kUnknown})),
              StatusIs(kWrong, "Must have at most 1 element; this has 2."));
  EXPECT_THAT(Judge(SizeAtMost(1), Value::Map(Type::Map(Type::String()), {{"k", kNull}})), IsOk());
}

TEST(CollectionValidatorsTest, ASetWithUnknownElementsMayBecomeSmaller) {
  EXPECT_THAT(Judge(SizeAtMost(1), Set({Text("a"), kUnknown})), IsOk());
  EXPECT_THAT(Judge(SizeAtMost(1), Set({Text("a"), Text("b"), kUnknown})),
              StatusIs(kWrong, HasSubstr("at most 1")));
  EXPECT_THAT(Judge(SizeAtLeast(3), Set({Text("a"), kUnknown})), StatusIs(kWrong, HasSubstr("at least 3")));
  EXPECT_THAT(Judge(SizeAtMost(0), Set({kUnknown})), StatusIs(kWrong, HasSubstr("at most 0")));
}

TEST(CollectionValidatorsTest, FindWhatIsThereTwice) {
  const absl::Status status = Judge(UniqueValues(), List({Text("a"), kUnknown, Text("b"), Text("a")}));
  EXPECT_THAT(status, StatusIs(kWrong, "The same value is at [0] already: each must be there once."));
  EXPECT_EQ(PathOf(status).ToString(), "[3]");
  EXPECT_THAT(Judge(UniqueValues(), List({kUnknown, kUnknown})), IsOk());
  EXPECT_THAT(Judge(UniqueValues(), List({Num("1"), Num("1.0")}, Type::Number())),
              StatusIs(kWrong, HasSubstr("[0]")));
}

TEST(CollectionValidatorsTest, FindNulls) {
  EXPECT_EQ(PathOf(Judge(NoNullValues(), List({Text("a"), kNull}))).ToString(), "[1]");
  EXPECT_EQ(PathOf(Judge(NoNullValues(), Value::Map(Type::Map(Type::String()), {{"k", kNull}}))).ToString(),
            "[\"k\"]");
  EXPECT_THAT(Judge(NoNullValues(), List({kUnknown})), IsOk());
}

TEST(CollectionValidatorsTest, JudgeEachElementAndKey) {
  const Validator each = Each({LengthAtMost(1), NoneOf({"x"})});
  EXPECT_THAT(Judge(each, List({Text("a"), kNull, kUnknown})), IsOk());
  EXPECT_EQ(PathOf(Judge(each, List({kUnknown, Text("ab")}))).ToString(), "[1]");
  EXPECT_EQ(PathOf(Judge(each, Set({Text("x")}))).ToString(), "");
  EXPECT_THAT(Judge(each, Set({Text("x")})), StatusIs(kWrong, HasSubstr("none of x")));
  EXPECT_EQ(PathOf(Judge(Each({each}), List({List({Text("a"), Text("x")})}, Type::List(Type::String()))))
                .ToString(),
            "[0][1]");
  const absl::Status key = Judge(EachKey({LengthAtMost(1)}),
                                 Value::Map(Type::Map(Type::String()), {{"a", kUnknown}, {"bc", kNull}}));
  EXPECT_EQ(PathOf(key).ToString(), "[\"bc\"]");
}

TEST(CollectionValidatorsTest, UniqueValuesOfAHundredThousandAreNotComparedPairByPair) {
  std::vector<Value> elements;
  for (int i = 0; i < 100'000; ++i) elements.push_back(Text(absl::StrCat("element ", i)));
  const Value list = List(std::move(elements));
  EXPECT_THAT(Judge(UniqueValues(), list), IsOk());
}

TEST(ComposedValidatorsTest, AllSayEverythingThatIsWrong) {
  EXPECT_THAT(Judge(All({LengthAtLeast(1), LengthAtMost(2)}), Text("a")), IsOk());
  EXPECT_THAT(Judge(All({LengthAtLeast(9), NoneOf({"a"})}), Text("a")),
              StatusIs(kWrong, "Must have at least 9 bytes; this has 1. \"a\" must be none of a."));
}

TEST(ComposedValidatorsTest, AnyIsContentWithOne) {
  const Validator any = Any({OneOf({"a"}), OneOf({"b"})});
  EXPECT_THAT(Judge(any, Text("b")), IsOk());
  EXPECT_THAT(Judge(any, Text("c")),
              StatusIs(kWrong, "One of these must hold: \"c\" is not one of a. Or: \"c\" is not one of b."));
}

TEST(ComposedValidatorsTest, NotTurnsARuleAround) {
  const Validator rule = Not(Matches("^tmp", "No."), "Must not start with tmp.");
  EXPECT_THAT(Judge(rule, Text("a")), IsOk());
  EXPECT_THAT(Judge(rule, Text("tmp1")), StatusIs(kWrong, "Must not start with tmp."));
}

Validator Warns(std::string text) {
  return [text = std::move(text)](const Value&, const Surroundings&) { return Warning(text); };
}
const Validator kHolds = [](const Value&, const Surroundings&) { return absl::OkStatus(); };
const Validator kFails = [](const Value&, const Surroundings&) { return absl::InvalidArgumentError("Bad."); };

TEST(ComposedValidatorsTest, AWarningHolds) {
  EXPECT_TRUE(IsWarning(Judge(All({kHolds, Warns("W.")}), Text("a"))));
  EXPECT_FALSE(IsWarning(Judge(All({Warns("W."), kFails}), Text("a"))));
  EXPECT_THAT(Judge(Any({kFails, kHolds, Warns("Later.")}), Text("a")), IsOk());
  EXPECT_EQ(Judge(Any({kFails, Warns("First."), Warns("Later.")}), Text("a")).message(), "First.");
  const absl::Status all = Judge(AnyWithAllWarnings({Warns("First."), kFails, Warns("Later.")}), Text("a"));
  EXPECT_TRUE(IsWarning(all));
  EXPECT_EQ(all.message(), "First. Later.");
  EXPECT_THAT(Judge(AnyWithAllWarnings({kFails}), Text("a")), StatusIs(kWrong, "Bad."));
  EXPECT_THAT(Judge(Not(Warns("W."), "No."), Text("a")), StatusIs(kWrong, "No."));
}

// MUST 62
TEST(ComposedValidatorsTest, WhatCannotBeJudgedPasses) {
  const Validator waits(Validator::Asks::kAnything,
                        [](const Value&, const Surroundings&) { return CannotTell(); });
  EXPECT_THAT(Judge(waits, Text("a")), IsOk());
  EXPECT_THAT(Judge(Not(waits, "No."), Text("a")), IsOk());
  EXPECT_THAT(Judge(Not(kHolds, "No."), kUnknown), IsOk());
  EXPECT_THAT(Judge(Not(kHolds, "No."), kNull), IsOk());
  EXPECT_THAT(Judge(All({kHolds, waits}), Text("a")), IsOk());
  EXPECT_THAT(Judge(Not(All({kHolds, waits}), "No."), Text("a")), IsOk());
  EXPECT_THAT(Judge(Any({kFails, waits}), Text("a")), IsOk());
  EXPECT_THAT(Judge(Not(Any({kHolds, waits}), "No."), Text("a")), StatusIs(kWrong, "No."));
  EXPECT_THAT(Judge(All({kFails, waits}), Text("a")), StatusIs(kWrong, "Bad."));
  EXPECT_THAT(Judge(Not(Each({kHolds}), "No."), List({kUnknown})), IsOk());
}

TEST(ComposedValidatorsTest, EqualsAndIsRequired) {
  EXPECT_THAT(Judge(Equals(true), Value::Bool(true)), IsOk());
  EXPECT_THAT(Judge(Equals(true), Value::Bool(false)), StatusIs(kWrong, "Must be true."));
  EXPECT_THAT(Judge(IsRequired(), kNull), StatusIs(kWrong, "It is required."));
  EXPECT_THAT(Judge(IsRequired(), List({})), StatusIs(kWrong, "It is required."));
  EXPECT_THAT(Judge(IsRequired(), kUnknown), IsOk());
  EXPECT_THAT(Judge(IsRequired(), Text("")), IsOk());
}

}  // namespace
}  // namespace tfsdk
