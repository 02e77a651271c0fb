// Plugins that misbehave. After each of them nothing may be left: ExecTest looks.

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <stop_token>
#include <thread>

#include "kube/child_process.h"
#include "provider/kube/exec_fixture.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class ExecChildTest : public ExecTest {
 protected:
  absl::Status Fail(const ExecPlugin& plugin) {
    const auto credential = Get(plugin);
    EXPECT_FALSE(credential.ok());
    EXPECT_THAT(credential.status().message(), HasSubstr("the exec plugin of user \"alice\": "));
    EXPECT_LE(credential.status().message().size(), 3000u);
    for (const char c : credential.status().message()) EXPECT_TRUE(c >= 0x20 && c < 0x7F) << int{c};
    return credential.status();
  }

  // The number in a file that a plugin wrote.
  std::string Pid(const std::string& name) {
    EXPECT_TRUE(Eventually([&] { return ReadAll(InDirectory(name)).find('\n') != std::string::npos; }));
    std::string pid = ReadAll(InDirectory(name));
    pid.erase(pid.find_last_not_of('\n') + 1);
    return pid;
  }

  // Starts the plugin, cancels once it has written `file`, and expects the end of it within a second.
  void Cancel(const ExecPlugin& plugin, const std::string& file) {
    std::stop_source stop;
    absl::Status status;
    std::jthread reader([&] {
      status =
          credentials_.Get(tfsdk::CancelToken(stop.get_token()), plugin, {}, absl::InfiniteFuture()).status();
    });
    EXPECT_TRUE(Eventually([&] { return access(InDirectory(file).c_str(), F_OK) == 0; }));
    const absl::Time start = absl::Now();
    stop.request_stop();
    reader.join();
    EXPECT_LT(absl::Now() - start, absl::Seconds(3)) << "a second, and what a busy machine adds";
    EXPECT_EQ(status.code(), absl::StatusCode::kCancelled) << status;
  }
};

