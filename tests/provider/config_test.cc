#include "config.h"

#include "gmock/gmock.h"
#include "provider.h"
#include "support/provider_types.h"
#include "support/scoped_environment.h"
#include "tfsdk/testing/status_matchers.h"

namespace k8soidc {
namespace {

using ::testing::HasSubstr;
using tfsdk::testing::IsOk;
using tfsdk::testing::StatusIs;

TEST(ProviderTest, HasSchemasThatTerraformAccepts) {
  const tfsdk::Provider provider = MakeProvider();
  EXPECT_THAT(provider.Check(), IsOk());
  EXPECT_TRUE(provider.FitsProtocol5());
}

// What is a credential by its name must be sensitive, and no data source may take one: its configuration is
// stored.
TEST(ProviderTest, MarksSecretsSensitiveAndTakesNoneInDataSources) {
  const tfsdk::Provider provider = MakeProvider();
  for (const tfsdk::Attribute& attribute : provider.schema.attributes) {
    const bool secret = attribute.name == "token" || attribute.name == "username" ||
                        attribute.name == "password" || attribute.name == "client_key" ||
                        attribute.name == "kubeconfig" || attribute.name == "proxy_url" ||
                        attribute.name == "headers";
    EXPECT_EQ(attribute.sensitive, secret) << attribute.name;
  }
  for (const tfsdk::Block& block : provider.schema.blocks) {
    for (const tfsdk::Attribute& attribute : block.schema.attributes)
      EXPECT_EQ(attribute.sensitive, attribute.name == "env") << block.name << "." << attribute.name;
  }
  for (const auto& [name, data_source] : provider.data_sources) {
    for (const tfsdk::Attribute& attribute : data_source->schema().attributes)
      EXPECT_FALSE(attribute.sensitive) << attribute.name;
  }
}

// The types that other tests speak the protocol with.
TEST(ProviderTest, HasTheTypesThatTestsUse) {
  const tfsdk::Provider provider = MakeProvider();
  EXPECT_TRUE(provider.schema.type() == ProviderType());
  EXPECT_TRUE(provider.data_sources.at("k8soidc_jwks")->schema().type() == JwksType());
}

TEST(ConfigTest, PointsAtEveryContradiction) {
  ProviderConfig config;
  config.config_path = std::string("/a");
  config.config_paths = std::vector<std::string>{"/b"};
  config.token = tfsdk::Secret("t");
  config.token_file = std::string("/t");
  tfsdk::Context context;
  EXPECT_THAT(ValidateConfig(context, config), IsOk());
  EXPECT_GE(context.diagnostics().all().size(), 2U);
  for (const tfsdk::Diagnostic& diagnostic : context.diagnostics().all())
    EXPECT_FALSE(diagnostic.path.empty());
}

TEST(ConfigTest, LetsUnknownArgumentsPass) {
  ProviderConfig config;
  config.client_certificate = tfsdk::Maybe<std::string>::Unknown();
  config.client_key = tfsdk::Maybe<tfsdk::Secret>::Unknown();
  config.host = tfsdk::Maybe<std::string>::Unknown();
  config.request_timeout = tfsdk::Maybe<std::string>::Unknown();
  tfsdk::Context context;
  EXPECT_THAT(ValidateConfig(context, config), IsOk());
  EXPECT_TRUE(context.diagnostics().all().empty());
}

ExecConfig Exec() {
  ExecConfig exec;
  exec.api_version = std::string("client.authentication.k8s.io/v1");
  exec.command = std::string("/nonexistent/command");
  return exec;
}

TEST(ConfigTest, PointsIntoTheBlocks) {
  ProviderConfig config;
  config.exec = Exec();
  config.exec->interactive_mode = std::string("Always");
  config.impersonate = ImpersonateConfig();
  config.headers = std::map<std::string, tfsdk::Secret>{{"Host", tfsdk::Secret("x")}};
  tfsdk::Context context;
  EXPECT_THAT(ValidateConfig(context, config), IsOk());
  std::vector<std::string> paths;
  for (const tfsdk::Diagnostic& diagnostic : context.diagnostics().all())
    paths.push_back(diagnostic.path.ToString());
  EXPECT_THAT(paths, ::testing::ElementsAre("exec.interactive_mode", "impersonate.user", "headers"));
}

TEST(ConfigTest, LetsUnknownValuesInBlocksPass) {
  ProviderConfig config;
  config.exec = Exec();
  config.exec->command = tfsdk::Maybe<std::string>::Unknown();
  config.exec->timeout = tfsdk::Maybe<std::string>::Unknown();
  config.exec->env = tfsdk::Maybe<std::map<std::string, tfsdk::Secret>>::Unknown();
  config.impersonate = ImpersonateConfig();
  config.impersonate->user = tfsdk::Maybe<std::string>::Unknown();
  config.headers = tfsdk::Maybe<std::map<std::string, tfsdk::Secret>>::Unknown();
  config.proxy_url = tfsdk::Maybe<tfsdk::Secret>::Unknown();
  tfsdk::Context context;
  EXPECT_THAT(ValidateConfig(context, config), IsOk());
  EXPECT_TRUE(context.diagnostics().all().empty());
}

TEST(ConfigTest, BoundsTheTimeoutOfExec) {
  for (const char* bad : {"500ms", "11m", "soon"}) {
    ProviderConfig config;
    config.exec = Exec();
    config.exec->timeout = std::string(bad);
    tfsdk::Context context;
    const absl::Status status = ValidateConfig(context, config);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("from \"1s\" to \"10m\"")))
        << bad;
    EXPECT_EQ(tfsdk::PathOf(status).ToString(), "exec.timeout");
  }
}

