// Every sentence about a cluster that people act on (what it is, and what to do), word for word. Sentences of
// the transport (TLS, DNS, time), of exec plugins that are run, and of keys that are refused are tested where
// they are made.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kube/cluster.h"
#include "kube/errors.h"
#include "support/fake_environment.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

constexpr char kUrl[] = "https://a.example/openid/v1/jwks";

std::string Status(const std::string& message) {
  return absl::StrCat(R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")", message,
                      R"(","reason":"Forbidden","code":403})");
}

std::string Forbidden(const std::string& user) {
  return Status(absl::StrCat(R"(forbidden: User \")", user, R"(\" cannot get path \"/openid/v1/jwks\")"));
}

std::string Denied(const std::string& resource) {
  return Status(absl::StrCat(resource,
                             R"( \"jane\" is forbidden: User \"admin\" cannot impersonate resource \")",
                             resource, R"(\" in API group \"\" at the cluster scope)"));
}

std::string DeniedByNewServers() {
  return Status(R"(forbidden: User \"admin\" cannot impersonate-on:user-info:get path \"/openid/v1/jwks\")");
}

Cluster WithToken() {
  Cluster cluster;
  cluster.origin = "context \"dev\" of /dir/config";
  cluster.server = "https://a.example";
  cluster.bearer = {.description = "the token of user \"u\" (/dir/config, line 9, column 3)",
                    .token = Secret("hunter2")};
  return cluster;
}

Cluster With(void (*change)(Cluster&)) {
  Cluster cluster = WithToken();
  change(cluster);
  return cluster;
}

struct AnswerRow {
  const char* name;
  int status;
  Cluster cluster;
  std::string body;
  const char* message;
};

const Cluster kAnonymous = With([](Cluster& c) { c.bearer = {}; });
const Cluster kExec = With([](Cluster& c) {
  c.bearer = {};
  c.exec = ExecPlugin{.description = "the exec plugin of user \"u\" (/dir/config, line 9, column 5)"};
});
const Cluster kJane = With([](Cluster& c) { c.impersonation.user = "jane"; });
const Cluster kHttp = With([](Cluster& c) {
  c.withheld_credential = c.bearer.description;
  c.bearer = {};
});

