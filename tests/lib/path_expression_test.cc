#include "tfsdk/path_expression.h"

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

// { rules = [{ kid = "a" }, { kid = "b" }], tags = { x = "1", y = "2" }, url = "u", gone = null, later = … }
class PathExpressionTest : public ::testing::Test {
 protected:
  const Type rule_ = Type::Object({{"kid", Type::String()}});
  const Value root_ = Value::Object(
      Type::Object({{"gone", rule_},
                    {"later", Type::List(rule_)},
                    {"names", Type::Set(Type::String())},
                    {"rules", Type::List(rule_)},
                    {"tags", Type::Map(Type::String())},
                    {"url", Type::String()}}),
      {Value::Null(rule_), Value::Unknown(Type::List(rule_)),
       Value::Sequence(Type::Set(Type::String()), {Value::String("n")}),
       Value::Sequence(Type::List(rule_), {Value::Object(rule_, {Value::String("a")}),
                                           Value::Object(rule_, {Value::String("b")})}),
       Value::Map(Type::Map(Type::String()), {{"x", Value::String("1")}, {"y", Value::String("2")}}),
       Value::String("u")});
  const Value& rules_ = root_.attribute("rules");
  // Of the attribute rules[1].kid.
  const std::vector<const Value*> enclosing_ = {&root_, &rules_, &rules_.elements()[1]};
  const Surroundings around_{rules_.elements()[1], root_, Path("rules").AtIndex(1).At("kid"), enclosing_};

  absl::StatusOr<std::vector<const Value*>> Find(const PathExpression& expression) const {
    return expression.Find(rules_.elements()[1].attribute("kid"), around_);
  }
  std::vector<std::string> Texts(const PathExpression& expression) const {
    std::vector<std::string> texts;
    const auto found = Find(expression);
    if (!found.ok()) return {std::string(found.status().message())};
    for (const Value* value : *found) {
      texts.push_back(!value->IsKnown() ? "unknown" : value->IsNull() ? "null" : value->AsString());
    }
    return texts;
  }
};

TEST_F(PathExpressionTest, ANameIsASibling) {
  EXPECT_THAT(Texts("kid"), ElementsAre("b"));
  EXPECT_EQ(PathExpression("kid").ToString(), "kid");
}

TEST_F(PathExpressionTest, GoesFromTheRoot) {
  EXPECT_THAT(Texts(PathExpression::Root().At("url")), ElementsAre("u"));
  EXPECT_THAT(Texts(PathExpression::Root().At("rules").AtIndex(0).At("kid")), ElementsAre("a"));
  EXPECT_THAT(Texts(PathExpression::Root().At("tags").AtKey("y")), ElementsAre("2"));
  EXPECT_EQ(PathExpression::Root().At("rules").AtIndex(0).At("kid").ToString(), "rules[0].kid");
}

TEST_F(PathExpressionTest, GoesUpFromTheAttribute) {
  EXPECT_THAT(Texts(PathExpression::Here()), ElementsAre("b"));
  const PathExpression list = PathExpression::Here().Parent().Parent();
  EXPECT_THAT(Texts(list.AtIndex(0).At("kid")), ElementsAre("a"));
  EXPECT_THAT(Texts(list.Parent().At("url")), ElementsAre("u"));
  EXPECT_THAT(Texts(list.Parent().Parent().At("url")), ElementsAre(HasSubstr("a parent of the whole")));
}

TEST_F(PathExpressionTest, AParentUndoesAStep) {
  EXPECT_THAT(Texts(PathExpression::Root().At("tags").Parent().At("url")), ElementsAre("u"));
}

TEST_F(PathExpressionTest, WildcardsLeadToAll) {
  EXPECT_THAT(Texts(PathExpression::Root().At("rules").AnyIndex().At("kid")), ElementsAre("a", "b"));
  EXPECT_THAT(Texts(PathExpression::Root().At("tags").AnyKey()), ElementsAre("1", "2"));
  EXPECT_THAT(Texts(PathExpression::Root().At("names").AnyIndex()), ElementsAre("n"));
  EXPECT_EQ(PathExpression::Root().At("rules").AnyIndex().At("kid").ToString(), "rules[*].kid");
}

TEST_F(PathExpressionTest, InsideOfNothingIsNothing) {
  EXPECT_THAT(Texts(PathExpression::Root().At("gone").At("kid")), ElementsAre("null"));
  EXPECT_THAT(Texts(PathExpression::Root().At("later").AnyIndex().At("kid")), ElementsAre("unknown"));
  EXPECT_THAT(Texts(PathExpression::Root().At("tags").AtKey("z")), ElementsAre("null"));
  EXPECT_THAT(Texts(PathExpression::Root().At("rules").AtIndex(2).At("kid")), ElementsAre("null"));
  EXPECT_THAT(Texts(PathExpression::Root().At("rules").AtIndex(-1).At("kid")), ElementsAre("null"));
}

TEST_F(PathExpressionTest, WhatCannotBeThereIsTheAuthorsMistakeAndNoCrash) {
  const PathExpression root = PathExpression::Root();
  for (const PathExpression& wrong :
       {root.At("nope"), root.At("url").At("x"), root.At("url").AnyIndex(), root.At("rules").AnyKey(),
        root.At("rules").AtKey("x"), root.At("tags").AtIndex(0), root.At("names").AtIndex(0)}) {
    EXPECT_THAT(Find(wrong), StatusIs(absl::StatusCode::kInternal, HasSubstr("Please report")))
        << wrong.ToString();
  }
}

}  // namespace
}  // namespace tfsdk
