#include "data_sources/jwks.h"

#include <fstream>
#include <sstream>

#include "gmock/gmock.h"
#include "support/fake_environment.h"
#include "support/fake_transport.h"
#include "tfsdk/testing/status_matchers.h"

namespace k8soidc {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::testing::StatusIs;

constexpr char kKeysUrl[] = "https://cluster.example/openid/v1/jwks";
constexpr char kIssuer[] = "https://issuer.example/id/";
constexpr char kDocumentUrl[] = "https://issuer.example/id/.well-known/openid-configuration";

std::string File(const std::string& name) {
  std::ifstream in(std::string(TEST_DATA_DIR) + "/jwks/" + name);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class JwksDataSourceTest : public ::testing::Test {
 protected:
  static kube::ConnectionOptions Host() {
    kube::ConnectionOptions options;
    options.host = "https://cluster.example";
    options.token = tfsdk::Secret("hunter2");
    return options;
  }
  absl::StatusOr<JwksModel> Read(JwksModel config) {
    context_ = tfsdk::Context();
    return JwksDataSource().Read(context_, client_, std::move(config));
  }
  void Serve(const std::string& body, const char* url = kKeysUrl) {
    transport_->Answer(url, {.status = 200, .body = body});
  }

  std::shared_ptr<FakeTransport> transport_ = std::make_shared<FakeTransport>();
  Client client_{transport_, Host(), FakeEnvironment({}), {}};
  tfsdk::Context context_;
};

TEST_F(JwksDataSourceTest, GivesTheCanonicalFormAndWhatIsInIt) {
  Serve(File("kube_apiserver_rsa.json"));
  const absl::StatusOr<JwksModel> state = Read({});
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->json, File("kube_apiserver_rsa.canonical.json"));
  EXPECT_EQ(state->raw, File("kube_apiserver_rsa.json"));
  EXPECT_EQ(state->id, state->sha256);
  EXPECT_EQ(state->sha256.size(), 64U);
  EXPECT_EQ(state->key_count, static_cast<int64_t>(state->keys.size()));
  EXPECT_EQ(state->pem_keys.size(), state->keys.size());
  ASSERT_FALSE(state->keys.empty());
  EXPECT_EQ(state->key_ids.front(), state->keys.front().kid);
  EXPECT_EQ(state->keys.front().kid_derivation, "kubernetes");
  EXPECT_EQ(state->keys.front().kid, *state->keys.front().kid);
  EXPECT_THAT(*state->keys.front().pem, HasSubstr("BEGIN PUBLIC KEY"));
  EXPECT_TRUE(context_.diagnostics().all().empty());
}

TEST_F(JwksDataSourceTest, ReadsOnceForSeveralDataSources) {
  Serve(File("kube_apiserver_rsa.json"));
  ASSERT_TRUE(Read({}).ok());
  ASSERT_TRUE(Read({.key_types = {{"RSA"}}}).ok());
  EXPECT_EQ(transport_->requests().size(), 1U);
}

TEST_F(JwksDataSourceTest, KeepsOnlyWhatWasAskedFor) {
  Serve(File("all_types.json"));
  const absl::StatusOr<JwksModel> state = Read({.key_types = {{"EC"}}, .algorithms = {{"ES256"}}});
  ASSERT_TRUE(state.ok()) << state.status();
  ASSERT_EQ(state->keys.size(), 1U);
  EXPECT_EQ(state->keys.front().crv, "P-256");
  EXPECT_FALSE(state->ignored_keys.empty());
}

TEST_F(JwksDataSourceTest, ComparesSeveralReadsOverFreshConnections) {
  Serve(File("kube_apiserver_rsa.json"));
  ASSERT_TRUE(Read({.consistency_reads = 3}).ok());
  ASSERT_EQ(transport_->requests().size(), 3U);
  for (const http::Request& request : transport_->requests()) EXPECT_TRUE(request.fresh_connection);
}

TEST_F(JwksDataSourceTest, SaysWhichKeysTheReplicasDisagreeAbout) {
  Serve(File("kube_apiserver_rsa.json"));
  Serve(File("kube_apiserver_ec.json"));
  const absl::Status status = Read({.consistency_reads = 2}).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition,
                               AllOf(HasSubstr(kKeysUrl), HasSubstr("read 1 has \""),
                                     HasSubstr("read 2 has \""), HasSubstr("on_disagreement = \"union\""))));
}

