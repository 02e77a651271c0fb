// Managed resources through the engine, as Terraform would drive them.

#include "gmock/gmock.h"
#include "support/notes_fixture.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kNote;
using testing::Obj;

class ResourcesTest : public testing::NotesFixture {};

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
