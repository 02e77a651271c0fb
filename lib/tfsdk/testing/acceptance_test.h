#pragma once

// AcceptanceTest: a provider binary under the real terraform (or tofu), from a gtest.
//
//   TEST(FilesAcceptance, CreatesAndChanges) {
//     AcceptanceTest test("example/files", FILES_PROVIDER);
//     if (!test.ready()) GTEST_SKIP() << test.why_not();
//     test.Run({.config = R"(resource "files_file" "a" { name = "a" })",
//               .plan = {{"files_file.a", PlanAction::kCreate}},
//               .state = {{"files_file.a", "name", "\"a\""}}});
//     test.Run({.config = "", .plan = {{"files_file.a", PlanAction::kDestroy}}});
//   }
//
// Runs `terraform` where TF_ACC_TERRAFORM_PATH says, else `terraform` or `tofu` in PATH; offline, in a folder of its
// own below the system's temporary one, without what the user has configured. Nothing is downloaded: the provider is
// named in dev_overrides, so other providers cannot be used, but terraform_data can.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/testing/planned_change.h"

namespace tfsdk::testing {

struct AcceptanceOptions {
  // "1.11.0": an older terraform skips the whole test. Tofu counts its versions otherwise: empty means none will do.
  std::string terraform_from = {};
  std::string tofu_from = {};
  // What the provider block says, for steps that have none: `folder = "…"`.
  std::string provider_block = {};
  // Added to the environment of terraform, and so of the provider.
  std::map<std::string, std::string> environment = {};
  // For each command: then terraform is killed, with what it has started.
  absl::Duration timeout = absl::Seconds(120);
};

// A value in the state or an output as JSON: "\"text\"", "5", "null", "[1,2]".
struct StateCheck {
  std::string address;
  std::string attribute;
  std::string json;
};

struct AcceptanceStep {
  // The resources, outputs, … of this step. The blocks `terraform` and `provider` are added.
  std::string config;
  // By address, all that the plan shall do; what is not named must not change. Nothing: it is not looked at.
  std::optional<std::map<std::string, PlanAction>> plan = std::nullopt;
  // After the apply.
  std::vector<StateCheck> state = {};
  std::map<std::string, std::string> outputs = {};  // JSON by name
  // Not empty: the step must fail, with this in what terraform says, however it breaks its lines.
  std::string error = {};
  // Not empty: instead of an apply, `terraform import ADDRESS ID`.
  std::string import_address = {};
  std::string import_id = {};
  // After the apply, a second plan must be empty.
  bool expect_settled = true;
  // Skips this step, and says so, when terraform is older than that.
  std::string terraform_from = {};
};

// Owns its folder, which goes away with it; before, all that is still there is destroyed. Failures are those of the
// running test, with the output of terraform. Not thread-safe.
class AcceptanceTest {
 public:
  // `source` is the address of the provider, "namespace/name"; `binary` the file terraform-provider-NAME.
  AcceptanceTest(const std::string& source, const std::string& binary, AcceptanceOptions options = {});
  ~AcceptanceTest();
  AcceptanceTest(const AcceptanceTest&) = delete;
  AcceptanceTest& operator=(const AcceptanceTest&) = delete;

  // Whether there is a terraform that is new enough; if not, why_not() says which, for GTEST_SKIP().
  bool ready() const;
  const std::string& why_not() const;
  // "1.11.4", and whether it is tofu. Requires ready().
  const std::string& version() const;
  bool is_tofu() const;
  // Where the step's main.tf lies.
  const std::string& folder() const;

  // Returns whether all of it was as expected. Requires ready().
  bool Run(const AcceptanceStep& step);
  // Destroys what is there, and expects that it works. The destructor does it as well.
  bool Destroy();

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

// Whether version `a` is at least `b`: "1.11.4" and "1.14.0-beta1" and the like. Pre-releases count as their release.
bool IsAtLeast(absl::string_view a, absl::string_view b);

}  // namespace tfsdk::testing