TEST_F(JwksDataSourceTest, UnitesTheReplicasKeysWhenTold) {
  Serve(File("kube_apiserver_rsa.json"));
  Serve(File("kube_apiserver_ec.json"));
  const absl::StatusOr<JwksModel> both = Read({.consistency_reads = 2, .on_disagreement = "union"});
  ASSERT_TRUE(both.ok()) << both.status();
  const size_t first = Read({}).value_or(JwksModel()).keys.size();  // the last answer stays: the EC set
  EXPECT_GT(both->keys.size(), first);
}

TEST_F(JwksDataSourceTest, NamesTheUrlAndNeverTheContent) {
  Serve(R"({"keys":[{"kty":"oct","k":"c2VjcmV0LXNlY3JldA","kid":"a"}]})");
  EXPECT_THAT(Read({}), StatusIs(absl::StatusCode::kInvalidArgument,
                                 AllOf(HasSubstr(kKeysUrl), HasSubstr("\"a\""), Not(HasSubstr("c2VjcmV0")))));
}

TEST_F(JwksDataSourceTest, RecognisesALoginPage) {
  Serve("<!DOCTYPE html><title>Sign in</title>");
  EXPECT_THAT(Read({}), StatusIs(absl::StatusCode::kInvalidArgument,
                                 AllOf(HasSubstr(kKeysUrl), HasSubstr("page"), Not(HasSubstr("Sign in")))));
}

TEST_F(JwksDataSourceTest, WarnsAboutUnusualSets) {
  Serve(File("only_unknown.json"));
  ASSERT_TRUE(Read({}).ok());
  ASSERT_EQ(context_.diagnostics().all().size(), 1U);
  EXPECT_EQ(context_.diagnostics().all().front().severity, tfsdk::Severity::kWarning);
}

TEST_F(JwksDataSourceTest, AsksAnIssuerAnonymously) {
  Serve(R"({"issuer":"https://issuer.example/id/","jwks_uri":"https://keys.example/set"})", kDocumentUrl);
  Serve(File("kube_apiserver_rsa.json"), "https://keys.example/set");
  const absl::StatusOr<JwksModel> state = Read({.url = kIssuer, .ca_certificate = "some PEM"});
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->json, File("kube_apiserver_rsa.canonical.json"));
  for (const http::Request& request : transport_->requests()) {
    EXPECT_FALSE(request.authorization.has_value());
    EXPECT_TRUE(request.tls.client_certificate.empty());
    EXPECT_EQ(request.tls.ca_certificates, "some PEM");
  }
}

TEST_F(JwksDataSourceTest, RefusesAnIssuerThatCallsItselfSomethingElse) {
  Serve(R"({"issuer":"https://issuer.example/id","jwks_uri":"https://keys.example/set"})", kDocumentUrl);
  EXPECT_THAT(Read({.url = kIssuer}), StatusIs(absl::StatusCode::kInvalidArgument,
                                               AllOf(HasSubstr("\"https://issuer.example/id\""),
                                                     HasSubstr("\"https://issuer.example/id/\""))));
}

TEST_F(JwksDataSourceTest, PointsAtAUrlThatIsNoIssuer) {
  const absl::Status status = Read({.url = "http://issuer.example"}).status();
  EXPECT_EQ(tfsdk::PathOf(status), tfsdk::Path("url"));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("https://")));
}

TEST_F(JwksDataSourceTest, PointsAtAContextThatCannotBe) {
  const absl::Status status = Read({.config_context = "other"}).status();
  EXPECT_EQ(tfsdk::PathOf(status), tfsdk::Path("config_context"));
}

}  // namespace
}  // namespace k8soidc
