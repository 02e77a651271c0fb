// What a kubeconfig says about exec plugins, impersonation, proxies and extensions, and how it is checked when
// it is chosen.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "kube/cluster.h"
#include "kube/kubeconfig.h"
#include "support/fake_environment.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using tfsdk::Secret;

absl::StatusOr<Kubeconfig> Parse(const std::string& text) {
  return ParseKubeconfig(text, KubeconfigSource::File("/dir/config"));
}

std::string ParseError(const std::string& text) {
  const absl::StatusOr<Kubeconfig> config = Parse(text);
  return config.ok() ? "no error" : std::string(config.status().message());
}

// A kubeconfig with one context, whose cluster and user have these fields besides the server.
std::string OneContext(const std::string& cluster, const std::string& user) {
  return absl::StrCat("current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n",
                      "clusters: [{name: c, cluster: {server: 'https://c.example', ", cluster, "}}]\n",
                      "users: [{name: u, user: {", user, "}}]\n");
}

absl::StatusOr<Cluster> Resolve(const std::string& text) {
  ConnectionOptions options;
  options.kubeconfig = Secret(text);
  return ResolveCluster(options, FakeEnvironment({}), std::nullopt);
}

std::string ErrorOf(const std::string& text) {
  const absl::StatusOr<Cluster> cluster = Resolve(text);
  return cluster.ok() ? "no error" : std::string(cluster.status().message());
}

constexpr char kExec[] =
    "exec: {apiVersion: client.authentication.k8s.io/v1, command: get-token, interactiveMode: Never}";

TEST(KubeconfigExecTest, ReadsEveryField) {
  const absl::StatusOr<Kubeconfig> config = Parse(R"(
users:
- name: u
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: ./bin/get-token
      args: [--cluster, c, null]
      env: [{name: A, value: hunter2}, {name: B}]
      installHint: brew install it
      interactiveMode: IfAvailable
      provideClusterInfo: true
)");
  ASSERT_TRUE(config.ok()) << config.status();
  const ExecPlugin& exec = *config->users.at("u").exec;
  EXPECT_EQ(exec.api_version, "client.authentication.k8s.io/v1beta1");
  EXPECT_EQ(exec.command, "/dir/./bin/get-token");
  EXPECT_THAT(exec.args, ElementsAre("--cluster", "c", ""));
  EXPECT_THAT(exec.env, ElementsAre(Pair("A", Secret("hunter2")), Pair("B", Secret())));
  EXPECT_EQ(exec.install_hint, "brew install it");
  EXPECT_EQ(exec.interactive_mode, "IfAvailable");
  EXPECT_TRUE(exec.provide_cluster_info);
  EXPECT_EQ(config->users.at("u").fields.Find("exec.command", ""), "/dir/config, line 7, column 16");
}

TEST(KubeconfigExecTest, ABareCommandGoesThroughPathAndARelativeOneNeedsAFile) {
  EXPECT_EQ(Parse("users: [{name: u, user: {exec: {command: aws}}}]")->users.at("u").exec->command, "aws");
  EXPECT_EQ(Parse("users: [{name: u, user: {exec: {command: /bin/aws}}}]")->users.at("u").exec->command,
            "/bin/aws");
  EXPECT_THAT(ErrorOf(OneContext("", "exec: {command: bin/aws}")),
              AllOf(HasSubstr("command is a relative path"), HasSubstr("a bare name that is in PATH")));
}

