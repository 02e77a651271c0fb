// examples/files in the harness: all of its kinds, also those that need a newer Terraform than most have.

#include <fstream>
#include <iterator>

#include "files/file_resource.h"
#include "files/files_provider.h"
#include "gmock/gmock.h"
#include "support/temporary_directory.h"
#include "tfsdk/testing/harness_matchers.h"
#include "tfsdk/testing/provider_harness.h"
#include "tfsdk/testing/schema_check.h"

namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::SizeIs;
using tfsdk::Value;
using tfsdk::testing::ChangesOnly;
using tfsdk::testing::FailsAt;
using tfsdk::testing::Given;
using tfsdk::testing::HasAttribute;
using tfsdk::testing::IsNullAt;
using tfsdk::testing::IsOk;
using tfsdk::testing::IsOkAndHolds;
using tfsdk::testing::IsUnknownAt;
using tfsdk::testing::PlanAction;
using tfsdk::testing::PlansTo;
using tfsdk::testing::ProviderHarness;
using tfsdk::testing::ReplacedBecauseOf;

class FilesTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_THAT(harness_.Configure({{"folder", folder_.path()}}), IsOk()); }

  std::string Text(const std::string& name) const {
    std::ifstream file(folder_.path() + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool IsThere(const std::string& name) const { return std::ifstream(folder_.path() + "/" + name).good(); }

  k8soidc::TemporaryDirectory folder_;
  ProviderHarness harness_{MakeFilesProvider()};
};

TEST(FilesProvider, HasValidSchemas) { tfsdk::testing::ExpectValidSchemas(&MakeFilesProvider); }

TEST_F(FilesTest, RefusesAFolderThatIsNotThere) {
  EXPECT_THAT(harness_.Configure({{"folder", "/nowhere"}}),
              FailsAt(absl::StatusCode::kAborted, "folder", "There is no such folder."));
}

TEST_F(FilesTest, PlansWhatIsCertain) {
  EXPECT_THAT(harness_.Plan("files_file.a", {{"name", "a"}, {"content", "hello"}}),
              IsOkAndHolds(AllOf(PlansTo(PlanAction::kCreate), HasAttribute("size", 5),
                                 HasAttribute("mode", "0644"), IsUnknownAt("modified"))));
  EXPECT_THAT(harness_.Plan("files_file.a", {{"name", Given::Unknown()}, {"content", Given::Unknown()}}),
              IsOkAndHolds(AllOf(IsUnknownAt("name"), IsUnknownAt("size"))));
}

TEST_F(FilesTest, CreatesUpdatesInPlaceAndDestroys) {
  EXPECT_THAT(harness_.Apply("files_file.a", {{"name", "a"}, {"content", "hello"}}),
              IsOkAndHolds(PlanAction::kCreate));
  EXPECT_EQ(Text("a"), "hello");
  EXPECT_THAT(harness_.Plan("files_file.a", {{"name", "a"}, {"content", "hello"}, {"mode", "0600"}}),
              IsOkAndHolds(AllOf(PlansTo(PlanAction::kUpdate), ChangesOnly({"mode", "modified"}),
                                 HasAttribute("size", 5))));
  EXPECT_THAT(harness_.Apply("files_file.a", {{"name", "a"}, {"content", "hello you"}, {"mode", "0600"}}),
              IsOkAndHolds(PlanAction::kUpdate));
  EXPECT_EQ(Text("a"), "hello you");
  EXPECT_THAT(harness_.State("files_file.a"),
              IsOkAndHolds(AllOf(HasAttribute("mode", "0600"), HasAttribute("size", 9))));
  EXPECT_THAT(harness_.Destroy("files_file.a"), IsOk());
  EXPECT_FALSE(IsThere("a"));
  EXPECT_FALSE(harness_.Has("files_file.a"));
}

TEST_F(FilesTest, AnotherNameIsAnotherFile) {
  ASSERT_THAT(harness_.Apply("files_file.a", {{"name", "a"}}), IsOk());
  EXPECT_THAT(harness_.Plan("files_file.a", {{"name", "b"}}),
              IsOkAndHolds(AllOf(PlansTo(PlanAction::kReplace), ReplacedBecauseOf({"name"}))));
  EXPECT_THAT(harness_.Apply("files_file.a", {{"name", "b"}}), IsOkAndHolds(PlanAction::kReplace));
  EXPECT_FALSE(IsThere("a"));
  EXPECT_TRUE(IsThere("b"));
  EXPECT_THAT(harness_.Object("files_file.a")->identity, ::testing::Optional(HasAttribute("name", "b")));
}

TEST_F(FilesTest, ATaintedFileIsReplaced) {
  ASSERT_THAT(harness_.Apply("files_file.a", {{"name", "a"}}), IsOk());
  ASSERT_THAT(harness_.Taint("files_file.a"), IsOk());
  EXPECT_THAT(harness_.Apply("files_file.a", {{"name", "a"}}), IsOkAndHolds(PlanAction::kReplace));
  EXPECT_FALSE(harness_.Object("files_file.a")->tainted);
}

TEST_F(FilesTest, AModelServesAsConfigurationAndAsState) {
  FileModel file;
  file.name = "a";
  file.content = "hello";
  ASSERT_THAT(harness_.Apply("files_file.a", file), IsOk());
  const absl::StatusOr<FileModel> state = harness_.StateAs<FileModel>("files_file.a");
  ASSERT_THAT(state, IsOk());
  EXPECT_EQ(state->mode, "0644");
  EXPECT_EQ(state->size, 5);
}

TEST_F(FilesTest, SecretContentIsWrittenAndNotStored) {
  ASSERT_THAT(harness_.Apply("files_file.a",
                             {{"name", "a"}, {"secret_content", "hush"}, {"secret_content_version", 1}}),
              IsOk());
  EXPECT_EQ(Text("a"), "hush");
  EXPECT_THAT(harness_.State("files_file.a"),
              IsOkAndHolds(AllOf(IsNullAt("secret_content"), IsNullAt("content"))));
  // Another secret of the same version is no change.
  EXPECT_THAT(harness_.Plan("files_file.a",
                            {{"name", "a"}, {"secret_content", "else"}, {"secret_content_version", 1}}),
              IsOkAndHolds(PlansTo(PlanAction::kNoOp)));
  EXPECT_THAT(harness_.Apply("files_file.a",
                             {{"name", "a"}, {"secret_content", "else"}, {"secret_content_version", 2}}),
              IsOkAndHolds(PlanAction::kUpdate));
  EXPECT_EQ(Text("a"), "else");
}

TEST_F(FilesTest, ValidatesWhatTheSchemaCannotSay) {
  EXPECT_THAT(harness_.Validate("files_file.a", {{"name", "a/b"}}),
              FailsAt(absl::StatusCode::kAborted, "name", "without a slash"));
  EXPECT_THAT(harness_.Validate("files_file.a", {{"name", "a"}, {"mode", "rw"}}),
              FailsAt(absl::StatusCode::kAborted, "mode", "four octal digits"));
  EXPECT_THAT(harness_.Validate("files_file.a", {{"name", "a"}, {"content", "x"}, {"secret_content", "y"}}),
              FailsAt(absl::StatusCode::kAborted, "content", "together with secret_content"));
}

TEST_F(FilesTest, SeesWhatChangedOutside) {
  ASSERT_THAT(harness_.Apply("files_file.a", {{"name", "a"}, {"content", "hello"}}), IsOk());
  folder_.Write("a", "changed");
  EXPECT_THAT(harness_.Plan("files_file.a", {{"name", "a"}, {"content", "hello"}}),
              IsOkAndHolds(AllOf(PlansTo(PlanAction::kUpdate), HasAttribute("content", "hello"))));
  ASSERT_THAT(harness_.Refresh("files_file.a"), IsOk());
  EXPECT_THAT(harness_.State("files_file.a"), IsOkAndHolds(HasAttribute("content", "changed")));
  EXPECT_THAT(harness_.Apply("files_file.a", {{"name", "a"}, {"content", "hello"}}),
              IsOkAndHolds(PlanAction::kUpdate));
  unlink((folder_.path() + "/a").c_str());
  EXPECT_THAT(harness_.Plan("files_file.a", {{"name", "a"}, {"content", "hello"}}),
              IsOkAndHolds(PlansTo(PlanAction::kCreate)));
  ASSERT_THAT(harness_.Refresh("files_file.a"), IsOk());
  EXPECT_FALSE(harness_.Has("files_file.a"));
}

TEST_F(FilesTest, DoesNotTakeOverAFileThatIsThere) {
  folder_.Write("a", "mine");
  EXPECT_THAT(harness_.Apply("files_file.a", {{"name", "a"}}),
              FailsAt(absl::StatusCode::kAborted, {}, "Cannot create"));
  EXPECT_FALSE(harness_.Has("files_file.a"));
  EXPECT_EQ(Text("a"), "mine");
}

TEST_F(FilesTest, ImportsByNameAndByIdentity) {
  folder_.Write("a", "mine");
  ASSERT_THAT(harness_.Import("files_file.a", "a"), IsOk());
  ASSERT_THAT(harness_.ImportIdentity("files_file.b", {{"name", "a"}}), IsOk());
  EXPECT_EQ(*harness_.State("files_file.a"), *harness_.State("files_file.b"));
  EXPECT_THAT(harness_.State("files_file.a"),
              IsOkAndHolds(AllOf(HasAttribute("content", "mine"), HasAttribute("size", 4))));
  EXPECT_THAT(harness_.Import("files_file.a", "a"),
              FailsAt(absl::StatusCode::kFailedPrecondition, {}, "already managed"));
  EXPECT_THAT(harness_.Import("files_file.c", "nothing"),
              FailsAt(absl::StatusCode::kAborted, {}, "Cannot import"));
}

TEST_F(FilesTest, UpgradesVersionZero) {
  folder_.Write("a", "old");
  ASSERT_THAT(harness_.SetStored("files_file.a", {0, R"({"filename":"a","text":"old"})"}), IsOk());
  EXPECT_THAT(harness_.State("files_file.a"),
              IsOkAndHolds(AllOf(HasAttribute("name", "a"), HasAttribute("mode", "0644"))));
  ASSERT_THAT(harness_.Refresh("files_file.a"), IsOk());
  EXPECT_THAT(harness_.State("files_file.a"), IsOkAndHolds(HasAttribute("content", "old")));
  ASSERT_THAT(harness_.SetStored("files_file.b", {7, "{}"}), IsOk());
  EXPECT_THAT(harness_.State("files_file.b"),
              FailsAt(absl::StatusCode::kFailedPrecondition, {}, "managed by newer provider version"));
}

TEST_F(FilesTest, TakesOverATerraformData) {
  folder_.Write("a", "x");
  tfsdk::MoveSource source;
  source.provider_address = "terraform.io/builtin/terraform";
  source.type_name = "terraform_data";
  source.state_json =
      R"({"input":{"value":{"name":"a","content":"x"},"type":["object",{"name":"string","content":"string"}]}})";
  ASSERT_THAT(harness_.Move(source, "files_file.a"), IsOk());
  EXPECT_THAT(harness_.State("files_file.a"), IsOkAndHolds(HasAttribute("content", "x")));
  source.type_name = "terraform_other";
  EXPECT_THAT(harness_.Move(source, "files_file.b"), FailsAt(absl::StatusCode::kAborted, {}, "Cannot move"));
}

TEST_F(FilesTest, JoinsNames) {
  EXPECT_THAT(harness_.Call("join_names", "-", "a", "b"), IsOkAndHolds(Value::String("a-b")));
  EXPECT_THAT(harness_.Call("join_names", "-"), IsOkAndHolds(Value::String("")));
  EXPECT_THAT(harness_.Call("join_names", "-", "a", "b/c"),
              FailsAt(absl::StatusCode::kAborted, tfsdk::Path().AtIndex(2), "without a slash"));
  EXPECT_THAT(harness_.Call("join_names", "-", Given::Unknown()),
              IsOkAndHolds(Value::Unknown(tfsdk::Type::String())));
  EXPECT_THAT(harness_.Call("join_names"), FailsAt(absl::StatusCode::kAborted, {}, "at least 1 argument"));
}

TEST_F(FilesTest, AScratchFileIsGoneWhenItIsClosed) {
  auto open = harness_.Open("files_scratch", {{"name", "s"}, {"content", "x"}});
  ASSERT_THAT(open, IsOk());
  EXPECT_THAT(open->result, HasAttribute("path", folder_.path() + "/s"));
  EXPECT_EQ(Text("s"), "x");
  EXPECT_THAT(harness_.Renew(*open), FailsAt(absl::StatusCode::kAborted, {}, "cannot be renewed"));
  EXPECT_THAT(harness_.Close(*open), IsOk());
  EXPECT_FALSE(IsThere("s"));
  EXPECT_THAT(harness_.Close(*open, /*as_opentofu=*/true), IsOk());
}

TEST_F(FilesTest, ListsFiles) {
  for (const char* name : {"a1", "a2", "b1"}) folder_.Write(name, name);
  const auto names = harness_.List("files_file", {{"prefix", "a"}});
  ASSERT_THAT(names, IsOk());
  ASSERT_THAT(*names, SizeIs(2));
  EXPECT_EQ((*names)[1].display_name, "a2");
  EXPECT_THAT((*names)[1].identity, HasAttribute("name", "a2"));
  EXPECT_FALSE((*names)[1].object.has_value());
  const auto objects = harness_.List("files_file", {}, {.include_object = true, .limit = 1});
  ASSERT_THAT(objects, IsOk());
  ASSERT_THAT(*objects, SizeIs(1));
  EXPECT_THAT((*objects)[0].object, ::testing::Optional(HasAttribute("content", "a1")));
  // What is listed can be imported.
  EXPECT_THAT(harness_.ImportIdentity("files_file.a", tfsdk::testing::Arguments::Of((*objects)[0].identity)),
              IsOk());
}

TEST_F(FilesTest, TouchesFiles) {
  folder_.Write("a", "");
  folder_.Write("b", "");
  const auto run = harness_.Invoke("files_touch", {{"names", Given::List({"a", "b"})}});
  EXPECT_THAT(run.status, IsOk());
  EXPECT_THAT(run.progress, ElementsAre("touched a", "touched b"));
  const auto failed = harness_.Invoke("files_touch", {{"names", Given::List({"a", "gone"})}});
  EXPECT_THAT(failed.status,
              FailsAt(absl::StatusCode::kAborted, tfsdk::Path("names").AtIndex(1), "Cannot invoke"));
  EXPECT_THAT(failed.progress, ElementsAre("touched a"));
}

}  // namespace
