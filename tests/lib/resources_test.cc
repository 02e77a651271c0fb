// Managed resources through the engine, as Terraform would drive them.

#include "tfsdk/engine/resources.h"

#include "gmock/gmock.h"
#include "support/notes_provider.h"
#include "support/objects.h"
#include "tfsdk/engine/legality.h"
#include "tfsdk/engine/plan.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::Not;
using testing::Notes;
using testing::Obj;
using ::testing::SizeIs;

constexpr char kNote[] = "notes_note";

class ResourcesTest : public ::testing::Test {
 protected:
  ResourcesTest() {
    Context context;
    engine_.ConfigureProvider(context, Obj(engine_.provider().type, {}));
  }

  const AnyResource& note() const { return *engine_.provider().resources.at(kNote); }
  Value Nothing() const { return Value::Null(note().type()); }
  Value Config(const std::map<std::string, Value>& attributes) const {
    return Obj(note().type(), attributes, {"line"});
  }
  static Value Text(std::string text) { return Value::String(std::move(text)); }
  Value Line(Value text) const {
    return Obj(
        note().type().attributes()[static_cast<size_t>(note().type().IndexOf("line"))].second.element(),
        {{"text", std::move(text)}});
  }
  Value Lines(std::vector<Value> lines) const {
    return Value::Sequence(Type::List(Line(Text("")).type()), std::move(lines));
  }

  PlanResult Plan(ResourceContext& context, const Value& config, const Value& prior, const Value& proposed) {
    std::optional<Value> identity;
    if (prior.HasValue())
      identity = Obj(note().identity_schema()->type(), {{"name", prior.attribute("name")}});
    return PlanChange(engine_, context, kNote, note(), {config, prior, proposed, identity});
  }
  // Plans and applies a creation.
  ObjectState Create(ResourceContext& context, const Value& config) {
    ResourceContext planning;
    PlanResult plan = Plan(planning, config, Nothing(), config);
    EXPECT_THAT(planning.diagnostics().all(), IsEmpty());
    return ApplyChange(engine_, context, kNote, note(), {Nothing(), *plan.planned, config, plan.identity});
  }
  static const Diagnostic& Only(const Context& context) {
    EXPECT_THAT(const_cast<Context&>(context).diagnostics().all(), SizeIs(1));
    return const_cast<Context&>(context).diagnostics().all().front();
  }

  std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
  Engine engine_{testing::MakeNotesProvider(notes_)};
};

// MUST 68
TEST_F(ResourcesTest, APlanToCreateKnowsWhatIsWrittenAndTheDefaults) {
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

TEST_F(ResourcesTest, NothingChangesWhenNothingIsWrittenAnew) {
  ResourceContext applying;
  const Value config = Config({{"name", Text("a")}, {"text", Text("x")}});
  const ObjectState state = Create(applying, config);
  ResourceContext context;
  // What Terraform proposes: the configuration, and the prior value of what is computed.
  const PlanResult plan = Plan(context, config, *state.state, *state.state);
  EXPECT_EQ(*plan.planned, *state.state);
  EXPECT_EQ(*plan.identity, *state.identity);
}

TEST_F(ResourcesTest, AChangeMakesWhatIsComputedUnknownButWhatAModifierKeeps) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"text", Text("x")}}));
  ResourceContext context;
  const PlanResult plan = Plan(context, Config({{"name", Text("a")}, {"text", Text("y")}}), *state.state,
                               state.state->WithAttribute("text", Text("y")));
  EXPECT_FALSE(plan.planned->attribute("hash").IsKnown());
  EXPECT_EQ(plan.planned->attribute("id"), Text("1"));
  EXPECT_THAT(plan.requires_replace, IsEmpty());
}

TEST_F(ResourcesTest, AnAttributeThatIsTakenAwayFallsBackToItsDefault) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"copies", Value::Number(5)}}));
  EXPECT_EQ(state.state->attribute("copies"), Value::Number(5));
  ResourceContext context;
  const PlanResult plan = Plan(context, Config({{"name", Text("a")}}), *state.state, *state.state);
  EXPECT_EQ(plan.planned->attribute("copies"), Value::Number(1));
}

TEST_F(ResourcesTest, AChangeOfTheNameNeedsANewObject) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}}));
  ResourceContext context;
  const PlanResult plan = Plan(context, Config({{"name", Text("b")}}), *state.state,
                               state.state->WithAttribute("name", Text("b")));
  EXPECT_THAT(plan.requires_replace, ElementsAre(Path("name")));
}

