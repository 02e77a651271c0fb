// What a plugin may answer, and what is refused: never with a word of the answer.

#include "kube/exec_answer.h"

#include <vector>

#include "absl/strings/str_replace.h"
#include "provider/kube/exec_fixture.h"

namespace k8soidc::kube {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::Secret;

constexpr char kCanary[] = "c4narySecretC4nary";

absl::StatusOr<ExecCredential> Parse(std::string text, const char* api_version = kExecV1) {
  return ParseExecAnswer(Secret(std::move(text)), api_version);
}

// An answer in v1 with these members of status.
std::string WithStatus(const std::string& members) {
  return absl::StrCat(R"({"kind":"ExecCredential","apiVersion":")", kExecV1, R"(","status":{)", members,
                      "}}");
}

std::string JsonText(const std::string& text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\n", "\\n"}}), "\"");
}

const TestCertificate& Identity() {
  static const TestCertificate certificate = TestAuthority("test").Issue({.common_name = "alice"});
  return certificate;
}

TEST(ExecAnswerTest, ReadsJsonWithEverything) {
  const auto credential = Parse(WithStatus(absl::StrCat(
      R"("token":"t","expirationTimestamp":"2030-01-31T12:00:00Z","more":[1],"clientCertificateData":)",
      JsonText(Identity().chain), ",\"clientKeyData\":", JsonText(Identity().key))));
  ASSERT_TRUE(credential.ok()) << credential.status();
  EXPECT_EQ(credential->token.Reveal(), "t");
  EXPECT_EQ(credential->client_certificate, Identity().chain);
  EXPECT_EQ(credential->client_key.Reveal(), Identity().key);
  EXPECT_EQ(credential->expires, absl::FromUnixSeconds(1896091200));
}

TEST(ExecAnswerTest, ReadsOtherForms) {
  const std::string v1beta1 =
      absl::StrCat("kind: ExecCredential\napiVersion: ", kExecV1Beta1, "\nstatus:\n  token: abc\n");
  const struct {
    const char* what;
    std::string text;
    const char* api_version = kExecV1;
  } rows[] = {
      {"YAML", v1beta1, kExecV1Beta1},
      {"YAML with a document start and a comment", absl::StrCat("# hello\n---\n", v1beta1), kExecV1Beta1},
      {"CRLF", absl::StrReplaceAll(v1beta1, {{"\n", "\r\n"}}), kExecV1Beta1},
      {"JSON behind tabs and line breaks", absl::StrCat("\n\t ", WithStatus(R"("token":"abc")"), "\n\n")},
      {"JSON indented with tabs",
       absl::StrReplaceAll(WithStatus(R"("token":"abc")"), {{",", ",\n\t"}, {"{", "{\n\t"}})},
      {"null for what is not there",
       WithStatus(
           R"("token":"abc","clientCertificateData":null,"clientKeyData":null,"expirationTimestamp":null)")},
      {"empty certificate and key",
       WithStatus(R"("token":"abc","clientCertificateData":"","clientKeyData":"")")},
      {"other members", absl::StrReplaceAll(WithStatus(R"("token":"abc")"),
                                            {{"\"status\"", "\"spec\":{},\"metadata\":{},\"status\""}})},
      {"no kind",
       absl::StrReplaceAll(WithStatus(R"("token":"abc")"), {{"\"kind\":\"ExecCredential\",", ""}})},
      {"a pair of surrogates", WithStatus(R"("token":"abc","x":"\ud83d\ude00")")},
      {"a long name", WithStatus(absl::StrCat(R"("token":"abc",")", std::string(1500, 'k'), "\":1"))},
      {"a byte order mark", absl::StrCat("\xEF\xBB\xBF", WithStatus(R"("token":"abc")"))},
      {"JSON behind a comment", absl::StrCat("# hello\n", WithStatus(R"("token":"abc")"))},
      {"a second document", absl::StrCat(v1beta1, "---\nfoo: [\n"), kExecV1Beta1},
      {"an expiry long ago", WithStatus(R"("token":"abc","expirationTimestamp":"1999-12-31T23:59:59Z")")},
      {"an expiry with an offset",
       WithStatus(R"("token":"abc","expirationTimestamp":"2030-01-31T12:00:00+05:30")")},
      {"an expiry with nanoseconds",
       WithStatus(R"("token":"abc","expirationTimestamp":"2030-01-31T12:00:00.123456789Z")")},
  };
  for (const auto& row : rows) {
    const auto credential = Parse(row.text, row.api_version);
    ASSERT_TRUE(credential.ok()) << row.what << ": " << credential.status();
    EXPECT_EQ(credential->token.Reveal(), "abc") << row.what;
  }
}

