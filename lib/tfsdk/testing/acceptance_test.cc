#include "tfsdk/testing/acceptance_test.h"

#include <stdlib.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <system_error>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tfsdk/testing/internal/child.h"

namespace tfsdk::testing {
namespace {

using internal::ChildResult;
using nlohmann::json;

json Parsed(const std::string& text) { return json::parse(text, nullptr, /*allow_exceptions=*/false); }

// The member of that name; null when there is none.
const json& Member(const json& object, const std::string& name) {
  static const json nothing;
  const auto it = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && it != object.end() ? *it : nothing;
}

// Terraform breaks its lines where it likes, behind a bar.
std::string Squeezed(absl::string_view text) {
  std::string squeezed;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    absl::string_view rest = line;
    for (const absl::string_view bar : {"│", "╷", "╵"}) {
      if (rest.substr(0, bar.size()) == bar) rest.remove_prefix(bar.size());
    }
    for (const char c : rest) {
      const bool space = std::isspace(static_cast<unsigned char>(c)) != 0;
      if (!space) squeezed += c;
      if (space && !squeezed.empty() && squeezed.back() != ' ') squeezed += ' ';
    }
    if (!squeezed.empty() && squeezed.back() != ' ') squeezed += ' ';
  }
  return squeezed;
}

PlanAction ActionOf(const json& actions) {
  const auto has = [&](const char* name) {
    return std::find(actions.begin(), actions.end(), name) != actions.end();
  };
  if (has("create") && has("delete")) return PlanAction::kReplace;
  if (has("create")) return PlanAction::kCreate;
  if (has("delete")) return PlanAction::kDestroy;
  return has("update") ? PlanAction::kUpdate : PlanAction::kNoOp;
}

std::vector<int> Numbers(absl::string_view version) {
  std::vector<int> numbers;
  for (const absl::string_view part : absl::StrSplit(version.substr(0, version.find_first_of("-+")), '.')) {
    int number = 0;
    if (!absl::SimpleAtoi(part, &number)) break;
    numbers.push_back(number);
  }
  numbers.resize(3);
  return numbers;
}

}  // namespace

bool IsAtLeast(absl::string_view a, absl::string_view b) { return Numbers(a) >= Numbers(b); }

class AcceptanceTest::Impl {
 public:
  Impl(const std::string& source, const std::string& binary, AcceptanceOptions options)
      : source_(source), options_(std::move(options)) {
    cli_ = Cli();
    if (!cli_.empty()) MakeFolder(binary);
    if (why_not_.empty()) FindVersion();
  }
  ~Impl() {
    std::error_code ignored;
    if (!root_.empty()) std::filesystem::remove_all(root_, ignored);
  }