// MUST 70
TEST_F(ResourcesTest, APlanToDestroyStaysNullAndMayWarn) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}}));
  ResourceContext context;
  const PlanResult plan = Plan(context, Nothing(), *state.state, Nothing());
  EXPECT_TRUE(plan.planned->IsNull());
  EXPECT_EQ(Only(context).summary, "Farewell");
}

TEST_F(ResourcesTest, TheResourceDecidesWhatIsCertainAlready) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"text", Text("known hash")}});
  EXPECT_EQ(Plan(context, config, Nothing(), config).planned->attribute("hash"), Text("hash of known hash"));
}

// MUST 67
TEST_F(ResourcesTest, APlanAgainstTheConfigurationIsRefusedForTheAuthor) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"text", Text("contradiction")}});
  EXPECT_FALSE(Plan(context, config, Nothing(), config).planned.has_value());
  EXPECT_EQ(Only(context).path, Path("name"));
  EXPECT_THAT(Only(context).detail, HasSubstr("planned as \"another\", but the configuration says \"a\""));
}

// MUST 39
TEST_F(ResourcesTest, SensitiveValuesAreNotShownInSuchMessages) {
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

TEST_F(ResourcesTest, WhatIsUnknownInTheConfigurationStaysUnknownInThePlan) {
  ResourceContext context;
  const Value config =
      Config({{"name", Value::Unknown(Type::String())}, {"text", Value::Unknown(Type::String())}});
  const PlanResult plan = Plan(context, config, Nothing(), config);
  EXPECT_THAT(context.diagnostics().all(), IsEmpty());
  EXPECT_FALSE(plan.planned->attribute("name").IsKnown());
}

// MUST 75
TEST_F(ResourcesTest, AWriteOnlyValueReachesTheProviderAndIsNeverStored) {
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"password", Text("hush")}});
  const ObjectState state = Create(context, config);
  ASSERT_THAT(context.diagnostics().all(), IsEmpty());
  EXPECT_EQ(notes_->last_password, "hush");
  EXPECT_TRUE(state.state->attribute("password").IsNull());

  Context old;
  ValidateResource(old, note(), config, false);
  EXPECT_THAT(Only(old).detail, HasSubstr("Terraform 1.11"));
  Context recent;
  ValidateResource(recent, note(), config, true);
  EXPECT_THAT(recent.diagnostics().all(), IsEmpty());
}

// MUST 72
TEST_F(ResourcesTest, WhatWasPlannedIsWhatIsStored) {
  ResourceContext context;
  const ObjectState state = Create(context, Config({{"name", Text("a")}, {"text", Text("x")}}));
  EXPECT_EQ(state.state->attribute("hash"), Text("hash of x"));
  EXPECT_EQ(*state.identity, Obj(note().identity_schema()->type(), {{"name", Text("a")}}));
  EXPECT_EQ(context.private_state().Get("revision"), "7");
}

TEST_F(ResourcesTest, AResultAgainstThePlanIsRefusedButNotLost) {
  ResourceContext context;
  const ObjectState state = Create(context, Config({{"name", Text("a")}, {"text", Text("altered")}}));
  EXPECT_EQ(Only(context).path, Path("text"));
  EXPECT_THAT(Only(context).detail, HasSubstr("planned as \"altered\", but it is now \"something else\""));
  EXPECT_EQ(state.state->attribute("id"), Text("1"));
}

// MUST 73, TRAP 30
TEST_F(ResourcesTest, ACreationThatFailsHalfWayKeepsWhatIsThere) {
  ResourceContext context;
  const ObjectState state = Create(context, Config({{"name", Text("a")}, {"text", Text("half")}}));
  EXPECT_EQ(Only(context).summary, "Cannot create notes_note");
  EXPECT_EQ(state.state->attribute("id"), Text("1"));
  EXPECT_EQ(state.identity->attribute("name"), Text("a"));
}

TEST_F(ResourcesTest, ACreationThatFailsAtOnceLeavesNothing) {
  ResourceContext context;
  const ObjectState state = Create(context, Config({{"name", Text("a")}, {"text", Text("refused")}}));
  EXPECT_EQ(Only(context).path, Path("text"));
  EXPECT_TRUE(state.state->IsNull());
}

TEST_F(ResourcesTest, AnUpdateThatFailsKeepsThePriorState) {
  ResourceContext applying;
  const ObjectState before = Create(applying, Config({{"name", Text("a")}, {"text", Text("x")}}));
  ResourceContext context;
  const Value config = Config({{"name", Text("a")}, {"text", Text("refused")}});
  const ObjectState after = ApplyChange(
      engine_, context, kNote, note(),
      {*before.state, before.state->WithAttribute("text", Text("refused")), config, before.identity});
  EXPECT_EQ(*after.state, *before.state);
  EXPECT_EQ(*after.identity, *before.identity);
}