TEST(ExecAnswerTest, RefusesEachWithItsOwnSentence) {
  const std::string certificate = JsonText(Identity().chain);
  const std::string key = JsonText(Identity().key);
  const std::string token = absl::StrCat("\"token\":\"", kCanary, "\"");
  const std::string body = absl::StrCat("\"status\":{", token, "}");
  const std::string good = WithStatus(token);
  const struct {
    std::string text;
    const char* sentence;
  } rows[] = {
      {"", "wrote nothing to its standard output"},
      {" \r\n\t ", "wrote nothing to its standard output"},
      {good.substr(0, good.size() - 3), "is not the JSON that it starts as"},
      {absl::StrCat(good, " garbage"), "is not the JSON that it starts as"},
      {absl::StrCat(good, "\n", good), "is not the JSON that it starts as"},
      {"{kind: ExecCredential}", "is not the JSON that it starts as"},
      {absl::StrReplaceAll(good, {{"\"", "'"}}), "is not the JSON that it starts as"},
      {"status: [", "neither JSON nor YAML"},
      {"status: \xff", "neither JSON nor YAML"},
      {absl::StrCat("Logged in as ", kCanary), "is a string, not an ExecCredential object"},
      {absl::StrCat("[", good, "]"), "is a list, not an ExecCredential object"},
      {"42", "is a number, not an ExecCredential object"},
      {"null", "not an ExecCredential object"},
      {absl::StrCat("<html>", kCanary, "</html>"), "not an ExecCredential object"},
      {absl::StrCat(R"({"kind":"Status","apiVersion":"client.authentication.k8s.io/v1",)", body, "}"),
       "is of kind \"Status\", not ExecCredential"},
      {absl::StrCat(R"({"kind":["x"],)", body, "}"), "the kind in its answer is a list, not a string"},
      {absl::StrCat(R"({"kind":"ExecCredential",)", body, "}"), "its answer has no apiVersion"},
      {absl::StrReplaceAll(good, {{"k8s.io/v1", "k8s.io/v1beta1"}}),
       "was asked in client.authentication.k8s.io/v1 and answered in "
       "\"client.authentication.k8s.io/v1beta1\""},
      {absl::StrReplaceAll(good, {{"ExecCredential", "execcredential"}}), "is of kind \"execcredential\""},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"})",
       "its answer has no status"},
      {R"({"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":null})",
       "its answer has no status"},
      {absl::StrReplaceAll(good, {{absl::StrCat("{", token, "}"), JsonText(kCanary)}}),
       "the status of its answer is a string, not an object"},
      {WithStatus(""), "neither a token nor a client certificate"},
      {WithStatus(R"("token":"")"), "neither a token nor a client certificate"},
      {WithStatus(R"("token":null)"), "neither a token nor a client certificate"},
      {WithStatus(R"("Token":"c4narySecretC4nary")"), "neither a token nor a client certificate"},
      {WithStatus(R"("token":12345)"), "the token in its answer's status is a number, not a string"},
      {WithStatus(R"("token":true)"), "the token in its answer's status is a boolean, not a string"},
      {WithStatus(R"("token":{"a":"c4narySecretC4nary"})"), "the token in its answer's status is a mapping"},
      {WithStatus(absl::StrCat(token, ",\"clientCertificateData\":", certificate)),
       "clientCertificateData without the clientKeyData"},
      {WithStatus(absl::StrCat(token, ",\"clientKeyData\":", key)),
       "clientKeyData without the clientCertificateData"},
      {WithStatus(absl::StrCat("\"clientCertificateData\":\"", kCanary, "\",\"clientKeyData\":", key)),
       "the clientCertificateData in its answer is not PEM text"},
      {WithStatus(
           absl::StrCat("\"clientCertificateData\":", certificate, ",\"clientKeyData\":\"", kCanary, "\"")),
       "the clientKeyData in its answer is not PEM text"},
      {WithStatus(absl::StrCat("\"clientCertificateData\":", key, ",\"clientKeyData\":", key)),
       "the clientCertificateData in its answer is PEM, but has no CERTIFICATE"},
      {WithStatus(
           absl::StrCat("\"clientCertificateData\":", certificate, ",\"clientKeyData\":", certificate)),
       "the clientKeyData in its answer is PEM, but has no PRIVATE KEY"},
      {WithStatus(R"("token":"c4narySecretC4nary\r\nX-Evil: 1")"), "so it is no bearer token"},
      {WithStatus(R"("token":"c4narySecretC4nary\n")"), "so it is no bearer token"},
      {WithStatus(R"("token":" c4narySecretC4nary")"), "so it is no bearer token"},
      {WithStatus(R"("token":"c4narySecretC4nary\u00e9")"), "so it is no bearer token"},
      {WithStatus(R"("token":"c4narySecretC4nary\u0000")"), "so it is no bearer token"},
      {WithStatus(absl::StrCat(token, ",", token)), "is not the JSON that it starts as"},
      {WithStatus("\"token\":\"c4narySecretC4nary\xff\""), "is not the JSON that it starts as"},
      {absl::StrCat(good.substr(0, 5), std::string(1, '\0'), good.substr(5)),
       "is not the JSON that it starts as"},
      {absl::StrCat("a: &a [", std::string(1000, '['), kCanary), "neither JSON nor YAML"},
  };
  for (const auto& row : rows) {
    const absl::Status status = Parse(row.text).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.sentence;
    EXPECT_THAT(status.message(), HasSubstr(row.sentence));
    EXPECT_THAT(status.message(), Not(HasSubstr("c4nary"))) << row.sentence;
  }
}