TEST(KubeconfigExecTest, TypesAreThoseOfClientGo) {
  const auto user = [](const std::string& fields) {
    return ParseError(absl::StrCat("users: [{name: u, user: {", fields, "}}]"));
  };
  EXPECT_THAT(user("exec: []"), HasSubstr("exec must be a mapping"));
  EXPECT_THAT(user("exec: {command: 5}"), HasSubstr("command must be a string and is a number"));
  EXPECT_THAT(user("exec: {args: x}"), HasSubstr("args must be a list"));
  EXPECT_THAT(user("exec: {args: [1]}"), HasSubstr("an entry of args must be a string and is a number"));
  EXPECT_THAT(user("exec: {env: {A: b}}"), HasSubstr("env must be a list"));
  EXPECT_THAT(user("exec: {env: [x]}"), HasSubstr("an entry of env must be a mapping"));
  EXPECT_THAT(user("exec: {env: [{name: A, value: 5}]}"), HasSubstr("value must be a string"));
  EXPECT_THAT(user("exec: {provideClusterInfo: 'true'}"),
              HasSubstr("provideClusterInfo must be true or false"));
  EXPECT_THAT(user("as: [x]"), HasSubstr("as must be a string"));
  EXPECT_THAT(user("as-groups: x"), HasSubstr("as-groups must be a list"));
  EXPECT_THAT(user("as-user-extra: {k: v}"), HasSubstr("\"k\" of as-user-extra must be a list"));
  EXPECT_THAT(user("auth-provider: {name: oidc, config: {a: 5}}"), HasSubstr("\"a\" of auth-provider"));
  EXPECT_THAT(ParseError("clusters: [{name: c, cluster: {disable-compression: 1}}]"),
              HasSubstr("disable-compression must be true or false"));
  EXPECT_THAT(ParseError("clusters: [{name: c, cluster: {proxy-url: 1}}]"), HasSubstr("proxy-url must be"));
  EXPECT_THAT(ParseError("preferences: {colors: 5}"), HasSubstr("colors must be true or false"));
  EXPECT_EQ(
      ParseError("preferences: {colors: true, extensions: []}\nextensions: [{name: a, extension: {x: 1}}]"),
      "no error");
}

TEST(KubeconfigExecTest, OnlyOneExtensionIsKept) {
  const absl::StatusOr<Kubeconfig> config = Parse(R"(
clusters:
- name: c
  cluster:
    extensions:
    - {name: other, extension: {secret: 1}}
    - {name: client.authentication.k8s.io/exec, extension: {b: [0x10, two], a: null}}
- name: d
  cluster: {extensions: [{name: client.authentication.k8s.io/exec}]}
)");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->clusters.at("c").exec_config_json, R"({"a":null,"b":[16,"two"]})");
  EXPECT_EQ(config->clusters.at("d").exec_config_json, "");
  EXPECT_THAT(ParseError("clusters: [{name: c, cluster: {extensions: [{name: a}, {name: a}]}}]"),
              HasSubstr("a second extension with the name \"a\""));
}

TEST(KubeconfigExecTest, ReachesTheCluster) {
  const absl::StatusOr<Cluster> cluster = Resolve(
      OneContext("proxy-url: 'socks5://joe:hunter2@proxy.example:1080', disable-compression: true, "
                 "extensions: [{name: client.authentication.k8s.io/exec, extension: {a: 1}}]",
                 absl::StrCat(kExec, ", as: jane, as-uid: '7', as-groups: [a, b], as-user-extra: {k: [v]}")));
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  ASSERT_TRUE(cluster->exec.has_value());
  EXPECT_EQ(cluster->exec->command, "get-token");
  EXPECT_EQ(cluster->exec->timeout, absl::Seconds(60));
  EXPECT_EQ(cluster->exec->description,
            "the exec plugin of user \"u\" (in the argument kubeconfig, line 4, column 32)");
  EXPECT_EQ(cluster->DescribeCredential(), "the credential from " + cluster->exec->description);
  EXPECT_EQ(cluster->exec_config_json, R"({"a":1})");
  EXPECT_TRUE(cluster->disable_compression);
  EXPECT_EQ(cluster->proxy->host, "proxy.example");
  EXPECT_EQ(cluster->proxy->password.Reveal(), "hunter2");
  EXPECT_THAT(cluster->proxy->origin, AllOf(HasSubstr("cluster \"c\" ("), HasSubstr("line 3, column 72")));
  EXPECT_EQ(cluster->proxy_url.Reveal(), "socks5://joe:hunter2@proxy.example:1080");
  EXPECT_EQ(cluster->impersonation,
            (Impersonation{.user = "jane", .uid = "7", .groups = {"a", "b"}, .extra = {{"k", {"v"}}}}));
}

