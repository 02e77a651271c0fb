// Which servers are believed, who we are to them, and the sentence for each refusal.

#include "http/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "provider/http/fetch.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

// What a request to a server with this certificate comes to: "ok", or the reason and the message.
struct Verdict {
  std::string reason;
  std::string message;
};

Verdict VerdictOf(const absl::StatusOr<Response>& response) {
  if (response.ok()) return {"ok", ""};
  return {ErrorReason(response.status()), std::string(response.status().message())};
}

struct Case {
  TestCertificate identity;
  std::string host = "127.0.0.1";
  std::string server_name = {};
  std::string ca = Authority().certificate();
};

Verdict Try(const Case& c) {
  RawServer server({.identity = c.identity}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/keys", c.host));
  request.tls.server_name = c.server_name;
  request.tls.ca_certificates = c.ca;
  return VerdictOf(Fetch(request));
}

TestCertificate For(const std::string& names) {
  return Authority().Issue({.common_name = "cn", .names = names});
}

TEST(TlsTest, AcceptsAnAddressThatTheCertificateLists) { EXPECT_EQ(Try({For("IP:127.0.0.1")}).reason, "ok"); }

TEST(TlsTest, AcceptsANameThatTheCertificateLists) {
  EXPECT_EQ(Try({.identity = For("DNS:localhost"), .host = "localhost"}).reason, "ok");
  EXPECT_EQ(Try({.identity = For("DNS:LocalHost"), .host = "LOCALHOST"}).reason, "ok");
}

TEST(TlsTest, RefusesAnUnknownAuthority) {
  const Verdict verdict =
      Try({.identity = For("IP:127.0.0.1"), .ca = TestAuthority("another").certificate()});
  EXPECT_EQ(verdict.reason, "tls_unknown_authority");
  EXPECT_THAT(verdict.message,
              AllOf(HasSubstr("/keys: the server's certificate was issued by \"CN=test authority\", "
                              "which is not among the CA certificates given for this server"),
                    HasSubstr("give the CA certificate that issued it")));
}

TEST(TlsTest, RefusesAnAuthorityOfTheSameNameWithAnotherKey) {
  EXPECT_EQ(
      Try({.identity = For("IP:127.0.0.1"), .ca = TestAuthority("test authority").certificate()}).reason,
      "tls_unknown_authority");
}

TEST(TlsTest, RefusesASelfSignedCertificateThatWasNotGiven) {
  EXPECT_EQ(Try({TestAuthority::SelfSigned({.names = "IP:127.0.0.1"})}).reason, "tls_unknown_authority");
}

TEST(TlsTest, AcceptsASelfSignedCertificateThatWasGiven) {
  const TestCertificate self = TestAuthority::SelfSigned({.names = "IP:127.0.0.1"});
  EXPECT_EQ(Try({.identity = self, .ca = self.chain}).reason, "ok");
}

TEST(TlsTest, RefusesAnotherName) {
  const Verdict verdict =
      Try({.identity = For("DNS:example.com,IP:10.0.0.1,DNS:kubernetes"), .host = "localhost"});
  EXPECT_EQ(verdict.reason, "tls_wrong_name");
  EXPECT_THAT(verdict.message,
              HasSubstr("the server's certificate is for \"example.com\", 10.0.0.1, \"kubernetes\", "
                        "not for \"localhost\". Use a name it lists"));
}

TEST(TlsTest, RefusesAnotherAddress) {
  const Verdict verdict = Try({For("IP:10.0.0.1,IP:::1")});
  EXPECT_EQ(verdict.reason, "tls_wrong_name");
  EXPECT_THAT(verdict.message, HasSubstr("is for 10.0.0.1, ::1, not for \"127.0.0.1\""));
}

TEST(TlsTest, DoesNotTakeAnAddressForAName) {
  EXPECT_EQ(Try({For("DNS:127.0.0.1")}).reason, "tls_wrong_name");
}

TEST(TlsTest, NamesOnlySoManyNames) {
  std::string names = "DNS:n0";
  for (int i = 1; i < 12; ++i) absl::StrAppend(&names, ",DNS:n", i);
  EXPECT_THAT(Try({For(names)}).message, AllOf(HasSubstr("\"n7\" and 4 more,"), Not(HasSubstr("n8"))));
}

TEST(TlsTest, RefusesACommonNameWithoutSubjectAltName) {
  const TestCertificate identity = Authority().Issue({.common_name = "localhost"});
  const Verdict verdict = Try({.identity = identity, .host = "localhost"});
  EXPECT_EQ(verdict.reason, "tls_wrong_name");
  EXPECT_THAT(verdict.message,
              HasSubstr("a Common Name alone is not accepted. The server needs a certificate that "
                        "lists \"localhost\"."));
  const TestCertificate email = Authority().Issue({.common_name = "localhost", .names = "email:a@b.example"});
  EXPECT_EQ(Try({.identity = email, .host = "localhost"}).reason, "tls_wrong_name");
}

TEST(TlsTest, MatchesWildcardsForOneWholeLabelOnly) {
  const auto try_name = [](const std::string& pattern, const std::string& name) {
    return Try({.identity = For("DNS:" + pattern), .server_name = name}).reason;
  };
  EXPECT_EQ(try_name("*.example.com", "api.example.com"), "ok");
  EXPECT_EQ(try_name("*.example.com", "a.b.example.com"), "tls_wrong_name");
  EXPECT_EQ(try_name("*.example.com", "example.com"), "tls_wrong_name");
  EXPECT_EQ(try_name("a*.example.com", "api.example.com"), "tls_wrong_name");
  EXPECT_EQ(try_name("*i.example.com", "api.example.com"), "tls_wrong_name");
  EXPECT_EQ(try_name("a.*.com", "a.b.com"), "tls_wrong_name");
}

TEST(TlsTest, RefusesAnExpiredCertificateAndSaysWhen) {
  const Verdict verdict = Try({Authority().Issue({.names = "IP:127.0.0.1",
                                                  .not_before = absl::FromUnixSeconds(1577836800),
                                                  .not_after = absl::FromUnixSeconds(1609459200)})});
  EXPECT_EQ(verdict.reason, "tls_expired");
  EXPECT_THAT(verdict.message,
              HasSubstr("/keys: the server's certificate expired on 2021-01-01 00:00:00 UTC."));
}

TEST(TlsTest, RefusesACertificateOfTheFutureAndSaysFromWhen) {
  const Verdict verdict = Try({Authority().Issue({.names = "IP:127.0.0.1",
                                                  .not_before = absl::FromUnixSeconds(4102444800),
                                                  .not_after = absl::FromUnixSeconds(4102531200)})});
  EXPECT_EQ(verdict.reason, "tls_not_yet_valid");
  EXPECT_THAT(verdict.message,
              HasSubstr("the server's certificate is not valid before 2100-01-01 00:00:00 UTC. "
                        "Check the clock"));
}

TEST(TlsTest, SaysWhichAuthorityExpired) {
  const TestAuthority old("old authority", absl::Now() - absl::Minutes(5));
  const Verdict verdict = Try({.identity = old.Issue({.names = "IP:127.0.0.1"}), .ca = old.certificate()});
  EXPECT_EQ(verdict.reason, "tls_expired");
  EXPECT_THAT(verdict.message,
              HasSubstr("the authority \"CN=old authority\" behind the server's certificate expired"));
}

TEST(TlsTest, TrustsAnIntermediateThatWasGivenAsItStands) {
  const TestAuthority intermediate = Authority().Intermediate("intermediate");
  TestCertificate identity = intermediate.Issue({.names = "IP:127.0.0.1"});
  EXPECT_EQ(Try({.identity = identity, .ca = intermediate.certificate()}).reason, "ok");
  EXPECT_EQ(Try({.identity = identity}).reason, "tls_unknown_authority") << "the server does not send it";
  identity.chain += intermediate.certificate();
  EXPECT_EQ(Try({.identity = identity}).reason, "ok");
}

TEST(TlsTest, HonoursNameConstraints) {
  const TestAuthority intermediate = Authority().Intermediate("narrow", "critical,permitted;DNS:example.com");
  TestCertificate identity = intermediate.Issue({.names = "DNS:localhost"});
  identity.chain += intermediate.certificate();
  EXPECT_EQ(Try({.identity = identity, .host = "localhost"}).reason, "tls_bad_certificate");
}

TEST(TlsTest, RefusesACertificateThatIsNotForServers) {
  const TestCertificate client =
      Authority().Issue({.names = "IP:127.0.0.1", .extended_key_usage = "clientAuth"});
  const Verdict verdict = Try({client});
  EXPECT_EQ(verdict.reason, "tls_bad_certificate");
  EXPECT_THAT(verdict.message,
              MatchesRegex("https://127.0.0.1:[0-9]+/keys: the server's certificate cannot be "
                           "accepted: [a-z ]+\\. The server needs another certificate\\."));
}

TEST(TlsTest, RefusesAWeakKeyOrSignature) {
  EXPECT_EQ(Try({Authority().Issue({.names = "IP:127.0.0.1", .key_type = "RSA-1024"})}).reason,
            "tls_bad_certificate");
  EXPECT_EQ(Try({Authority().Issue({.names = "IP:127.0.0.1", .digest = "SHA1"})}).reason,
            "tls_bad_certificate");
  EXPECT_EQ(Try({Authority().Issue({.names = "IP:127.0.0.1", .key_type = "RSA-2048"})}).reason, "ok");
}

TEST(TlsTest, ServerNameIsSentAndVerifiedWhileTheUrlSaysWhereToGo) {
  RawServer server({.identity = For("DNS:kubernetes.default")}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/"));
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "tls_wrong_name");
  request.tls.server_name = "kubernetes.default";
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "ok");
  EXPECT_THAT(server.server_names(), ElementsAre("kubernetes.default"));
  EXPECT_THAT(server.requests(),
              ElementsAre(HasSubstr(absl::StrCat("Host: 127.0.0.1:", server.port(), "\r\n"))));
}