  ChildResult Terraform(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), cli_);
    return internal::RunChild(arguments, folder_, environment_, options_.timeout);
  }
  // Fails the test when it does not end with 0.
  bool Succeeds(std::vector<std::string> arguments, std::string* out = nullptr) const {
    const ChildResult result = Terraform(arguments);
    if (out != nullptr) *out = result.out;
    if (result.code == 0) return true;
    ADD_FAILURE() << absl::StrJoin(arguments, " ") << Ending(result) << "\n" << result.err << result.out;
    return false;
  }
  std::string Ending(const ChildResult& result) const {
    if (!result.started) return ": could not be started";
    return result.timed_out ? absl::StrCat(": did not end within ", absl::FormatDuration(options_.timeout))
                            : absl::StrCat(": ended with ", result.code);
  }

  void Write(const std::string& config) {
    const std::string name = source_.substr(source_.rfind('/') + 1);
    std::ofstream(folder_ + "/main.tf", std::ios::binary)
        << "terraform {\n  required_providers {\n    " << name << " = { source = \"" << source_
        << "\" }\n  }\n}\n\nprovider \"" << name << "\" {\n"
        << options_.provider_block << "\n}\n\n"
        << config << "\n";
    dirty_ = true;
  }

  bool Run(const AcceptanceStep& step);
  bool Destroy() {
    if (!dirty_) return true;
    // Whatever the last step said, which may be an error: what is not in the configuration is destroyed as well.
    Write("");
    dirty_ = false;
    return Succeeds({"apply", "-destroy", "-auto-approve", "-input=false", "-no-color"});
  }

  std::string cli_, version_, why_not_, folder_;
  bool tofu_ = false;

 private:
  std::string Cli() {
    const char* wanted = std::getenv("TF_ACC_TERRAFORM_PATH");
    if (wanted != nullptr && *wanted != '\0') {
      std::string file = internal::FindProgram(wanted);
      if (file.empty())
        why_not_ = absl::StrCat("skipped: TF_ACC_TERRAFORM_PATH is ", wanted, ", which is no program");
      return file;
    }
    for (const char* name : {"terraform", "tofu"}) {
      std::string file = internal::FindProgram(name);
      if (!file.empty()) return std::filesystem::absolute(file).string();
    }
    why_not_ = "skipped: there is neither terraform nor tofu in PATH, and TF_ACC_TERRAFORM_PATH is not set";
    return "";
  }

  void MakeFolder(const std::string& binary) {
    root_ = (std::filesystem::temp_directory_path() / "tfsdk-acceptance-XXXXXX").string();
    if (mkdtemp(root_.data()) == nullptr) {
      why_not_ = absl::StrCat("no folder ", root_);
      root_.clear();
      return;
    }
    folder_ = root_ + "/project";
    for (const char* inner : {"/project", "/home", "/tmp"}) std::filesystem::create_directory(root_ + inner);
    const std::string where = std::filesystem::absolute(binary).parent_path().string();
    std::ofstream rc(root_ + "/cli.tfrc");
    rc << "provider_installation {\n  dev_overrides {\n";
    for (const char* registry : {"registry.terraform.io/", "registry.opentofu.org/"}) {
      rc << "    \"" << registry << source_ << "\" = " << json(where).dump() << "\n";
    }
    rc << "  }\n}\n";
    environment_ = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
                    {"HOME", root_ + "/home"},
                    {"TMPDIR", root_ + "/tmp"},
                    {"LANG", "C.UTF-8"},
                    {"TF_CLI_CONFIG_FILE", root_ + "/cli.tfrc"},
                    {"CHECKPOINT_DISABLE", "1"},
                    {"TF_IN_AUTOMATION", "1"}};
    for (const auto& [name, value] : options_.environment) environment_[name] = value;
  }

  void FindVersion() {
    const ChildResult result = Terraform({"version", "-json"});
    const json said = Parsed(result.out);
    const json& version = Member(said, "terraform_version");
    if (result.code != 0 || !version.is_string()) {
      why_not_ = absl::StrCat("skipped: ", cli_, " version", Ending(result), "\n", result.err);
      return;
    }
    version_ = version.get<std::string>();
    const ChildResult text = Terraform({"version"});
    tofu_ = text.out.find("OpenTofu") != std::string::npos;
    const std::string& from = tofu_ ? options_.tofu_from : options_.terraform_from;
    const bool gated = !options_.terraform_from.empty() || !options_.tofu_from.empty();
    if (gated && from.empty()) {
      why_not_ = absl::StrCat("skipped: no version of ", tofu_ ? "tofu" : "terraform", " can do this");
    } else if (gated && !IsAtLeast(version_, from)) {
      why_not_ = absl::StrCat("skipped: needs ", tofu_ ? "tofu " : "terraform ", from, ", but ", cli_, " is ",
                              version_);
    }
  }

  bool CheckPlan(const std::map<std::string, PlanAction>& wanted) const;
  bool CheckState(const AcceptanceStep& step) const;
  bool ExpectError(const ChildResult& result, const std::string& text) const {
    const bool right = result.code != 0 && !result.timed_out &&
                       Squeezed(result.err + result.out).find(Squeezed(text + " ")) != std::string::npos;
    EXPECT_TRUE(right) << "expected an error with \"" << text << "\", but terraform" << Ending(result) << "\n"
                       << result.err << result.out;
    return right;
  }

  const std::string source_;
  const AcceptanceOptions options_;
  std::string root_;
  std::map<std::string, std::string> environment_;
  bool dirty_ = false;  // there may be something to destroy
};

bool AcceptanceTest::Impl::CheckPlan(const std::map<std::string, PlanAction>& wanted) const {
  std::string out;
  if (!Succeeds({"show", "-json", "plan"}, &out)) return false;
  std::map<std::string, PlanAction> planned;
  const json shown_plan = Parsed(out);
  for (const json& change : Member(shown_plan, "resource_changes")) {
    const PlanAction action = ActionOf(Member(Member(change, "change"), "actions"));
    const json& mode = Member(change, "mode");
    if (action != PlanAction::kNoOp && mode == "managed")
      planned[Member(change, "address").get<std::string>()] = action;
  }
  std::map<std::string, PlanAction> expected = wanted;
  // What must not change may be named as well.
  std::erase_if(expected, [](const auto& entry) { return entry.second == PlanAction::kNoOp; });
  const auto shown = [](const std::map<std::string, PlanAction>& plan) {
    return plan.empty() ? "nothing" : absl::StrJoin(plan, ", ", [](std::string* text, const auto& entry) {
      absl::StrAppend(text, ToString(entry.second), " ", entry.first);
    });
  };
  EXPECT_TRUE(planned == expected) << "expected a plan to " << shown(expected) << ", got one to "
                                   << shown(planned);
  return planned == expected;
}