TEST(KubeconfigExecTest, RefusesWhatClientGoRefusesAtTheFieldThatIsToBlame) {
  const auto exec = [](const std::string& fields) {
    return ErrorOf(OneContext("", absl::StrCat("exec: {", fields, "}")));
  };
  constexpr char kV1[] = "apiVersion: client.authentication.k8s.io/v1";
  EXPECT_EQ(
      exec("command: x"),
      "the apiVersion of the exec plugin of user \"u\" (in the argument kubeconfig, line 4, column 32) is "
      "missing; it is client.authentication.k8s.io/v1 or client.authentication.k8s.io/v1beta1");
  EXPECT_THAT(exec("apiVersion: client.authentication.k8s.io/v1alpha1, command: x"),
              AllOf(HasSubstr("line 4, column 45"), HasSubstr("no longer takes")));
  EXPECT_THAT(exec("apiVersion: v9, command: x, interactiveMode: Never"), HasSubstr("is \"v9\"; it must be"));
  EXPECT_THAT(exec(absl::StrCat(kV1, ", interactiveMode: Never")), HasSubstr("the command of"));
  EXPECT_THAT(exec(absl::StrCat(kV1, ", command: x")), HasSubstr("the interactiveMode of the exec plugin"));
  EXPECT_EQ(exec("apiVersion: client.authentication.k8s.io/v1beta1, command: x"), "no error");
  EXPECT_THAT(exec(absl::StrCat(kV1, ", command: x, interactiveMode: never")),
              AllOf(HasSubstr("is \"never\""), HasSubstr("Never, IfAvailable or Always")));
  EXPECT_THAT(exec(absl::StrCat(kV1, ", command: x, interactiveMode: Never, env: [{value: hunter2}]")),
              AllOf(HasSubstr("a variable without a name"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(ErrorOf(OneContext("", absl::StrCat(kExec, ", auth-provider: {name: oidc}"))),
              HasSubstr("both exec and auth-provider"));
  // It is checked also where it would not be run.
  EXPECT_THAT(ErrorOf(OneContext("", "token: t, exec: {command: x}")), HasSubstr("the apiVersion of"));
}

TEST(KubeconfigExecTest, ImpersonationNeedsAUserAndWhatCanBeSent) {
  for (const char* fields : {"as-uid: x", "as-groups: [x]", "as-user-extra: {k: [v]}"}) {
    EXPECT_THAT(ErrorOf(OneContext("", fields)), AllOf(HasSubstr("without as"), HasSubstr("line 4")))
        << fields;
  }
  EXPECT_EQ(ErrorOf(OneContext("", "as-groups: [], as-user-extra: {}")), "no error");
  EXPECT_THAT(ErrorOf(OneContext("", "as: \"a\\r\\nb\"")),
              HasSubstr("field as, which has control characters"));
  EXPECT_THAT(ErrorOf(OneContext("", "as: a, as-groups: [\"x\\n\"]")), HasSubstr("field as-groups"));
}

TEST(KubeconfigExecTest, ACredentialOfTheUsersOwnWins) {
  for (const char* own :
       {"token: t", "username: a, password: b", "client-certificate: /c, client-key: /k", "tokenFile: /t"}) {
    const absl::StatusOr<Cluster> cluster = Resolve(OneContext("", absl::StrCat(own, ", ", kExec)));
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    EXPECT_FALSE(cluster->exec.has_value()) << own;
  }
  // A key alone is no credential.
  EXPECT_TRUE(Resolve(OneContext("", absl::StrCat("client-key: /k, ", kExec)))->exec.has_value());
}

TEST(KubeconfigExecTest, RefusesAProxyThatIsNone) {
  for (const char* url : {"ftp://proxy", "proxy.example:3128", "http://", "http://joe:hunter2@"}) {
    EXPECT_THAT(
        ErrorOf(OneContext(absl::StrCat("proxy-url: '", url, "'"), "")),
        AllOf(HasSubstr("the proxy-url of cluster \"c\" (in the argument kubeconfig, line 3, column 72)"),
              HasSubstr("is no proxy URL"), Not(HasSubstr("hunter2"))))
        << url;
  }
  for (const char* url : {"http://p", "https://p:1", "socks5://p", "socks5h://[::1]:1080"}) {
    EXPECT_EQ(ErrorOf(OneContext(absl::StrCat("proxy-url: '", url, "'"), "")), "no error") << url;
  }
}

}  // namespace
}  // namespace k8soidc::kube
