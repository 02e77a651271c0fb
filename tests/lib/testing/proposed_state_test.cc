// Against what Terraform does: internal/plans/objchange/objchange.go.

#include "tfsdk/testing/proposed_state.h"

#include "gmock/gmock.h"
#include "tfsdk/testing/arguments.h"
#include "tfsdk/testing/harness_matchers.h"

namespace tfsdk::testing {
namespace {

Attribute Plain(const char* name, Mode mode) { return {name, Type::String(), mode}; }

Attribute Nested(const char* name, Nesting nesting, Mode mode) {
  const std::vector<Attribute> parts = {Plain("key", Mode::kOptional), Plain("made", Mode::kComputed)};
  const Type object = Type::Object({{"key", Type::String()}, {"made", Type::String()}});
  const Type type = nesting == Nesting::kSet   ? Type::Set(object)
                    : nesting == Nesting::kMap ? Type::Map(object)
                                               : Type::List(object);
  Attribute attribute{name, type, mode};
  attribute.nested = std::make_shared<const NestedObject>(NestedObject{nesting, parts});
  return attribute;
}

class ProposedStateTest : public ::testing::Test {
 protected:
  ProposedStateTest() {
    schema_.attributes = {Plain("set", Mode::kOptional),
                          Plain("made", Mode::kComputed),
                          Plain("either", Mode::kOptionalComputed),
                          Nested("list", Nesting::kList, Mode::kOptional),
                          Nested("map", Nesting::kMap, Mode::kOptional),
                          Nested("set_of", Nesting::kSet, Mode::kOptional),
                          Nested("free", Nesting::kList, Mode::kOptionalComputed)};
  }
  Value Of(const Arguments& arguments) const { return *arguments.For(schema_); }
  Value Propose(const Arguments& prior, const Arguments& config) const {
    return ProposedState(schema_, Of(prior), Of(config));
  }
  static Given Item(const char* key) { return Given::Object({{"key", key}}); }
  static Given Item(const char* key, const char* made) {
    return Given::Object({{"key", key}, {"made", made}});
  }

  Schema schema_;
};

TEST_F(ProposedStateTest, ConfigurationWhereSetAndPriorWhereComputed) {
  EXPECT_EQ(Propose({{"set", "old"}, {"made", "m"}, {"either", "e"}}, {{"set", "new"}}),
            Of({{"set", "new"}, {"made", "m"}, {"either", "e"}}));
  EXPECT_EQ(Propose({{"set", "old"}, {"either", "e"}}, {{"either", "mine"}}), Of({{"either", "mine"}}));
}

TEST_F(ProposedStateTest, NothingIsKeptOfNothing) {
  const Value config = Of({{"set", "a"}, {"list", Given::List({Item("x")})}});
  EXPECT_EQ(ProposedState(schema_, Value::Null(schema_.type()), config), config);
  EXPECT_TRUE(ProposedState(schema_, config, Value::Null(schema_.type())).IsNull());
}

TEST_F(ProposedStateTest, ListsAreMatchedByIndex) {
  EXPECT_EQ(Propose({{"list", Given::List({Item("a", "1"), Item("b", "2")})}},
                    {{"list", Given::List({Item("b"), Item("a"), Item("c")})}}),
            Of({{"list", Given::List({Item("b", "1"), Item("a", "2"), Item("c")})}}));
}

TEST_F(ProposedStateTest, MapsAreMatchedByKey) {
  EXPECT_EQ(Propose({{"map", Given::Object({{"k", Item("a", "1")}, {"l", Item("b", "2")}})}},
                    {{"map", Given::Object({{"l", Item("c")}, {"m", Item("d")}})}}),
            Of({{"map", Given::Object({{"l", Item("c", "2")}, {"m", Item("d")}})}}));
}

TEST_F(ProposedStateTest, SetsAreMatchedByWhatIsNotComputedAndEachOnce) {
  EXPECT_EQ(Propose({{"set_of", Given::List({Item("a", "1"), Item("b", "2")})}},
                    {{"set_of", Given::List({Item("b"), Item("c")})}}),
            Of({{"set_of", Given::List({Item("b", "2"), Item("c")})}}));
}

TEST_F(ProposedStateTest, WhatAUserWroteIntoAComputedListGoesWhenItIsLeftOut) {
  EXPECT_EQ(Propose({{"free", Given::List({Item("a", "1")})}}, {}), Of({}));
  const Arguments made = {{"free", Given::List({Given::Object({{"made", "1"}})})}};
  EXPECT_EQ(Propose(made, {}), Of(made));
}

}  // namespace
}  // namespace tfsdk::testing
