// TLS: servers that are not who they should be (T-09), and handshakes that do not come about.

#include <openssl/ssl.h>

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

constexpr char kName[] = "IP:127.0.0.1";

// A server whose certificate `issue` makes, and which would answer properly.
FaultCase With(std::string name, std::function<TestCertificate()> issue, std::vector<std::string> expect) {
  const int requests = expect.empty() ? 1 : 0;
  return {.name = std::move(name),
          .prepare =
              [issue](Stage& stage) {
                stage.ServeWith({.identity = issue()}, AnswerAlways(OkAnswer(GoodKeys())));
              },
          .expect = std::move(expect),
          .requests = requests};
}

FaultCase WithSpec(std::string name, TestCertificateSpec spec, std::vector<std::string> expect) {
  return With(
      std::move(name), [spec] { return Authority().Issue(spec); }, std::move(expect));
}

// A leaf of `issuer` with the certificates of `chain` behind it.
TestCertificate Chained(const TestAuthority& issuer, const std::vector<TestAuthority>& chain) {
  TestCertificate leaf = issuer.Issue({.names = kName});
  for (const TestAuthority& authority : chain) leaf.chain += authority.certificate();
  return leaf;
}

// A server that reads the client's hello and then sends `bytes`.
FaultCase Raw(std::string name, std::string bytes, std::vector<std::string> expect) {
  return {.name = std::move(name),
          .prepare =
              [bytes](Stage& stage) {
                stage.ServeWith({.plain = true}, [bytes](RawConnection& c) {
                  c.ReadSome();
                  c.Send(bytes);
                  c.HalfClose();
                  c.Stall();
                });
              },
          .expect = std::move(expect)};
}

std::string Alert(int level, int code) {
  return {'\x15', '\x03', '\x03', '\x00', '\x02', static_cast<char>(level), static_cast<char>(code)};
}

FaultCase Versions(std::string name, int lowest, int highest, std::vector<std::string> expect) {
  return {.name = std::move(name),
          .prepare =
              [=](Stage& stage) {
                RawServerOptions options = GoodServer();
                options.min_tls_version = lowest;
                options.max_tls_version = highest;
                stage.ServeWith(options, AnswerAlways(OkAnswer(GoodKeys())));
              },
          .expect = std::move(expect)};
}