bool AcceptanceTest::Impl::CheckState(const AcceptanceStep& step) const {
  if (step.state.empty() && step.outputs.empty()) return true;
  std::string out;
  if (!Succeeds({"show", "-json"}, &out)) return false;
  const json state = Parsed(out);
  const json& values = Member(state, "values");
  bool right = true;
  for (const StateCheck& check : step.state) {
    const json* found = nullptr;
    for (const json& resource : Member(Member(values, "root_module"), "resources")) {
      if (Member(resource, "address") == check.address) found = &Member(resource, "values");
    }
    const bool same = found != nullptr && Member(*found, check.attribute) == Parsed(check.json);
    EXPECT_TRUE(same) << check.address << "." << check.attribute << " is "
                      << (found == nullptr ? "not there" : Member(*found, check.attribute).dump()) << ", not "
                      << check.json;
    right &= same;
  }
  for (const auto& [name, text] : step.outputs) {
    const json& value = Member(Member(Member(values, "outputs"), name), "value");
    EXPECT_EQ(value, Parsed(text)) << "output " << name;
    right &= value == Parsed(text);
  }
  return right;
}

bool AcceptanceTest::Impl::Run(const AcceptanceStep& step) {
  if (!step.terraform_from.empty() && (tofu_ || !IsAtLeast(version_, step.terraform_from))) {
    std::cerr << "skipped: a step needs terraform " << step.terraform_from << ", but " << cli_ << " is "
              << version_ << "\n";
    return true;
  }
  Write(step.config);
  if (!step.import_address.empty()) {
    const ChildResult imported =
        Terraform({"import", "-input=false", "-no-color", step.import_address, step.import_id});
    if (!step.error.empty()) return ExpectError(imported, step.error);
    EXPECT_EQ(imported.code, 0) << "import" << Ending(imported) << "\n" << imported.err << imported.out;
    if (imported.code != 0) return false;
  } else {
    const ChildResult planned = Terraform({"plan", "-input=false", "-no-color", "-out=plan"});
    if (planned.code != 0) {
      if (!step.error.empty()) return ExpectError(planned, step.error);
      ADD_FAILURE() << "plan" << Ending(planned) << "\n" << planned.err << planned.out;
      return false;
    }
    if (step.plan.has_value() && !CheckPlan(*step.plan)) return false;
    const ChildResult applied = Terraform({"apply", "-input=false", "-no-color", "plan"});
    if (!step.error.empty()) return ExpectError(applied, step.error);
    EXPECT_EQ(applied.code, 0) << "apply" << Ending(applied) << "\n" << applied.err << applied.out;
    if (applied.code != 0) return false;
  }
  if (!CheckState(step)) return false;
  if (!step.expect_settled) return true;
  const ChildResult again = Terraform({"plan", "-input=false", "-no-color", "-detailed-exitcode"});
  EXPECT_EQ(again.code, 0) << "expected that nothing is left to do, but the next plan" << Ending(again)
                           << "\n"
                           << again.err << again.out;
  return again.code == 0;
}

AcceptanceTest::AcceptanceTest(const std::string& source, const std::string& binary,
                               AcceptanceOptions options)
    : impl_(std::make_unique<Impl>(source, binary, std::move(options))) {}
AcceptanceTest::~AcceptanceTest() {
  if (ready()) impl_->Destroy();
}

bool AcceptanceTest::ready() const { return impl_->why_not_.empty(); }
const std::string& AcceptanceTest::why_not() const { return impl_->why_not_; }
const std::string& AcceptanceTest::version() const { return impl_->version_; }
bool AcceptanceTest::is_tofu() const { return impl_->tofu_; }
const std::string& AcceptanceTest::folder() const { return impl_->folder_; }
bool AcceptanceTest::Run(const AcceptanceStep& step) { return impl_->Run(step); }
bool AcceptanceTest::Destroy() { return impl_->Destroy(); }

}  // namespace tfsdk::testing