// MUST 74
TEST_F(ResourcesTest, ADeletionLeavesNothingOrAllOfIt) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"text", Text("stuck")}}));
  ResourceContext stuck;
  const ObjectState kept =
      ApplyChange(engine_, stuck, kNote, note(), {*state.state, Nothing(), Nothing(), state.identity});
  EXPECT_EQ(*kept.state, *state.state);
  EXPECT_EQ(Only(stuck).detail, "It is held fast.");

  ResourceContext context;
  const ObjectState gone =
      ApplyChange(engine_, context, kNote, note(),
                  {state.state->WithAttribute("text", Text("x")), Nothing(), Nothing(), state.identity});
  EXPECT_TRUE(gone.state->IsNull());
  EXPECT_THAT(notes_->texts, IsEmpty());
  EXPECT_EQ(context.private_state().Serialize(), "");
}

// MUST 65, MUST 66
TEST_F(ResourcesTest, AReadFollowsWhatIsThere) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"text", Text("x")}}));
  notes_->texts["a"] = "drifted";
  ResourceContext context;
  context.private_state().Set("revision", "7");
  const ObjectState drifted = ReadResource(engine_, context, kNote, note(), *state.state, state.identity);
  EXPECT_EQ(drifted.state->attribute("text"), Text("drifted"));
  EXPECT_EQ(*drifted.identity, *state.identity);
  EXPECT_EQ(context.private_state().Get("revision"), "7");

  notes_->texts.clear();
  ResourceContext later;
  EXPECT_TRUE(ReadResource(engine_, later, kNote, note(), *state.state, state.identity).state->IsNull());
  EXPECT_THAT(later.diagnostics().all(), IsEmpty());
}

TEST_F(ResourcesTest, AnIdentityNeverChanges) {
  ResourceContext applying;
  const ObjectState state = Create(applying, Config({{"name", Text("a")}, {"text", Text("x")}}));
  notes_->texts["a"] = "renamed";
  ResourceContext context;
  EXPECT_FALSE(ReadResource(engine_, context, kNote, note(), *state.state, state.identity).state.has_value());
  EXPECT_THAT(Only(context).detail, HasSubstr("has changed from {\"name\":\"a\"} to {\"name\":\"another\"}"));
}

// MUST 78
TEST_F(ResourcesTest, AnImportIsReadAtOnce) {
  notes_->texts["a"] = "x";
  ResourceContext context;
  const ObjectState imported = ImportResource(engine_, context, kNote, note(), "a", std::nullopt);
  ASSERT_TRUE(imported.state.has_value());
  EXPECT_TRUE(imported.identity->IsNull());
  const ObjectState read = ReadResource(engine_, context, kNote, note(), *imported.state, imported.identity);
  EXPECT_EQ(read.state->attribute("hash"), Text("hash of x"));
  EXPECT_EQ(read.identity->attribute("name"), Text("a"));

  ResourceContext other;
  const Value identity = Obj(note().identity_schema()->type(), {{"name", Text("a")}});
  EXPECT_EQ(*ImportResource(engine_, other, kNote, note(), "", identity).identity, identity);
  ResourceContext neither;
  EXPECT_FALSE(ImportResource(engine_, neither, kNote, note(), "", std::nullopt).state.has_value());
}

// MUST 79, MUST 61
TEST_F(ResourcesTest, StoredStateIsUpgraded) {
  Context context;
  EXPECT_EQ(
      UpgradeState(context, kNote, note(), 2, R"({"name":"a","copies":3,"gone":[1]})")->attribute("copies"),
      Value::Number(3));
  EXPECT_EQ(UpgradeState(context, kNote, note(), 1, R"({"title":"a","x":1})")->attribute("name"), Text("a"));
  EXPECT_EQ(UpgradeState(context, kNote, note(), 0, "{}")->attribute("name"), Text("from 2 bytes"));
  EXPECT_THAT(context.diagnostics().all(), IsEmpty());

  Context torn;
  EXPECT_FALSE(UpgradeState(torn, kNote, note(), 1, R"({"title":"torn"})").has_value());
  EXPECT_EQ(Only(torn).detail, "It is torn.");
  Context unknown;
  EXPECT_FALSE(UpgradeState(unknown, kNote, note(), 7, "{}").has_value());
  EXPECT_THAT(Only(unknown).detail, HasSubstr("version 7"));
  Context wrong;
  EXPECT_FALSE(UpgradeState(wrong, kNote, note(), 2, R"({"copies":[]})").has_value());
  EXPECT_EQ(Only(wrong).path, Path("copies"));
}