std::vector<FaultCase> BadCertificates() {
  const absl::Time now = absl::Now();
  constexpr char kUnknown[] = "which is not among the CA certificates given for this server";
  return {
      WithSpec("Expired",
               {.names = kName, .not_before = now - absl::Hours(48), .not_after = now - absl::Hours(1)},
               {"the server's certificate expired on ", "must be renewed"}),
      WithSpec("NotYetValid", {.names = kName, .not_before = now + absl::Hours(1)},
               {"is not valid before ", "Check the clock"}),
      WithSpec("OtherAddress", {.names = "IP:127.0.0.2,DNS:localhost"},
               {"the server's certificate is for 127.0.0.2, \"localhost\", not for \"127.0.0.1\""}),
      WithSpec("AddressAsADnsName", {.names = "DNS:127.0.0.1"}, {"not for \"127.0.0.1\""}),
      WithSpec("CommonNameOnly", {.common_name = "127.0.0.1"},
               {"lists no host name or address (subjectAltName)", "a Common Name alone is not accepted"}),
      WithSpec("OnlyAMailAddress", {.common_name = "127.0.0.1", .names = "email:root@127.0.0.1"},
               {"lists no host name or address (subjectAltName)"}),
      With("SelfSigned", [] { return TestAuthority::SelfSigned({.common_name = "self", .names = kName}); },
           {"was issued by \"CN=self\"", kUnknown}),
      With("UnknownAuthority", [] { return TestAuthority("stranger").Issue({.names = kName}); },
           {"was issued by \"CN=stranger\"", kUnknown}),
      With("AuthorityOfTheSameName", [] { return TestAuthority("cluster CA").Issue({.names = kName}); },
           {"was issued by \"CN=cluster CA\"", kUnknown}),
      With("IntermediateMissing", [] { return Authority().Intermediate("between").Issue({.names = kName}); },
           {"was issued by \"CN=between\"", kUnknown}),
      With("IntermediateSent",
           [] {
             const TestAuthority between = Authority().Intermediate("between");
             return Chained(between, {between});
           },
           {}),
      With("AuthorityWithoutTheCaBit",
           [] {
             const TestAuthority leaf = Authority().IntermediateWith(
                 {.common_name = "a leaf", .basic_constraints = "critical,CA:FALSE"});
             return Chained(leaf, {leaf});
           },
           {"the authority \"CN=a leaf\" behind the server's certificate cannot be accepted"}),
      With("AuthorityThatMayNotSign",
           [] {
             const TestAuthority between = Authority().IntermediateWith(
                 {.common_name = "between", .key_usage = "critical,digitalSignature"});
             return Chained(between, {between});
           },
           {"cannot be accepted"}),
      With("PathTooLong",
           [] {
             const TestAuthority first = Authority().IntermediateWith(
                 {.common_name = "first", .basic_constraints = "critical,CA:TRUE,pathlen:0"});
             const TestAuthority second = first.Intermediate("second");
             return Chained(second, {second, first});
           },
           {"cannot be accepted: path length constraint exceeded"}),
      With("NameNotPermitted",
           [] {
             const TestAuthority between =
                 Authority().Intermediate("between", "critical,permitted;IP:10.0.0.0/255.0.0.0");
             return Chained(between, {between});
           },
           {"cannot be accepted: permitted subtree violation"}),
      With("NameExcluded",
           [] {
             const TestAuthority between =
                 Authority().Intermediate("between", "critical,excluded;IP:127.0.0.0/255.0.0.0");
             return Chained(between, {between});
           },
           {"cannot be accepted: excluded subtree violation"}),
      With("AuthorityExpired",
           [] {
             const TestAuthority old = Authority().IntermediateWith(
                 {.common_name = "old", .not_after = absl::Now() - absl::Minutes(10)});
             return Chained(old, {old});
           },
           {"the authority \"CN=old\" behind the server's certificate expired on "}),
      WithSpec("ForClientsOnly", {.names = kName, .extended_key_usage = "clientAuth"},
               {"cannot be accepted"}),
      WithSpec("SignedWithSha1", {.names = kName, .digest = "SHA1"},
               {"cannot be accepted: CA signature digest algorithm too weak"}),
      WithSpec("Rsa1024", {.names = kName, .key_type = "RSA-1024"},
               {"cannot be accepted: EE certificate key too weak"}),
      {.name = "NulInTheName",
       .prepare =
           [](Stage& stage) {
             stage.ServeWith({.identity = Authority().Issue(
                                  {.dns_name_bytes = std::string("localhost\0.evil.example", 23)})},
                             AnswerAlways(OkAnswer(GoodKeys())));
             stage.PointAt(stage.server().url("", "localhost"));
           },
       .expect = {"the server's certificate is for \"localhost\\x00.evil.example\", not for \"localhost\""},
       .requests = 0},
      {.name = "WildcardForPartOfALabel",
       .prepare =
           [](Stage& stage) {
             stage.ServeWith({.identity = Authority().Issue({.names = "DNS:l*.example.com"})},
                             AnswerAlways(OkAnswer(GoodKeys())));
             stage.Set("tls_server_name", "lab.example.com");
           },
       .expect = {"is for \"l*.example.com\", not for \"lab.example.com\""},
       .requests = 0},
      WithSpec("ControlCharactersInTheNames",
               {.common_name = "x", .dns_name_bytes = "evil\x1b[31m\r\nError: forged"},
               {"is for \"evil\\x1b[31m\\r\\nError: forged\", not for \"127.0.0.1\""}),
  };
}

