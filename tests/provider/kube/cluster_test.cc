#include "kube/cluster.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "support/fake_environment.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using tfsdk::Secret;

constexpr char kCertificate[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
constexpr char kKey[] = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

std::string DataFile(const std::string& name) { return absl::StrCat(TEST_DATA_DIR, "/kubeconfig/", name); }

absl::StatusOr<Cluster> Resolve(const ConnectionOptions& options,
                                std::map<std::string, std::string> variables = {},
                                const std::optional<std::string>& context = std::nullopt) {
  return ResolveCluster(options, FakeEnvironment(std::move(variables)), context);
}

std::string ErrorOf(const ConnectionOptions& options, std::map<std::string, std::string> variables = {},
                    const std::optional<std::string>& context = std::nullopt) {
  const absl::StatusOr<Cluster> cluster = Resolve(options, std::move(variables), context);
  return cluster.ok() ? "no error" : std::string(cluster.status().message());
}

ConnectionOptions FromFile(const std::string& name) {
  ConnectionOptions options;
  options.config_path = DataFile(name);
  return options;
}

ConnectionOptions FromText(const std::string& text) {
  ConnectionOptions options;
  options.kubeconfig = Secret(text);
  return options;
}

TEST(ClusterTest, TakesTheCurrentContextOfAKubeconfig) {
  const absl::StatusOr<Cluster> cluster = Resolve(FromFile("two_contexts.yaml"));
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->server, "https://dev.example:6443");
  EXPECT_EQ(cluster->tls_server_name, "kubernetes.default.svc");
  EXPECT_EQ(cluster->certificate_authority.text.Reveal(), kCertificate);
  EXPECT_EQ(cluster->bearer.token.Reveal(), "dev-token");
  EXPECT_THAT(cluster->origin, AllOf(HasSubstr("context \"dev\" of "), HasSubstr("two_contexts.yaml")));
  EXPECT_THAT(cluster->DescribeCredential(), AllOf(HasSubstr("the token of user \"dev-user\" ("),
                                                   HasSubstr("line 21"), Not(HasSubstr("dev-token"))));
  EXPECT_THAT(cluster->warnings, IsEmpty());
}

TEST(ClusterTest, TheArgumentsVariablesAndDataSourceChooseTheContext) {
  ConnectionOptions options = FromFile("two_contexts.yaml");
  options.config_context = "prod";
  const absl::StatusOr<Cluster> prod = Resolve(options);
  ASSERT_TRUE(prod.ok()) << prod.status();
  EXPECT_EQ(prod->server, "https://rancher.example/k8s/clusters/c-abc");
  EXPECT_EQ(prod->bearer.username, "admin");
  EXPECT_EQ(prod->bearer.password.Reveal(), "prod-password");
  EXPECT_TRUE(prod->insecure);
  EXPECT_THAT(prod->warnings, ElementsAre(HasSubstr("TLS verification is off")));
  EXPECT_EQ(Resolve(options, {}, "dev")->server, "https://dev.example:6443");
  EXPECT_EQ(Resolve({}, {{"KUBE_CONFIG_PATH", DataFile("two_contexts.yaml")}, {"KUBE_CTX", "prod"}})->server,
            "https://rancher.example/k8s/clusters/c-abc");
}

TEST(ClusterTest, ClusterAndUserOfTheContextCanBeReplaced) {
  ConnectionOptions options = FromFile("two_contexts.yaml");
  options.config_context_cluster = "prod-cluster";
  options.config_context_auth_info = "prod-user";
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->server, "https://rancher.example/k8s/clusters/c-abc");
  EXPECT_EQ(cluster->bearer.username, "admin");
  // They belong to the provider's choice, not to that of a data source.
  EXPECT_EQ(Resolve(options, {}, "dev")->server, "https://dev.example:6443");
  EXPECT_EQ(Resolve(options, {}, "dev")->bearer.token.Reveal(), "dev-token");
}

TEST(ClusterTest, AMissingContextListsTheOnesThereAre) {
  ConnectionOptions options = FromFile("two_contexts.yaml");
  options.config_context = "staging";
  EXPECT_THAT(ErrorOf(options), AllOf(HasSubstr("has no context \"staging\""), HasSubstr("two_contexts.yaml"),
                                      HasSubstr("The contexts there are: \"dev\", \"prod\"")));
  std::string many = "contexts:\n";
  for (int i = 0; i < 30; ++i) absl::StrAppend(&many, "- {name: \"c\\e", i, "\"}\n");
  EXPECT_THAT(ErrorOf(FromText(many), {}, "x"), AllOf(HasSubstr("and 10 more"), Not(HasSubstr("\x1b"))));
}

