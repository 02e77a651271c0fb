// Which source decides, and that none fills the gaps of another.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "kube/cluster.h"
#include "support/fake_environment.h"
#include "support/temporary_directory.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::Secret;

constexpr char kCertificate[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
constexpr char kServiceAccount[] = "/pod/serviceaccount";

std::map<std::string, std::string> PodVariables() {
  return {{"KUBERNETES_SERVICE_HOST", "10.96.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}};
}

absl::StatusOr<Cluster> Resolve(const ConnectionOptions& options,
                                std::map<std::string, std::string> variables = {},
                                const std::optional<std::string>& context = std::nullopt) {
  return ResolveCluster(options, FakeEnvironment(std::move(variables), kServiceAccount), context);
}

std::string ErrorOf(const ConnectionOptions& options, std::map<std::string, std::string> variables = {},
                    const std::optional<std::string>& context = std::nullopt) {
  const absl::StatusOr<Cluster> cluster = Resolve(options, std::move(variables), context);
  return cluster.ok() ? "no error" : std::string(cluster.status().message());
}

// Each source names a cluster of its own, so that the server tells which one decided.
class PrecedenceTest : public testing::Test {
 protected:
  std::string Config(const std::string& name) {
    return directory_.Write(
        name, absl::StrCat("current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}, ",
                           "{name: d, context: {cluster: c}}]\n",
                           "clusters: [{name: c, cluster: {server: 'https://", name, "'}}]\n",
                           "users: [{name: u, user: {token: token-of-", name, "}}]\n"));
  }
  std::map<std::string, std::string> Everything() {
    std::map<std::string, std::string> variables = PodVariables();
    variables["KUBE_CONFIG_PATH"] = Config("kube-config-path");
    variables["KUBECONFIG"] = Config("kubeconfig-variable");
    variables["HOME"] = directory_.path();
    return variables;
  }

  TemporaryDirectory directory_;
};

TEST_F(PrecedenceTest, ArgumentsOverKubeVariablesOverKubeconfigOverThePod) {
  std::map<std::string, std::string> variables = Everything();
  ConnectionOptions options;
  options.config_path = Config("argument");
  EXPECT_EQ(Resolve(options, variables)->server, "https://argument");
  EXPECT_EQ(Resolve({}, variables)->server, "https://kube-config-path");
  variables.erase("KUBE_CONFIG_PATH");
  EXPECT_EQ(Resolve({}, variables)->server, "https://kubeconfig-variable");
  variables.erase("KUBECONFIG");
  EXPECT_EQ(Resolve({}, variables)->server, "https://10.96.0.1");
}

TEST_F(PrecedenceTest, LaterSourcesNeverFillGaps) {
  std::map<std::string, std::string> variables = Everything();
  variables["KUBE_TOKEN"] = "kube-token";
  variables["KUBE_CTX"] = "d";
  variables["KUBE_CLUSTER_CA_CERT_DATA"] = kCertificate;
  ConnectionOptions host;
  host.host = "host.example";
  const absl::StatusOr<Cluster> cluster = Resolve(host, variables);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->server, "https://host.example");
  EXPECT_EQ(cluster->DescribeCredential(), "no credential");
  EXPECT_TRUE(cluster->certificate_authority.empty());

  ConnectionOptions file;
  file.config_path = Config("argument");
  EXPECT_EQ(Resolve(file, variables)->bearer.token.Reveal(), "token-of-argument");

  std::map<std::string, std::string> kube_host = PodVariables();
  kube_host["KUBE_HOST"] = "kube-host.example";
  kube_host["KUBECONFIG"] = Config("kubeconfig-variable");
  EXPECT_EQ(Resolve({}, kube_host)->server, "https://kube-host.example");
  EXPECT_EQ(Resolve({}, kube_host)->DescribeCredential(), "no credential");
}

TEST_F(PrecedenceTest, EarlierSourcesAreLaidOverTheOneThatDecides) {
  std::map<std::string, std::string> variables = {{"KUBECONFIG", Config("kubeconfig-variable")},
                                                  {"KUBE_TOKEN", "kube-token"}};
  EXPECT_EQ(Resolve({}, variables)->bearer.token.Reveal(), "kube-token");
  EXPECT_EQ(Resolve({}, variables)->DescribeCredential(), "the credential in KUBE_TOKEN");
  ConnectionOptions options;
  options.token = Secret("argument-token");
  options.config_context = "d";
  const absl::StatusOr<Cluster> cluster = Resolve(options, variables);
  EXPECT_EQ(cluster->server, "https://kubeconfig-variable");
  EXPECT_EQ(cluster->bearer.token.Reveal(), "argument-token");
  EXPECT_THAT(cluster->origin, HasSubstr("context \"d\""));
}

TEST_F(PrecedenceTest, SomethingNamedButBrokenIsAnErrorAndNotTheNextSource) {
  std::map<std::string, std::string> variables = Everything();
  ConnectionOptions options;
  options.config_path = "/nonexistent/config";
  EXPECT_THAT(ErrorOf(options, variables),
              HasSubstr("config_path: there is no file \"/nonexistent/config\""));
  variables["KUBE_CONFIG_PATH"] = "/nonexistent/config";
  EXPECT_THAT(ErrorOf({}, variables), HasSubstr("KUBE_CONFIG_PATH: there is no file"));
  variables.erase("KUBE_CONFIG_PATH");
  variables["KUBECONFIG"] = "/nonexistent/config:/nonexistent/other";
  EXPECT_THAT(ErrorOf({}, variables), HasSubstr("KUBECONFIG: none of the files"));
  variables["KUBECONFIG"] = directory_.Write("broken", "a: [");
  EXPECT_THAT(ErrorOf({}, variables),
              AllOf(HasSubstr("KUBECONFIG: kubeconfig "), HasSubstr("broken"), HasSubstr("line 2")));
}

TEST_F(PrecedenceTest, TheHomeKubeconfigIsReadOnlyWhenNamed) {
  directory_.Write(".kube/config", "current-context: c\n");
  EXPECT_THAT(ErrorOf({}, {{"HOME", directory_.path()}}),
              AllOf(HasSubstr("No cluster is named"), HasSubstr("config_path"), HasSubstr("KUBECONFIG"),
                    HasSubstr("in_cluster"), Not(HasSubstr("localhost"))));
  ConnectionOptions options;
  options.config_path = "~/.kube/config";
  EXPECT_THAT(ErrorOf(options, {{"HOME", directory_.path()}}), HasSubstr("has no context \"c\""));
}

TEST(PodTest, UsesThePodsOwnAddressTokenAndCa) {
  const absl::StatusOr<Cluster> cluster = Resolve({}, PodVariables());
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->server, "https://10.96.0.1");
  EXPECT_EQ(cluster->bearer.token_file, "/pod/serviceaccount/token");
  EXPECT_EQ(cluster->certificate_authority.file, "/pod/serviceaccount/ca.crt");
  EXPECT_EQ(cluster->origin, "the pod's own service account");
}

TEST(PodTest, BracketsIpv6) {
  for (const char* host : {"fd00::1", "[fd00::1]"}) {
    EXPECT_EQ(Resolve({}, {{"KUBERNETES_SERVICE_HOST", host}, {"KUBERNETES_SERVICE_PORT", "6443"}})->server,
              "https://[fd00::1]:6443");
  }
}

TEST(PodTest, RefusesVariablesThatMakeNoUrl) {
  EXPECT_THAT(ErrorOf({}, {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "tcp://x"}}),
              HasSubstr("KUBERNETES_SERVICE_HOST"));
}