std::vector<FaultCase> BadHandshakes() {
  const auto wants_certificate = [](int highest, bool send_one) {
    return [=](Stage& stage) {
      RawServerOptions options = GoodServer();
      options.client_authority = TestAuthority("other clients' CA").certificate();
      options.require_client_certificate = true;
      options.max_tls_version = highest;
      stage.ServeWith(options, AnswerAlways(OkAnswer(GoodKeys())));
      if (!send_one) return;
      stage.Unset("token");
      stage.Set("client_certificate", ClientIdentity().chain);
      stage.Set("client_key", ClientIdentity().key);
    };
  };
  constexpr char kNotTls[] = "the server does not speak TLS on this port";
  constexpr char kEnded[] = "the server ended the TLS handshake (alert ";
  return {
      Versions("OnlyTls10", TLS1_VERSION, TLS1_VERSION, {"TLS version"}),
      Versions("OnlyTls11", TLS1_1_VERSION, TLS1_1_VERSION, {"TLS version"}),
      Versions("OnlyTls12", TLS1_2_VERSION, TLS1_2_VERSION, {}),
      Versions("OnlyTls13", TLS1_3_VERSION, TLS1_3_VERSION, {}),
      {"ClientCertificateMissingInTls12",
       wants_certificate(TLS1_2_VERSION, false),
       {"the server ended the TLS handshake (alert 40)", "demand a client certificate"}},
      {"ClientCertificateMissingInTls13",
       wants_certificate(TLS1_3_VERSION, false),
       {"the server wants a client certificate (TLS alert 116)"}},
      {"ClientCertificateRefusedInTls12",
       wants_certificate(TLS1_2_VERSION, true),
       {"the server does not accept the client certificate (TLS alert 48)"}},
      {"ClientCertificateRefusedInTls13",
       wants_certificate(TLS1_3_VERSION, true),
       {"the server does not accept the client certificate (TLS alert 48)"}},
      Raw("PlainHttp", "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n", {kNotTls}),
      Raw("SshBanner", "SSH-2.0-OpenSSH_9.2\r\n", {kNotTls}),
      Raw("Garbage", std::string(200, '\xee'), {kNotTls}),
      Raw("AlertHandshakeFailure", Alert(2, 40), {absl::StrCat(kEnded, "40)")}),
      Raw("AlertInternalError", Alert(2, 80), {absl::StrCat(kEnded, "80)")}),
      Raw("AlertProtocolVersion", Alert(2, 70), {"no TLS version in common"}),
      Raw("AlertUnrecognizedName", Alert(2, 112),
          {"the server serves nothing under this name (TLS alert 112)"}),
      Raw("AlertUnknown", Alert(2, 255), {"the TLS handshake"}),
      Raw("ClosesWithAnAlert", Alert(1, 0), {"the connection was closed during the TLS handshake"}),
      Raw("RecordOfNothing", std::string("\x16\x03\x03\x00\x00", 5), {"the TLS handshake"}),
      Raw("RecordTooLong", absl::StrCat("\x16\x03\x03\xff\xff", std::string(70000, 'x')), {"TLS"}),
      Raw("EndlessEmptyRecords",
          [] {
            std::string records;
            for (int i = 0; i < 2000; ++i) records += std::string("\x17\x03\x03\x00\x00", 5);
            return records;
          }(),
          {"TLS"}),
      {.name = "HandshakeByDrops",
       .prepare =
           [](Stage& stage) {
             stage.AllowTime(absl::Milliseconds(900), absl::Milliseconds(700));
             stage.ServeWith({.plain = true}, [](RawConnection& c) {
               c.ReadSome();
               c.Drip(absl::StrCat(std::string("\x16\x03\x03\x20\x00", 5), std::string(100, '\x02')),
                      absl::Milliseconds(50));
             });
           },
       .expect = {"the TLS handshake did not end within"},
       .is_timeout = true},
  };
}

FAULT_FAMILY(TlsCertificate, BadCertificates());
FAULT_FAMILY(TlsHandshake, BadHandshakes());

}  // namespace
}  // namespace k8soidc::faults
