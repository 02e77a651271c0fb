// What the provider block lays over a kubeconfig's user and over a pod, and what goes over plain http.

#include "kube/overlay.h"

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

std::string Kubeconfig(const std::string& user, const std::string& server = "https://c.example") {
  return absl::StrCat("current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n",
                      "clusters: [{name: c, cluster: {server: '", server,
                      "', proxy-url: 'http://from-file'}}]\n", "users: [{name: u, user: {", user, "}}]\n");
}

constexpr char kExecUser[] =
    "exec: {apiVersion: client.authentication.k8s.io/v1, command: from-file, interactiveMode: Never}, as: "
    "jane";

ConnectionOptions Options(const std::string& kubeconfig) {
  ConnectionOptions options;
  options.kubeconfig = Secret(kubeconfig);
  return options;
}

ExecPlugin Plugin() {
  return {.api_version = "client.authentication.k8s.io/v1",
          .command = "from-block",
          .interactive_mode = "IfAvailable"};
}

absl::StatusOr<Cluster> Resolve(const ConnectionOptions& options,
                                std::map<std::string, std::string> variables = {}) {
  return ResolveCluster(options, FakeEnvironment(std::move(variables), "/pod"), std::nullopt);
}

std::string ErrorOf(const ConnectionOptions& options, std::map<std::string, std::string> variables = {}) {
  const absl::StatusOr<Cluster> cluster = Resolve(options, std::move(variables));
  return cluster.ok() ? "no error" : std::string(cluster.status().message());
}

TEST(OverlayTest, ACredentialReplacesExecAndLeavesTheImpersonation) {
  ConnectionOptions options = Options(Kubeconfig(kExecUser));
  options.token = Secret("argument");
  absl::StatusOr<Cluster> cluster = Resolve(options);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_FALSE(cluster->exec.has_value());
  EXPECT_EQ(cluster->DescribeCredential(), "the credential in token");
  EXPECT_EQ(cluster->impersonation.user, "jane");

  options = Options(Kubeconfig(kExecUser));
  options.client_certificate = kCertificate;
  options.client_key = Secret(kKey);
  EXPECT_FALSE(Resolve(options)->exec.has_value());
}

TEST(OverlayTest, ExecReplacesEveryCredential) {
  for (const char* user : {kExecUser, "token: t", "client-certificate: /c, client-key: /k, token: t",
                           "auth-provider: {name: oidc}"}) {
    ConnectionOptions options = Options(Kubeconfig(user));
    options.exec = Plugin();
    const absl::StatusOr<Cluster> cluster = Resolve(options);
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    EXPECT_EQ(cluster->exec->command, "from-block");
    EXPECT_EQ(cluster->DescribeCredential(), "the credential from the exec plugin of the provider block");
  }
  // Arguments count before variables.
  ConnectionOptions options;
  options.exec = Plugin();
  const absl::StatusOr<Cluster> cluster = Resolve(options, {{"KUBE_HOST", "a.example"}, {"KUBE_TOKEN", "t"}});
  EXPECT_TRUE(cluster->bearer.empty());
  EXPECT_TRUE(cluster->exec.has_value());
}

TEST(OverlayTest, ImpersonationIsReplacedAsAWhole) {
  ConnectionOptions options = Options(Kubeconfig("token: t, as: jane, as-groups: [admins]"));
  options.impersonate = Impersonation{.user = "joe"};
  EXPECT_EQ(Resolve(options)->impersonation, (Impersonation{.user = "joe"}));
  // What is replaced is not looked at.
  options.kubeconfig = Secret(Kubeconfig("token: t, as-groups: [admins]"));
  EXPECT_EQ(Resolve(options)->impersonation, (Impersonation{.user = "joe"}));
}

TEST(OverlayTest, TheProxyOfTheArgumentsWinsOverTheKubeconfigs) {
  ConnectionOptions options = Options(Kubeconfig("token: t"));
  EXPECT_EQ(Resolve(options)->proxy->host, "from-file");
  options.proxy_url = Secret("socks5h://joe:hunter2@from-block");
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  EXPECT_EQ(cluster->proxy->host, "from-block");
  EXPECT_EQ(cluster->proxy->origin, "proxy_url");
  EXPECT_EQ(cluster->proxy_url.Reveal(), "socks5h://joe:hunter2@from-block");
  const absl::StatusOr<Cluster> by_variable =
      Resolve({}, {{"KUBE_HOST", "a.example"}, {"KUBE_PROXY_URL", "http://from-variable"}});
  EXPECT_EQ(by_variable->proxy->Describe(), "the proxy http://from-variable:80 (KUBE_PROXY_URL)");
  EXPECT_THAT(ErrorOf({}, {{"KUBE_HOST", "a.example"}, {"KUBE_PROXY_URL", "joe:hunter2@proxy"}}),
              AllOf(HasSubstr("KUBE_PROXY_URL is no proxy URL"), Not(HasSubstr("hunter2"))));
  ConnectionOptions host;
  host.host = "a.example";
  EXPECT_FALSE(Resolve(host, {{"KUBE_PROXY_URL", "http://p"}})->proxy.has_value()) << "no gaps are filled";
}

