// The plans of managed resources.

#include "gmock/gmock.h"
#include "support/notes_fixture.h"
#include "tfsdk/engine/legality.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;

class ResourcePlansTest : public testing::NotesFixture {};

// MUST 68
TEST_F(ResourcePlansTest, APlanToCreateKnowsWhatIsWrittenAndTheDefaults) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"line", Lines({Line(Text("one"))})}});
  const PlanResult plan = Plan(context, config, Nothing(), config);
  ASSERT_THAT(context.diagnostics().all(), IsEmpty());
  EXPECT_EQ(plan.planned->attribute("name"), Text("a"));
  EXPECT_EQ(plan.planned->attribute("copies"), Value::Number(1));
  EXPECT_TRUE(plan.planned->attribute("text").IsNull());
  EXPECT_FALSE(plan.planned->attribute("id").IsKnown());
  EXPECT_FALSE(plan.planned->attribute("line").elements()[0].attribute("hash").IsKnown());
  EXPECT_EQ(plan.planned->attribute("line").elements()[0].attribute("text"), Text("one"));
  EXPECT_THAT(plan.requires_replace, IsEmpty());
  EXPECT_TRUE(plan.identity->IsNull());
}

TEST_F(ResourcePlansTest, NothingChangesWhenNothingIsWrittenAnew) {
  ResourceContext applying;
  const Value config = Config({{"name", Text("a")}, {"text", Text("x")}});
  const ObjectState state = Create(applying, config);
  ResourceContext context;
  // What Terraform proposes: the configuration, and the prior value of what is computed.
  const PlanResult plan = Plan(context, config, *state.state, *state.state);
  EXPECT_EQ(*plan.planned, *state.state);
  EXPECT_EQ(*plan.identity, *state.identity);
}

TEST_F(ResourcePlansTest, AChangeMakesWhatIsComputedUnknownButWhatAModifierKeeps) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"text", Text("x")}}));
  ResourceContext context;
  const PlanResult plan = Plan(context, Config({{"name", Text("a")}, {"text", Text("y")}}), *state.state,
                               state.state->WithAttribute("text", Text("y")));
  EXPECT_FALSE(plan.planned->attribute("hash").IsKnown());
  EXPECT_EQ(plan.planned->attribute("id"), Text("1"));
  EXPECT_THAT(plan.requires_replace, IsEmpty());
}

TEST_F(ResourcePlansTest, AnAttributeThatIsTakenAwayFallsBackToItsDefault) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"copies", Value::Number(5)}}));
  EXPECT_EQ(state.state->attribute("copies"), Value::Number(5));
  ResourceContext context;
  const PlanResult plan = Plan(context, Config({{"name", Text("a")}}), *state.state, *state.state);
  EXPECT_EQ(plan.planned->attribute("copies"), Value::Number(1));
}

TEST_F(ResourcePlansTest, AChangeOfTheNameNeedsANewObject) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}}));
  ResourceContext context;
  const PlanResult plan = Plan(context, Config({{"name", Text("b")}}), *state.state,
                               state.state->WithAttribute("name", Text("b")));
  EXPECT_THAT(plan.requires_replace, ElementsAre(Path("name")));
}

// MUST 70
TEST_F(ResourcePlansTest, APlanToDestroyStaysNullAndMayWarn) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}}));
  ResourceContext context;
  const PlanResult plan = Plan(context, Nothing(), *state.state, Nothing());
  EXPECT_TRUE(plan.planned->IsNull());
  EXPECT_EQ(Only(context).summary, "Farewell");
}

TEST_F(ResourcePlansTest, TheResourceDecidesWhatIsCertainAlready) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"text", Text("known hash")}});
  EXPECT_EQ(Plan(context, config, Nothing(), config).planned->attribute("hash"), Text("hash of known hash"));
}

