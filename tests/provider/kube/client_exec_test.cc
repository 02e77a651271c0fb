// Client with exec plugins that are really run, with contexts by the dozen, and with identities that change.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "kube/client.h"
#include "support/fake_environment.h"
#include "support/fake_transport.h"
#include "support/temporary_directory.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using tfsdk::Secret;

constexpr char kCertificate[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
constexpr char kOther[] = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n";
constexpr char kKey[] = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

class ClientExecTest : public ::testing::Test {
 protected:
  // A plugin whose tokens are token-1, token-2 … as often as it is run.
  std::string Script() {
    const std::string path = directory_.Write(
        "get-token",
        absl::StrCat(
            "#!/bin/sh\necho run >> ", directory_.path(), "/runs\n",
            "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",'\n",
            "echo '\"status\":{\"token\":\"token-'$(wc -l < ", directory_.path(), "/runs)'\"}}'\n"));
    chmod(path.c_str(), 0755);
    return path;
  }

  int Runs() const {
    std::ifstream in(directory_.path() + "/runs");
    int runs = 0;
    for (std::string line; std::getline(in, line);) ++runs;
    return runs;
  }

  ConnectionOptions HostWithExec() {
    ConnectionOptions options;
    options.host = "https://a.example";
    options.exec = ExecPlugin{.api_version = "client.authentication.k8s.io/v1",
                              .command = Script(),
                              .interactive_mode = "IfAvailable"};
    return options;
  }

  Environment WithPath() const { return FakeEnvironment({{"PATH", "/usr/bin:/bin"}}); }

  const TemporaryDirectory directory_;
  const std::shared_ptr<FakeTransport> transport_ = std::make_shared<FakeTransport>();
};

constexpr char kUrl[] = "https://a.example/openid/v1/jwks";

TEST_F(ClientExecTest, RunsThePluginOnceForManyReadsAndOnlyWhenSomethingIsRead) {
  transport_->Answer(kUrl, {.status = 200, .body = "keys"});
  Client client(transport_, HostWithExec(), WithPath());
  ASSERT_TRUE(client.FindCluster(std::nullopt).ok());
  EXPECT_EQ(Runs(), 0) << "finding a cluster runs nothing";
  std::vector<std::thread> readers;
  for (int i = 0; i < 8; ++i) {
    readers.emplace_back([&] { EXPECT_TRUE(client.ReadKeys({}, std::nullopt, true).ok()); });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(Runs(), 1);
  for (const http::Request& request : transport_->requests()) {
    EXPECT_EQ(request.authorization->Reveal(), "Bearer token-1");
  }
}

TEST_F(ClientExecTest, AsksThePluginOnceMoreWhenItsTokenIsNotAccepted) {
  transport_->Answer(kUrl, {.status = 401});
  transport_->Answer(kUrl, {.status = 200, .body = "keys"});
  Client client(transport_, HostWithExec(), WithPath());
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "keys");
  ASSERT_THAT(transport_->requests(), SizeIs(2));
  EXPECT_EQ(transport_->requests()[0].authorization->Reveal(), "Bearer token-1");
  EXPECT_EQ(transport_->requests()[1].authorization->Reveal(), "Bearer token-2");
  EXPECT_EQ(Runs(), 2);
}

TEST_F(ClientExecTest, AServerThatAcceptsNothingIsAskedTwice) {
  transport_->Answer(kUrl, {.status = 401});
  Client client(transport_, HostWithExec(), WithPath());
  EXPECT_THAT(std::string(client.ReadKeys({}, std::nullopt, false).status().message()),
              AllOf(HasSubstr("does not accept the credential from the exec plugin of the provider block"),
                    HasSubstr("asked again")));
  EXPECT_THAT(transport_->requests(), SizeIs(2));
}

TEST_F(ClientExecTest, PlainHttpRunsNothing) {
  transport_->Answer("http://localhost:8001/openid/v1/jwks", {.status = 200, .body = "keys"});
  ConnectionOptions options = HostWithExec();
  options.host = "http://localhost:8001";
  Client client(transport_, options, WithPath());
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "keys");
  EXPECT_EQ(Runs(), 0);
  EXPECT_FALSE(transport_->requests()[0].authorization.has_value());
}

TEST_F(ClientExecTest, TheOperatorForbidsCommands) {
  Client client(transport_, HostWithExec(),
                FakeEnvironment({{"PATH", "/usr/bin:/bin"}, {"K8SOIDC_EXEC_ALLOW", "other"}}));
  EXPECT_THAT(std::string(client.ReadKeys({}, std::nullopt, false).status().message()),
              HasSubstr("K8SOIDC_EXEC_ALLOW"));
  EXPECT_EQ(Runs(), 0);
}