TEST(OverlayTest, HeadersAreAdded) {
  ConnectionOptions options = Options(Kubeconfig("token: t"));
  options.headers = {{"X-Key", Secret("hunter2")}};
  const absl::StatusOr<Cluster> cluster = Resolve(options);
  ASSERT_EQ(cluster->headers.size(), 1u);
  EXPECT_EQ(cluster->headers[0].value.Reveal(), "hunter2");
}

TEST(OverlayTest, APodMayActForOthersThroughAProxyButItsTokenStaysWithItsCa) {
  const std::map<std::string, std::string> pod = {{"KUBERNETES_SERVICE_HOST", "10.96.0.1"},
                                                  {"KUBERNETES_SERVICE_PORT", "443"}};
  ConnectionOptions options;
  options.in_cluster = true;
  options.impersonate = Impersonation{.user = "jane"};
  options.proxy_url = Secret("http://p");
  options.headers = {{"X", Secret("y")}};
  absl::StatusOr<Cluster> cluster = Resolve(options, pod);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_EQ(cluster->server, "https://10.96.0.1");
  EXPECT_EQ(cluster->bearer.token_file, "/pod/token");
  EXPECT_EQ(cluster->certificate_authority.file, "/pod/ca.crt");
  EXPECT_EQ(cluster->impersonation.user, "jane");
  options.insecure = true;
  EXPECT_THAT(ErrorOf(options, pod), HasSubstr("only over the pod's own CA"));
  options.exec = Plugin();
  cluster = Resolve(options, pod);
  ASSERT_TRUE(cluster.ok()) << cluster.status();
  EXPECT_TRUE(cluster->bearer.empty()) << "exec replaces the pod's token";
}

TEST(PlainHttpTest, NothingThatSaysWhoWeAreIsKept) {
  for (const char* user :
       {"exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x}", "token: hunter2",
        "username: joe, password: hunter2", "client-certificate: /c, client-key: /k"}) {
    const absl::StatusOr<Cluster> cluster = Resolve(Options(Kubeconfig(user, "http://localhost:8001")));
    ASSERT_TRUE(cluster.ok()) << cluster.status();
    EXPECT_EQ(cluster->server, "http://localhost:8001");
    EXPECT_FALSE(cluster->HasCredential()) << user;
    EXPECT_THAT(cluster->withheld_credential, HasSubstr("user \"u\" ("));
    EXPECT_THAT(cluster->warnings,
                ElementsAre(AllOf(HasSubstr("plain http: nothing protects its answer"),
                                  HasSubstr(cluster->withheld_credential), Not(HasSubstr("hunter2")))));
  }
  ConnectionOptions host;
  host.host = "http://127.0.0.1:8001";
  host.token = Secret("hunter2");
  host.insecure = true;
  const absl::StatusOr<Cluster> cluster = Resolve(host);
  EXPECT_FALSE(cluster->HasCredential());
  EXPECT_EQ(cluster->withheld_credential, "the credential in token");
  EXPECT_THAT(cluster->warnings, ElementsAre(HasSubstr("plain http"))) << "one warning, not two";
  host.token.reset();
  EXPECT_THAT(Resolve(host)->warnings, ElementsAre(HasSubstr("No credential is sent there. Use")));
}

TEST(PlainHttpTest, NobodySpeaksForAUserThere) {
  EXPECT_THAT(
      ErrorOf(Options(Kubeconfig("as: jane", "http://localhost:8001"))),
      AllOf(HasSubstr("plain http"), HasSubstr("impersonation speaks for a user"), HasSubstr("use https")));
  ConnectionOptions options = Options(Kubeconfig("", "http://localhost:8001"));
  options.headers = {{"X-Key", Secret("hunter2")}};
  EXPECT_THAT(ErrorOf(options), AllOf(HasSubstr("headers may hold a credential"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(Resolve(Options(Kubeconfig("", "https://c.example")))->warnings, IsEmpty());
}

}  // namespace
}  // namespace k8soidc::kube