TEST(ClusterTest, WhatAContextNamesMustBeThere) {
  EXPECT_THAT(ErrorOf(FromText("clusters: []")), AllOf(HasSubstr("no current-context"), HasSubstr("none")));
  EXPECT_THAT(ErrorOf(FromText("current-context: c\n")), HasSubstr("though current-context names it"));
  EXPECT_THAT(
      ErrorOf(FromText(
          "current-context: c\ncontexts: [{name: c, context: {cluster: x}}]\nclusters: [{name: d}]\n")),
      HasSubstr("names the cluster \"x\", and there is none of that name. The clusters there are: \"d\""));
  EXPECT_THAT(ErrorOf(FromText("current-context: c\ncontexts: [{name: c, context: {user: x}}]\n")),
              HasSubstr("names no cluster"));
  EXPECT_THAT(
      ErrorOf(FromText(
          "current-context: c\ncontexts: [{name: c, context: {cluster: d}}]\nclusters: [{name: d}]\n")),
      HasSubstr("has no server"));
  EXPECT_THAT(
      ErrorOf(FromText("current-context: c\ncontexts: [{name: c, context: {cluster: d, user: jane}}]\n"
                       "clusters: [{name: d, cluster: {server: 'https://d'}}]\nusers: [{name: joe}]\n")),
      HasSubstr("names the user \"jane\", and there is none of that name. The users there are: \"joe\""));
}

// A kubeconfig with one context, whose cluster and user have these fields besides the server.
std::string OneContext(const std::string& cluster, const std::string& user) {
  return absl::StrCat("current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n",
                      "clusters: [{name: c, cluster: {server: 'https://c.example', ", cluster, "}}]\n",
                      "users: [{name: u, user: {", user, "}}]\n");
}

TEST(ClusterTest, RefusesWhatKubectlRefusesInAnEntry) {
  EXPECT_THAT(
      ErrorOf(FromText(OneContext("certificate-authority: /ca, certificate-authority-data: YQ==", ""))),
      HasSubstr("has both certificate-authority and certificate-authority-data"));
  EXPECT_THAT(ErrorOf(FromText(OneContext("certificate-authority: /ca, insecure-skip-tls-verify: true", ""))),
              HasSubstr("insecure-skip-tls-verify"));
  EXPECT_THAT(ErrorOf(FromText(
                  OneContext("", "client-certificate: /c, client-certificate-data: YQ==, client-key: /k"))),
              HasSubstr("has both client-certificate and client-certificate-data"));
  EXPECT_THAT(
      ErrorOf(FromText(OneContext("", "client-certificate: /c, client-key: /k, client-key-data: YQ=="))),
      HasSubstr("has both client-key and client-key-data"));
  EXPECT_THAT(ErrorOf(FromText(OneContext("", "client-certificate: /c"))), HasSubstr("without a client key"));
  EXPECT_THAT(ErrorOf(FromText(OneContext("", "token: hunter2, username: joe, password: hunter3"))),
              AllOf(HasSubstr("both a token and a user name"), Not(HasSubstr("hunter"))));
  EXPECT_THAT(ErrorOf(FromText(OneContext("", "password: hunter2"))),
              HasSubstr("password without a user name"));
}

TEST(ClusterTest, AKeyWithoutACertificateIsIgnoredWithAWarning) {
  const absl::StatusOr<Cluster> cluster = Resolve(FromText(OneContext("", "client-key: /k, token: abc")));
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_TRUE(cluster->client_certificate.empty());
  EXPECT_THAT(cluster->warnings, ElementsAre(HasSubstr("The key is ignored")));
}

TEST(ClusterTest, AUserWithoutACredentialIsAnonymous) {
  EXPECT_EQ(Resolve(FromText(OneContext("", "")))->DescribeCredential(), "no credential");
}

TEST(ClusterTest, AServerNeedsASchemeAndHasNoUser) {
  const auto with_server = [](const std::string& server) {
    return FromText(absl::StrCat("current-context: c\ncontexts: [{name: c, context: {cluster: c}}]\n",
                                 "clusters: [{name: c, cluster: {server: '", server, "'}}]\n"));
  };
  EXPECT_THAT(ErrorOf(with_server("c.example:6443")),
              AllOf(HasSubstr("the server of cluster \"c\" (in the argument kubeconfig, line 3, column 40)"),
                    HasSubstr("write https://")));
  EXPECT_THAT(ErrorOf(with_server("https://joe:hunter2@c.example")), Not(HasSubstr("hunter2")));
}

