#include "kube/options_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "support/fake_environment.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using tfsdk::Secret;

constexpr char kCertificate[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
constexpr char kKey[] = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

auto Error(const std::string& attribute, const std::string& part) {
  return AllOf(Field(&OptionError::attribute, attribute), Field(&OptionError::message, HasSubstr(part)));
}

TEST(OptionsCheckTest, NothingAtAllIsFine) { EXPECT_THAT(CheckOptions({}), IsEmpty()); }

TEST(OptionsCheckTest, TheUsualBlocksAreFine) {
  ConnectionOptions host;
  host.host = "https://a.example";
  host.token = Secret("abc");
  host.cluster_ca_certificate = kCertificate;
  EXPECT_THAT(CheckOptions(host), IsEmpty());

  ConnectionOptions file;
  file.config_path = "~/.kube/config";
  file.config_context = "dev";
  file.client_certificate = kCertificate;
  file.client_key = Secret(kKey);
  file.insecure = true;
  EXPECT_THAT(CheckOptions(file), IsEmpty());
}

TEST(OptionsCheckTest, OneKubeconfigOnly) {
  ConnectionOptions options;
  options.config_path = "a";
  options.config_paths = {"b"};
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(Error("config_path", "config_path and config_paths contradict")));
  options.config_paths.clear();
  options.kubeconfig = Secret("clusters: []");
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(Error("config_path", "config_path and kubeconfig contradict")));
}

TEST(OptionsCheckTest, InClusterNamesTheOnlyCluster) {
  ConnectionOptions options;
  options.in_cluster = true;
  EXPECT_THAT(CheckOptions(options), IsEmpty());
  options.host = "a.example";
  options.config_path = "a";
  options.config_context = "c";
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(Error("in_cluster", "host"), Error("in_cluster", "config_path"),
                          Error("in_cluster", "config_context")));
  options.in_cluster = false;
  EXPECT_THAT(CheckOptions(options), IsEmpty());
}

TEST(OptionsCheckTest, InsecureContradictsACa) {
  ConnectionOptions options;
  options.insecure = true;
  options.cluster_ca_certificate = kCertificate;
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("insecure", "cluster_ca_certificate")));
  options.insecure = false;
  EXPECT_THAT(CheckOptions(options), IsEmpty());
}

TEST(OptionsCheckTest, CredentialsComeWhole) {
  ConnectionOptions options;
  options.client_certificate = kCertificate;
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("client_certificate", "needs client_key")));
  options.client_certificate.reset();
  options.client_key = Secret(kKey);
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("client_key", "needs client_certificate")));
  options.client_key.reset();
  options.username = "admin";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("username", "needs password")));
  options.username.reset();
  options.password = Secret("p");
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("password", "needs username")));
}

TEST(OptionsCheckTest, WhatIsNotKnownYetIsNotMissed) {
  ConnectionOptions options;
  options.client_certificate = kCertificate;
  options.username = "admin";
  options.not_known_yet = {"client_key", "password"};
  EXPECT_THAT(CheckOptions(options), IsEmpty());
}

TEST(OptionsCheckTest, OneBearerOnly) {
  ConnectionOptions options;
  options.token = Secret("a");
  options.token_file = "b";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("token_file", "token")));
  options.token_file.reset();
  options.username = "u";
  options.password = Secret("p");
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("username", "token")));
}

TEST(OptionsCheckTest, RefusesTextThatIsNotPemWithoutShowingIt) {
  ConnectionOptions options;
  options.client_certificate = "hunter2.crt";
  options.client_key = Secret("hunter2.key");
  options.cluster_ca_certificate = "-----BEGIN CERTIFICATE-----\nhunter2!\n-----END CERTIFICATE-----\n";
  const std::vector<OptionError> errors = CheckOptions(options);
  EXPECT_THAT(errors,
              ElementsAre(Error("client_certificate", "is not PEM text"), Error("client_key", "file("),
                          Error("cluster_ca_certificate", "not base64")));
  for (const OptionError& error : errors) EXPECT_THAT(error.message, Not(HasSubstr("hunter2")));
}

