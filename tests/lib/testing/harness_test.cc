// The harness drives a provider as Terraform does, and keeps what a state file would keep.

#include "gmock/gmock.h"
#include "support/notes_provider.h"
#include "tfsdk/testing/harness_matchers.h"
#include "tfsdk/testing/provider_harness.h"

namespace tfsdk::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr char kA[] = "notes_note.a";

class HarnessTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(harness_.Configure(), IsOk()); }

  std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
  ProviderHarness harness_{MakeNotesProvider(notes_)};
};

TEST_F(HarnessTest, PrivateDataAndIdentityAreKeptBesideTheState) {
  ASSERT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}}), IsOkAndHolds(PlanAction::kCreate));
  const auto object = harness_.Object(kA);
  ASSERT_THAT(object, IsOk());
  EXPECT_EQ(PrivateState::Parse(object->private_data)->Get("revision"), "7");
  EXPECT_THAT(object->identity, Optional(HasAttribute("name", "a")));
  EXPECT_THAT(*object, AllOf(HasAttribute("hash", "hash of x"), HasAttribute("id", "1")));
}

TEST_F(HarnessTest, AReplacementIsADestructionAndACreation) {
  ASSERT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}}), IsOk());
  const auto plan = harness_.Plan(kA, {{"name", "b"}, {"text", "x"}});
  ASSERT_THAT(plan, IsOkAndHolds(AllOf(PlansTo(PlanAction::kReplace), ReplacedBecauseOf({"name"}),
                                       ChangesOnly({"name", "id", "hash"}))));
  ASSERT_THAT(harness_.ApplyPlan(*plan), IsOk());
  EXPECT_THAT(harness_.State(kA), IsOkAndHolds(HasAttribute("id", "2")));
  EXPECT_EQ(notes_->texts.size(), 1u);
}

TEST_F(HarnessTest, WhatIsUnknownInThePlanIsKnownInTheApply) {
  const auto plan = harness_.Plan(kA, {{"name", "a"}, {"text", Given::Unknown()}});
  ASSERT_THAT(plan, IsOkAndHolds(IsUnknownAt("text")));
  EXPECT_THAT(harness_.ApplyPlan(*plan), FailsAt(absl::StatusCode::kInvalidArgument, {}, "not known"));
  EXPECT_THAT(harness_.ApplyPlan(*plan, Arguments({{"name", "b"}, {"text", "x"}})),
              FailsAt(absl::StatusCode::kInvalidArgument, "name", "cannot be another"));
  ASSERT_THAT(harness_.ApplyPlan(*plan, Arguments({{"name", "a"}, {"text", "x"}})), IsOk());
  EXPECT_THAT(harness_.State(kA), IsOkAndHolds(HasAttribute("text", "x")));
}

TEST_F(HarnessTest, ApplyingWhatIsThereDoesNothing) {
  ASSERT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}}), IsOk());
  EXPECT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}}), IsOkAndHolds(PlanAction::kNoOp));
}

TEST_F(HarnessTest, BlocksAreMatchedSoThatOnlyTheChangedOneChanges) {
  const auto lines = [](std::vector<const char*> texts) {
    std::vector<Given> blocks;
    for (const char* text : texts) blocks.push_back(Given::Object({{"text", text}}));
    return Given::List(std::move(blocks));
  };
  ASSERT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}, {"line", lines({"one", "two"})}}), IsOk());
  const Path hash = Path("line").AtIndex(1).At("hash");
  EXPECT_THAT(harness_.State(kA), IsOkAndHolds(HasAttribute(hash, "hash of two")));
  EXPECT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}, {"line", lines({"one"})}}),
              IsOkAndHolds(PlanAction::kUpdate));
}

TEST_F(HarnessTest, AHalfCreatedObjectIsKeptAndReplacedNextTime) {
  EXPECT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "half"}}),
              FailsAt(absl::StatusCode::kAborted, {}, "The second half is missing."));
  ASSERT_TRUE(harness_.Has(kA));
  EXPECT_TRUE(harness_.Object(kA)->tainted);
  EXPECT_THAT(harness_.Plan(kA, {{"name", "a"}, {"text", "x"}}), IsOkAndHolds(PlansTo(PlanAction::kReplace)));
  EXPECT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "x"}}), IsOkAndHolds(PlanAction::kReplace));
}

TEST_F(HarnessTest, WhatWasSavedBeforeAnExceptionIsKept) {
  EXPECT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "throws"}}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("The provider has thrown")));
  ASSERT_TRUE(harness_.Has(kA));
  EXPECT_TRUE(harness_.Object(kA)->tainted);
}

TEST_F(HarnessTest, AFailedDestructionKeepsTheState) {
  ASSERT_THAT(harness_.Apply(kA, {{"name", "a"}, {"text", "stuck"}}), IsOk());
  EXPECT_THAT(harness_.Destroy(kA), FailsAt(absl::StatusCode::kAborted, {}, "It is held fast."));
  EXPECT_TRUE(harness_.Has(kA));
  EXPECT_THAT(harness_.Destroy("notes_note.never"), IsOk());
}

