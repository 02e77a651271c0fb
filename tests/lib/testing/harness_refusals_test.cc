// What Terraform would refuse, the harness refuses, with Terraform's summary and the path.

#include "gmock/gmock.h"
#include "support/notes_provider.h"
#include "tfsdk/testing/harness_matchers.h"
#include "tfsdk/testing/provider_harness.h"

namespace tfsdk::testing {
namespace {

using ::testing::HasSubstr;

constexpr absl::StatusCode kRefused = absl::StatusCode::kFailedPrecondition;

TEST(HarnessRefusalsTest, WhatTheLibraryRefusesHasTerraformsSummary) {
  ProviderHarness harness(MakeNotesProvider());
  ASSERT_THAT(harness.Configure(), IsOk());
  EXPECT_THAT(harness.Plan("notes_note.a", {{"name", "a"}, {"text", "contradiction"}}),
              FailsAt(kRefused, "name", "Provider produced invalid plan"));
  EXPECT_THAT(harness.Plan("notes_note.a", {{"name", "a"}, {"text", "invented seal"}}),
              FailsAt(kRefused, "seal", "(a sensitive value)"));
  EXPECT_THAT(harness.Apply("notes_note.a", {{"name", "a"}, {"text", "altered"}}),
              FailsAt(kRefused, "text", "Provider produced inconsistent result after apply"));
  // As with Terraform, what was made is not lost.
  EXPECT_TRUE(harness.Has("notes_note.a"));
}

// A resource that does what its `does` says, wrongly.
struct OddModel {
  std::string does;
  std::string made;
  std::optional<std::string> note;

  static ObjectBinding<OddModel> Describe() {
    return ObjectBinding<OddModel>("")
        .Required("does", &OddModel::does, "")
        .Computed("made", &OddModel::made, "")
        .Optional("note", &OddModel::note, "");
  }
};

struct Odd {
  int plans = 0;
  std::string private_in_second_plan;
};

class OddResource final : public Resource<OddModel, Odd> {
 public:
  absl::StatusOr<OddModel> Create(ResourceContext& context, Odd&, OddModel planned) const override {
    context.private_state().Set("mine", planned.does);
    planned.made = "made";
    return planned;
  }
  absl::StatusOr<std::optional<OddModel>> Read(ResourceContext&, Odd&, OddModel state) const override {
    if (state.does == "normalises") state.note = "NOTE";
    if (state.does == "vanishes") return std::optional<OddModel>();
    if (state.does == "throws in read") throw std::runtime_error("odd");
    return state;
  }
  absl::StatusOr<OddModel> Update(ResourceContext&, Odd&, OddModel, OddModel planned) const override {
    planned.made = "made again";
    return planned;
  }
  absl::Status Delete(ResourceContext&, Odd&, OddModel) const override { return absl::OkStatus(); }
  absl::Status ModifyPlan(ResourceContext&, Odd* odd, ResourcePlan<OddModel>& plan) const override {
    if (plan.destroying()) return absl::OkStatus();
    TFSDK_ASSIGN_OR_RETURN(const Maybe<std::string> does, plan.Planned(&OddModel::does));
    if (!does.HasValue()) return absl::OkStatus();
    ++odd->plans;
    if (does.value() == "changes its mind") plan.Set(&OddModel::made, std::to_string(odd->plans));
    if (does.value() == "replaces always") plan.RequireReplace(&OddModel::does);
    return absl::OkStatus();
  }
};

std::shared_ptr<Odd>& SharedOdd() {
  static std::shared_ptr<Odd> odd;
  return odd;
}

struct NoConfig {
  static ObjectBinding<NoConfig> Describe() { return ObjectBinding<NoConfig>(""); }
};

class OddTest : public ::testing::Test {
 protected:
  OddTest() { SharedOdd() = odd_; }
  void SetUp() override { ASSERT_THAT(harness_.Configure(), IsOk()); }

  std::shared_ptr<Odd> odd_ = std::make_shared<Odd>();
  ProviderHarness harness_{
      ProviderBuilder<NoConfig, Odd>(
          "odd", +[](Context&, NoConfig) -> absl::StatusOr<std::shared_ptr<Odd>> { return SharedOdd(); })
          .Add<OddResource>("thing")
          .Build()};
};

TEST_F(OddTest, APlanThatIsAnotherInTheApply) {
  EXPECT_THAT(harness_.Apply("odd_thing.a", {{"does", "changes its mind"}}),
              FailsAt(kRefused, "made", "Provider produced inconsistent final plan"));
  EXPECT_FALSE(harness_.Has("odd_thing.a"));
}

TEST_F(OddTest, AReadThatGivesAnotherValueThanWasApplied) {
  EXPECT_THAT(
      harness_.Apply("odd_thing.a", {{"does", "normalises"}, {"note", "note"}}),
      FailsAt(kRefused, "made",
              "the next plan is not empty: it is to update in place odd_thing.a because of made, note"));
  ProviderHarness lenient(MakeNotesProvider(), {.expect_settled = false});
  ASSERT_THAT(lenient.Configure(), IsOk());
  EXPECT_THAT(lenient.Apply("notes_note.a", {{"name", "a"}}), IsOk());
}

TEST_F(OddTest, AnObjectThatIsGoneAfterItsCreation) {
  EXPECT_THAT(harness_.Apply("odd_thing.a", {{"does", "vanishes"}}),
              FailsAt(kRefused, {}, "it is to create odd_thing.a"));
}

TEST_F(OddTest, WhatIsThrownHasItsText) {
  EXPECT_THAT(harness_.Apply("odd_thing.a", {{"does", "throws in read"}}),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("The provider has thrown: odd")));
}

TEST_F(OddTest, AReplacementForWhatDoesNotChangeIsNone) {
  ASSERT_THAT(harness_.Apply("odd_thing.a", {{"does", "replaces always"}}), IsOk());
  EXPECT_THAT(harness_.Plan("odd_thing.a", {{"does", "replaces always"}, {"note", "x"}}),
              IsOkAndHolds(::testing::AllOf(PlansTo(PlanAction::kUpdate), ReplacedBecauseOf({}))));
  EXPECT_THAT(harness_.Plan("odd_thing.a", {{"does", "plain"}}), IsOkAndHolds(PlansTo(PlanAction::kUpdate)));
}

}  // namespace
}  // namespace tfsdk::testing