TEST(OptionsCheckTest, RefusesPemOfTheWrongKindCutOffOrWithAPassphrase) {
  ConnectionOptions options;
  options.cluster_ca_certificate = kKey;
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("cluster_ca_certificate", "no CERTIFICATE")));
  options.cluster_ca_certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("cluster_ca_certificate", "cut off")));
  options.cluster_ca_certificate.reset();
  options.client_certificate = kCertificate;
  for (const char* key :
       {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X\n\nMIIB\n-----END RSA PRIVATE "
        "KEY-----\n"}) {
    options.client_key = Secret(key);
    EXPECT_THAT(CheckOptions(options), ElementsAre(Error("client_key", "passphrase")));
  }
  for (const char* key :
       {"-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n-----BEGIN EC PRIVATE "
        "KEY-----\nMIIB\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----\n"}) {
    options.client_key = Secret(key);
    EXPECT_THAT(CheckOptions(options), IsEmpty());
  }
}

TEST(OptionsCheckTest, RefusesWhatIsNoUrl) {
  ConnectionOptions options;
  for (const char* host :
       {"ftp://a.example", "https://user:hunter2@a.example", "https://a.example?x=hunter2", "a b"}) {
    options.host = host;
    const std::vector<OptionError> errors = CheckOptions(options);
    EXPECT_THAT(errors, ElementsAre(Error("host", "host "))) << host;
    EXPECT_THAT(errors[0].message, Not(HasSubstr("hunter2")));
  }
}

TEST(OptionsCheckTest, RefusesTokensThatCannotStandInAHeader) {
  ConnectionOptions options;
  options.token = Secret("hunter2\n");
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("token", "trimspace()")));
  for (const char* token : {"hunter2\r\nX-Evil: 1", "hunter2 hunter3", "hunter2\x7f", "hunt\xc3\xa9r2"}) {
    options.token = Secret(token);
    EXPECT_THAT(CheckOptions(options),
                ElementsAre(AllOf(Error("token", "no bearer token"),
                                  Field(&OptionError::message, Not(HasSubstr("hunt"))))));
  }
  options.token.reset();
  options.username = "a:b";
  options.password = Secret("p\n");
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("username", "colon"), Error("password", "control")));
}

TEST(OptionsCheckTest, ReadsTheTextOfAKubeconfig) {
  ConnectionOptions options;
  options.kubeconfig = Secret("users: [{name: u, user: {token: 5}}]");
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(Error("kubeconfig", "line 1, column 33: token must be a string")));
}

TEST(OptionsCheckTest, SpeaksOfVariablesByTheirNames) {
  ConnectionOptions options;
  options.config_path = "a";
  options.config_paths = {"b"};
  EXPECT_THAT(CheckOptions(options, OptionSource::kEnvironment),
              ElementsAre(Error("config_path", "KUBE_CONFIG_PATH and KUBE_CONFIG_PATHS contradict")));
}

ExecPlugin Plugin() {
  return {.api_version = "client.authentication.k8s.io/v1", .command = "x", .interactive_mode = "Never"};
}

TEST(OptionsCheckTest, ExecStandsForItself) {
  ConnectionOptions options;
  options.exec = Plugin();
  EXPECT_THAT(CheckOptions(options), IsEmpty());
  options.token = Secret("t");
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec", "exec and token contradict each other")));
  options.token.reset();
  options.token_file = "t";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec", "exec and token_file contradict")));
  options.token_file.reset();
  options.username = "u";
  options.password = Secret("p");
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec", "exec and username contradict")));
  options.username.reset();
  options.password.reset();
  options.client_certificate = kCertificate;
  options.client_key = Secret(kKey);
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec", "exec and client_certificate contradict")));
}

TEST(OptionsCheckTest, ExecIsWhole) {
  ConnectionOptions options;
  options.exec = ExecPlugin{};
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(Error("exec.api_version", "api_version of the block exec is missing"),
                          Error("exec.command", "command of the block exec is missing")));
  options.not_known_yet = {"exec.api_version", "exec.command"};
  EXPECT_THAT(CheckOptions(options), IsEmpty());
  options.exec = Plugin();
  options.exec->api_version = "client.authentication.k8s.io/v1alpha1";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec.api_version", "no longer takes")));
  options.exec = Plugin();
  options.exec->interactive_mode = "sometimes";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec.interactive_mode", "is \"sometimes\"")));
  options.exec->interactive_mode = "Always";
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec.interactive_mode", "needs a terminal")));
  options.exec = Plugin();
  options.exec->env = {{"A=B", Secret("hunter2")}};
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("exec.env", "which no variable can have")));
}

