// examples/files under the real terraform.

#include <fstream>

#include "gtest/gtest.h"
#include "support/temporary_directory.h"
#include "tfsdk/testing/acceptance_test.h"

namespace {

using tfsdk::testing::AcceptanceTest;
using tfsdk::testing::PlanAction;

TEST(FilesAcceptance, CreatesChangesReplacesImportsAndRefuses) {
  const k8soidc::TemporaryDirectory folder;
  AcceptanceTest test("example/files", FILES_PROVIDER,
                      {.terraform_from = "1.8.0", .provider_block = "folder = \"" + folder.path() + "\""});
  if (!test.ready()) GTEST_SKIP() << test.why_not();

  EXPECT_TRUE(
      test.Run({.config = R"(
      resource "files_file" "a" {
        name    = provider::files::join_names("-", "a", "b")
        content = "hello"
      }
      output "size" { value = files_file.a.size })",
                .plan = {{{"files_file.a", PlanAction::kCreate}}},
                .state = {{"files_file.a", "mode", "\"0644\""}, {"files_file.a", "secret_content", "null"}},
                .outputs = {{"size", "5"}}}));
  EXPECT_TRUE(std::ifstream(folder.path() + "/a-b").good());

  EXPECT_TRUE(test.Run({.config = R"(resource "files_file" "a" {
                                       name    = "a-b"
                                       content = "changed"
                                     })",
                        .plan = {{{"files_file.a", PlanAction::kUpdate}}},
                        .state = {{"files_file.a", "size", "7"}}}));
  EXPECT_TRUE(test.Run({.config = R"(resource "files_file" "a" { name = "other" })",
                        .plan = {{{"files_file.a", PlanAction::kReplace}}}}));
  EXPECT_FALSE(std::ifstream(folder.path() + "/a-b").good());

  EXPECT_TRUE(test.Run(
      {.config = R"(resource "files_file" "a" { name = "x/y" })",
       .error = "Must be the name of a file: not empty, without a slash, and no longer than 200 bytes."}));

  folder.Write("mine", "x");
  const std::string both = R"(resource "files_file" "a" { name = "other" }
                              resource "files_file" "b" {
                                name    = "mine"
                                content = "x"
                              })";
  EXPECT_TRUE(test.Run({.config = both,
                        .state = {{"files_file.b", "content", "\"x\""}},
                        .import_address = "files_file.b",
                        .import_id = "mine",
                        .expect_settled = false}));
  EXPECT_TRUE(test.Destroy());
  EXPECT_FALSE(std::ifstream(folder.path() + "/mine").good());
}

TEST(FilesAcceptance, ActionsNeedTerraform114) {
  const k8soidc::TemporaryDirectory folder;
  folder.Write("a", "");
  AcceptanceTest test("example/files", FILES_PROVIDER,
                      {.terraform_from = "1.14.0", .provider_block = "folder = \"" + folder.path() + "\""});
  if (!test.ready()) GTEST_SKIP() << test.why_not();
  EXPECT_TRUE(test.Run({.config = R"(
      action "files_touch" "a" { config { names = ["a"] } }
      resource "terraform_data" "t" {
        lifecycle { action_trigger {
          events  = [after_create]
          actions = [action.files_touch.a]
        } }
      })"}));
}

}  // namespace
