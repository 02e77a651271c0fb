// Exec credential plugins from a pull request (T-40 to T-46): no answer, endless answers, wrong ones, stderr that would
// crash the host, children that stay. The provider never hangs, shows no secret and leaves no process.

#include <sys/stat.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

struct Row {
  const char* name;
  // A shell script, with DIR for the case's directory.
  std::string script;
  std::vector<std::string> expect;
  bool is_timeout = false;
  int megabytes = 8;
  // Lines of the exec member, in flow style, instead of those for v1.
  const char* fields = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never";
};

std::string Answer(absl::string_view status, absl::string_view version = "v1") {
  return absl::StrCat(
      "cat <<'END'\n{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/", version,
      "\",\"status\":", status, "}\nEND\n");
}

std::string Status(absl::string_view more = "") {
  return absl::StrCat("{\"token\":\"", kToken, "\"", more, "}");
}

// With line breaks as JSON writes them.
std::string InJson(absl::string_view text) { return absl::StrReplaceAll(text, {{"\n", "\\n"}}); }

std::vector<Row> AnswerRows() {
  constexpr char kRan[] = "ran, but ";
  const std::string pair = absl::StrCat("{\"clientCertificateData\":\"", InJson(ClientIdentity().chain),
                                        "\",\"clientKeyData\":\"", InJson(ClientIdentity().key), "\"}");
  return {
      {"Good", Answer(Status()), {}},
      {"GoodInYaml",
       absl::StrCat(
           "printf 'kind: ExecCredential\\napiVersion: client.authentication.k8s.io/v1\\nstatus:\\n  token: ",
           kToken, "\\n'\n"),
       {}},
      {"GoodBeta",
       Answer(Status(), "v1beta1"),
       {},
       false,
       8,
       "apiVersion: client.authentication.k8s.io/v1beta1"},
      {"GoodCertificate", Answer(pair), {}},
      {"Nothing", "exit 0\n", {kRan, "it wrote nothing to its standard output"}},
      {"OnlySpaces", "printf '  \\n\\n'\n", {kRan, "it wrote nothing to its standard output"}},
      {"Text", absl::StrCat("echo 'please log in ", kBodySecret, "'\n"), {kRan, "its answer is a string"}},
      {"Html", absl::StrCat("echo '<html>", kBodySecret, "</html>'\n"), {kRan, "its answer is a string"}},
      {"CutOff",
       absl::StrCat("printf '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"", kToken, "'\n"),
       {kRan, "its answer is not the JSON that it starts as"}},
      {"Nul",
       absl::StrCat("printf 'kind: \"ExecCredential\\000", kToken, "\"'\n"),
       {kRan, "neither JSON nor YAML"}},
      {"NotUtf8", absl::StrCat("printf 'kind: \"\\377", kToken, "\"'\n"), {kRan, "neither JSON nor YAML"}},
      {"AliasBomb",
       absl::StrCat("printf 'a: &a [x,x,x,x,x,x,x,x,x]\\n'\n",
                    "p=a; for n in b c d e f g h i; do printf \"$n: &$n "
                    "[*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p]\\n\"; p=$n; done\n"),
       {kRan, "neither JSON nor YAML"},
       false,
       24},
      {"WrongKind",
       absl::StrReplaceAll(Answer(Status()), {{"\"ExecCredential\"", "\"Secret\""}}),
       {kRan, "its answer is of kind \"Secret\", not ExecCredential"}},
      {"WrongVersion",
       Answer(Status(), "v1beta1"),
       {kRan,
        "it was asked in client.authentication.k8s.io/v1 and answered in "
        "\"client.authentication.k8s.io/v1beta1\""}},
      {"NoStatus", Answer("null"), {kRan, "its answer has no status"}},
      {"StatusAList", Answer("[]"), {kRan, "the status of its answer is a list"}},
      {"NoCredential", Answer("{}"), {kRan, "neither a token nor a client certificate"}},
      {"TokenANumber", Answer("{\"token\":12345}"), {kRan, "the token in its answer's status is a number"}},
      {"TokenWithLineBreak",
       Answer(absl::StrCat("{\"token\":\"", kToken, "\\r\\nX-Evil: 1\"}")),
       {kRan, "the token in its answer has white space, control characters"}},
      {"TokenWithNul", Answer(absl::StrCat("{\"token\":\"", kToken, "\\u0000\"}")), {kRan, "answer"}},
      {"TokenNotAscii",
       Answer(absl::StrCat("{\"token\":\"", kToken, "\\u00e9\"}")),
       {kRan, "characters outside ASCII"}},
      {"CertificateWithoutKey",
       Answer("{\"clientCertificateData\":\"x\"}"),
       {kRan, "without the clientKeyData"}},
      {"KeyWithoutCertificate",
       Answer(absl::StrCat("{\"clientKeyData\":\"", kPassword, "\"}")),
       {kRan, "without the clientCertificateData"}},
      {"CertificateNoPem",
       Answer("{\"clientCertificateData\":\"x\",\"clientKeyData\":\"y\"}"),
       {kRan, "the clientCertificateData in its answer is not PEM text"}},
      {"ExpiryNoTime",
       Answer(Status(",\"expirationTimestamp\":\"tomorrow\"")),
       {kRan, "is not a time as RFC 3339 writes it"}},
      {"AlreadyExpired", Answer(Status(",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\"")), {}},
      {"Endless",
       "exec yes 0123456789012345678901234567890123456789\n",
       {"wrote more than 1 MiB to its standard output", "was ended"}},
      {"ZerosForEver", "exec cat /dev/zero\n", {"wrote more than 1 MiB to its standard output"}},
  };
}

std::vector<Row> ProcessRows() {
  constexpr char kFailed[] = "failed with exit code ";
  constexpr char kLate[] = "did not end within its timeout of 1.2s";
  return {
      {"ExitCode",
       absl::StrCat("echo 'no login for ", "you' >&2; exit 3\n"),
       {"failed with exit code 3; it wrote: \"no login for you\""}},
      {"ExitCodeDespiteAnAnswer", absl::StrCat(Answer(Status()), "exit 1\n"), {kFailed}},
      {"ExitCodeInSilence", "exit 1\n", {"failed with exit code 1; it wrote nothing to its standard error"}},
      {"KillsItself", "kill -9 $$\n", {"was ended by SIGKILL"}},
      {"Aborts", "kill -ABRT $$\n", {"was ended by SIGABRT"}},
      // Written by a child straight to Terraform, each of these lines would end Terraform (F1, F3).
      {"StderrThatCrashesTheHost",
       "printf '{\"@message\": 1}\\n{\"@level\": 5}\\npanic: x\\n' >&2; exit 1\n",
       {kFailed}},
      {"StderrWithEscapeSequences",
       "printf '\\033[2J\\033]0;x\\007\\r\\nError: forged\\342\\200\\256\\n' >&2; exit 1\n",
       {kFailed}},
      {"StderrNotUtf8", "printf '\\377\\376\\000x' >&2; exit 1\n", {kFailed}},
      {"StderrWithASecret",
       absl::StrCat("echo 'token: ", kBodySecret, "' >&2; echo 'Authorization: Bearer ", kToken,
                    "' >&2; exit 1\n"),
       {kFailed, "[redacted]"}},
      {"StderrWithAKey",
       absl::StrCat("cat >&2 <<'END'\n", ClientIdentity().key, "END\nexit 1\n"),
       {kFailed, "[redacted]"}},
      {"StderrWithAPasswordInAUrl",
       absl::StrCat("echo 'GET https://u:", kPassword, "@idp.example/x?code=", kBodySecret,
                    "' >&2; exit 1\n"),
       {kFailed, "idp.example"}},
      {"StderrWithoutEnd", "exec yes 'spam spam spam spam spam spam spam spam' >&2\n", {kLate}, true},
      {"StderrOfManyMegabytes", "head -c 20000000 /dev/zero | tr '\\0' x >&2; exit 1\n", {kFailed}},
      {"Sleeps", "sleep 60\n", {kLate, "and was killed"}, true},
      {"SleepsAndIgnoresSigterm", "trap '' TERM INT HUP; while :; do sleep 1; done\n", {kLate}, true},
      {"WaitsForInput", "read line; sleep 60\n", {kLate}, true},
      {"InputIsEmpty", absl::StrCat("if read line; then exit 9; fi\n", Answer(Status())), {}},
      {"ChildHoldsTheOutput", absl::StrCat("sleep 60 &\n", Answer(Status())), {}},
      {"ChildThatLeftTheSession",
       absl::StrCat("setsid sleep 15 > /dev/null 2>&1 < /dev/null &\n", Answer(Status())),
       {}},
      {"DaemonThatHoldsEverything",
       absl::StrCat("setsid sh -c 'trap \"\" TERM HUP; sleep 15' &\n", Answer(Status())),
       {}},
      {"ManyChildren",
       absl::StrCat("i=0; while [ $i -lt 30 ]; do sleep 60 & i=$((i+1)); done\n", Answer(Status())),
       {}},
      {"HangsWithChildren",
       "i=0; while [ $i -lt 10 ]; do sleep 60 & i=$((i+1)); done; wait\n",
       {kLate},
       true},
      {"ClosesItsOutputAndStays", "exec > /dev/null 2>&1 < /dev/null; sleep 60\n", {kLate}, true},
      {"NoInheritedDescriptors",
       absl::StrCat("n=$(ls /proc/self/fd | wc -l)\n[ \"$n\" -le 4 ] || { ls -l /proc/$$/fd >&2; exit 7; }\n",
                    Answer(Status())),
       {}},
      {"NoHostVariables",
       absl::StrCat("env | grep -E '^(PLUGIN_|TF_PLUGIN_MAGIC_COOKIE)' > /dev/null && exit 8\n",
                    Answer(Status())),
       {}},
      {"NoIgnoredSignals",
       absl::StrCat("case $(awk '/^SigIgn/ {print $2}' /proc/self/status) in "
                    "0000000000000000|0000000180000000) ;; *) exit 6;; esac\n",
                    Answer(Status())),
       {}},
  };
}

// A kubeconfig whose user runs `command`, which is there or not.
std::string Config(Stage& stage, absl::string_view command, absl::string_view fields) {
  return absl::StrCat(
      "apiVersion: v1\nkind: Config\ncurrent-context: main\nclusters:\n- {name: main, cluster: {server: \"",
      stage.server().url(""),
      "\", certificate-authority-data: ", absl::Base64Escape(Authority().certificate()),
      "}}\nusers:\n- {name: main, user: {exec: {command: \"", command, "\", ", fields,
      "}}}\ncontexts:\n- {name: main, context: {cluster: main, user: main}}\n");
}

constexpr char kV1[] = "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never";

// A good server that wants a client certificate where one is offered.
void ServeGood(Stage& stage) {
  RawServerOptions options = GoodServer();
  options.client_authority = Authority().certificate();
  stage.ServeWith(options, AnswerAlways(OkAnswer(GoodKeys())));
}

// Only the provider block can set a plugin's timeout, which counts on its own: a read waits for its plugin that long
// on top of request_timeout.
void UseBlockWithATimeout(Stage& stage, const std::string& path) {
  for (const auto& [name, type] : ProviderType().attributes()) {
    if (name != "exec") continue;
    stage.provider.insert_or_assign(
        "exec", ObjectOf(type, {{"api_version", tfsdk::Value::String("client.authentication.k8s.io/v1")},
                                {"interactive_mode", tfsdk::Value::String("Never")},
                                {"command", tfsdk::Value::String(path)},
                                {"timeout", tfsdk::Value::String("1.2s")}}));
  }
  stage.Unset("kubeconfig");
  stage.PointAt(stage.server().url(""));
  stage.Set("cluster_ca_certificate", Authority().certificate());
}

std::vector<FaultCase> CasesOf(const std::vector<Row>& rows) {
  std::vector<FaultCase> cases;
  for (const Row& row : rows) {
    cases.push_back({.name = row.name,
                     .prepare =
                         [row](Stage& stage) {
                           ServeGood(stage);
                           const std::string path =
                               stage.directory().Write("plugin", absl::StrCat("#!/bin/sh\n", row.script));
                           EXPECT_EQ(chmod(path.c_str(), 0755), 0);
                           stage.UseKubeconfig(Config(stage, path, row.fields));
                           if (!row.is_timeout) return;
                           UseBlockWithATimeout(stage, path);
                           stage.AllowTime(absl::Milliseconds(1200), absl::Milliseconds(500));
                         },
                     .expect = row.expect,
                     .is_timeout = row.is_timeout,
                     .requests = row.expect.empty() ? 1 : 0,
                     .megabytes = row.megabytes});
  }
  return cases;
}

FaultCase Command(std::string name, std::function<std::string(Stage&)> command, std::string fields,
                  std::vector<std::string> expect) {
  return {.name = std::move(name),
          .prepare =
              [command, fields](Stage& stage) {
                ServeGood(stage);
                stage.UseKubeconfig(Config(stage, command(stage), fields));
              },
          .expect = std::move(expect),
          .requests = 0};
}

std::vector<FaultCase> CommandCases() {
  const auto at = [](const char* path) { return [path](Stage&) { return std::string(path); }; };
  const auto file = [](std::string text, int mode) {
    return [text, mode](Stage& stage) {
      const std::string path = stage.directory().Write("plugin", text);
      EXPECT_EQ(chmod(path.c_str(), static_cast<mode_t>(mode)), 0);
      return path;
    };
  };
  return {
      Command("NotThere", at("/nowhere/plugin"), kV1, {"there is no file \"/nowhere/plugin\""}),
      Command(
          "NotInThePath", at("no-such-plugin"),
          absl::StrCat(kV1, ", installHint: \"run\\e[31m\\nmake install\""),
          {"there is no command \"no-such-plugin\" in PATH", "Its configuration says: \"run make install\""}),
      Command("ADirectory", [](Stage& stage) { return stage.directory().path(); }, kV1, {"is a directory"}),
      Command("NotExecutable", file("#!/bin/sh\n", 0600), kV1, {"cannot be executed"}),
      Command("NoProgram", file("\x01\x02\x03\x04", 0755), kV1,
              {"it is neither a program for this kind of machine"}),
      Command("NoInterpreter", file("#!/nowhere/sh\n", 0755), kV1,
              {"the interpreter that its first line names"}),
      Command("NoName", at(""), kV1, {"command"}),
      Command("ADot", at("."), kV1, {"is not the name of a program"}),
      Command("NoVersion", at("/bin/true"), "interactiveMode: Never", {"apiVersion"}),
      Command("AlphaVersion", at("/bin/true"), "apiVersion: client.authentication.k8s.io/v1alpha1",
              {"v1alpha1, which kubectl no longer takes either"}),
      Command("NoInteractiveMode", at("/bin/true"), "apiVersion: client.authentication.k8s.io/v1",
              {"requires it: Never, IfAvailable or Always"}),
      Command("AlwaysInteractive", at("/bin/true"),
              "apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always", {"Always"}),
      Command("VariableWithoutAName", at("/bin/true"), absl::StrCat(kV1, ", env: [{name: \"\", value: x}]"),
              {"variable without a name"}),
      Command("VariableNobodyCanHave", at("/bin/true"),
              absl::StrCat(kV1, ", env: [{name: \"A=B\", value: x}]"),
              {"\"A=B\", which no variable can have"}),
  };
}

FAULT_FAMILY(ExecAnswer, CasesOf(AnswerRows()));
FAULT_FAMILY(ExecProcess, CasesOf(ProcessRows()));
FAULT_FAMILY(ExecCommand, CommandCases());

}  // namespace
}  // namespace k8soidc::faults
