#include "kube/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "kube/auth.h"
#include "support/fake_environment.h"
#include "support/fake_transport.h"
#include "support/temporary_directory.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::CancelToken;
using tfsdk::Secret;

constexpr char kCertificate[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
constexpr char kKey[] = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";
constexpr char kKeysUrl[] = "https://a.example/k8s/openid/v1/jwks";
constexpr char kDiscoveryUrl[] = "https://a.example/k8s/.well-known/openid-configuration";

ConnectionOptions HostOptions() {
  ConnectionOptions options;
  options.host = "https://a.example/k8s/";
  options.token = Secret("hunter2");
  options.cluster_ca_certificate = kCertificate;
  options.tls_server_name = "kubernetes";
  return options;
}

TEST(ClientTest, AsksForKeysAndDiscoveryUnderTheServersPath) {
  const auto transport = std::make_shared<FakeTransport>();
  transport->Answer(kKeysUrl, {.status = 200, .body = "keys"});
  transport->Answer(kDiscoveryUrl, {.status = 200, .body = "discovery"});
  Client client(transport, HostOptions(), FakeEnvironment({}),
                {.connect = absl::Seconds(2), .request = absl::Seconds(7)});
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "keys");
  EXPECT_EQ(*client.ReadDiscovery({}, std::nullopt), "discovery");
  const std::vector<http::Request> requests = transport->requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].accept, "application/jwk-set+json, application/json;q=0.9, */*;q=0.1");
  EXPECT_EQ(requests[1].accept, "application/json, */*;q=0.1");
  EXPECT_EQ(requests[0].authorization->Reveal(), "Bearer hunter2");
  EXPECT_EQ(requests[0].tls.ca_certificates, kCertificate);
  EXPECT_EQ(requests[0].tls.server_name, "kubernetes");
  EXPECT_FALSE(requests[0].tls.insecure);
  EXPECT_EQ(requests[0].connect_timeout, absl::Seconds(2));
  EXPECT_LE(requests[0].deadline, absl::Now() + absl::Seconds(7));
  EXPECT_GT(requests[0].deadline, absl::Now());
}

TEST(ClientTest, ReadsShareOneAnswerUnlessAFreshConnectionIsAskedFor) {
  const auto transport = std::make_shared<FakeTransport>();
  transport->Answer(kKeysUrl, {.status = 200, .body = "first"});
  transport->Answer(kKeysUrl, {.status = 200, .body = "second"});
  Client client(transport, HostOptions(), FakeEnvironment({}));
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "first");
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "first");
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, true), "second");
  EXPECT_TRUE(transport->requests()[1].fresh_connection);
}

TEST(ClientTest, ErrorsAreNotKept) {
  const auto transport = std::make_shared<FakeTransport>();
  transport->Answer(kKeysUrl, {.status = 500});
  transport->Answer(kKeysUrl, {.status = 200, .body = "keys"});
  Client client(transport, HostOptions(), FakeEnvironment({}));
  EXPECT_TRUE(absl::IsUnavailable(client.ReadKeys({}, std::nullopt, false).status()));
  EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "keys");
}

TEST(ClientTest, ManyThreadsAskOnce) {
  class SlowTransport final : public http::Transport {
   public:
    absl::StatusOr<http::Response> Get(const CancelToken& cancel, const http::Request&) override {
      ++count;
      cancel.SleepFor(std::chrono::milliseconds(50));
      http::Response response;
      response.status = 200;
      response.body = "keys";
      return response;
    }
    std::atomic<int> count = 0;
  };
  const auto transport = std::make_shared<SlowTransport>();
  Client client(transport, HostOptions(), FakeEnvironment({}));
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&client] { EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "keys"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(transport->count, 1);
}

// Blocks until its caller is cancelled, the first time; answers the second.
class FirstCallBlocks final : public http::Transport {
 public:
  absl::StatusOr<http::Response> Get(const CancelToken& cancel, const http::Request&) override {
    if (count++ == 0) {
      started.Notify();
      while (cancel.SleepFor(std::chrono::milliseconds(10))) {
      }
      return absl::CancelledError("cancelled");
    }
    http::Response response;
    response.status = 200;
    response.body = "keys";
    return response;
  }
  std::atomic<int> count = 0;
  absl::Notification started;
};

TEST(ClientTest, TheCancellationOfOneReadIsNotThatOfAnother) {
  const auto transport = std::make_shared<FirstCallBlocks>();
  Client client(transport, HostOptions(), FakeEnvironment({}));
  std::stop_source stop_first;
  std::stop_source stop_second;
  std::thread first([&] {
    EXPECT_TRUE(absl::IsCancelled(
        client.ReadKeys(CancelToken(stop_first.get_token()), std::nullopt, false).status()));
  });
  transport->started.WaitForNotification();
  std::thread second([&] {
    EXPECT_TRUE(absl::IsCancelled(
        client.ReadKeys(CancelToken(stop_second.get_token()), std::nullopt, false).status()));
  });
  stop_second.request_stop();
  second.join();
  std::thread third([&] { EXPECT_EQ(*client.ReadKeys({}, std::nullopt, false), "keys"); });
  stop_first.request_stop();
  first.join();
  third.join();
}