TEST(TlsTest, ServerNameMayBeAnAddress) {
  RawServer server({.identity = For("IP:10.96.0.1,IP:fd00::1")}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/"));
  request.tls.server_name = "10.96.0.1";
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "ok");
  request.tls.server_name = "fd00::1";
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "ok");
  EXPECT_THAT(server.server_names(), ElementsAre("", ""));
}

TEST(TlsTest, RefusesAServerNameThatIsNone) {
  for (const std::string name : {".example.com", "a/b", "a:443", "u@h", "a b", "a\r\nb", "a?b", "a#b"}) {
    Request request = RequestFor("https://127.0.0.1:1/");
    request.tls.server_name = name;
    EXPECT_EQ(VerdictOf(Fetch(request)).reason, "bad_request") << name;
  }
}

TEST(TlsTest, RefusesTlsOlderThanOnePointTwo) {
  RawServer server({.identity = ServerIdentity(), .max_tls_version = TLS1_1_VERSION},
                   AnswerAlways(OkAnswer("x")));
  EXPECT_EQ(VerdictOf(Fetch(RequestFor(server.url("/")))).reason, "tls_handshake");
}

TEST(TlsTest, SpeaksTlsOnePointTwo) {
  RawServer server({.identity = ServerIdentity(), .max_tls_version = TLS1_2_VERSION},
                   AnswerAlways(OkAnswer("x")));
  EXPECT_EQ(VerdictOf(Fetch(RequestFor(server.url("/")))).reason, "ok");
}

