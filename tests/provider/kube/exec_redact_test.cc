// What is left of a program's words, and that its secrets are not.

#include "kube/exec_redact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::kube {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::Secret;

TEST(ExecRedactTest, LeavesTheWordsThatHelp) {
  for (const char* const text : {
           "no such profile",
           "The SSO session associated with this profile has expired or is otherwise invalid.",
           "Error: the token has expired; run aws sso login --profile dev to log in again",
           "The config profile (prod) could not be found",
           "An error occurred (UnrecognizedClientException) when calling the AssumeRole operation",
           "An error occurred (ExpiredToken) when calling the AssumeRole operation. Try again",
           "The security token included in the request is expired",
           "/usr/local/google-cloud-sdk/bin/gke-gcloud-auth-plugin: line 12: gcloud: not found",
           "gke-gcloud-auth-plugin-v0.5.3 needs kubectl 1.27.16 or client.authentication.k8s.io/v1beta1",
           "dial tcp 10.0.0.1:443: connect: connection refused",
           "exec: \"aws\": executable file not found in $PATH",
           "open /var/run/secrets/eks.amazonaws.com/config: no such file or directory",
           "arn:aws:iam::123456789012:role/deploy",
           "see https://cloud.google.com/docs/authentication/getting-started",
       }) {
    EXPECT_EQ(RedactSecrets(text, {}), text);
  }
}

TEST(ExecRedactTest, TakesOutWhatFollowsAnAnnouncement) {
  for (const char* const text : {
           "token: swordfish",
           "Token=swordfish",
           "id_token = swordfish",
           "{\"access_token\":\"swordfish\"}",
           "password swordfish",
           "PASSWORD='swordfish'",
           "the password is swordfish",
           "wrong passwd: swordfish",
           "password: correct horse swordfish",
           "Authorization: Basic swordfish",
           "Authorization: Bearer swordfish",
           "authorization bearer swordfish",
           "-H 'Authorization: Bearer swordfish'",
           "client_secret=swordfish",
           "client-secret swordfish",
           "--token swordfish",
           "--token=swordfish",
           "AWS_SECRET_ACCESS_KEY=swordfish",
           "api key swordfish",
           "api_key: swordfish",
           "the secret \"swordfish\" is wrong",
           "token <swordfish>",
           "Set-Cookie: session=swordfish",
           "got token expired. password swordfish",
           "token->swordfish",
           "secret\tswordfish",
           "TOKEN:swordfish",
           "tok\x1B[1men: swordfish",
           "pass\x01word: swordfish",
           "token\xE2\x80\x8B: swordfish",
           "token expired token swordfish",
           "passphrase ('swordfish')",
           "https://alice:swordfish@example.com/x",
           "https://example.com/cb?code=swordfish",
           "socks5://swordfish@h:1",
           "https://example.com/cb#swordfish",
           "private key swordfish",
       }) {
    EXPECT_THAT(RedactSecrets(text, {}), Not(HasSubstr("swordfish"))) << text;
  }
}

TEST(ExecRedactTest, TakesOutPemBlocks) {
  const std::string block = "-----BEGIN PRIVATE KEY-----\nMIIB\nshort\n-----END PRIVATE KEY-----\n";
  EXPECT_EQ(RedactSecrets(absl::StrCat("before\n", block, "after"), {}), "before | [redacted] | after");
  EXPECT_EQ(RedactSecrets("before\n-----BEGIN PRIVATE KEY-----\nMIIB\nshort", {}), "before | [redacted]");
  EXPECT_EQ(RedactSecrets("MIIB\nshort\n-----END PRIVATE KEY-----\nafter", {}), "[redacted] | after");
  EXPECT_EQ(RedactSecrets(absl::StrCat(block, "x\n", block), {}), "[redacted] | x | [redacted]");
}

TEST(ExecRedactTest, TakesOutWhatIsKnown) {
  const std::vector<Secret> known = {Secret("blue horse"), Secret("blue"), Secret("abc"), Secret(""),
                                     Secret("line one\nline two\n")};
  EXPECT_EQ(RedactSecrets("a blue horse, blue, abc", known), "a [redacted], [redacted], abc");
  EXPECT_EQ(RedactSecrets("has line two\nand line one", known), "has [redacted] | and [redacted]");
  EXPECT_EQ(RedactSecrets("bl\x1B[1mue", known), "[redacted]");
}