// MUST 80, TRAP 42
TEST_F(ResourcesTest, StoredIdentityIsUpgraded) {
  Context context;
  EXPECT_EQ(UpgradeIdentity(context, kNote, note(), 0, R"({"title":"a"})")->attribute("name"), Text("a"));
  EXPECT_TRUE(UpgradeIdentity(context, kNote, note(), 0, "")->IsNull());
}

// MUST 81
TEST_F(ResourcesTest, StateIsMovedFromWhatIsKnownOnly) {
  ResourceContext context;
  const ObjectState moved =
      MoveState(context, kNote, note(),
                {"registry.terraform.io/x/other", "other_memo", 0, R"({"title":"a","n":1})", {}, ""});
  EXPECT_EQ(moved.state->attribute("name"), Text("a"));
  EXPECT_EQ(moved.identity->attribute("name"), Text("a"));
  EXPECT_EQ(context.private_state().Get("came_from"), "registry.terraform.io/x/other");
  ResourceContext other;
  EXPECT_FALSE(
      MoveState(other, kNote, note(), {"r/x/other", "other_thing", 3, "{}", {}, ""}).state.has_value());
  EXPECT_THAT(Only(other).detail,
              HasSubstr("A other_thing of r/x/other (version 3 of its schema) cannot become"));
}

// MUST 77
TEST_F(ResourcesTest, DefersOnlyWhereThatIsAllowed) {
  const Value config = Config({{"name", Text("a")}, {"text", Text("later")}});
  ResourceContext strict;
  EXPECT_TRUE(Plan(strict, config, Nothing(), config).planned.has_value());
  EXPECT_FALSE(strict.deferred().has_value());
  ResourceContext lenient(CancelToken(), {{}, std::nullopt, true});
  Plan(lenient, config, Nothing(), config);
  EXPECT_EQ(lenient.deferred(), DeferredReason::kAbsentPrerequisite);

  Context configuring;
  engine_.ConfigureProvider(configuring,
                            Obj(engine_.provider().type, {{"folder", Value::Unknown(Type::String())}}));
  ResourceContext automatic(CancelToken(), {{}, std::nullopt, true});
  Plan(automatic, config, Nothing(), config);
  EXPECT_EQ(automatic.deferred(), DeferredReason::kProviderConfigUnknown);
  ResourceContext planning;
  EXPECT_TRUE(Plan(planning, config, Nothing(), config).planned.has_value());
  ResourceContext applying;
  ApplyChange(engine_, applying, kNote, note(), {Nothing(), config, config, std::nullopt});
  EXPECT_THAT(Only(applying).detail,
              HasSubstr("The argument folder of the notes provider block is not known"));
}

TEST_F(ResourcesTest, AGeneratedConfigurationHoldsWhatAUserMaySet) {
  ResourceContext context;
  const ObjectState state = Create(context, Config({{"name", Text("a")}, {"text", Text("")}}));
  const Value config = GenerateConfig(note().schema(), *state.state);
  EXPECT_EQ(config, Config({{"name", Text("a")}, {"copies", Value::Number(1)}}));
}

// MUST 69, TRAP 20
TEST_F(ResourcesTest, NoBlocksArePlannedAsAnEmptyListAndNeverAsNull) {
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
TEST_F(ResourcesTest, WhatWasKnownInThePlanIsTheSameInTheApply) {
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
TEST_F(ResourcesTest, TextThatTerraformWouldNormaliseIsLeftToItsJudgement) {
  const Value planned = Config({{"name", Text("\u00e9")}});
  EXPECT_THAT(CheckResult(note().schema(), planned, Config({{"name", Text("e\u0301")}})), IsOk());
  EXPECT_EQ(PathOf(CheckResult(note().schema(), planned, Config({{"name", Text("e")}}))), Path("name"));
}

TEST_F(ResourcesTest, TheNewObjectOfAReplacementHasNothingOfTheOldOnesPrivateData) {
  ResourceContext context;
  context.private_state().Set("revision", "7");
  const Value config = Config({{"name", Text("a")}});
  Plan(context, config, Nothing(), config);
  EXPECT_EQ(context.private_state().Get("revision"), "");
}

TEST_F(ResourcesTest, TheRulesOfTheResourceAreValidated) {
  Context context;
  ValidateResource(context, note(), Config({{"name", Text("a")}, {"text", Text("a")}}), true);
  EXPECT_EQ(Only(context).path, Path("text"));
  Context unknown;
  ValidateResource(unknown, note(), Config({{"name", Value::Unknown(Type::String())}}), true);
  EXPECT_THAT(unknown.diagnostics().all(), IsEmpty());
}

}  // namespace
}  // namespace tfsdk