TEST(TlsTest, SaysThatAPortDoesNotSpeakTls) {
  RawServer server({.plain = true}, [](RawConnection& connection) {
    connection.ReadSome();
    connection.Send("HTTP/1.1 400 Bad Request\r\n\r\n");
  });
  const Verdict verdict = VerdictOf(Fetch(RequestFor(server.url("/"))));
  EXPECT_EQ(verdict.reason, "tls_handshake");
  EXPECT_THAT(verdict.message, HasSubstr("does not speak TLS on this port"));
}

TEST(TlsTest, InsecureVerifiesNothingAndContradictsAuthorities) {
  RawServer server({.identity = TestAuthority::SelfSigned({})}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/"));
  request.tls.insecure = true;
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "tls_config");
  request.tls.ca_certificates.clear();
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "ok");
}

TEST(TlsTest, TakesNoAuthorityThatCannotBeParsed) {
  Request request = RequestFor("https://127.0.0.1:1/");
  const std::string good = Authority().certificate();
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"not PEM", "hold no certificate in PEM"},
      {good.substr(0, good.size() / 2), "are damaged after certificate number 0"},
      {good + "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
       "hold a certificate that cannot be parsed (number 2 in the PEM text)"},
      {ServerIdentity().key, "hold no certificate in PEM"},
  };
  for (const auto& [pem, sentence] : rows) {
    request.tls.ca_certificates = pem;
    const Verdict verdict = VerdictOf(Fetch(request));
    EXPECT_EQ(verdict.reason, "tls_config");
    EXPECT_THAT(verdict.message,
                HasSubstr(absl::StrCat("https://127.0.0.1:1/: The CA certificates ", sentence)));
  }
  request.tls.ca_certificates =
      absl::StrCat("a comment\r\n", absl::StrReplaceAll(good, {{"\n", "\r\n"}}), "more");
  EXPECT_EQ(VerdictOf(Fetch(request)).reason, "connection_refused") << "comments and CRLF are fine";
}

// What the server at the other end sees.
struct Seen {
  Verdict verdict;
  std::vector<std::string> clients;
};