TEST_F(ClientExecTest, TwoClientsShareNothing) {
  transport_->Answer(kUrl, {.status = 200, .body = "keys"});
  const ConnectionOptions options = HostWithExec();
  Client first(transport_, options, WithPath());
  Client second(transport_, options, WithPath());
  ASSERT_TRUE(first.ReadKeys({}, std::nullopt, false).ok());
  ASSERT_TRUE(second.ReadKeys({}, std::nullopt, false).ok());
  EXPECT_EQ(Runs(), 2);
}

TEST_F(ClientExecTest, SendsImpersonationHeadersAndProxy) {
  transport_->Answer(kUrl, {.status = 200, .body = "keys"});
  ConnectionOptions options;
  options.host = "https://a.example";
  options.token = Secret("t");
  options.impersonate = Impersonation{.user = "jane", .groups = {"a", "b"}};
  options.headers = {{"X-Key", Secret("hunter2")}};
  options.proxy_url = Secret("http://proxy.example:3128");
  Client client(transport_, options, WithPath());
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, false).ok());
  const http::Request request = transport_->requests()[0];
  ASSERT_THAT(request.headers, SizeIs(4));
  EXPECT_EQ(request.headers[0].name, "Impersonate-User");
  EXPECT_EQ(request.headers[2].value, "b");
  EXPECT_EQ(request.headers[3].name, "X-Key");
  EXPECT_EQ(request.headers[3].value, "hunter2");
  EXPECT_EQ(request.proxy->host, "proxy.example");
}

TEST_F(ClientExecTest, ACertificateThatWasReplacedClosesWhatItOpened) {
  const std::string certificate = directory_.Write("crt", kCertificate);
  const std::string key = directory_.Write("key", kKey);
  transport_->Answer(kUrl, {.status = 200, .body = "keys"});
  ConnectionOptions options;
  options.kubeconfig = Secret(absl::StrCat(
      "current-context: c\ncontexts: [{name: c, context: {cluster: c, user: u}}]\n",
      "clusters: [{name: c, cluster: {server: 'https://a.example'}}]\n",
      "users: [{name: u, user: {client-certificate: ", certificate, ", client-key: ", key, "}}]\n"));
  Client client(transport_, options, WithPath());
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, true).ok());
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, true).ok());
  EXPECT_THAT(transport_->closed(), SizeIs(0));
  directory_.Write("crt", kOther);
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, true).ok());
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, true).ok());
  ASSERT_THAT(transport_->closed(), SizeIs(1));
  EXPECT_EQ(transport_->closed()[0].tls.client_certificate, kCertificate) << "the old one's";
  EXPECT_EQ(transport_->requests()[2].tls.client_certificate, kOther);
}

// Fifty contexts of one file, each with its own CA, credential and proxy; the file is read once.
TEST_F(ClientExecTest, FiftyContextsOfOneFileAreReadOnceAndNeverMixed) {
  std::string text = "clusters:\n";
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&text, "- {name: c", i, ", cluster: {server: 'https://c", i,
                    ".example', tls-server-name: n", i, ", proxy-url: 'http://p", i, ":1'}}\n");
  }
  text += "users:\n";
  for (int i = 0; i < 50; ++i) absl::StrAppend(&text, "- {name: u", i, ", user: {token: token-", i, "}}\n");
  text += "contexts:\n";
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&text, "- {name: x", i, ", context: {cluster: c", i, ", user: u", i, "}}\n");
    transport_->Answer(absl::StrCat("https://c", i, ".example/openid/v1/jwks"),
                       {.status = 200, .body = absl::StrCat("keys-", i)});
  }
  ConnectionOptions options;
  options.config_path = directory_.Write("config", text);
  Client client(transport_, options, WithPath());
  ASSERT_TRUE(client.FindCluster("x0").ok());
  directory_.Write("config", "this: [is no kubeconfig");
  std::vector<std::thread> readers;
  for (int i = 0; i < 50; ++i) {
    readers.emplace_back([&client, i] {
      const absl::StatusOr<std::string> keys = client.ReadKeys({}, absl::StrCat("x", i), false);
      ASSERT_TRUE(keys.ok()) << keys.status();
      EXPECT_EQ(*keys, absl::StrCat("keys-", i));
    });
  }
  for (std::thread& reader : readers) reader.join();
  ASSERT_THAT(transport_->requests(), SizeIs(50));
  for (const http::Request& request : transport_->requests()) {
    const std::string number = request.url.substr(9, request.url.find('.') - 9);
    EXPECT_EQ(request.authorization->Reveal(), "Bearer token-" + number);
    EXPECT_EQ(request.tls.server_name, "n" + number);
    EXPECT_EQ(request.proxy->host, "p" + number);
  }
}

}  // namespace
}  // namespace k8soidc::kube