TEST(ExecAnswerTest, RefusesWhatIsNoTimeOfRfc3339) {
  for (const char* const time : {"\"\"",
                                 "\"tomorrow\"",
                                 "\"infinite-future\"",
                                 "1896091200",
                                 "true",
                                 "\"2030-01-31\"",
                                 "\"2030-01-31 12:00:00Z\"",
                                 "\"2030-01-31T12:00:00\"",
                                 "\"2030-01-31t12:00:00Z\"",
                                 "\"2030-01-31T12:00:00z\"",
                                 "\"2030-01-31T12:00:60Z\"",
                                 "\"2030-02-30T12:00:00Z\"",
                                 "\"2030-01-31T24:00:00Z\"",
                                 "\"2030-01-31T12:00:00+0530\"",
                                 "\"2030-01-31T12:00:00.Z\"",
                                 "\" 2030-01-31T12:00:00Z\"",
                                 "\"2030-01-31T12:00:00Z \"",
                                 "\"12030-01-31T12:00:00Z\"",
                                 "\"2030-1-31T12:00:00Z\"",
                                 "\"2030-01-31T12:00:00+05:3\""}) {
    const absl::Status status =
        Parse(WithStatus(absl::StrCat(R"("token":"abc","expirationTimestamp":)", time))).status();
    EXPECT_THAT(status.message(), HasSubstr("expirationTimestamp in its answer's status")) << time;
  }
}

}  // namespace
}  // namespace k8soidc::kube