TEST(PodTest, InClusterIsTrueFalseOrALastResort) {
  ConnectionOptions options;
  options.in_cluster = true;
  EXPECT_EQ(Resolve(options, PodVariables())->server, "https://10.96.0.1");
  EXPECT_THAT(ErrorOf(options), HasSubstr("does not run in a pod"));
  std::map<std::string, std::string> variables = PodVariables();
  variables["KUBE_HOST"] = "kube-host.example";
  EXPECT_EQ(Resolve(options, variables)->server, "https://10.96.0.1") << "an argument over a variable";
  options.in_cluster = false;
  EXPECT_THAT(ErrorOf(options, PodVariables()),
              AllOf(HasSubstr("No cluster is named"), HasSubstr("in_cluster = false forbids")));
}

TEST(PodTest, ThePodsTokenGoesOnlyOverThePodsCa) {
  ConnectionOptions options;
  options.insecure = true;
  EXPECT_THAT(ErrorOf(options, PodVariables()), HasSubstr("only over the pod's own CA"));
  options.insecure.reset();
  options.cluster_ca_certificate = kCertificate;
  EXPECT_THAT(ErrorOf(options, PodVariables()), HasSubstr("only over the pod's own CA"));
  options.token = Secret("own-token");
  EXPECT_TRUE(Resolve(options, PodVariables()).ok());
  ConnectionOptions host;
  host.host = "https://10.96.0.1";
  EXPECT_EQ(Resolve(host, PodVariables())->DescribeCredential(), "no credential");
}

TEST(PodTest, AContextMeansNothingThere) {
  EXPECT_THAT(ErrorOf({}, PodVariables(), "dev"),
              AllOf(HasSubstr("config_context = \"dev\""), HasSubstr("the pod's own service account")));
  ConnectionOptions options;
  options.host = "https://a.example";
  options.config_context = "dev";
  EXPECT_THAT(ErrorOf(options), HasSubstr("chooses within a kubeconfig"));
}

}  // namespace
}  // namespace k8soidc::kube