Seen Present(const std::string& chain, const std::string& key, bool required = true,
             const std::string& authority = Authority().certificate(), int max_tls_version = 0) {
  RawServer server({.identity = ServerIdentity(),
                    .client_authority = authority,
                    .require_client_certificate = required,
                    .max_tls_version = max_tls_version},
                   AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/"));
  request.tls.client_certificate = chain;
  request.tls.client_key = tfsdk::Secret(key);
  return {VerdictOf(Fetch(request)), server.clients()};
}

TEST(ClientCertificateTest, IsPresentedForEveryKindOfKey) {
  for (const std::string type : {"P-256", "RSA-2048", "Ed25519"}) {
    const TestCertificate client = Authority().Issue({.common_name = type, .key_type = type});
    EXPECT_THAT(Present(client.chain, client.key).clients, ElementsAre(type));
  }
}

TEST(ClientCertificateTest, TakesTheOlderKeyForms) {
  const TestCertificate rsa = Authority().Issue({.common_name = "rsa", .key_type = "RSA-2048"});
  ASSERT_THAT(TraditionalKeyPem(rsa.key), HasSubstr("BEGIN RSA PRIVATE KEY"));
  EXPECT_THAT(Present(rsa.chain, TraditionalKeyPem(rsa.key)).clients, ElementsAre("rsa"));
  const TestCertificate ec = Authority().Issue({.common_name = "ec"});
  const std::string sec1 = TraditionalKeyPem(ec.key);
  ASSERT_THAT(sec1, HasSubstr("BEGIN EC PRIVATE KEY"));
  EXPECT_THAT(Present(ec.chain, sec1).clients, ElementsAre("ec"));
  // As `openssl ecparam -genkey` writes it: the curve first.
  const std::string parameters =
      "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
  EXPECT_THAT(Present(ec.chain, parameters + sec1).clients, ElementsAre("ec"));
}

TEST(ClientCertificateTest, SendsItsIntermediates) {
  const TestAuthority intermediate = Authority().Intermediate("clients");
  const TestCertificate client = intermediate.Issue({.common_name = "deep"});
  EXPECT_THAT(Present(client.chain + intermediate.certificate(), client.key).clients, ElementsAre("deep"));
}

TEST(ClientCertificateTest, SaysThatTheServerWantsOne) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const Verdict verdict = Present("", "", true, Authority().certificate(), version).verdict;
    EXPECT_THAT(verdict.reason, ::testing::AnyOf("tls_client_certificate", "tls_handshake")) << version;
    EXPECT_THAT(verdict.message, HasSubstr("client certificate")) << version;
  }
}

TEST(ClientCertificateTest, SaysThatTheServerDoesNotAcceptIt) {
  const TestCertificate stranger = TestAuthority("another").Issue({.common_name = "stranger"});
  const Verdict verdict = Present(stranger.chain, stranger.key).verdict;
  EXPECT_EQ(verdict.reason, "tls_client_certificate");
  EXPECT_THAT(verdict.message, HasSubstr("does not accept the client certificate"));
}

TEST(ClientCertificateTest, RefusesWhatDoesNotFitTogether) {
  const TestCertificate client = Authority().Issue({.common_name = "client"});
  const TestCertificate other = Authority().Issue({.common_name = "other"});
  const std::vector<std::tuple<std::string, std::string, std::string>> rows = {
      {client.chain, "", "without its key"},
      {"", client.key, "without its certificate"},
      {client.chain, other.key, "does not belong to the client certificate"},
      {client.chain, "no key", "The client key is no private key in PEM"},
      {client.chain, client.chain, "The client key is no private key in PEM"},
      {"no certificate", client.key, "The client certificates hold no certificate in PEM"},
      {client.chain, EncryptedKeyPem(client.key), "protected by a passphrase"},
  };
  for (const auto& [chain, key, sentence] : rows) {
    const Verdict verdict = Present(chain, key).verdict;
    EXPECT_EQ(verdict.reason, "tls_config") << sentence;
    EXPECT_THAT(verdict.message, HasSubstr(sentence));
  }
}

TEST(TlsIdentityTest, DiffersWithEveryField) {
  Tls tls;
  std::vector<std::string> seen = {TlsIdentity(tls)};
  const auto expect_new = [&] {
    for (const std::string& before : seen) EXPECT_NE(TlsIdentity(tls), before);
    seen.push_back(TlsIdentity(tls));
  };
  tls.ca_certificates = "ab";
  expect_new();
  tls.ca_certificates = "a";
  tls.server_name = "b";
  expect_new();
  tls.client_certificate = "c";
  expect_new();
  tls.client_key = tfsdk::Secret("d");
  expect_new();
  tls.insecure = true;
  expect_new();
  EXPECT_EQ(TlsIdentity(tls), seen.back());
}

}  // namespace
}  // namespace k8soidc::http
