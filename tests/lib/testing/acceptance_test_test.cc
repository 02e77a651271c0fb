// AcceptanceTest itself, with scripts in the place of terraform.

#include "tfsdk/testing/acceptance_test.h"

#include <sys/stat.h>

#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "support/temporary_directory.h"
#include "tfsdk/testing/internal/child.h"

namespace tfsdk::testing {
namespace {

using internal::RunChild;
using ::testing::HasSubstr;

class AcceptanceTestTest : public ::testing::Test {
 protected:
  void SetUp() override { Script("echo '{\"terraform_version\":\"1.11.4\"}'"); }
  // What stands for terraform.
  void Script(const std::string& body) {
    const std::string file = folder_.Write("terraform", "#!/bin/sh\n" + body + "\n");
    chmod(file.c_str(), 0755);
    setenv("TF_ACC_TERRAFORM_PATH", file.c_str(), 1);
  }
  void TearDown() override { unsetenv("TF_ACC_TERRAFORM_PATH"); }

  k8soidc::TemporaryDirectory folder_;
};

TEST(IsAtLeastTest, ComparesNumbersNotText) {
  EXPECT_TRUE(IsAtLeast("1.11.4", "1.9.0"));
  EXPECT_TRUE(IsAtLeast("1.14.0-beta1", "1.14"));
  EXPECT_FALSE(IsAtLeast("1.11.4", "1.14.0"));
  EXPECT_FALSE(IsAtLeast("", "0.1"));
}

TEST_F(AcceptanceTestTest, SkipsWithAReasonWhereTerraformIsTooOldOrMissing) {
  AcceptanceTest old("example/files", "/nowhere/terraform-provider-files", {.terraform_from = "1.14.0"});
  EXPECT_FALSE(old.ready());
  EXPECT_THAT(old.why_not(), HasSubstr("skipped: needs terraform 1.14.0, but"));
  AcceptanceTest new_enough("example/files", "/nowhere/terraform-provider-files",
                            {.terraform_from = "1.11.4"});
  EXPECT_TRUE(new_enough.ready()) << new_enough.why_not();
  setenv("TF_ACC_TERRAFORM_PATH", "/nowhere/terraform", 1);
  AcceptanceTest missing("example/files", "/nowhere/terraform-provider-files");
  EXPECT_THAT(missing.why_not(),
              HasSubstr("TF_ACC_TERRAFORM_PATH is /nowhere/terraform, which is no program"));
}

TEST_F(AcceptanceTestTest, AnErrorThatDoesNotComeFailsTheTest) {
  AcceptanceTest test("example/files", "/nowhere/terraform-provider-files");
  ASSERT_TRUE(test.ready());
  EXPECT_NONFATAL_FAILURE(test.Run({.error = "no such"}), "expected an error with \"no such\"");
}

TEST_F(AcceptanceTestTest, AnErrorIsFoundAcrossTheLinesOfTerraform) {
  Script(
      "[ $1 = version ] && echo '{\"terraform_version\":\"1.11.4\"}' && exit 0\n"
      "[ $2 = -destroy ] && exit 0\n"
      "printf '\\342\\224\\202 Error: this is a\\n\\342\\224\\202 long line\\n' >&2; exit 1");
  AcceptanceTest test("example/files", "/nowhere/terraform-provider-files");
  ASSERT_TRUE(test.ready());
  EXPECT_TRUE(test.Run({.error = "this is a long line"}));
}

TEST(ChildTest, HasTheEnvironmentThatItIsGivenAndNothingElse) {
  const auto result = RunChild({"/usr/bin/env"}, "/", {{"A", "b c"}}, absl::Seconds(20));
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.out, "A=b c\n");
}

TEST(ChildTest, IsKilledWithWhatItStartedWhenItsTimeIsOver) {
  const auto result =
      RunChild({"/bin/sh", "-c", "sleep 60 & sleep 60"}, "/", {{"PATH", "/usr/bin:/bin"}}, absl::Seconds(1));
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.code, -1);
}

TEST(ChildTest, SaysWhatCouldNotBeStarted) {
  EXPECT_EQ(RunChild({"/nowhere/program"}, "/", {}, absl::Seconds(20)).code, 127);
}

}  // namespace
}  // namespace tfsdk::testing
