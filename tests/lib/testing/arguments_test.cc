#include "tfsdk/testing/arguments.h"

#include "gmock/gmock.h"
#include "support/notes_provider.h"
#include "tfsdk/testing/harness_matchers.h"

namespace tfsdk::testing {
namespace {

const Schema& NoteSchema() { return BindingOf<NoteModel>().schema(); }

TEST(ArgumentsTest, WhatIsLeftOutIsNullAndBlocksAreEmpty) {
  const auto note = Arguments({{"name", "a"}, {"copies", 3}}).For(NoteSchema());
  ASSERT_THAT(note, IsOk());
  EXPECT_THAT(*note,
              ::testing::AllOf(HasAttribute("name", "a"), HasAttribute("copies", 3), IsNullAt("text")));
  EXPECT_TRUE(note->attribute("line").elements().empty());
}

TEST(ArgumentsTest, BlocksAndUnknownsHaveTheTypesOfTheSchema) {
  const auto note =
      Arguments({{"name", Given::Unknown()}, {"line", Given::List({Given::Object({{"text", "x"}})})}})
          .For(NoteSchema());
  ASSERT_THAT(note, IsOk());
  EXPECT_EQ(note->type(), NoteSchema().type());
  EXPECT_THAT(*note,
              ::testing::AllOf(IsUnknownAt("name"), HasAttribute(Path("line").AtIndex(0).At("text"), "x"),
                               IsNullAt(Path("line").AtIndex(0).At("hash"))));
}

TEST(ArgumentsTest, PrimitivesConvertAsTerraformConvertsThem) {
  EXPECT_THAT(Given("3").As(Type::Number()), IsOkAndHolds(Value::Number(3)));
  EXPECT_THAT(Given(true).As(Type::String()), IsOkAndHolds(Value::String("true")));
  EXPECT_THAT(Given(0.5).As(Type::String()), IsOkAndHolds(Value::String("0.5")));
}

TEST(ArgumentsTest, WhatDoesNotFitIsSaidAtItsPath) {
  EXPECT_THAT(
      Arguments({{"nmae", "a"}}).For(NoteSchema()),
      FailsAt(absl::StatusCode::kInvalidArgument, "nmae", "There is no nmae here, only copies, hash"));
  EXPECT_THAT(
      Arguments({{"copies", "many"}}).For(NoteSchema()),
      FailsAt(absl::StatusCode::kInvalidArgument, "copies", "\"many\" was given where a number belongs."));
  EXPECT_THAT(
      Arguments({{"line", Given::List({Given::Object({{"txt", "x"}})})}}).For(NoteSchema()),
      FailsAt(absl::StatusCode::kInvalidArgument, Path("line").AtIndex(0).At("txt"), "There is no txt"));
  EXPECT_THAT(Given::List({"a"}).As(Type::Tuple({})),
              FailsAt(absl::StatusCode::kInvalidArgument, {}, "A list of 1"));
}

TEST(ArgumentsTest, AModelIsWhatAUserWouldWrite) {
  NoteModel model;
  model.id = "7";
  model.name = "a";
  const auto note = Arguments(model).For(NoteSchema());
  ASSERT_THAT(note, IsOk());
  EXPECT_THAT(*note, ::testing::AllOf(HasAttribute("name", "a"), IsNullAt("id"), IsNullAt("copies")));
}

}  // namespace
}  // namespace tfsdk::testing
