// Which file a command names, and who may run it.

#include "kube/exec_command.h"

#include <unistd.h>

#include <filesystem>

#include "provider/kube/exec_fixture.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ExecCommandTest : public ExecTest {
 protected:
  // Makes `command` the current directory's for the rest of the test.
  void EnterDirectory() {
    old_directory_ = std::filesystem::current_path();
    std::filesystem::current_path(directory_.path());
  }
  void TearDown() override {
    if (!old_directory_.empty()) std::filesystem::current_path(old_directory_);
    ExecTest::TearDown();
  }

  absl::StatusOr<std::string> Find(const std::string& command, const std::string& path) {
    return FindCommand(command, FakeEnvironment({{"PATH", path}}));
  }

  std::filesystem::path old_directory_;
};

TEST_F(ExecCommandTest, LooksABareNameUpInPath) {
  const std::string second = Script("b/tool", "");
  EXPECT_EQ(*Find("tool", absl::StrCat(InDirectory("a"), ":", InDirectory("b"))), second);
  const std::string first = Script("a/tool", "");
  EXPECT_EQ(*Find("tool", absl::StrCat(InDirectory("a"), ":", InDirectory("b"))), first);
}

TEST_F(ExecCommandTest, PassesOverWhatIsNoProgram) {
  const std::string good = Script("c/tool", "");
  Script("a/tool", "", 0644);
  std::filesystem::create_directories(InDirectory("b/tool"));
  EXPECT_EQ(*Find("tool", absl::StrCat("/nonexistent:", InDirectory("a"), ":", InDirectory("b"), ":",
                                       InDirectory("c"))),
            good);
}

TEST_F(ExecCommandTest, UsesAPathAsItIs) {
  const std::string file = Script("bin/tool", "");
  EXPECT_EQ(*Find(file, "/usr/bin"), file);
  EXPECT_EQ(*Find(InDirectory("bin/../bin/./tool"), "/usr/bin"), file);
  EnterDirectory();
  EXPECT_EQ(*Find("bin/tool", "/usr/bin"), file);
  EXPECT_EQ(*Find("./bin/tool", "/usr/bin"), file);
}

TEST_F(ExecCommandTest, KeepsTheNameOfALink) {
  const std::string file = Script("bin/busybox", "");
  std::filesystem::create_symlink(file, InDirectory("bin/tool"));
  std::filesystem::create_symlink("bin", InDirectory("link"));
  EXPECT_EQ(*Find("tool", InDirectory("link")), InDirectory("bin/tool"));
}

TEST_F(ExecCommandTest, RefusesWhatDependsOnTheCurrentDirectory) {
  Script("tool", "");
  Script("bin/tool", "");
  const std::string good = Script("good/tool", "");
  EnterDirectory();
  for (const char* const entry : {"", ".", "bin", "./bin"}) {
    const auto found = Find("tool", absl::StrCat(entry, ":", InDirectory("good")));
    EXPECT_EQ(found.status().code(), absl::StatusCode::kFailedPrecondition) << entry;
    EXPECT_THAT(found.status().message(), HasSubstr("depends on the current directory and is never used"));
  }
  EXPECT_EQ(*Find("tool", absl::StrCat("elsewhere:", InDirectory("good"))), good);
  EXPECT_EQ(*Find("tool", absl::StrCat(InDirectory("good"), ":.")), good);
}

TEST_F(ExecCommandTest, SaysWhatIsWrong) {
  Script("bin/tool", "", 0644);
  const struct {
    std::string command;
    std::string path;
    const char* sentence;
  } rows[] = {
      {"no-such-tool", "/usr/bin:/bin",
       "there is no command \"no-such-tool\" in PATH (\"/usr/bin:/bin\"); install it where Terraform runs"},
      {"tool", "", "PATH is not set where Terraform runs"},
      {InDirectory("nothing"), "", "there is no file \""},
      {InDirectory("bin/tool/below"), "", "there is no file \""},
      {InDirectory("bin"), "", "is a directory; name the program in it"},
      {InDirectory("bin/tool"), "", "cannot be executed (Permission denied)"},
      {"tool", InDirectory("bin"), "cannot be executed (Permission denied)"},
      {"/dev/null", "", "cannot be executed"},
      {"", "/bin", "is not the name of a program"},
      {".", "/bin", "is not the name of a program"},
      {"..", "/bin", "is not the name of a program"},
      {std::string("sh\0x", 4), "/bin", "is not the name of a program"},
  };
  for (const auto& row : rows) {
    EXPECT_THAT(Find(row.command, row.path).status().message(), HasSubstr(row.sentence)) << row.command;
  }
}