TEST(ExecRedactTest, FoldsIntoOneLineWithoutTerminalTricks) {
  EXPECT_EQ(RedactSecrets("a\r\nb\n\n\tc\rd\n", {}), "a | b | c | d");
  EXPECT_EQ(StripTerminalControls("\x1B[1;31mred\x1B[0m \x1B]0;title\aX \x1B]8;;u\x1B\\L \x1B(B \x1B"
                                  "cY\x07\x08\x7F"),
            "red X L  Y");
  EXPECT_EQ(StripTerminalControls("a\xC2\x9B"
                                  "31mb\xE2\x80\xAE"
                                  "c\xE2\x81\xA6"
                                  "d\xEF\xBB\xBF"
                                  "e\xC3\xA9"),
            "a31mbcde\xC3\xA9");
  for (const char* const cut : {"\x1B", "\x1B[", "\x1B[31", "\x1B]0;x", "\x1B(", "\xE2\x80", "\xC2"}) {
    EXPECT_LE(StripTerminalControls(cut).size(), 3u);
  }
}

TEST(ExecRedactTest, DropsTheLinesThatACutWentThrough) {
  EXPECT_EQ(RedactOutput("first line\npassword: hun", "ter2\nlast line\n", true, {}),
            "first line [...] last line");
  EXPECT_EQ(RedactOutput("hunter", "hunter", true, {}), " [...] ");
  EXPECT_EQ(RedactOutput("all ", "of it", false, {}), "all of it");
  std::string lines;
  for (int i = 0; i < 900; ++i) absl::StrAppend(&lines, "line ", i, "\n");
  const std::string cut = RedactOutput(lines, "", false, {});
  EXPECT_LE(cut.size(), 1600u);
  EXPECT_THAT(cut,
              ::testing::AllOf(HasSubstr("line 0 | line 1"), HasSubstr(" [...] "), HasSubstr("line 899")));
}

// No 16 bytes of a secret survive, whatever is around it.
TEST(ExecRedactTest, NoRandomSecretSurvives) {
  std::mt19937 random(7);
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  const auto bytes = [&](size_t n) {
    std::string text;
    while (text.size() < n) text.push_back(static_cast<char>(below(256)));
    return text;
  };
  const std::string before[] = {"",       "error ",   "got <", "\"",   "x=", "(", "https://example.com/",
                                "line\n", "\x1B[31m", "/tmp/", "key.", "a: "};
  const std::string after[] = {"", " is bad", ">", "\"", "\n", ")", ", sorry", "\x1B[0m", "."};
  for (int round = 0; round < 20'000; ++round) {
    std::string secret;
    switch (below(4)) {
      case 0:
        secret = absl::Base64Escape(bytes(40 + below(300)));
        break;
      case 1:
        secret = absl::WebSafeBase64Escape(bytes(40 + below(300)));
        break;
      case 2:
        secret = absl::BytesToHexString(bytes(16 + below(60)));
        break;
      default:
        secret = absl::StrCat(
            absl::WebSafeBase64Escape(R"({"alg":"RS256","kid":"x"})"), ".",
            absl::WebSafeBase64Escape(absl::StrCat(R"({"sub":")", absl::BytesToHexString(bytes(9)), "\"}")),
            ".", absl::WebSafeBase64Escape(bytes(64)));
    }
    const std::string text =
        absl::StrCat(before[below(std::size(before))], secret, after[below(std::size(after))]);
    const std::string redacted = RedactSecrets(text, {});
    for (size_t i = 0; i + 16 <= secret.size(); ++i) {
      ASSERT_FALSE(absl::StrContains(redacted, secret.substr(i, 16))) << text << "\n" << redacted;
    }
  }
}

TEST(ExecRedactTest, NoKnownSecretSurvivesAndNothingBreaks) {
  std::mt19937 random(8);
  const auto below = [&](size_t n) { return std::uniform_int_distribution<size_t>(0, n - 1)(random); };
  // Whatever bytes there are: one line, no controls of ASCII, in bounded size.
  const std::string pieces[] = {"token",
                                "://",
                                "-----BEGIN",
                                "-----END",
                                "\x1B",
                                "[",
                                "]",
                                "\a",
                                "\n",
                                "\r",
                                "=",
                                ":",
                                " ",
                                "@",
                                "?",
                                "hunter22",
                                "\xE2\x80\xAE",
                                "\xC2",
                                "\x9B",
                                "password",
                                "is",
                                ".",
                                "/",
                                "abc",
                                "x1Y2z3",
                                std::string(1, '\0'),
                                "\"",
                                "'",
                                "bearer",
                                "#",
                                "%"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t i = below(30); i > 0; --i) text += pieces[below(std::size(pieces))];
    const std::string redacted = RedactSecrets(text, {Secret("hunter22")});
    ASSERT_FALSE(absl::StrContains(redacted, "hunter22")) << absl::CHexEscape(text);
    for (const char c : redacted) ASSERT_FALSE(absl::ascii_iscntrl(static_cast<unsigned char>(c)));
    ASSERT_LE(redacted.size(), text.size() * 12);
    ASSERT_LE(RedactOutput(text, text, round % 2 == 0, {}).size(), 1600u);
  }
}

}  // namespace
}  // namespace k8soidc::kube