TEST_F(ExecChildTest, HasThreeDescriptorsAndNothingElseOfOurs) {
  // Without O_CLOEXEC on purpose.
  const int open_here = open("/dev/zero", O_RDONLY);
  ASSERT_GE(open_here, 0);
  signal(SIGUSR1, SIG_IGN);
  sigset_t blocked, before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  ExecPlugin plugin = Plugin("");
  plugin.command = Script("python-plugin", absl::StrCat("#!/usr/bin/python3 -ISE\n", R"(
import os, sys
out = os.open(")",
                                                        InDirectory("seen"), R"(", os.O_CREAT | os.O_WRONLY)
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
fds = [f"{fd}={os.readlink('/proc/self/fd/' + fd).split(':')[0]}" for fd in os.listdir("/proc/self/fd") if int(fd) < out]
tty = "tty"
try: os.open("/dev/tty", os.O_RDWR)
except OSError: tty = "no-tty"
seen = fds + ["mask=" + status["SigBlk"], "usr1=" + str(int(status["SigIgn"], 16) >> 9 & 1), tty,
              "leader" if os.getsid(0) == os.getpid() == os.getpgid(0) else "follower", "cwd=" + os.getcwd(),
              "stdin=" + repr(sys.stdin.read())]
os.write(out, " ".join(seen).encode())
print('{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"t"}}')
)"));
  const auto credential = Get(plugin);
  close(open_here);
  signal(SIGUSR1, SIG_DFL);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ASSERT_TRUE(credential.ok()) << credential.status();
  char* const cwd = get_current_dir_name();
  const std::string seen = ReadAll(InDirectory("seen"));
  EXPECT_THAT(absl::StrSplit(seen, ' '),
              UnorderedElementsAre("0=/dev/null", "1=pipe", "2=pipe", "mask=0000000000000000", "usr1=0",
                                   "no-tty", "leader", absl::StrCat("cwd=", cwd), "stdin=''"));
  free(cwd);
}

TEST_F(ExecChildTest, QuotesWhatItWroteWhenItFails) {
  EXPECT_THAT(Fail(Plugin("echo 'no such profile' >&2; exit 255")).message(),
              AllOf(HasSubstr("the command \""), HasSubstr("failed with exit code 255"),
                    HasSubstr("it wrote: \"no such profile\"")));
  EXPECT_THAT(Fail(Plugin("exit 1")).message(), HasSubstr("wrote nothing to its standard error"));
  EXPECT_THAT(Fail(Plugin("no-such-command-here")).message(), HasSubstr("failed with exit code 127"));
}

TEST_F(ExecChildTest, NeverShowsItsOutput) {
  const absl::Status status = Fail(Plugin("echo '{\"token\":\"hunter2hunter2\"'; echo oops >&2; exit 1"));
  EXPECT_THAT(status.message(), AllOf(HasSubstr("oops"), Not(HasSubstr("hunter2"))));
}

TEST_F(ExecChildTest, SaysBySignalWhatEndedIt) {
  EXPECT_THAT(Fail(Plugin("kill -KILL $$")).message(), HasSubstr("was ended by SIGKILL"));
  EXPECT_THAT(Fail(Plugin("kill -SEGV $$")).message(), HasSubstr("was ended by SIGSEGV"));
}

TEST_F(ExecChildTest, SurvivesStderrThatCrashesTerraform) {
  const absl::Status status = Fail(Plugin(
      "printf '{\"@message\": 1}\\n{\"@level\": 5}\\npanic: x\\n\\033[31mred\\033[0m\\n' >&2; exit 1"));
  EXPECT_THAT(status.message(), AllOf(HasSubstr(R"({\"@message\": 1} | {\"@level\": 5} | panic: x | red)"),
                                      Not(HasSubstr("31m"))));
}

TEST_F(ExecChildTest, KeepsTheEndsOfTenMegabytesOfStderr) {
  const absl::Status status =
      Fail(Plugin("echo 'the first line' >&2; head -c 10000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo "
                  "'the last line' >&2; exit 1"));
  EXPECT_THAT(status.message(),
              AllOf(HasSubstr("the first line"), HasSubstr("[...]"), HasSubstr("the last line\"")));
}

TEST_F(ExecChildTest, ReadsMuchStderrOfASuccess) {
  EXPECT_TRUE(Get(Plugin("head -c 3000000 /dev/zero >&2\n" + Answer(R"("token":"a")"))).ok());
}

TEST_F(ExecChildTest, EndsAPluginThatWritesWithoutEnd) {
  EXPECT_THAT(Fail(Plugin("exec cat /dev/zero")).message(), HasSubstr("wrote more than 1 MiB"));
  EXPECT_THAT(Fail(Plugin("trap '' TERM; yes")).message(), HasSubstr("wrote more than 1 MiB"));
}

TEST_F(ExecChildTest, EndsAPluginThatWritesErrorsWithoutEnd) {
  ExecPlugin plugin = Plugin("exec yes >&2");
  plugin.timeout = absl::Milliseconds(300);
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ExecChildTest, ReadsALongAnswer) {
  const std::string token(700'000, 'x');
  const auto credential = Get(Plugin(Answer(absl::StrCat("\"token\":\"", token, "\""))));
  ASSERT_TRUE(credential.ok()) << credential.status();
  EXPECT_THAT((*credential)->token.Reveal(), SizeIs(token.size()));
}

TEST_F(ExecChildTest, EndsAPluginThatHangs) {
  ExecPlugin plugin = Plugin("echo 'open https://login.example in a browser' >&2; sleep 600");
  plugin.timeout = absl::Milliseconds(300);
  const absl::Status status = Fail(plugin);
  EXPECT_EQ(status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("did not end within its timeout of 300ms and was killed"),
                                      HasSubstr("open https://login.example in a browser")));
}

TEST_F(ExecChildTest, EndsAPluginThatIgnoresSigterm) {
  ExecPlugin plugin = Plugin("trap '' TERM; echo $$ > \"$DIR/pid\"; while :; do sleep 0.1; done");
  plugin.timeout = absl::Milliseconds(300);
  const absl::Time start = absl::Now();
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_GE(absl::Now() - start, absl::Milliseconds(800)) << "it has half a second to clean up";
  EXPECT_FALSE(IsAlive(Pid("pid")));
}

TEST_F(ExecChildTest, LetsAPluginCleanUp) {
  ExecPlugin plugin = Plugin("trap 'echo bye > \"$DIR/bye\"; exit 0' TERM; while :; do sleep 0.05; done");
  plugin.timeout = absl::Milliseconds(300);
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReadAll(InDirectory("bye")), "bye\n");
}