TEST_F(ExecCommandTest, ShowsTheInstallHintWithoutItsTricks) {
  ExecPlugin plugin = Plugin("");
  plugin.command = "no-such-plugin";
  plugin.install_hint =
      absl::StrCat("Run \x1B[31mcurl\x1B[0m\nor not \xE2\x80\xAE", std::string(2000, 'x'), "END");
  const absl::Status status = Get(plugin).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("Its configuration says: \"Run curl or not xxx"),
                                      HasSubstr("...\""), Not(HasSubstr("END"))));
}

TEST_F(ExecCommandTest, RunsTheFileByTheNameItIsCalled) {
  ExecPlugin plugin = Plugin("");
  Script("bin/real", absl::StrCat("#!/bin/sh\n", Answer(R"("token":"a")")));
  std::filesystem::create_symlink("real", InDirectory("bin/called"));
  plugin.command = "called";
  ExecCredentials credentials(
      FakeEnvironment({{"PATH", absl::StrCat(InDirectory("bin"), ":/usr/bin:/bin")}}));
  EXPECT_TRUE(credentials.Get(tfsdk::CancelToken(), plugin, {}, absl::InfiniteFuture()).ok());
}

// ---- K8SOIDC_EXEC_ALLOW ----

TEST_F(ExecCommandTest, AllowsByListOnly) {
  const std::string aws = Script("bin/aws", "");
  const std::string evil = Script("repo/aws", "");
  std::filesystem::create_symlink(aws, InDirectory("repo/link-to-aws"));
  std::filesystem::create_symlink(evil, InDirectory("bin/linked"));
  std::filesystem::create_symlink("bin", InDirectory("sbin"));
  const struct {
    const char* what;
    std::string allow, command, resolved;
    bool allowed;
  } rows[] = {
      {"empty list", "", "aws", aws, false},
      {"list of nothing", " , ,", "aws", aws, false},
      {"the path", aws, aws, aws, true},
      {"the path among others", absl::StrCat("/x, ", aws, " ,/y"), aws, aws, true},
      {"the path, written as a bare name", aws, "aws", aws, true},
      {"the path, written in another way", aws, InDirectory("bin/../bin/aws"), InDirectory("bin/../bin/aws"),
       true},
      {"the path, through a link in its directory", aws, InDirectory("sbin/aws"), InDirectory("sbin/aws"),
       true},
      {"a list that goes through such a link", InDirectory("sbin/aws"), "aws", aws, true},
      {"another file of that name", aws, "aws", evil, false},
      {"a path below", InDirectory("bin"), "aws", aws, false},
      {"a path that only starts the same", aws.substr(0, aws.size() - 1), "aws", aws, false},
      // A file that acts by its name (busybox) is not all of its names.
      {"a link of another name", aws, InDirectory("repo/link-to-aws"), InDirectory("repo/link-to-aws"),
       false},
      {"an allowed path that is a link", InDirectory("bin/linked"), InDirectory("bin/linked"),
       InDirectory("bin/linked"), true},
      {"where an allowed link leads", InDirectory("bin/linked"), evil, evil, false},
      {"the bare name", "aws", "aws", aws, true},
      {"the bare name, written as a path", "aws", aws, aws, false},
      {"the bare name, written as a relative path", "aws", "./aws", evil, false},
      {"a relative path, which is no entry", "./aws", "./aws", evil, false},
      {"another bare name", "aws-iam", "aws", aws, false},
      {"capitals", "AWS", "aws", aws, false},
      {"no pattern", "*", "aws", aws, false},
      {"no pattern in a path", InDirectory("bin/*"), "aws", aws, false},
      {"a file that does not exist", "/nonexistent/aws", "aws", aws, false},
  };
  for (const auto& row : rows) {
    const absl::Status status = ExecPolicy(row.allow).Check(row.command, row.resolved);
    EXPECT_EQ(status.ok(), row.allowed) << row.what << ": " << status;
    if (!row.allowed) {
      EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << row.what;
      EXPECT_THAT(status.message(), HasSubstr("K8SOIDC_EXEC_ALLOW")) << row.what;
    }
  }
  EXPECT_TRUE(ExecPolicy(std::nullopt).Check("aws", evil).ok());
}

