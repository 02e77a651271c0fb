// TLS with an https proxy: whom it takes for the proxy, and what it shows it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "provider/http/fetch.h"
#include "support/raw_proxy.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Outcome {
  std::string reason;
  std::string message;
};

Outcome OutcomeOf(const absl::StatusOr<Response>& response) {
  if (response.ok()) return {absl::StrCat("status ", response->status), ""};
  return {ErrorReason(response.status()), std::string(response.status().message())};
}

class ProxyTlsTest : public ::testing::Test {
 protected:
  Outcome Ask(const TestCertificate& identity, Tls tls) {
    RawServer proxy({.identity = identity}, HttpProxy({}));
    Request request = RequestFor(server_.url("/", "cluster.test"));
    tls.server_name = server_name_;
    request.tls = tls;
    request.proxy = *ParseProxyUrl(absl::StrCat("https://127.0.0.1:", proxy.port()), "x");
    CurlTransportOptions options;
    options.system_roots.files = {system_roots_};
    options.system_roots.directories = {};
    const Outcome outcome = OutcomeOf(MakeCurlTransport(options)->Get(tfsdk::CancelToken(), request));
    if (absl::StartsWith(outcome.reason, "proxy_")) {
      EXPECT_THAT(proxy.requests(), IsEmpty());
    }
    return outcome;
  }

  static Tls WithAuthority(const std::string& pem) {
    Tls tls;
    tls.ca_certificates = pem;
    return tls;
  }

  void TrustOnThisMachine(const std::string& pem) {
    system_roots_ = ::testing::TempDir() + "/proxy_roots.pem";
    FILE* const file = std::fopen(system_roots_.c_str(), "w");
    std::fwrite(pem.data(), 1, pem.size(), file);
    std::fclose(file);
  }

  const TestAuthority other_{"the company's authority"};
  std::string system_roots_ = "/nonexistent";
  std::string server_name_;
  RawServer server_{{.identity = Authority().Issue({.names = "DNS:cluster.test"})},
                    AnswerAlways(OkAnswer("x"))};
};

TEST_F(ProxyTlsTest, EitherAuthorityMayVouchForTheProxyButOnlyItsOwnForTheServer) {
  const Tls tls = WithAuthority(Authority().certificate());
  EXPECT_EQ(Ask(Authority().Issue({.names = "IP:127.0.0.1"}), tls).reason, "status 200");
  const TestCertificate by_other = other_.Issue({.names = "IP:127.0.0.1"});
  const Outcome unknown = Ask(by_other, tls);
  EXPECT_EQ(unknown.reason, "proxy_tls_unknown_authority");
  EXPECT_THAT(unknown.message, AllOf(HasSubstr("the proxy's certificate was issued by"),
                                     HasSubstr("Is this the right proxy")));
  TrustOnThisMachine(other_.certificate());
  EXPECT_EQ(Ask(by_other, tls).reason, "status 200");
  // The machine's authorities say nothing about a server with a CA of its own.
  TrustOnThisMachine(Authority().certificate());
  EXPECT_EQ(Ask(by_other, WithAuthority(other_.certificate())).reason, "tls_unknown_authority");
}

TEST_F(ProxyTlsTest, TheProxyIsVerifiedThoughTheServerIsNot) {
  Tls insecure;
  insecure.insecure = true;
  TrustOnThisMachine(other_.certificate());
  EXPECT_EQ(Ask(Authority().Issue({.names = "IP:127.0.0.1"}), insecure).reason,
            "proxy_tls_unknown_authority");
  EXPECT_EQ(Ask(other_.Issue({.names = "IP:127.0.0.1"}), insecure).reason, "status 200");
}

TEST_F(ProxyTlsTest, TheProxyHasItsOwnName) {
  const Tls tls = WithAuthority(Authority().certificate());
  const Outcome wrong = Ask(Authority().Issue({.names = "DNS:cluster.test,DNS:named.test"}), tls);
  EXPECT_EQ(wrong.reason, "proxy_tls_wrong_name");
  EXPECT_THAT(wrong.message,
              HasSubstr("not for \"127.0.0.1\". Use a name it lists: in the URL of the proxy."));
  EXPECT_EQ(Ask(Authority().Issue({.common_name = "127.0.0.1"}), tls).reason, "proxy_tls_wrong_name");
  server_name_ = "named.test";
  EXPECT_EQ(Ask(Authority().Issue({.names = "DNS:named.test"}), tls).reason, "proxy_tls_wrong_name");
  EXPECT_EQ(Ask(Authority().Issue({.names = "IP:127.0.0.1"}), tls).reason, "tls_wrong_name");
}

TEST_F(ProxyTlsTest, TheProxysCertificateIsHeldToTheSameRules) {
  const Tls tls = WithAuthority(Authority().certificate());
  EXPECT_EQ(
      Ask(Authority().Issue({.names = "IP:127.0.0.1", .not_after = absl::Now() - absl::Minutes(1)}), tls)
          .reason,
      "proxy_tls_expired");
  EXPECT_EQ(
      Ask(Authority().Issue({.names = "IP:127.0.0.1", .key_type = "RSA-1024"}), tls).reason.substr(0, 10),
      "proxy_tls_");
}

TEST_F(ProxyTlsTest, AProxyThatWantsACertificateGetsNone) {
  const TestCertificate client =
      Authority().Issue({.common_name = "alice", .extended_key_usage = "clientAuth"});
  RawServer proxy({.identity = ServerIdentity(),
                   .client_authority = Authority().certificate(),
                   .require_client_certificate = true},
                  HttpProxy({}));
  Request request = RequestFor("https://cluster.test/");
  request.proxy = *ParseProxyUrl(absl::StrCat("https://127.0.0.1:", proxy.port()), "x");
  request.tls.client_certificate = client.chain;
  request.tls.client_key = tfsdk::Secret(client.key);
  const Outcome outcome = OutcomeOf(Fetch(request));
  EXPECT_EQ(outcome.reason, "proxy_tls_client_certificate") << outcome.message;
  EXPECT_THAT(proxy.clients(), IsEmpty());
}

}  // namespace
}  // namespace k8soidc::http