TEST_F(HarnessTest, WarningsOfTheLastCallAreThere) {
  ASSERT_THAT(harness_.Apply(kA, {{"name", "a"}}),
              FailsAt(absl::StatusCode::kFailedPrecondition, "hash", "not empty"));
  ASSERT_THAT(harness_.PlanDestroy(kA), IsOkAndHolds(PlansTo(PlanAction::kDestroy)));
  EXPECT_THAT(harness_.diagnostics(), HasWarning("Farewell"));
}

TEST_F(HarnessTest, StateAndIdentityOfOlderVersionsAreUpgraded) {
  notes_->texts["t"] = "x";
  ASSERT_THAT(harness_.SetStored(kA, {1, R"({"title":"t"})", "", 0, R"({"title":"t"})"}), IsOk());
  EXPECT_THAT(harness_.Object(kA)->identity, Optional(HasAttribute("name", "t")));
  ASSERT_THAT(harness_.Refresh(kA), IsOk());
  EXPECT_THAT(harness_.State(kA), IsOkAndHolds(HasAttribute("text", "x")));
  ASSERT_THAT(harness_.SetStored(kA, {1, R"({"title":"torn"})"}), IsOk());
  EXPECT_THAT(harness_.State(kA), FailsAt(absl::StatusCode::kAborted, "title", "It is torn."));
}

TEST_F(HarnessTest, AMoveBringsPrivateDataAndIdentity) {
  MoveSource source;
  source.provider_address = "registry.terraform.io/x/other";
  source.type_name = "other_memo";
  source.state_json = R"({"title":"t","more":1})";
  ASSERT_THAT(harness_.Move(source, kA), IsOk());
  const auto object = harness_.Object(kA);
  EXPECT_EQ(PrivateState::Parse(object->private_data)->Get("came_from"), source.provider_address);
  EXPECT_THAT(object->identity, Optional(HasAttribute("name", "t")));
}

TEST_F(HarnessTest, ImportsReadAtOnce) {
  notes_->texts["n"] = "x";
  ASSERT_THAT(harness_.Import(kA, "n"), IsOk());
  EXPECT_THAT(harness_.State(kA), IsOkAndHolds(HasAttribute("text", "x")));
  EXPECT_THAT(harness_.Import("notes_note.b", "gone"),
              FailsAt(absl::StatusCode::kFailedPrecondition, {}, "Cannot import non-existent remote object"));
  EXPECT_THAT(harness_.ImportIdentity("notes_note.c", {{"name", "gone"}}),
              FailsAt(absl::StatusCode::kFailedPrecondition, {}, "non-existent"));
}

TEST_F(HarnessTest, AnUnknownProviderBlockStopsWhatNeedsAClient) {
  ASSERT_THAT(harness_.Configure({{"folder", Given::Unknown()}}), IsOk());
  EXPECT_THAT(harness_.Plan(kA, {{"name", "a"}}), IsOkAndHolds(PlansTo(PlanAction::kCreate)));
  EXPECT_THAT(harness_.Apply(kA, {{"name", "a"}}),
              FailsAt(absl::StatusCode::kAborted, {}, "folder of the notes provider block is not known"));
}

TEST_F(HarnessTest, DefersWhereThatIsAllowed) {
  ProviderHarness harness(MakeNotesProvider(notes_), {.deferral_allowed = true});
  ASSERT_THAT(harness.Configure(), IsOk());
  const auto plan = harness.Plan(kA, {{"name", "a"}, {"text", "later"}});
  ASSERT_THAT(plan, IsOk());
  EXPECT_EQ(plan->deferred, DeferredReason::kAbsentPrerequisite);
  EXPECT_THAT(harness.ApplyPlan(*plan), FailsAt(absl::StatusCode::kFailedPrecondition, {}, "deferred"));
}

TEST_F(HarnessTest, TellsATestWhatItAsksForInVain) {
  EXPECT_THAT(harness_.Plan("notes_note", {}), FailsAt(absl::StatusCode::kInvalidArgument, {}, "no address"));
  EXPECT_THAT(harness_.Plan("notes_page.a", {}),
              FailsAt(absl::StatusCode::kInvalidArgument, {},
                      "The provider notes has no resource called notes_page."));
  EXPECT_THAT(harness_.State(kA), FailsAt(absl::StatusCode::kNotFound, {}, "no state"));
  EXPECT_THAT(harness_.Call("f"), FailsAt(absl::StatusCode::kInvalidArgument, {}, "no function called f"));
  EXPECT_THAT(harness_.SetProviderMeta({}),
              FailsAt(absl::StatusCode::kInvalidArgument, {}, "no provider_meta"));
}

}  // namespace
}  // namespace tfsdk::testing
