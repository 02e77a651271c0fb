// What a plugin is told, and which configurations are refused before anything runs.

#include "kube/exec_request.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "absl/strings/str_join.h"
#include "provider/kube/exec_fixture.h"

namespace k8soidc::kube {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using tfsdk::Secret;

ExecPlugin V1() {
  ExecPlugin plugin;
  plugin.api_version = kExecV1;
  plugin.command = "aws";
  plugin.interactive_mode = "Never";
  return plugin;
}

std::map<std::string, std::string> Variables(const ExecPlugin& plugin, const ExecCluster& cluster,
                                             std::map<std::string, std::string> ours) {
  const auto list = MakeExecEnvironment(plugin, cluster, FakeEnvironment(std::move(ours)));
  EXPECT_TRUE(list.ok()) << list.status();
  std::map<std::string, std::string> variables;
  for (const std::string& variable : *list) {
    const size_t equals = variable.find('=');
    EXPECT_TRUE(variables.emplace(variable.substr(0, equals), variable.substr(equals + 1)).second)
        << variable << " is there twice";
  }
  return variables;
}

json Info(const ExecPlugin& plugin, const ExecCluster& cluster) {
  return json::parse(Variables(plugin, cluster, {}).at("KUBERNETES_EXEC_INFO"));
}

TEST(ExecRequestTest, PassesOurEnvironmentOnWithoutTheHandshake) {
  std::map<std::string, std::string> variables = Variables(V1(), {},
                                                           {{"PATH", "/bin"},
                                                            {"AWS_PROFILE", "dev"},
                                                            {"EMPTY", ""},
                                                            {"EQUALS", "a=b"},
                                                            {"TF_VAR_x", "y"},
                                                            {"PLUGIN_CLIENT_CERT", "x"},
                                                            {"PLUGIN_PROTOCOL_VERSIONS", "5,6"},
                                                            {"PLUGIN_MIN_PORT", "1"},
                                                            {"PLUGIN_MAX_PORT", "2"},
                                                            {"PLUGIN_MULTIPLEX_GRPC", "true"},
                                                            {"PLUGIN_UNIX_SOCKET_DIR", "/tmp"},
                                                            {"TF_PLUGIN_MAGIC_COOKIE", "x"},
                                                            {"TF_REATTACH_PROVIDERS", "{}"},
                                                            {"KUBERNETES_EXEC_INFO", "of somebody else"}});
  EXPECT_EQ(json::parse(variables.at("KUBERNETES_EXEC_INFO")).at("kind"), "ExecCredential");
  variables.erase("KUBERNETES_EXEC_INFO");
  EXPECT_THAT(variables,
              ElementsAre(std::pair("AWS_PROFILE", "dev"), std::pair("EMPTY", ""), std::pair("EQUALS", "a=b"),
                          std::pair("PATH", "/bin"), std::pair("TF_VAR_x", "y")));
}

TEST(ExecRequestTest, TheConfiguredEnvironmentWinsAndTheLastOfIt) {
  ExecPlugin plugin = V1();
  plugin.env = {{"A", Secret("1")},
                {"A", Secret("2")},
                {"PLUGIN_X", Secret("mine")},
                {"KUBERNETES_EXEC_INFO", Secret("x")}};
  const auto variables = Variables(plugin, {}, {{"A", "0"}, {"B", "0"}});
  EXPECT_EQ(variables.at("A"), "2");
  EXPECT_EQ(variables.at("B"), "0");
  EXPECT_EQ(variables.at("PLUGIN_X"), "mine");
  EXPECT_TRUE(json::accept(variables.at("KUBERNETES_EXEC_INFO")));
}

TEST(ExecRequestTest, TellsOfTheClusterOnlyWhenItIsAskedFor) {
  ExecPlugin plugin = V1();
  plugin.api_version = kExecV1Beta1;
  ExecCluster cluster;
  cluster.server = "https://a:6443";
  EXPECT_EQ(Info(plugin, cluster), json::parse(R"({"kind":"ExecCredential",
      "apiVersion":"client.authentication.k8s.io/v1beta1","spec":{"interactive":false}})"));
  plugin.provide_cluster_info = true;
  EXPECT_EQ(Info(plugin, cluster).at("spec").at("cluster"), json::parse(R"({"server":"https://a:6443"})"));
  cluster.tls_server_name = "b";
  cluster.insecure = true;
  cluster.certificate_authority_data = "PEM\n";
  cluster.proxy_url = Secret("http://u:p@proxy");
  cluster.disable_compression = true;
  cluster.config_json = R"({"audience":["x",1,null]})";
  EXPECT_EQ(Info(plugin, cluster).at("spec").at("cluster"),
            json::parse(R"({"server":"https://a:6443","tls-server-name":"b","insecure-skip-tls-verify":true,
                "certificate-authority-data":"UEVNCg==","proxy-url":"http://u:p@proxy","disable-compression":true,
                "config":{"audience":["x",1,null]}})"));
  cluster.config_json = "{";
  EXPECT_THAT(MakeExecEnvironment(plugin, cluster, {}).status().message(),
              HasSubstr("client.authentication.k8s.io/exec"));
  cluster.config_json = "";
  cluster.server = "https://\xff";
  EXPECT_TRUE(MakeExecEnvironment(plugin, cluster, {}).ok());
}

TEST(ExecRequestTest, ListsTheEnvironmentOfTheProcess) {
  ASSERT_EQ(setenv("K8SOIDC_TEST_LIST", "here", 1), 0);
  EXPECT_THAT(Environment::OfProcess().list(), Contains("K8SOIDC_TEST_LIST=here"));
  unsetenv("K8SOIDC_TEST_LIST");
}

TEST(ExecRequestTest, RefusesWhatCannotBeRun) {
  const auto with = [](auto change) {
    ExecPlugin plugin = V1();
    change(plugin);
    return std::string(CheckExecPlugin(plugin).message());
  };
  EXPECT_TRUE(CheckExecPlugin(V1()).ok());
  EXPECT_EQ(with([](ExecPlugin& p) { p.interactive_mode = "IfAvailable"; }), "");
  EXPECT_EQ(with([](ExecPlugin& p) { p.api_version = kExecV1Beta1, p.interactive_mode = ""; }), "");
  EXPECT_THAT(with([](ExecPlugin& p) { p.interactive_mode = ""; }), HasSubstr("has no interactive mode"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.interactive_mode = "never"; }), HasSubstr("\"never\" is unknown"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.interactive_mode = "Always"; }), HasSubstr("nobody can be asked"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.api_version = kExecV1Beta1, p.interactive_mode = "Always"; }),
              HasSubstr("nobody can be asked"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.api_version = ""; }), HasSubstr("has no API version"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.api_version = "client.authentication.k8s.io/v1alpha1"; }),
              HasSubstr("update the plugin"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.api_version = "v1"; }), HasSubstr("\"v1\" is unknown"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.command = ""; }), HasSubstr("has no command"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.args = {std::string("a\0b", 3)}; }), HasSubstr("NUL"));
  EXPECT_THAT(with([](ExecPlugin& p) { p.env = {{"", Secret("x")}}; }), HasSubstr("name of a variable"));
  EXPECT_THAT(with([](ExecPlugin& p) {
                p.env = {{"A=B", Secret("x")}};
              }),
              HasSubstr("\"A=B\" cannot be the name"));
  EXPECT_THAT(with([](ExecPlugin& p) {
                p.env = {{"A", Secret(std::string("x\0", 2))}};
              }),
              HasSubstr("the value of its variable \"A\" has a NUL byte"));
}

