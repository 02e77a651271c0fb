#include "tfsdk/plan_modifiers.h"

#include <utility>

#include "gmock/gmock.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using testing::IsOk;
using testing::StatusIs;

const Value kA = Value::String("a");
const Value kB = Value::String("b");
const Value kNull = Value::Null(Type::String());
const Value kUnknown = Value::Unknown(Type::String());

class PlanModifiersTest : public ::testing::Test {
 protected:
  // Runs `modifier` on the one attribute of a resource that exists, or is about to be created.
  AttributeChange Run(const PlanModifier& modifier, const Value& config, const Value& prior,
                      const Value& planned) {
    return Run(modifier, config, prior, planned, whole_);
  }
  AttributeChange Create(const PlanModifier& modifier, const Value& config, const Value& planned) {
    return Run(modifier, config, kNull, planned, nothing_);
  }

 private:
  AttributeChange Run(const PlanModifier& modifier, const Value& config, const Value& prior,
                      const Value& planned, const Value& whole_prior) {
    AttributeChange change{config, prior, planned, path_, whole_, whole_prior, whole_};
    EXPECT_THAT(modifier(change), IsOk());
    return change;
  }

  const Path path_{"name"};
  const Value whole_ = Value::Object(Type::Object({{"name", Type::String()}}), {kA});
  const Value nothing_ = Value::Null(whole_.type());
};

TEST_F(PlanModifiersTest, AChangeNeedsANewObject) {
  EXPECT_TRUE(Run(RequiresReplace(), kB, kA, kB).requires_replace);
  EXPECT_TRUE(Run(RequiresReplace(), kNull, kA, kNull).requires_replace);
  EXPECT_TRUE(Run(RequiresReplace(), kA, kNull, kA).requires_replace);
  EXPECT_TRUE(Run(RequiresReplace(), kUnknown, kA, kUnknown).requires_replace);
}

TEST_F(PlanModifiersTest, NothingNewNeedsNoNewObject) {
  EXPECT_FALSE(Run(RequiresReplace(), kA, kA, kA).requires_replace);
  EXPECT_FALSE(Create(RequiresReplace(), kA, kA).requires_replace);
}

TEST_F(PlanModifiersTest, WhatOnlyTheProviderChangesNeedsNoNewObjectWhenTheUserMustHaveSetIt) {
  EXPECT_FALSE(Run(RequiresReplaceIfConfigured(), kNull, kA, kB).requires_replace);
  EXPECT_TRUE(Run(RequiresReplaceIfConfigured(), kB, kA, kB).requires_replace);
  EXPECT_TRUE(Run(RequiresReplaceIfConfigured(), kUnknown, kA, kUnknown).requires_replace);
  EXPECT_FALSE(Create(RequiresReplaceIfConfigured(), kB, kB).requires_replace);
}

TEST_F(PlanModifiersTest, AsksTheAuthorOnlyAboutChanges) {
  int asked = 0;
  const PlanModifier shrinks = RequiresReplaceIf([&](const AttributeChange& change) {
    ++asked;
    return change.planned.AsString() < change.prior.AsString();
  });
  EXPECT_FALSE(Create(shrinks, kA, kA).requires_replace);
  EXPECT_FALSE(Run(shrinks, kA, kA, kA).requires_replace);
  EXPECT_EQ(asked, 0);
  EXPECT_TRUE(Run(shrinks, kA, kB, kA).requires_replace);
  EXPECT_FALSE(Run(shrinks, kB, kA, kB).requires_replace);
  EXPECT_EQ(asked, 2);
}

TEST_F(PlanModifiersTest, OneModifierDoesNotTakeBackWhatAnotherAskedFor) {
  const Path path("name");
  const Value whole = Value::Object(Type::Object({{"name", Type::String()}}), {kA});
  AttributeChange change{kB, kA, kB, path, whole, whole, whole};
  ASSERT_THAT(RequiresReplace()(change), IsOk());
  ASSERT_THAT(RequiresReplaceIf([](const AttributeChange&) { return false; })(change), IsOk());
  EXPECT_TRUE(change.requires_replace);
}

TEST_F(PlanModifiersTest, TheAuthorsErrorIsThePlans) {
  const Path path("name");
  const Value whole = Value::Object(Type::Object({{"name", Type::String()}}), {kA});
  AttributeChange change{kB, kA, kB, path, whole, whole, whole};
  const PlanModifier fails = RequiresReplaceIf(
      [](const AttributeChange&) -> absl::StatusOr<bool> { return absl::InternalError("No."); });
  EXPECT_THAT(fails(change), StatusIs(absl::StatusCode::kInternal, "No."));
  EXPECT_FALSE(change.requires_replace);
}

TEST_F(PlanModifiersTest, KeepsWhatTheProviderDecidedBefore) {
  for (const PlanModifier& modifier : {UseStateForUnknown(), UseNonNullStateForUnknown()}) {
    EXPECT_EQ(Run(modifier, kNull, kA, kUnknown).planned, kA);
    EXPECT_EQ(Run(modifier, kNull, kA, kB).planned, kB);
    EXPECT_EQ(Run(modifier, kNull, kA, kNull).planned, kNull);
    EXPECT_EQ(Create(modifier, kNull, kUnknown).planned, kUnknown);
    EXPECT_FALSE(Run(modifier, kNull, kA, kUnknown).requires_replace);
  }
}

TEST_F(PlanModifiersTest, NeverDecidesWhatTheUserIsAboutTo) {
  EXPECT_EQ(Run(UseStateForUnknown(), kUnknown, kA, kUnknown).planned, kUnknown);
  EXPECT_EQ(Run(UseNonNullStateForUnknown(), kUnknown, kA, kUnknown).planned, kUnknown);
}

TEST_F(PlanModifiersTest, KeepsANullOnlyWhereThatIsMeant) {
  EXPECT_EQ(Run(UseStateForUnknown(), kNull, kNull, kUnknown).planned, kNull);
  EXPECT_EQ(Run(UseNonNullStateForUnknown(), kNull, kNull, kUnknown).planned, kUnknown);
}

}  // namespace
}  // namespace tfsdk
