// Kubeconfigs from a pull request (T-46, T-47): bombs, devices, contradictions. Nothing is asked of the network
// before the text is understood.

#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

struct Row {
  const char* name;
  std::string text;
  std::vector<std::string> expect;
  int megabytes = 8;
};

constexpr char kHead[] = "apiVersion: v1\nkind: Config\n";

// One context of each kind. `cluster` and `user` are the members' lines, in flow style.
std::string Config(absl::string_view cluster, absl::string_view user, absl::string_view more = "") {
  return absl::StrCat(kHead, "current-context: main\nclusters:\n- {name: main, cluster: {", cluster,
                      "}}\nusers:\n- {name: main, user: {", user,
                      "}}\ncontexts:\n- {name: main, context: {cluster: main, user: main}}\n", more);
}

std::string Server(absl::string_view url) { return absl::StrCat("server: \"", url, "\""); }
std::string Token() { return absl::StrCat("token: ", kToken); }
std::string Good() { return Config(Server("https://127.0.0.1:1"), Token()); }

std::string AliasBomb() {
  std::string text = absl::StrCat(kHead, "x0: &x0 [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]\n");
  for (int i = 1; i < 10; ++i) {
    absl::StrAppend(&text, "x", i, ": &x", i, " [");
    for (int k = 0; k < 10; ++k) absl::StrAppend(&text, k == 0 ? "" : ",", "*x", i - 1);
    text += "]\n";
  }
  return text;
}