TEST_F(ExecChildTest, EndsAStoppedPlugin) {
  ExecPlugin plugin = Plugin("kill -STOP $$");
  plugin.timeout = absl::Milliseconds(300);
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ExecChildTest, EndsAPluginThatClosedItsOutputAndStays) {
  ExecPlugin plugin = Plugin("exec >&- 2>&-; sleep 600");
  plugin.timeout = absl::Milliseconds(300);
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ExecChildTest, TakesAnAnswerBeforeOutputIsClosedEarly) {
  EXPECT_TRUE(Get(Plugin(Answer(R"("token":"a")") + "\nexec >&- 2>&-; sleep 0.2")).ok());
}

TEST_F(ExecChildTest, KillsTheChildrenThatStay) {
  const auto credential = Get(Plugin("sleep 600 & echo $! > \"$DIR/pid\"\n" + Answer(R"("token":"a")")));
  EXPECT_TRUE(credential.ok()) << credential.status();
  const std::string pid = Pid("pid");
  EXPECT_TRUE(Eventually([&] { return !IsAlive(pid); }));
}

TEST_F(ExecChildTest, KillsTheChildrenOfAPluginThatHangs) {
  ExecPlugin plugin = Plugin("(trap '' TERM; sleep 600) & echo $! > \"$DIR/pid\"; sleep 600");
  plugin.timeout = absl::Milliseconds(500);
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
  const std::string pid = Pid("pid");
  EXPECT_TRUE(Eventually([&] { return !IsAlive(pid); }));
}

TEST_F(ExecChildTest, KillsAHordeOfChildren) {
  ExecPlugin plugin = Plugin(
      "trap '' TERM; for i in 1 2 3 4 5 6 7 8; do (while :; do sleep 0.01; done) & echo $! >> \"$DIR/pids\"; "
      "done; wait");
  plugin.timeout = absl::Milliseconds(500);
  EXPECT_EQ(Fail(plugin).code(), absl::StatusCode::kDeadlineExceeded);
  const std::string text = ReadAll(InDirectory("pids"));
  for (const absl::string_view pid : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    EXPECT_TRUE(Eventually([&] { return !IsAlive(std::string(pid)); }));
  }
}

TEST_F(ExecChildTest, DoesNotWaitForADaemonThatHoldsThePipes) {
  const absl::Time start = absl::Now();
  const auto credential = Get(Plugin("setsid sleep 5 & echo $! > \"$DIR/pid\"\n" + Answer(R"("token":"a")")));
  EXPECT_TRUE(credential.ok()) << credential.status();
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));
  // A daemon may live on: it left the group on purpose.
  const std::string pid = Pid("pid");
  EXPECT_TRUE(IsAlive(pid));
  kill(static_cast<pid_t>(std::stol(pid)), SIGKILL);
}

TEST_F(ExecChildTest, DoesNotReadADaemonsOutputForever) {
  const absl::Time start = absl::Now();
  const auto credential = Get(Plugin("setsid sh -c 'while :; do echo x >&2 || exit; sleep 0.01; done' &\n" +
                                     Answer(R"("token":"a")")));
  EXPECT_TRUE(credential.ok()) << credential.status();
  EXPECT_LT(absl::Now() - start, absl::Seconds(4));
}

TEST_F(ExecChildTest, CancelsAPluginThatHangs) {
  Cancel(Plugin("echo $$ > \"$DIR/pid\"; sleep 600"), "pid");
  EXPECT_FALSE(IsAlive(Pid("pid")));
}

