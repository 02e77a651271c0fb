#include "kube/kubeconfig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "kube/file.h"
#include "kube/kubeconfig_files.h"
#include "support/fake_environment.h"
#include "support/temporary_directory.h"

namespace k8soidc::kube {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string DataFile(const std::string& name) { return absl::StrCat(TEST_DATA_DIR, "/kubeconfig/", name); }

absl::StatusOr<Kubeconfig> ParseFile(const std::string& name) {
  const absl::StatusOr<std::string> text = ReadFile(DataFile(name));
  if (!text.ok()) return text.status();
  return ParseKubeconfig(*text, KubeconfigSource::File("/dir/" + name));
}

std::string ErrorOf(const std::string& text) {
  const absl::StatusOr<Kubeconfig> config = ParseKubeconfig(text, KubeconfigSource::File("/dir/config"));
  return config.ok() ? "no error" : std::string(config.status().message());
}

TEST(KubeconfigTest, ReadsClustersUsersAndContexts) {
  const absl::StatusOr<Kubeconfig> config = ParseFile("two_contexts.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->current_context, "dev");
  ASSERT_EQ(config->clusters.size(), 2u);
  const KubeconfigCluster& dev = config->clusters.at("dev-cluster");
  EXPECT_EQ(dev.server, "https://dev.example:6443");
  EXPECT_EQ(dev.tls_server_name, "kubernetes.default.svc");
  EXPECT_EQ(dev.certificate_authority_data, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  EXPECT_FALSE(dev.insecure_skip_tls_verify);
  EXPECT_EQ(dev.origin, "/dir/two_contexts.yaml, line 8, column 3");
  EXPECT_TRUE(config->clusters.at("prod-cluster").insecure_skip_tls_verify);
  EXPECT_EQ(config->users.at("dev-user").token.Reveal(), "dev-token");
  EXPECT_EQ(config->users.at("prod-user").username, "admin");
  EXPECT_EQ(config->users.at("prod-user").password.Reveal(), "prod-password");
  EXPECT_EQ(config->contexts.at("prod").cluster, "prod-cluster");
  EXPECT_EQ(config->contexts.at("prod").user, "prod-user");
}

TEST(KubeconfigTest, ReadsJson) {
  const absl::StatusOr<Kubeconfig> config = ParseFile("as_json.json");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->clusters.at("c").server, "https://json.example");
  EXPECT_EQ(config->users.at("u").token.Reveal(), "json-token");
}

TEST(KubeconfigTest, HonoursMergeKeysAndAliases) {
  const absl::StatusOr<Kubeconfig> config = ParseFile("merge_keys.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->clusters.at("c").server, "https://merged.example");
  EXPECT_EQ(config->clusters.at("c").tls_server_name, "default.example");
  EXPECT_EQ(config->users.at("v").token.Reveal(), "merged-token");
}

TEST(KubeconfigTest, RelativePathsStartAtTheFilesDirectory) {
  const absl::StatusOr<Kubeconfig> config = ParseFile("relative_paths.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->clusters.at("c").certificate_authority, "/dir/pki/ca.crt");
  EXPECT_EQ(config->users.at("u").client_certificate, "/dir/../client.crt");
  EXPECT_EQ(config->users.at("u").client_key, "/absolute/client.key");
  EXPECT_EQ(config->users.at("u").token_file, "/dir/./token");
}

TEST(KubeconfigTest, RefusesARelativePathWhereThereIsNoDirectory) {
  const absl::StatusOr<Kubeconfig> config =
      ParseKubeconfig("clusters: [{name: c, cluster: {certificate-authority: ca.crt}}]",
                      KubeconfigSource::Text("in the argument"));
  ASSERT_FALSE(config.ok());
  EXPECT_THAT(
      std::string(config.status().message()),
      AllOf(HasSubstr("kubeconfig in the argument, line 1"),
            HasSubstr("certificate-authority is a relative path"), HasSubstr("certificate-authority-data")));
}

TEST(KubeconfigTest, AnEmptyFileSaysNothing) {
  for (const char* text : {"", "---\n", "clusters:\nusers: null\n", "apiVersion: v1\n"}) {
    const absl::StatusOr<Kubeconfig> config = ParseKubeconfig(text, KubeconfigSource::File("/dir/config"));
    ASSERT_TRUE(config.ok()) << text;
    EXPECT_TRUE(config->clusters.empty() && config->current_context.empty());
  }
}

TEST(KubeconfigTest, KeysAreCaseSensitiveAndUnknownOnesIgnored) {
  const absl::StatusOr<Kubeconfig> config = ParseKubeconfig(
      "Clusters: 5\nclusters: [{name: c, cluster: {Server: x, server: 'https://s', later: [1]}}]\n",
      KubeconfigSource::File("/dir/config"));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->clusters.at("c").server, "https://s");
}

TEST(KubeconfigTest, RefusesWrongTypesWithLineAndFieldAndWithoutTheValue) {
  for (const char* token : {"12345", "0123", "0x1F", "0o17", "0b101", "1_000", "1e3", "+1"}) {
    EXPECT_THAT(
        ErrorOf(absl::StrCat("users:\n- name: u\n  user:\n    token: ", token, "\n")),
        AllOf(HasSubstr(
                  "kubeconfig /dir/config, line 4, column 12: token must be a string and is a number; put it "
                  "in quotes"),
              Not(HasSubstr(token))));
  }
  for (const char* token : {"y", "yes", "on", "No", "off"}) {
    EXPECT_THAT(ErrorOf(absl::StrCat("users: [{name: u, user: {token: ", token, "}}]")),
                HasSubstr("token must be a string and is a boolean"));
  }
  EXPECT_THAT(ErrorOf("users: {name: u}"), HasSubstr("users must be a list and is a mapping"));
  EXPECT_THAT(ErrorOf("users: [u]"), HasSubstr("an entry of users must be a mapping"));
  EXPECT_THAT(ErrorOf("users: [{name: u, user: [x]}]"), HasSubstr("user must be a mapping"));
  EXPECT_THAT(ErrorOf("clusters: [{name: c, cluster: {server: [x]}}]"), HasSubstr("server must be a string"));
  EXPECT_THAT(ErrorOf("[1]"), HasSubstr("a kubeconfig is a mapping and this is a list"));
  for (const char* flag : {"'true'", "1", "tRue"}) {
    EXPECT_THAT(
        ErrorOf(absl::StrCat("clusters: [{name: c, cluster: {insecure-skip-tls-verify: ", flag, "}}]")),
        HasSubstr("insecure-skip-tls-verify must be true or false"));
  }
}

TEST(KubeconfigTest, TakesAsStringsWhatKubectlTakes) {
  for (const char* token : {"1:30", "2001-01-01", "1e", "!foo bar", "!!binary YmFy"}) {
    EXPECT_EQ(ErrorOf(absl::StrCat("users: [{name: u, user: {token: ", token, "}}]")), "no error") << token;
  }
}

TEST(KubeconfigTest, RefusesTwoEntriesOfOneNamePrintingNamesOnly) {
  EXPECT_THAT(
      ErrorOf("users:\n- {name: u, user: {token: hunter2}}\n- {name: u, user: {token: hunter3}}\n"),
      AllOf(HasSubstr("line 3"),
            HasSubstr(R"(a second user with the name "u" (the first: /dir/config, line 2, column 3))"),
            Not(HasSubstr("hunter"))));
  EXPECT_THAT(ErrorOf("clusters: [{name: c}, {name: c}]"), HasSubstr("a second cluster"));
  EXPECT_THAT(ErrorOf("contexts: [{name: c}, {name: c}]"), HasSubstr("a second context"));
}

TEST(KubeconfigTest, Base64IsStrictButMayHaveLineBreaks) {
  const auto error_of = [](const std::string& data) {
    return ErrorOf(absl::StrCat("users: [{name: u, user: {client-key-data: \"", data, "\"}}]"));
  };
  EXPECT_EQ(error_of("aGVs\\nbG8="), "no error");
  for (const char* data :
       {"aGVsbG8", "aGVsbG8==", "aGVs bG8=", "aGVsbG_-", "=", "====", "aGVs=bG8", "./client.key"}) {
    EXPECT_THAT(error_of(data), AllOf(HasSubstr("client-key-data is not base64"), Not(HasSubstr(data))))
        << data;
  }
}

TEST(KubeconfigTest, RefusesOtherKinds) {
  EXPECT_THAT(ErrorOf("kind: Pod\napiVersion: v1\n"), HasSubstr("not a kubeconfig: it is of kind \"Pod\""));
  EXPECT_THAT(ErrorOf("kind: Config\napiVersion: v2\n"), HasSubstr("not a kubeconfig"));
}

TEST(KubeconfigTest, SyntaxErrorsNameTheFile) {
  EXPECT_THAT(ErrorOf("a: b\na: c\n"), HasSubstr("kubeconfig /dir/config: line 2, column 1: the key \"a\""));
}

TEST(KubeconfigFilesTest, TheFirstFileWinsPerEntryAndForTheCurrentContext) {
  const TemporaryDirectory dir;
  const std::string first = dir.Write("a/config", R"(
clusters: [{name: c, cluster: {server: 'https://first', certificate-authority: ca.crt}}]
users: [{name: u, user: {token: first}}]
)");
  const std::string second = dir.Write("b/config", R"(
current-context: second
clusters: [{name: c, cluster: {server: 'https://second', tls-server-name: second}}, {name: d, cluster: {certificate-authority: ca.crt}}]
)");
  const std::string third = dir.Write("c/config", "current-context: third\n");
  const absl::StatusOr<Kubeconfig> config = LoadKubeconfigs(
      {first, second, third, "", first}, MissingFiles::kAreAnError, "config_paths", FakeEnvironment({}));
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->current_context, "second");
  EXPECT_EQ(config->clusters.at("c").server, "https://first");
  EXPECT_EQ(config->clusters.at("c").tls_server_name, "") << "entries are taken whole";
  EXPECT_EQ(config->clusters.at("c").certificate_authority, dir.path() + "/a/ca.crt");
  EXPECT_EQ(config->clusters.at("d").certificate_authority, dir.path() + "/b/ca.crt");
  EXPECT_THAT(config->sources, ElementsAre(first, second, third));
}

TEST(KubeconfigFilesTest, MissingFilesAreAnErrorOrLeftOutButNeverAllOfThem) {
  const TemporaryDirectory dir;
  const std::string there = dir.Write("config", "current-context: c\n");
  const std::string missing = dir.path() + "/missing";
  const kube::Environment environment = FakeEnvironment({});
  const absl::Status refused =
      LoadKubeconfigs({there, missing}, MissingFiles::kAreAnError, "config_paths", environment).status();
  EXPECT_TRUE(absl::IsNotFound(refused));
  EXPECT_THAT(std::string(refused.message()),
              AllOf(HasSubstr("config_paths: there is no file"), HasSubstr(missing)));
  EXPECT_TRUE(LoadKubeconfigs({missing, there}, MissingFiles::kAreLeftOut, "KUBECONFIG", environment).ok());
  const absl::Status none =
      LoadKubeconfigs({missing}, MissingFiles::kAreLeftOut, "KUBECONFIG", environment).status();
  EXPECT_THAT(std::string(none.message()),
              AllOf(HasSubstr("KUBECONFIG: none of the files it names is there"), HasSubstr(missing)));
}

TEST(KubeconfigFilesTest, TildeIsHome) {
  const TemporaryDirectory dir;
  dir.Write("kube/config", "current-context: c\n");
  const kube::Environment environment = FakeEnvironment({{"HOME", dir.path()}});
  EXPECT_TRUE(LoadKubeconfigs({"~/kube/config"}, MissingFiles::kAreAnError, "config_path", environment).ok());
  EXPECT_THAT(std::string(LoadKubeconfigs({"~/kube/config"}, MissingFiles::kAreAnError, "config_path",
                                          FakeEnvironment({}))
                              .status()
                              .message()),
              HasSubstr("HOME is not set"));
  EXPECT_THAT(
      std::string(LoadKubeconfigs({"~joe/config"}, MissingFiles::kAreAnError, "config_path", environment)
                      .status()
                      .message()),
      HasSubstr("another user"));
}

}  // namespace
}  // namespace k8soidc::kube