TEST(ClusterTest, RefusesAnAuthProviderWithTheWayOut) {
  const auto error_of = [](const std::string& context) {
    return ErrorOf(FromFile("credentials.yaml"), {}, context);
  };
  EXPECT_THAT(error_of("auth-provider"),
              AllOf(HasSubstr("user \"auth-provider\" ("), HasSubstr("credentials.yaml, line 16, column 20"),
                    HasSubstr("the auth-provider \"oidc\""), HasSubstr("`token`"), HasSubstr("`exec`"),
                    Not(HasSubstr("not-shown"))));
  ConnectionOptions options = FromFile("credentials.yaml");
  options.token = Secret("argument-token");
  EXPECT_EQ(Resolve(options, {}, "auth-provider")->bearer.token.Reveal(), "argument-token");
}

TEST(ClusterTest, AnotherCredentialMakesExecUnneeded) {
  EXPECT_EQ(Resolve(FromFile("credentials.yaml"), {}, "exec")->exec->command, "aws");
  const absl::StatusOr<Cluster> both = Resolve(FromFile("credentials.yaml"), {}, "exec-and-token");
  EXPECT_EQ(both->bearer.token.Reveal(), "own-token");
  EXPECT_FALSE(both->exec.has_value());
  ConnectionOptions options = FromFile("credentials.yaml");
  options.token = Secret("argument-token");
  EXPECT_EQ(Resolve(options, {}, "exec")->bearer.token.Reveal(), "argument-token");
  EXPECT_THAT(Resolve(FromFile("credentials.yaml"), {}, "impersonates")->impersonation.user, "jane");
  EXPECT_THAT(ErrorOf(FromFile("credentials.yaml"), {}, "impersonates-groups"), HasSubstr("without as"));
  EXPECT_EQ(Resolve(FromFile("credentials.yaml"), {}, "proxied")->proxy->Url(), "http://proxy.example:3128");
}

TEST(ClusterTest, ArgumentsAreLaidOverAKubeconfigAsKubectlLaysItsFlags) {
  ConnectionOptions options = FromFile("two_contexts.yaml");
  options.token = Secret("argument-token");
  absl::StatusOr<Cluster> cluster = Resolve(options);
  EXPECT_EQ(cluster->bearer.token.Reveal(), "argument-token");
  EXPECT_EQ(cluster->DescribeCredential(), "the credential in token");

  options.insecure = true;
  cluster = Resolve(options);
  EXPECT_TRUE(cluster->insecure);
  EXPECT_TRUE(cluster->certificate_authority.empty()) << "insecure clears the CA";

  options.insecure.reset();
  options.cluster_ca_certificate = kCertificate;
  options.config_context = "prod";
  cluster = Resolve(options);
  EXPECT_FALSE(cluster->insecure) << "a CA clears insecure";
  EXPECT_EQ(cluster->certificate_authority.text.Reveal(), kCertificate);
  EXPECT_EQ(cluster->bearer.username, "") << "the token replaces user name and password";

  ConnectionOptions host = FromFile("two_contexts.yaml");
  host.host = "other.example";
  cluster = Resolve(host);
  EXPECT_EQ(cluster->server, "https://other.example");
  EXPECT_EQ(cluster->tls_server_name, "") << "another server clears tls-server-name";
  host.tls_server_name = "name";
  EXPECT_EQ(Resolve(host)->tls_server_name, "name");
}

TEST(ClusterTest, CertificateAndKeyAreReplacedTogether) {
  ConnectionOptions options = FromText(OneContext("", "client-certificate: /c, client-key: /k, token: abc"));
  EXPECT_THAT(Resolve(options)->DescribeCredential(),
              AllOf(HasSubstr("the client certificate of"), HasSubstr("the token of")));
  options.client_certificate = kCertificate;
  options.client_key = Secret(kKey);
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  EXPECT_EQ(cluster->client_certificate.certificate.file, "");
  EXPECT_EQ(cluster->client_certificate.key.file, "");
  EXPECT_EQ(cluster->client_certificate.key.text.Reveal(), kKey);
}

TEST(ClusterTest, ADataSourceCannotChooseAContextWhoseServerIsReplaced) {
  ConnectionOptions options = FromFile("two_contexts.yaml");
  options.host = "https://one.example";
  EXPECT_THAT(ErrorOf(options, {}, "prod"),
              HasSubstr("host in the provider block replaces the server of every one"));
}

}  // namespace
}  // namespace k8soidc::kube
