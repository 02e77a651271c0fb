#include "data_sources/issuer.h"

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

constexpr char kUrl[] = "https://cluster.example/.well-known/openid-configuration";

class IssuerDataSourceTest : public ::testing::Test {
 protected:
  static kube::ConnectionOptions Host() {
    kube::ConnectionOptions options;
    options.host = "https://cluster.example";
    options.token = tfsdk::Secret("hunter2");
    return options;
  }
  absl::StatusOr<IssuerModel> Read(const std::string& body, IssuerModel config = {}) {
    transport_->Answer(kUrl, {.status = 200, .body = body});
    return IssuerDataSource().Read(context_, client_, std::move(config));
  }

  std::shared_ptr<FakeTransport> transport_ = std::make_shared<FakeTransport>();
  Client client_{transport_, Host(), FakeEnvironment({}), {}};
  tfsdk::Context context_;
};

TEST_F(IssuerDataSourceTest, GivesTheDocumentAsItIs) {
  const std::string body =
      R"({"issuer":"https://oic.example/tenant/","jwks_uri":"https://10.0.0.1:6443/openid/v1/jwks","response_types_supported":["id_token"],)"
      R"("subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256","ES256"],"unknown":{"deep":[1]}})";
  const absl::StatusOr<IssuerModel> state = Read(body);
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->issuer, "https://oic.example/tenant/") << "a trailing slash stays";
  EXPECT_EQ(state->id, state->issuer);
  EXPECT_EQ(state->issuer_host_path, "oic.example/tenant/");
  EXPECT_EQ(state->jwks_uri, "https://10.0.0.1:6443/openid/v1/jwks");
  EXPECT_THAT(state->response_types_supported, ElementsAre("id_token"));
  EXPECT_THAT(state->subject_types_supported, ElementsAre("public"));
  EXPECT_THAT(state->id_token_signing_alg_values_supported, ElementsAre("RS256", "ES256"));
  EXPECT_EQ(state->raw, body);
  EXPECT_TRUE(context_.diagnostics().all().empty());
}

TEST_F(IssuerDataSourceTest, DoesWithoutEverythingButTheIssuer) {
  const absl::StatusOr<IssuerModel> state = Read(R"({"issuer":"https://a.example","jwks_uri":null})");
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_FALSE(state->jwks_uri.has_value());
  EXPECT_TRUE(state->response_types_supported.empty());
}

TEST_F(IssuerDataSourceTest, WarnsAboutAJwksUriThatIsNone) {
  const absl::StatusOr<IssuerModel> state =
      Read(R"({"issuer":"https://a.example","jwks_uri":"https://\"host\":443/openid/v1/jwks"})");
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->jwks_uri, "https://\"host\":443/openid/v1/jwks");
  ASSERT_EQ(context_.diagnostics().all().size(), 1U);
  EXPECT_THAT(context_.diagnostics().all().front().detail, HasSubstr("jwks_uri"));
}

TEST_F(IssuerDataSourceTest, RefusesWhatIsNoDiscoveryDocument) {
  struct Row {
    const char* body;
    const char* says;
  };
  for (const Row& row :
       {Row{"", "empty"}, Row{"<html>secret</html>", "web page"}, Row{"[]", "no JSON object"},
        Row{"{}", "has no issuer"}, Row{R"({"issuer":5})", "no string"},
        Row{R"({"issuer":["https://a.example"]})", "no string"},
        Row{R"({"issuer":"http://a.example"})", "does not start with https://"},
        Row{R"({"issuer":"https://a.example?x=1"})", "has a query"},
        Row{R"({"issuer":"https://a.example#x"})", "has a fragment"},
        Row{R"({"issuer":"https://user:pw@a.example"})", "is no URL"},
        Row{R"({"issuer":"https://a.example","issuer":"https://b.example"})", "issuer"},
        Row{R"({"issuer":"https://a.example","jwks_uri":[]})", "jwks_uri is no string"},
        Row{R"({"issuer":"https://a.example","response_types_supported":"id_token"})",
            "response_types_supported"},
        Row{R"({"issuer":"https://a.example"} x)", "not a discovery document"}}) {
    SetUp();
    transport_ = std::make_shared<FakeTransport>();
    Client client(transport_, Host(), FakeEnvironment({}), {});
    transport_->Answer(kUrl, {.status = 200, .body = row.body});
    EXPECT_THAT(IssuerDataSource().Read(context_, client, {}),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr(kUrl), HasSubstr(row.says), Not(HasSubstr("secret")))))
        << row.body;
  }
}

}  // namespace
}  // namespace k8soidc