TEST_F(ExecChildTest, CancelsAPluginThatIgnoresSigterm) {
  Cancel(Plugin("trap '' TERM; echo $$ > \"$DIR/pid\"; while :; do sleep 0.05; done"), "pid");
  EXPECT_FALSE(IsAlive(Pid("pid")));
}

TEST_F(ExecChildTest, CancelsAPluginThatWrites) {
  Cancel(Plugin("trap '' TERM; echo $$ > \"$DIR/pid\"; yes >&2"), "pid");
  EXPECT_FALSE(IsAlive(Pid("pid")));
}

TEST_F(ExecChildTest, RunsNothingWhenItIsCancelledBefore) {
  std::stop_source stop;
  stop.request_stop();
  const auto credential = credentials_.Get(tfsdk::CancelToken(stop.get_token()), Plugin("touch \"$DIR/ran\""),
                                           {}, absl::InfiniteFuture());
  EXPECT_EQ(credential.status().code(), absl::StatusCode::kCancelled);
  EXPECT_NE(access(InDirectory("ran").c_str(), F_OK), 0);
}

TEST_F(ExecChildTest, ACancelledRunIsNotKept) {
  const ExecPlugin plugin =
      Plugin("[ -e \"$DIR/once\" ] || { touch \"$DIR/once\"; sleep 600; }\n" + Answer(R"("token":"a")"));
  Cancel(plugin, "once");
  EXPECT_TRUE(Get(plugin).ok());
}

TEST_F(ExecChildTest, SaysWhyAFileCannotBeStarted) {
  ExecPlugin plugin = Plugin("");
  plugin.command = Script("no-interpreter", "echo hello\n");
  EXPECT_THAT(Fail(plugin).message(), HasSubstr("nor a script that starts with #!"));
  plugin.command = Script("lost-interpreter", "#!/nonexistent/python3\n");
  EXPECT_THAT(Fail(plugin).message(), HasSubstr("the interpreter that its first line names"));
  plugin.command = Script("empty", "");
  EXPECT_THAT(Fail(plugin).message(), HasSubstr("could not be started"));
  plugin = Plugin("exit 0");
  plugin.args = {std::string(200'000, 'x')};
  EXPECT_THAT(Fail(plugin).message(), HasSubstr("arguments and environment are too large"));
}

TEST_F(ExecChildTest, SaysThatThereAreNoDescriptorsLeft) {
  const ExecPlugin plugin = Plugin(Answer(R"("token":"a")"));
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  rlimit low = limit;
  const int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC);
  close(lowest);
  low.rlim_cur = static_cast<rlim_t>(lowest) + 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  const auto credential = Get(plugin);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_THAT(credential.status().message(), HasSubstr("could not be started: Too many open files"));
}

TEST_F(ExecChildTest, LearnsTheExitCodeAlsoWhenSigchldWasIgnored) {
  // The one place that sets it runs once per process, so this is a process of its own.
  EXPECT_EXIT(
      {
        signal(SIGCHLD, SIG_IGN);
        const ChildResult result = RunChild(
            tfsdk::CancelToken(),
            {.path = Script("seven", "#!/bin/sh\nexit 7\n"), .arguments = {"seven"}, .environment = {}});
        exit(result.end == ChildResult::End::kExited ? result.code : 99);
      },
      ::testing::ExitedWithCode(7), "");
}

TEST_F(ExecChildTest, RunsManyAtATime) {
  std::vector<ExecPlugin> plugins;
  for (int i = 0; i < 16; ++i) plugins.push_back(Plugin(Answer(absl::StrCat("\"token\":\"t", i, "\""))));
  std::vector<std::jthread> readers;
  for (int i = 0; i < 16; ++i) {
    readers.emplace_back([&, i] {
      const auto credential = Get(plugins[static_cast<size_t>(i)]);
      ASSERT_TRUE(credential.ok()) << credential.status();
      EXPECT_EQ((*credential)->token.Reveal(), absl::StrCat("t", i));
    });
  }
}

}  // namespace
}  // namespace k8soidc::kube