TEST(ExecRequestTest, KnowsWhatIsSecret) {
  ExecPlugin plugin = V1();
  plugin.env = {{"REGION", Secret("configured")}};
  plugin.args = {"get-token", "--client-secret", "argument", "--password=equals",
                 "--region",  "plain",           "--token"};
  std::vector<std::string> values;
  for (const Secret& secret : SecretsOf(
           plugin, FakeEnvironment(
                       {{"HOME", "/home"}, {"aws_secret_access_key", "key"}, {"TF_VAR_db", "variable"}}))) {
    values.push_back(secret.Reveal());
  }
  EXPECT_THAT(values, ::testing::UnorderedElementsAre("configured", "argument", "equals", "key", "variable"));
}

class ExecRequestRunTest : public ExecTest {};

TEST_F(ExecRequestRunTest, ThePluginSeesJustThat) {
  ExecPlugin plugin = Plugin(absl::StrCat(
      "/usr/bin/env > \"$DIR/env\"; printf '%s|' \"$@\" > \"$DIR/args\"\n", Answer(R"("token":"a")")));
  plugin.env = {{"CONFIGURED", Secret("yes")}};
  plugin.args = {"a b", "", "$HOME;`x`", "--"};
  ExecCredentials credentials(
      FakeEnvironment({{"PATH", "/usr/bin:/bin"}, {"OURS", "1"}, {"PLUGIN_CLIENT_CERT", "cert"}}));
  ASSERT_TRUE(credentials.Get(tfsdk::CancelToken(), plugin, {}, absl::InfiniteFuture()).ok());
  EXPECT_EQ(ReadAll(InDirectory("args")), "a b||$HOME;`x`|--|");
  std::set<std::string> names;
  const std::string text = ReadAll(InDirectory("env"));
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    names.emplace(line.substr(0, line.find('=')));
  }
  // The shell adds some of its own.
  for (const char* const shells : {"PWD", "OLDPWD", "SHLVL", "_"}) names.erase(shells);
  EXPECT_EQ(absl::StrJoin(names, " "), "CONFIGURED KUBERNETES_EXEC_INFO OURS PATH");
}

}  // namespace
}  // namespace k8soidc::kube
