// What the comparison with kubectl and client-go (tests/oracle) found, each as a test of its own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "kube/auth.h"
#include "kube/cluster.h"
#include "kube/options.h"
#include "kube/server_url.h"
#include "support/fake_environment.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

constexpr char kCertificate[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

// A kubeconfig with these fields in its only cluster and its only user.
ConnectionOptions Options(absl::string_view cluster_fields, absl::string_view user_fields) {
  ConnectionOptions options;
  options.kubeconfig =
      Secret(absl::StrCat("contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n"
                          "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1', ",
                          cluster_fields, "}}]\nusers: [{name: u, user: {", user_fields, "}}]\n"));
  return options;
}

absl::StatusOr<Cluster> Resolve(const ConnectionOptions& options) {
  return ResolveCluster(options, FakeEnvironment({}), std::nullopt);
}

constexpr absl::string_view kContradiction =
    "insecure-skip-tls-verify: true, certificate-authority: /a, certificate-authority-data: YQ==";

TEST(ParityTest, AnExplicitAuthorityReplacesWhatTheKubeconfigSaysOfTrust) {
  ConnectionOptions options = Options(kContradiction, "token: t");
  EXPECT_FALSE(Resolve(options).ok());
  options.cluster_ca_certificate = kCertificate;
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_FALSE(cluster->insecure);
  EXPECT_EQ(cluster->certificate_authority.text.Reveal(), *options.cluster_ca_certificate);
  EXPECT_EQ(cluster->certificate_authority.file, "");
}

TEST(ParityTest, ExplicitInsecureReplacesTheAuthorities) {
  ConnectionOptions options = Options(kContradiction, "token: t");
  options.insecure = true;
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_TRUE(cluster->insecure);
  EXPECT_TRUE(cluster->certificate_authority.empty());
  options.insecure = false;
  EXPECT_FALSE(Resolve(options).ok());
}

TEST(ParityTest, AnExplicitTokenReplacesTheUsersContradictions) {
  ConnectionOptions options = Options("", "username: a, password: b, tokenFile: /not/there, client-key: /k");
  EXPECT_FALSE(Resolve(options).ok());
  options.token = Secret("explicit");
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->bearer.token.Reveal(), "explicit");
  EXPECT_EQ(cluster->bearer.token_file, "");
  EXPECT_EQ(cluster->bearer.username, "");
}

TEST(ParityTest, AnAuthorityThatCannotBeReadIsSaidBeforeAPluginRuns) {
  Cluster cluster;
  cluster.certificate_authority.text = Secret("not PEM");
  cluster.exec = ExecPlugin();
  EXPECT_FALSE(TellExecPlugin(cluster).ok());
  cluster.certificate_authority.text = Secret(kCertificate);
  const absl::StatusOr<ExecCluster> told = TellExecPlugin(cluster);
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->certificate_authority_data, "");  // Not asked for with provideClusterInfo.
}

TEST(ParityTest, AServersPathIsJoinedDecoded) {
  for (const auto& [path, joined] :
       {std::pair("/a%2Fb", "/a/b"), std::pair("/a%2fb/%2e%2E/c", "/a/c"), std::pair("/a%20b", "/a%20b"),
        std::pair("/(a)%3A%7e!", "/%28a%29:~%21"), std::pair("/k8s/clusters/c-1/", "/k8s/clusters/c-1")}) {
    EXPECT_EQ(*ParseServerUrl(absl::StrCat("https://h", path)), absl::StrCat("https://h", joined));
  }
  for (const absl::string_view path : {"/100%", "/%", "/%1", "/%zz"}) {
    const absl::Status status = ParseServerUrl(absl::StrCat("https://h", path)).status();
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("a percent sign that starts no escape"))
        << path;
  }
}

}  // namespace
}  // namespace k8soidc::kube