std::vector<AnswerRow> AnswerRows() {
  return {
      {"401, token", 401, WithToken(), "",
       "https://a.example/openid/v1/jwks answered with status 401 Unauthorized. The server does not accept "
       "the "
       "token of user \"u\" (/dir/config, line 9, column 3), chosen by context \"dev\" of /dir/config. It "
       "may "
       "have expired, or belong to another cluster; get a new one."},
      {"401, exec", 401, kExec, "",
       "https://a.example/openid/v1/jwks answered with status 401 Unauthorized. The server does not accept "
       "the "
       "credential from the exec plugin of user \"u\" (/dir/config, line 9, column 5), chosen by context "
       "\"dev\" of /dir/config, though the plugin was asked again. It may have expired, or belong to another "
       "cluster; get a new one."},
      {"401, impersonation", 401, kJane, "",
       "https://a.example/openid/v1/jwks answered with status 401 Unauthorized. The server does not accept "
       "the "
       "token of user \"u\" (/dir/config, line 9, column 3), chosen by context \"dev\" of /dir/config. It "
       "may "
       "have expired, or belong to another cluster; get a new one. The request asks to act as \"jane\", but "
       "it "
       "is this credential that is refused."},
      {"401, anonymous", 401, kAnonymous, "",
       "https://a.example/openid/v1/jwks answered with status 401 Unauthorized. No credential was sent, "
       "because "
       "context \"dev\" of /dir/config has none, and this server answers nobody it does not know. Give a "
       "token, "
       "a client certificate or an exec plugin."},
      {"401, plain http", 401, kHttp, "",
       "https://a.example/openid/v1/jwks answered with status 401 Unauthorized. No credential was sent, "
       "because "
       "the server is plain http: the token of user \"u\" (/dir/config, line 9, column 3) goes nowhere "
       "without "
       "TLS, and this server answers nobody it does not know. Give a token, a client certificate or an exec "
       "plugin, and name the server by https."},
      {"403, named", 403, WithToken(), Forbidden("jane@example.com"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The user \"jane@example.com\" "
       "(the "
       "token of user \"u\" (/dir/config, line 9, column 3)) may not read it. Whoever administers the "
       "cluster "
       "can allow it: kubectl create clusterrolebinding k8soidc-issuer-discovery "
       "--clusterrole=system:service-account-issuer-discovery --user='jane@example.com'"},
      {"403, service account", 403, WithToken(), Forbidden("system:serviceaccount:atlantis:sa"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The user "
       "\"system:serviceaccount:atlantis:sa\" (the token of user \"u\" (/dir/config, line 9, column 3)) may "
       "not "
       "read it. Whoever administers the cluster can allow it: kubectl create clusterrolebinding "
       "k8soidc-issuer-discovery --clusterrole=system:service-account-issuer-discovery "
       "--serviceaccount=atlantis:sa"},
      {"403, anonymous", 403, kAnonymous, Forbidden("system:anonymous"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. No credential was sent, because "
       "context \"dev\" of /dir/config has none. Give a token, a client certificate or an exec plugin, or "
       "let "
       "everybody read the keys: kubectl create clusterrolebinding k8soidc-issuer-discovery "
       "--clusterrole=system:service-account-issuer-discovery --group=system:unauthenticated"},
      {"403, taken for anonymous", 403, WithToken(), Forbidden("system:anonymous"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The server took this for an "
       "anonymous request, though the token of user \"u\" (/dir/config, line 9, column 3) was offered: it "
       "may "
       "belong to another cluster. Give another credential, or let everybody read the keys: kubectl create "
       "clusterrolebinding k8soidc-issuer-discovery --clusterrole=system:service-account-issuer-discovery "
       "--group=system:unauthenticated"},
      {"403, impersonated", 403, kJane, Forbidden("jane"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The user \"jane\" (whom the "
       "token "
       "of user \"u\" (/dir/config, line 9, column 3) impersonates) may not read it. Whoever administers the "
       "cluster can allow it: kubectl create clusterrolebinding k8soidc-issuer-discovery "
       "--clusterrole=system:service-account-issuer-discovery --user='jane'"},
      {"403, may not impersonate", 403, kJane, Denied("users"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The user \"admin\" (the token "
       "of "
       "user \"u\" (/dir/config, line 9, column 3)) may not act as \"jane\": it lacks the right to "
       "impersonate "
       "\"users\". Whoever administers the cluster can allow it: kubectl create clusterrole "
       "k8soidc-impersonator --verb=impersonate --resource=users --resource-name='jane' && kubectl create "
       "clusterrolebinding k8soidc-impersonator --clusterrole=k8soidc-impersonator --user='admin'"},
      {"403, may not impersonate, as 1.36 says it", 403, kJane, DeniedByNewServers(),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The user \"admin\" (the token "
       "of "
       "user \"u\" (/dir/config, line 9, column 3)) may not act as \"jane\". Whoever administers the cluster "
       "can allow it: kubectl create clusterrole "
       "k8soidc-impersonator --verb=impersonate --resource=users --resource-name='jane' && kubectl create "
       "clusterrolebinding k8soidc-impersonator --clusterrole=k8soidc-impersonator --user='admin'"},
      {"403, a hostile body", 403, WithToken(), Forbidden("x\\u001b[2J"),
       "https://a.example/openid/v1/jwks answered with status 403 Forbidden. The server knows who asks (the "
       "token of user \"u\" (/dir/config, line 9, column 3)) and does not allow it. Bind the ClusterRole "
       "system:service-account-issuer-discovery to that user; `kubectl auth whoami` shows the name: kubectl "
       "create clusterrolebinding k8soidc-issuer-discovery "
       "--clusterrole=system:service-account-issuer-discovery --user=NAME"},
      {"404", 404, WithToken(), "",
       "https://a.example/openid/v1/jwks answered with status 404 Not Found. Kubernetes serves issuer and "
       "keys "
       "only when its service-account issuer is an https URL without query: check the API server's "
       "--service-account-issuer. Or the server URL lacks a path, or is no API server."},
      {"406", 406, WithToken(), "",
       "https://a.example/openid/v1/jwks answered with status 406 Not Acceptable. An API server takes the "
       "Accept "
       "header that was sent; something in between may have changed it. Name the API server itself."},
      {"407", 407, WithToken(), "",
       "https://a.example/openid/v1/jwks answered with status 407 Proxy Authentication Required. A proxy on "
       "the "
       "way wants to know who we are: write its user name and password into the URL that names it "
       "(proxy_url, "
       "proxy-url or HTTP_PROXY), or go around it with NO_PROXY."},
  };
}

TEST(MessagesTest, AnswersOfTheServer) {
  for (const AnswerRow& row : AnswerRows()) {
    http::Response response;
    response.status = row.status;
    response.body = row.body;
    EXPECT_EQ(std::string(ResponseToStatus(response, kUrl, row.cluster).message()), row.message) << row.name;
  }
}

TEST(MessagesTest, Redirects) {
  http::Response response;
  response.status = 302;
  response.location = "https://login.example/\x1b[2J?session=hunter2";
  EXPECT_EQ(
      ResponseToStatus(response, kUrl, WithToken()).message(),
      "https://a.example/openid/v1/jwks answered with status 302. It redirects to "
      "https://login.example/\\x1b[2J, which is not followed, because credentials and trust end at this "
      "server. It may be a login page or a proxy; name the API server itself.");
}

struct ConfigurationRow {
  const char* name;
  std::string kubeconfig;  // Of the argument of that name.
  std::map<std::string, std::string> variables;
  const char* message;
};

std::string Entry(const std::string& cluster, const std::string& user) {
  return absl::StrCat("current-context: c\ncontexts:\n- {name: c, context: {cluster: c, user: u}}\n",
                      "clusters:\n- name: c\n  cluster: {", cluster, "}\nusers:\n- name: u\n  user: {", user,
                      "}\n");
}

std::vector<ConfigurationRow> ConfigurationRows() {
  const std::string server = "server: 'https://c.example'";
  return {
      {"nothing",
       "",
       {},
       "No cluster is named, and there is no default. Name one in the provider block (host with "
       "cluster_ca_certificate and a credential; config_path, config_paths or kubeconfig; in_cluster = "
       "true), "
       "with KUBE_HOST, KUBE_CONFIG_PATH or KUBE_CONFIG_PATHS, or with KUBECONFIG. ~/.kube/config is read "
       "only "
       "when it is named. This process does not run in a pod, whose service account would be the last "
       "resort."},
      {"no such file",
       "",
       {{"KUBE_CONFIG_PATH", "/nonexistent/config"}},
       "KUBE_CONFIG_PATH: there is no file \"/nonexistent/config\""},
      {"no such context",
       "current-context: x\ncontexts: [{name: a}, {name: \"b\\e\"}]",
       {},
       "kubeconfig in the argument kubeconfig has no context \"x\", though current-context names it. The "
       "contexts there are: \"a\", \"b\\x1b\""},
      {"no current-context",
       "contexts: [{name: a}]",
       {},
       "kubeconfig in the argument kubeconfig has no current-context, so it names no cluster; set "
       "config_context to one of its contexts: \"a\""},
      {"no such cluster",
       "current-context: c\ncontexts:\n- {name: c, context: {cluster: x}}\nclusters: [{name: a}]",
       {},
       "context \"c\" in the argument kubeconfig (in the argument kubeconfig, line 3, column 3) names the "
       "cluster \"x\", and there is none of that name. The clusters there are: \"a\""},
      {"no such user",
       absl::StrCat("current-context: c\ncontexts:\n- {name: c, context: {cluster: c, user: x}}\n",
                    "clusters: [{name: c, cluster: {", server, "}}]\nusers: [{name: a}]"),
       {},
       "context \"c\" in the argument kubeconfig (in the argument kubeconfig, line 3, column 3) names the "
       "user \"x\", and there is none of that name. The users there are: \"a\""},
      {"bare host",
       Entry("server: c.example", ""),
       {},
       "the server of cluster \"c\" (in the argument kubeconfig, line 6, column 21) has no scheme, which to "
       "kubectl means plain http; write https:// before it"},
      {"auth-provider",
       Entry(server, "auth-provider: {name: gcp}"),
       {},
       "user \"u\" (in the argument kubeconfig, line 9, column 25) uses the auth-provider \"gcp\", which "
       "this "
       "provider does not offer. Give `token`, `token_file` or an `exec` block in the provider block, or "
       "name "
       "another user with config_context_auth_info."},
      {"exec without a command",
       Entry(server, "exec: {apiVersion: client.authentication.k8s.io/v1beta1}"),
       {},
       "the command of the exec plugin of user \"u\" (in the argument kubeconfig, line 9, column 16) is "
       "missing"},
      {"as-groups alone",
       Entry(server, "as-groups: [a]"),
       {},
       "user \"u\" (in the argument kubeconfig, line 9, column 21) sets as-uid, as-groups or as-user-extra "
       "without as: say whom to impersonate"},
      {"proxy",
       Entry(server + ", proxy-url: 'ftp://p'", ""),
       {},
       "the proxy-url of cluster \"c\" (in the argument kubeconfig, line 6, column 53) is no proxy URL: it "
       "must "
       "start with http://, https://, socks5:// or socks5h://"},
      {"http and impersonation",
       Entry("server: 'http://localhost:8001'", "as: jane"),
       {},
       "the server http://localhost:8001 of context \"c\" in the argument kubeconfig is plain http, and "
       "impersonation speaks for a user, so neither is sent in the clear: use https, or remove the "
       "impersonation"},
  };
}

TEST(MessagesTest, Configurations) {
  for (const ConfigurationRow& row : ConfigurationRows()) {
    ConnectionOptions options;
    if (!row.kubeconfig.empty()) options.kubeconfig = Secret(row.kubeconfig);
    const absl::Status status =
        ResolveCluster(options, FakeEnvironment(row.variables), std::nullopt).status();
    EXPECT_EQ(std::string(status.message()), row.message) << row.name;
  }
}

}  // namespace
}  // namespace k8soidc::kube