TEST(ConfigTest, RunsNothingBeforeSomethingIsRead) {
  ProviderConfig config;
  config.host = std::string("https://127.0.0.1:1");
  config.exec = Exec();
  tfsdk::Context context;
  EXPECT_THAT(ValidateConfig(context, config), IsOk());
  EXPECT_TRUE(Configure(context, config).ok()) << "the command is not there, and nobody looked";
}

TEST(ConfigTest, WarnsOfPlainHttpWhenConfigured) {
  ProviderConfig config;
  config.host = std::string("http://127.0.0.1:1");
  config.token = tfsdk::Secret("hunter2");
  tfsdk::Context context;
  ASSERT_TRUE(Configure(context, config).ok());
  ASSERT_EQ(context.diagnostics().all().size(), 1U);
  EXPECT_THAT(context.diagnostics().all()[0].detail, HasSubstr("plain http"));
}

TEST(ConfigTest, ReadsDurations) {
  for (const char* bad : {"30", "soon", "-1s", "0s", "1h", ""}) {
    ProviderConfig config;
    config.request_timeout = std::string(bad);
    tfsdk::Context context;
    const absl::Status status = ValidateConfig(context, config);
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("\"30s\""))) << bad;
    EXPECT_EQ(tfsdk::PathOf(status), tfsdk::Path("request_timeout"));
  }
  ProviderConfig config;
  config.request_timeout = std::string("1m30s");
  config.connect_timeout = std::string("250ms");
  tfsdk::Context context;
  EXPECT_THAT(ValidateConfig(context, config), IsOk());
}

TEST(ConfigTest, ReadsTheKubeconfigItNamesAtOnce) {
  ProviderConfig config;
  config.config_path = std::string("/nowhere/kubeconfig");
  tfsdk::Context context;
  EXPECT_THAT(Configure(context, config).status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nowhere/kubeconfig")));
}

TEST(ConfigTest, NeedsNoClusterUntilOneIsRead) {
  tfsdk::Context context;
  EXPECT_TRUE(Configure(context, ProviderConfig()).ok());
}

}  // namespace
}  // namespace k8soidc