// MUST 67
TEST_F(ResourcePlansTest, APlanAgainstTheConfigurationIsRefusedForTheAuthor) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"text", Text("contradiction")}});
  EXPECT_FALSE(Plan(context, config, Nothing(), config).planned.has_value());
  EXPECT_EQ(Only(context).path, Path("name"));
  EXPECT_THAT(Only(context).detail, HasSubstr("planned as \"another\", but the configuration says \"a\""));
}

// MUST 39
TEST_F(ResourcePlansTest, SensitiveValuesAreNotShownInSuchMessages) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"text", Text("invented seal")}});
  EXPECT_FALSE(Plan(context, config, Nothing(), config).planned.has_value());
  EXPECT_EQ(Only(context).path, Path("seal"));
  EXPECT_THAT(Only(context).detail, Not(HasSubstr("hush")));

  ResourceContext applying;
  Create(applying,
         Config({{"name", Text("b")}, {"text", Text("breaks its seal")}, {"seal", Text("the hush")}}));
  EXPECT_EQ(Only(applying).path, Path("seal"));
  EXPECT_THAT(Only(applying).detail, Not(HasSubstr("hush")));
}

TEST_F(ResourcePlansTest, WhatIsUnknownInTheConfigurationStaysUnknownInThePlan) {
  ResourceContext context;
  const Value config =
      Config({{"name", Value::Unknown(Type::String())}, {"text", Value::Unknown(Type::String())}});
  const PlanResult plan = Plan(context, config, Nothing(), config);
  EXPECT_THAT(context.diagnostics().all(), IsEmpty());
  EXPECT_FALSE(plan.planned->attribute("name").IsKnown());
}

// MUST 69, TRAP 20
TEST_F(ResourcePlansTest, NoBlocksArePlannedAsAnEmptyListAndNeverAsNull) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}});
  const PlanResult plan = Plan(context, config, Nothing(), config);
  ASSERT_TRUE(plan.planned->attribute("line").HasValue());
  EXPECT_THAT(plan.planned->attribute("line").elements(), IsEmpty());
  EXPECT_TRUE(plan.planned->attribute("text").IsNull());
  const Type lines = plan.planned->attribute("line").type();
  for (const Value& wrong : {Value::Null(lines), Value::Unknown(lines)}) {
    const absl::Status status =
        CheckPlan(note().schema(), config, Nothing(), plan.planned->WithAttribute("line", wrong));
    EXPECT_EQ(PathOf(status), Path("line"));
  }
}

// MUST 71
TEST_F(ResourcePlansTest, WhatWasKnownInThePlanIsTheSameInTheApply) {
  ResourceContext planning;
  const Value unknown = Config({{"name", Text("a")}, {"text", Value::Unknown(Type::String())}});
  const PlanResult early = Plan(planning, unknown, Nothing(), unknown);
  ResourceContext applying;
  const Value known = Config({{"name", Text("a")}, {"text", Text("known hash")}});
  const PlanResult late = Plan(applying, known, Nothing(), known);
  EXPECT_THAT(CheckResult(note().schema(), *early.planned, late.planned->WithAttribute("id", Text("1"))),
              IsOk());
}

// MUST 58
TEST_F(ResourcePlansTest, TextThatTerraformWouldNormaliseIsLeftToItsJudgement) {
  const Value planned = Config({{"name", Text("\u00e9")}});
  EXPECT_THAT(CheckResult(note().schema(), planned, Config({{"name", Text("e\u0301")}})), IsOk());
  EXPECT_EQ(PathOf(CheckResult(note().schema(), planned, Config({{"name", Text("e")}}))), Path("name"));
}

TEST_F(ResourcePlansTest, TheNewObjectOfAReplacementHasNothingOfTheOldOnesPrivateData) {
  ResourceContext context;
  context.private_state().Set("etag", "of the old one");
  Create(context, Config({{"name", Text("a")}}));
  EXPECT_EQ(context.private_state().Get("etag"), "");
  EXPECT_EQ(context.private_state().Get("revision"), "7");
}

}  // namespace
}  // namespace tfsdk
