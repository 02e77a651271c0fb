#include "tfsdk/value.h"

#include "gtest/gtest.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

Value Strings(const std::vector<std::string>& texts, const Type& type) {
  std::vector<Value> elements;
  for (const std::string& text : texts) elements.push_back(Value::String(text));
  return Value::Sequence(type, std::move(elements));
}

TEST(TypeTest, ComparesByStructure) {
  EXPECT_EQ(Type::List(Type::String()), Type::List(Type::String()));
  EXPECT_FALSE(Type::List(Type::String()) == Type::Set(Type::String()));
  EXPECT_EQ(Type::Object({{"b", Type::Bool()}, {"a", Type::Number()}}),
            Type::Object({{"a", Type::Number()}, {"b", Type::Bool()}}));
  EXPECT_FALSE(Type::Object({{"a", Type::Number()}}) == Type::Object({{"a", Type::String()}}));
}

TEST(TypeTest, SaysItselfAsTerraformDoes) {
  EXPECT_EQ(Type::Map(Type::Tuple({Type::Bool(), Type::Dynamic()})).ToString(),
            "map(tuple([bool, dynamic]))");
  EXPECT_EQ(Type::Object({{"a", Type::List(Type::Number())}}).ToString(), "object({a=list(number)})");
}

TEST(TypeTest, KnowsWhetherSomethingIsLeftOpenInside) {
  EXPECT_TRUE(Type::Object({{"a", Type::Map(Type::Dynamic())}}).HasDynamic());
  EXPECT_FALSE(Type::Object({{"a", Type::Map(Type::String())}}).HasDynamic());
}

TEST(TypeTest, FindsAttributesByName) {
  const Type type = Type::Object({{"kid", Type::String()}, {"alg", Type::String()}, {"n", Type::String()}});
  EXPECT_EQ(type.IndexOf("alg"), 0);
  EXPECT_EQ(type.IndexOf("n"), 2);
  EXPECT_EQ(type.IndexOf("m"), -1);
}

// MUST 54
TEST(ValueTest, TellsNullEmptyAndUnknownApart) {
  const Type list = Type::List(Type::String());
  const Value empty = Strings({}, list);
  EXPECT_TRUE(Value::Null(list).IsNull());
  EXPECT_FALSE(empty.IsNull());
  EXPECT_FALSE(Value::Unknown(list).IsKnown());
  EXPECT_FALSE(Value::Null(list) == empty);
  EXPECT_FALSE(Value::Null(list) == Value::Unknown(list));
  EXPECT_FALSE(Value::Null(list) == Value::Null(Type::String()));
}

// MUST 57
TEST(ValueTest, ComparesSetsWithoutOrder) {
  const Type set = Type::Set(Type::String());
  EXPECT_EQ(Strings({"a", "b", "c"}, set), Strings({"c", "a", "b"}, set));
  EXPECT_FALSE(Strings({"a", "b"}, set) == Strings({"a", "c"}, set));
  EXPECT_FALSE(Strings({"a", "b"}, Type::List(Type::String())) ==
               Strings({"b", "a"}, Type::List(Type::String())));
}

// MUST 57
TEST(ValueTest, KeepsEachElementOfASetOnce) {
  const Value set = Value::Sequence(
      Type::Set(Type::Number()), {Value::Number(1), Value::Number(2), Value::Number(*Number::Parse("1.0"))});
  EXPECT_EQ(set.elements().size(), 2U);
}

TEST(ValueTest, TwoUnknownsInASetAreTwoElements) {
  const Type type = Type::Set(Type::String());
  const Value unknown = Value::Unknown(Type::String());
  const Value two = Value::Sequence(type, {unknown, unknown});
  EXPECT_EQ(two.elements().size(), 2U);
  EXPECT_EQ(two, two);
  EXPECT_FALSE(two == Value::Sequence(type, {unknown, Value::String("a")}));
}

TEST(ValueTest, HandlesLargeSetsInLinearTime) {
  const auto make = [](int from, int step) {
    std::vector<Value> elements;
    for (int i = from; elements.size() < 100000; i += step) elements.push_back(Value::Number(i));
    return Value::Sequence(Type::Set(Type::Number()), std::move(elements));
  };
  // Quadratic, this would be 10^10 comparisons: minutes, and the test's time limit.
  EXPECT_EQ(make(0, 1), make(99999, -1));
}

TEST(ValueTest, FindsUnknownsAtAnyDepth) {
  const Type inner = Type::Object({{"a", Type::String()}});
  const Value known = Value::Object(inner, {Value::Null(Type::String())});
  const Value unknown = Value::Object(inner, {Value::Unknown(Type::String())});
  EXPECT_TRUE(Value::Sequence(Type::List(inner), {known}).IsWhollyKnown());
  EXPECT_FALSE(Value::Sequence(Type::List(inner), {known, unknown}).IsWhollyKnown());
  EXPECT_FALSE(Value::Map(Type::Map(inner), {{"k", unknown}}).IsWhollyKnown());
}

TEST(ValueTest, EqualValuesHaveEqualHashes) {
  const Type set = Type::Set(Type::String());
  EXPECT_EQ(Strings({"a", "b"}, set).Hash(), Strings({"b", "a"}, set).Hash());
  EXPECT_EQ(Value::Number(*Number::FromDouble(0.1)).Hash(), Value::Number(*Number::Parse("0.1")).Hash());
}

TEST(ValueDeathTest, AskingTheWrongQuestionAborts) {
  EXPECT_DEATH((void)Value::Null(Type::String()).AsString(), "panic: .*no known string");
  EXPECT_DEATH((void)Value::String("x").AsBool(), "no known bool");
  EXPECT_DEATH((void)Value::String("x").elements(), "no known list");
}

}  // namespace
}  // namespace tfsdk