TEST_F(ExecCommandTest, RunsNothingThatIsNotAllowed) {
  ExecPlugin plugin = Plugin(absl::StrCat("touch \"$DIR/ran\"\n", Answer(R"("token":"a")")));
  // What the configuration itself says about it changes nothing.
  plugin.env = {{"K8SOIDC_EXEC_ALLOW", tfsdk::Secret(plugin.command)}};
  for (const char* const allow : {"", "/usr/bin/aws,aws"}) {
    ExecCredentials credentials(FakeEnvironment({{"PATH", "/usr/bin:/bin"}, {"K8SOIDC_EXEC_ALLOW", allow}}));
    const auto credential = credentials.Get(tfsdk::CancelToken(), plugin, {}, absl::InfiniteFuture());
    EXPECT_EQ(credential.status().code(), absl::StatusCode::kPermissionDenied) << credential.status();
  }
  EXPECT_NE(access(InDirectory("ran").c_str(), F_OK), 0);
  ExecCredentials credentials(
      FakeEnvironment({{"PATH", "/usr/bin:/bin"}, {"K8SOIDC_EXEC_ALLOW", plugin.command}}));
  EXPECT_TRUE(credentials.Get(tfsdk::CancelToken(), plugin, {}, absl::InfiniteFuture()).ok());
  EXPECT_EQ(access(InDirectory("ran").c_str(), F_OK), 0);
}

TEST_F(ExecCommandTest, AConfigurationCannotSmuggleCodeIntoWhatIsAllowed) {
  for (const char* const name :
       {"LD_PRELOAD", "LD_LIBRARY_PATH", "PATH", "BASH_ENV", "ENV", "PYTHONPATH", "NODE_OPTIONS"}) {
    EXPECT_EQ(ExecPolicy("aws").CheckVariable(name).code(), absl::StatusCode::kPermissionDenied) << name;
    EXPECT_TRUE(ExecPolicy(std::nullopt).CheckVariable(name).ok()) << name;
  }
  EXPECT_TRUE(ExecPolicy("aws").CheckVariable("AWS_PROFILE").ok());
  ExecPlugin plugin = Plugin(absl::StrCat("touch \"$DIR/ran\"\n", Answer(R"("token":"a")")));
  plugin.env = {{"LD_PRELOAD", tfsdk::Secret("./evil.so")}};
  ExecCredentials credentials(
      FakeEnvironment({{"PATH", "/usr/bin:/bin"}, {"K8SOIDC_EXEC_ALLOW", plugin.command}}));
  EXPECT_THAT(credentials.Get(tfsdk::CancelToken(), plugin, {}, absl::InfiniteFuture()).status().message(),
              HasSubstr("may not set \"LD_PRELOAD\""));
  EXPECT_NE(access(InDirectory("ran").c_str(), F_OK), 0);
}

TEST_F(ExecCommandTest, SaysNothingOfWhatIsMissingWhereNothingIsAllowed) {
  ExecPlugin plugin = Plugin("");
  plugin.command = "no-such-plugin";
  ExecCredentials credentials(FakeEnvironment({{"PATH", "/usr/bin:/bin"}, {"K8SOIDC_EXEC_ALLOW", ""}}));
  EXPECT_EQ(credentials.Get(tfsdk::CancelToken(), plugin, {}, absl::InfiniteFuture()).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace k8soidc::kube