std::string Repeated(absl::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

std::vector<Row> TextRows() {
  const std::string server = Server("https://127.0.0.1:1");
  constexpr char kIn[] = "kubeconfig text: ";
  return {
      {"NotYaml", "{", {kIn, "line "}},
      {"AText", "hello", {"a kubeconfig is a mapping and this is a string"}},
      {"AList", "[1, 2]", {"a kubeconfig is a mapping and this is a list"}},
      {"OneComma", ",", {kIn}},
      {"Tabs", absl::StrCat(kHead, "clusters:\n\t- name: x\n"), {kIn, "line 4"}},
      {"Nul", absl::StrCat(kHead, "x: \"a", std::string(1, '\0'), "b\"\n"), {kIn}},
      {"OtherKind", "apiVersion: v1\nkind: Secret\n", {"not a kubeconfig: it is of kind \"Secret\""}},
      {"OtherVersion", "apiVersion: v2\nkind: Config\n", {"version \"v2\""}},
      {"YamlVersion12", absl::StrCat("%YAML 1.2\n---\n", kHead), {"%YAML"}},
      {"AliasBomb", AliasBomb(), {kIn, "counting each alias as what it stands for"}, 64},
      {"AliasOfItself",
       absl::StrCat(kHead, "x: &x [*x]\n"),
       {"an alias to an anchor that is not defined before it"}},
      {"AliasOfNothing", absl::StrCat(kHead, "x: *nothing\n"), {kIn, "line 3"}},
      {"MergeOfAText", absl::StrCat(kHead, "x: {<<: text}\n"), {"a merge key (<<) needs a mapping"}},
      {"DeepFlow", absl::StrCat(kHead, "x: ", std::string(5000, '[')), {"more than 64 levels deep"}},
      {"DeepBlock",
       absl::StrCat(kHead,
                    [] {
                      std::string text;
                      for (int i = 0; i < 300; ++i) absl::StrAppend(&text, std::string(i, ' '), "a:\n");
                      return text;
                    }()),
       {"more than 64 levels deep"}},
      {"ManyValues",
       absl::StrCat(kHead, "x: [", Repeated("1,", 250000), "]\n"),
       {"more than 200000 values"},
       200},
      {"LargerThan4Mib",
       absl::StrCat(kHead, "x: ", std::string(5 << 20, 'a'), "\n"),
       {"larger than 4 MiB"},
       64},
      {"ScalarOf1Mib",
       Config(absl::StrCat("server: \"https://", std::string(1 << 20, 'a'), "\""), Token()),
       {"longer than 8192 bytes"},
       24},
      {"KeyTwice",
       absl::StrCat(Good(), "current-context: other\n"),
       {"the key \"current-context\" is already there on line 3"}},
      {"ClusterTwice",
       absl::StrReplaceAll(
           Good(), {{"users:", "- {name: main, cluster: {server: \"https://evil.example\"}}\nusers:"}}),
       {"a second cluster with the name \"main\""}},
      {"UserTwice",
       absl::StrReplaceAll(Good(), {{"contexts:", "- {name: main, user: {}}\ncontexts:"}}),
       {"a second user with the name \"main\""}},
      {"NoContext",
       absl::StrReplaceAll(Good(), {{"current-context: main\n", ""}}),
       {"has no current-context", "\"main\""}},
      {"ContextOfNobody",
       absl::StrReplaceAll(Good(), {{"current-context: main", "current-context: other"}}),
       {"has no context \"other\", though current-context names it. The contexts there are: \"main\""}},
      {"ContextWithControls",
       absl::StrReplaceAll(Good(), {{"current-context: main", "current-context: \"a\\e[31m\\nb\""}}),
       {"has no context \"a\\x1b[31m\\nb\""}},
      {"ContextWithoutItsCluster",
       absl::StrReplaceAll(Good(), {{"cluster: main, user", "cluster: gone, user"}}),
       {"names the cluster \"gone\", and there is none of that name. The clusters there are: \"main\""}},
      {"ContextWithoutItsUser",
       absl::StrReplaceAll(Good(), {{"user: main}}\n", "user: gone}}\n"}}),
       {"names the user \"gone\", and there is none of that name. The users there are: \"main\""}},
      {"NoServer", Config("", Token()), {"has no server, so there is nothing to talk to"}},
      {"ServerPlainHttp", Config(Server("http://127.0.0.1:1"), Token()), {"http"}},
      {"ServerWithoutScheme", Config(Server("127.0.0.1:1"), Token()), {"has no scheme"}},
      {"ServerAFile",
       Config(Server("file:///etc/passwd"), Token()),
       {"it starts with neither https:// nor http://"}},
      {"ServerWithPassword",
       Config(Server(absl::StrCat("https://u:", kPassword, "@127.0.0.1:1")), Token()),
       {"it carries a user name"}},
      {"ServerWithQuery",
       Config(Server("https://127.0.0.1:1/?x=1"), Token()),
       {"with a query or a fragment"}},
      {"ServerNumber",
       Config("server: 12345", Token()),
       {"server must be a string and is a number; put it in quotes"}},
      {"CaNoBase64",
       Config(absl::StrCat(server, ", certificate-authority-data: \"%%%\""), Token()),
       {"certificate-authority-data is not base64"}},
      {"CaAndInsecure",
       Config(absl::StrCat(server, ", insecure-skip-tls-verify: true, certificate-authority: /etc/ca.crt"),
              Token()),
       {"has a certificate authority and insecure-skip-tls-verify: true"}},
      {"InsecureInQuotes",
       Config(absl::StrCat(server, ", insecure-skip-tls-verify: 'true'"), Token()),
       {"insecure-skip-tls-verify must be true or false, without quotes"}},
      {"TokenAndPassword",
       Config(server, absl::StrCat(Token(), ", username: u, password: ", kPassword)),
       {"has both a token and a user name"}},
      {"TokenNumber", Config(server, "token: 12345"), {"token must be a string and is a number"}},
      {"TokenWithLineBreak",
       Config(server, absl::StrCat("token: \"", kToken, "\\r\\nX-Evil: 1\"")),
       {"token"}},
      {"CertificateWithoutKey",
       Config(server, "client-certificate: /etc/x.crt"),
       {"has a client certificate without a client key"}},
      {"BothCertificates",
       Config(server,
              "client-certificate: /etc/x.crt, client-certificate-data: AAAA, client-key: /etc/x.key"),
       {"has both client-certificate and client-certificate-data"}},
      {"RelativePathInAText", Config(server, "tokenFile: token"), {"tokenFile is a relative path"}},
      {"AuthProvider", Config(server, "auth-provider: {name: gcp}"), {"uses the auth-provider \"gcp\""}},
      {"UserAList",
       absl::StrReplaceAll(Good(), {{absl::StrCat("{", Token(), "}"), "[]"}}),
       {"user must be a mapping and is a list"}},
      {"ClustersAMapping",
       absl::StrCat(kHead, "clusters: {}\n"),
       {"clusters must be a list and is a mapping"}},
      {"KeyAList", absl::StrCat(kHead, "? [a]\n: b\n"), {"a key that is a list"}},
      {"TagThatConstructs", absl::StrCat(kHead, "x: !!float 'abc'\n"), {"this text is no !!float"}},
      {"Infinity", absl::StrCat(kHead, "x: .inf\n"), {"infinity and .nan are not numbers"}},
  };
}

FaultCase File(std::string name, std::function<std::string(Stage&)> make, std::vector<std::string> expect) {
  return {.name = std::move(name),
          .prepare =
              [make](Stage& stage) {
                for (const char* unset : {"host", "token", "cluster_ca_certificate"}) stage.Unset(unset);
                stage.Set("config_path", make(stage));
              },
          .expect = std::move(expect),
          .megabytes = 12};
}

// A file beside the kubeconfig, named by `field` of cluster or user.
FaultCase Named(std::string name, const char* field, std::function<std::string(Stage&)> make,
                std::vector<std::string> expect) {
  return File(
      std::move(name),
      [field, make](Stage& stage) {
        const bool of_cluster = std::string(field) == "certificate-authority";
        const std::string member = absl::StrCat(field, ": \"", make(stage), "\"");
        std::string user = of_cluster ? Token() : member;
        if (std::string(field) == "client-certificate") user += ", client-key: /nowhere/key";
        return stage.directory().Write(
            "config",
            Config(absl::StrCat(Server("https://127.0.0.1:1"), of_cluster ? ", " + member : ""), user));
      },
      std::move(expect));
}

std::string Fifo(Stage& stage) {
  const std::string path = stage.directory().path() + "/fifo";
  EXPECT_EQ(mkfifo(path.c_str(), 0600), 0);
  return path;
}

std::vector<FaultCase> FileCases() {
  const auto at = [](const char* path) { return [path](Stage&) { return std::string(path); }; };
  return {
      File("Missing", at("/nowhere/config"), {"there is no file \"/nowhere/config\""}),
      File("MissingInAFile", at("/etc/passwd/config"), {"there is no file \"/etc/passwd/config\""}),
      File("ADirectory", [](Stage& stage) { return stage.directory().path(); }, {"is a directory"}),
      File("AFifo", Fifo, {"is not a regular file"}),
      File("ZeroDevice", at("/dev/zero"), {"is not a regular file"}),
      File("Terminal", at("/dev/tty"), {"/dev/tty"}),
      File("ALoopOfLinks",
           [](Stage& stage) {
             const std::string path = stage.directory().path() + "/loop";
             EXPECT_EQ(symlink(path.c_str(), path.c_str()), 0);
             return path;
           },
           {"cannot read the file"}),
      File("HugeFile",
           [](Stage& stage) { return stage.directory().Write("huge", std::string(5 << 20, ' ')); },
           {"is larger than 4 MiB"}),
      File("SparseFileOf1Tib",
           [](Stage& stage) {
             const std::string path = stage.directory().Write("sparse", "");
             EXPECT_EQ(truncate(path.c_str(), off_t{1} << 40), 0);
             return path;
           },
           {"is larger than 4 MiB"}),
      File("NameWithControls", at("/nowhere/a\x1b[31m\nb"), {"there is no file \"/nowhere/a\\x1b[31m\\nb\""}),
      File("HomeOfAnother", at("~root/config"), {"the home of another user cannot be looked up"}),
      File("Empty", [](Stage& stage) { return stage.directory().Write("empty", ""); },
           {"has no current-context"}),
      File("NotUtf8",
           [](Stage& stage) {
             return stage.directory().Write("config", absl::StrCat(kHead, "x: \"\xff\xfe\"\n"));
           },
           {"kubeconfig /", "UTF-8"}),
      Named("TokenFileMissing", "tokenFile", at("/nowhere/token"), {"there is no file \"/nowhere/token\""}),
      Named("TokenFileAFifo", "tokenFile", Fifo, {"is not a regular file"}),
      Named("TokenFileADevice", "tokenFile", at("/dev/zero"), {"is not a regular file"}),
      Named("TokenFileEmpty", "tokenFile",
            [](Stage& stage) { return stage.directory().Write("token", " \n"); }, {"is empty"}),
      Named("TokenFileOfTwoLines", "tokenFile",
            [](Stage& stage) {
              return stage.directory().Write("token", absl::StrCat(kToken, "\n", kToken, "\n"));
            },
            {"the token of user \"main\""}),
      Named("TokenFileBinary", "tokenFile",
            [](Stage& stage) {
              return stage.directory().Write("token", absl::StrCat(kToken, std::string("\0\x01", 2)));
            },
            {"the token of user \"main\""}),
      Named("CaFileMissing", "certificate-authority", at("/nowhere/ca.crt"),
            {"the certificate authority of context \"main\"", "there is no file"}),
      Named("CaFileNoPem", "certificate-authority",
            [](Stage& stage) { return stage.directory().Write("ca.crt", "not a certificate"); },
            {"is not PEM text"}),
      Named("CaFileAKey", "certificate-authority",
            [](Stage& stage) { return stage.directory().Write("ca.crt", ClientIdentity().key); },
            {"has no CERTIFICATE in it"}),
      Named("CaFileDamaged", "certificate-authority",
            [](Stage& stage) {
              return stage.directory().Write(
                  "ca.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
            },
            {"CA"}),
      Named("ClientCertificateMissing", "client-certificate", at("/nowhere/x.crt"),
            {"there is no file \"/nowhere/x.crt\""}),
      Named("ClientKeyMissing", "client-certificate",
            [](Stage& stage) { return stage.directory().Write("x.crt", ClientIdentity().chain); },
            {"the key of the client certificate of user \"main\"", "there is no file \"/nowhere/key\""}),
  };
}

std::vector<FaultCase> TextCases() {
  std::vector<FaultCase> cases;
  for (const Row& row : TextRows()) {
    cases.push_back({.name = row.name,
                     .prepare = [text = row.text](Stage& stage) { stage.UseKubeconfig(text); },
                     .expect = row.expect,
                     .megabytes = row.megabytes});
  }
  return cases;
}

FAULT_FAMILY(KubeconfigText, TextCases());
FAULT_FAMILY(KubeconfigFile, FileCases());

}  // namespace
}  // namespace k8soidc::faults