TEST(ClientTest, EachContextIsAClusterOfItsOwn) {
  const auto transport = std::make_shared<FakeTransport>();
  transport->Answer("https://dev.example:6443/openid/v1/jwks", {.status = 200, .body = "dev"});
  transport->Answer("https://rancher.example/k8s/clusters/c-abc/openid/v1/jwks",
                    {.status = 200, .body = "prod"});
  ConnectionOptions options;
  options.config_path = std::string(TEST_DATA_DIR) + "/kubeconfig/two_contexts.yaml";
  Client client(transport, options, FakeEnvironment({}));
  EXPECT_EQ(*client.ReadKeys({}, "dev", false), "dev");
  EXPECT_EQ(*client.ReadKeys({}, "prod", false), "prod");
  EXPECT_EQ(transport->requests()[1].authorization->Reveal(), "Basic YWRtaW46cHJvZC1wYXNzd29yZA==");
  EXPECT_TRUE(transport->requests()[1].tls.insecure);
  EXPECT_FALSE(client.ReadKeys({}, "staging", false).ok());
  EXPECT_EQ((*client.FindCluster("dev"))->server, "https://dev.example:6443");
}

TEST(AuthTest, ThePodsFilesAreReadForEachRequest) {
  const TemporaryDirectory dir;
  dir.Write("token", " first\n");
  dir.Write("ca.crt", kCertificate);
  const auto transport = std::make_shared<FakeTransport>();
  transport->Answer("https://10.96.0.1/openid/v1/jwks", {.status = 200, .body = "keys"});
  Client client(
      transport, {},
      FakeEnvironment({{"KUBERNETES_SERVICE_HOST", "10.96.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}},
                      dir.path()));
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, true).ok());
  dir.Write("token", "second");
  ASSERT_TRUE(client.ReadKeys({}, std::nullopt, true).ok());
  EXPECT_EQ(transport->requests()[0].authorization->Reveal(), "Bearer first");
  EXPECT_EQ(transport->requests()[1].authorization->Reveal(), "Bearer second");
  EXPECT_EQ(transport->requests()[0].tls.ca_certificates, kCertificate);

  dir.Write("token", "\n");
  EXPECT_THAT(std::string(client.ReadKeys({}, std::nullopt, true).status().message()),
              AllOf(HasSubstr("the pod's own service-account token"), HasSubstr("is empty")));
  dir.Write("token", "third");
  dir.Write("ca.crt", "not PEM");
  EXPECT_THAT(
      std::string(client.ReadKeys({}, std::nullopt, true).status().message()),
      AllOf(HasSubstr("the certificate authority of the pod's own service account"), HasSubstr("ca.crt")));
  EXPECT_EQ(transport->requests().size(), 2u) << "nothing is sent without its credential";
}

TEST(AuthTest, AMissingTokenFileIsNamed) {
  Cluster cluster;
  cluster.server = "https://a.example";
  cluster.bearer.description = "the credential in token_file";
  cluster.bearer.token_file = "/nonexistent/token";
  http::Request request;
  EXPECT_THAT(
      std::string(Authorize(cluster, request).message()),
      AllOf(HasSubstr("the credential in token_file: there is no file"), HasSubstr("/nonexistent/token")));
  // kubectl falls back on the token that stands beside the file.
  cluster.bearer.token = Secret("beside");
  EXPECT_TRUE(Authorize(cluster, request).ok());
  EXPECT_EQ(request.authorization->Reveal(), "Bearer beside");
}

TEST(AuthTest, SendsTheClientCertificate) {
  const TemporaryDirectory dir;
  Cluster cluster;
  cluster.client_certificate.description = "the client certificate of user \"u\"";
  cluster.client_certificate.certificate.text = Secret(kCertificate);
  cluster.client_certificate.key.file = dir.Write("key", kKey);
  http::Request request;
  ASSERT_TRUE(Authorize(cluster, request).ok());
  EXPECT_EQ(request.tls.client_certificate, kCertificate);
  EXPECT_EQ(request.tls.client_key.Reveal(), kKey);
  EXPECT_FALSE(request.authorization.has_value());
  dir.Write("key", "hunter2");
  EXPECT_THAT(std::string(Authorize(cluster, request).message()),
              AllOf(HasSubstr("the key of the client certificate of user \"u\""), HasSubstr("is not PEM"),
                    Not(HasSubstr("hunter2"))));
}

TEST(AuthTest, ATokenThatCannotStandInAHeaderIsRefused) {
  Cluster cluster;
  cluster.bearer.description = "the token of user \"u\"";
  cluster.bearer.token = Secret("hunter2\r\nX-Evil: yes");
  http::Request request;
  EXPECT_THAT(std::string(Authorize(cluster, request).message()),
              AllOf(HasSubstr("the token of user \"u\""), Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace k8soidc::kube