TEST(OptionsCheckTest, ImpersonationHeadersAndProxiesAreLookedAt) {
  ConnectionOptions options;
  options.impersonate = Impersonation{.groups = {"g"}};
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("impersonate.user", "is missing")));
  options.not_known_yet = {"impersonate.user"};
  EXPECT_THAT(CheckOptions(options), IsEmpty());
  options.impersonate = Impersonation{.user = "a\nb"};
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("impersonate.user", "control characters")));
  options.impersonate.reset();
  options.headers = {{"Authorization", Secret("hunter2")}, {"X", Secret("a\n")}, {"x", Secret("b")}};
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(Error("headers", "The header \"Authorization\" cannot be set here; use token"),
                          Error("headers", "control characters"), Error("headers", "is there twice")));
  options.headers.clear();
  for (int i = 0; i < 65; ++i) options.headers.push_back({"X" + std::to_string(i), Secret("v")});
  EXPECT_THAT(CheckOptions(options), ElementsAre(Error("headers", "more than 64 entries")));
  options.headers.clear();
  options.proxy_url = Secret("joe:hunter2@proxy");
  EXPECT_THAT(CheckOptions(options),
              ElementsAre(AllOf(Error("proxy_url", "proxy_url is no proxy URL"),
                                Field(&OptionError::message, Not(HasSubstr("hunter2"))))));
}

TEST(OptionsTest, ReadsTheVariablesOfHashicorpKubernetes) {
  const absl::StatusOr<ConnectionOptions> options =
      OptionsFromEnvironment(FakeEnvironment({{"KUBE_HOST", "h"},
                                              {"KUBE_TOKEN", "t"},
                                              {"KUBE_USER", "u"},
                                              {"KUBE_PASSWORD", "p"},
                                              {"KUBE_CLIENT_CERT_DATA", "c"},
                                              {"KUBE_CLIENT_KEY_DATA", "k"},
                                              {"KUBE_CLUSTER_CA_CERT_DATA", "ca"},
                                              {"KUBE_INSECURE", "T"},
                                              {"KUBE_TLS_SERVER_NAME", "n"},
                                              {"KUBE_PROXY_URL", "http://p"},
                                              {"KUBE_CONFIG_PATH", "f"},
                                              {"KUBE_CONFIG_PATHS", "a::b"},
                                              {"KUBE_CTX", "x"},
                                              {"KUBE_CTX_AUTH_INFO", "xu"},
                                              {"KUBE_CTX_CLUSTER", "xc"}}));
  ASSERT_TRUE(options.ok());
  EXPECT_EQ(options->host, "h");
  EXPECT_EQ(options->token->Reveal(), "t");
  EXPECT_EQ(options->username, "u");
  EXPECT_EQ(options->password->Reveal(), "p");
  EXPECT_EQ(options->client_certificate, "c");
  EXPECT_EQ(options->client_key->Reveal(), "k");
  EXPECT_EQ(options->cluster_ca_certificate, "ca");
  EXPECT_EQ(options->insecure, true);
  EXPECT_EQ(options->tls_server_name, "n");
  EXPECT_EQ(options->proxy_url->Reveal(), "http://p");
  EXPECT_EQ(options->config_path, "f");
  EXPECT_THAT(options->config_paths, ElementsAre("a", "b"));
  EXPECT_EQ(options->config_context, "x");
  EXPECT_EQ(options->config_context_auth_info, "xu");
  EXPECT_EQ(options->config_context_cluster, "xc");
  EXPECT_FALSE(OptionsFromEnvironment(FakeEnvironment({{"KUBE_INSECURE", "maybe"}})).ok());
  EXPECT_FALSE(OptionsFromEnvironment(FakeEnvironment({{"KUBE_HOST", ""}}))->host.has_value());
}

}  // namespace
}  // namespace k8soidc::kube
