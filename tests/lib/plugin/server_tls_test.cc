// Who may talk to a plugin, and how: TLS on its socket.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "lib/plugin/test_plugin_host.h"
#include "tfsdk/plugin/server.h"

namespace tfsdk::plugin {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using tfsdk::testing::HostCertificate;
using tfsdk::testing::MakeHostCertificate;
using tfsdk::testing::PluginHost;

int ConnectTo(const std::string& path) {
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(descriptor);
    return -1;
  }
  return descriptor;
}

// What a TLS client of our own makes of the server: the version and protocol agreed on, or "" when refused.
std::string Handshake(const PluginHost& host, int highest_version, const HostCertificate& certificate) {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, highest_version);
  SSL_CTX_set_security_level(context, 0);
  BIO* bio = BIO_new_mem_buf(certificate.pem.data(), -1);
  X509* x509 = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  SSL_CTX_use_certificate(context, x509);
  X509_free(x509);
  BIO_free(bio);
  bio = BIO_new_mem_buf(certificate.private_key_pem.data(), -1);
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  SSL_CTX_use_PrivateKey(context, key);
  EVP_PKEY_free(key);
  BIO_free(bio);
  std::signal(SIGPIPE, SIG_IGN);  // The server may close first.
  SSL* ssl = SSL_new(context);
  SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>("\x02h2"), 3);
  const int descriptor = ConnectTo(host.handshake().address());
  SSL_set_fd(ssl, descriptor);
  std::string result;
  if (SSL_connect(ssl) == 1) {
    const unsigned char* protocol = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl, &protocol, &size);
    result = absl::StrCat(SSL_get_version(ssl), " ",
                          absl::string_view(reinterpret_cast<const char*>(protocol), size));
  }
  SSL_free(ssl);
  close(descriptor);
  SSL_CTX_free(context);
  return result;
}

grpc::StatusCode CodeOf(const PluginHost& host,
                        const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  return CallOver(host.ConnectWith(credentials), "echo", "x", std::chrono::seconds(3)).status.error_code();
}

std::string PemOfServer(const PluginHost& host) {
  const std::string der = host.handshake().certificate_der();
  const auto* start = reinterpret_cast<const unsigned char*>(der.data());
  X509* certificate = d2i_X509(nullptr, &start, static_cast<long>(der.size()));
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(bio, certificate);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  X509_free(certificate);
  return pem;
}

// MUST 15, 17, 19, TRAP 3: the host's certificate is a P-521 one, and the channel trusts only the one in the line.
TEST(ServerTlsTest, ServesTheHostThatStartedIt) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_GT(host.handshake().fields[5].size(), 50u);
  EXPECT_THAT(host.handshake().fields[5], Not(HasSubstr("=")));
  const auto answer = Call(host, "echo", "encrypted");
  EXPECT_EQ(answer.text, "encrypted") << answer.status.error_message();
}

// MUST 15
TEST(ServerTlsTest, ServesPlaintextWithoutAClientCertificate) {
  auto options = TestPlugin();
  options.tls = false;
  PluginHost host(options);
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_THAT(host.handshake().line, EndsWith("|grpc|\n"));
  EXPECT_EQ(Call(host, "echo", "plain").text, "plain");
}

// MUST 18
TEST(ServerTlsTest, RefusesEveryoneElse) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const std::string server = PemOfServer(host);
  const HostCertificate other = MakeHostCertificate();
  EXPECT_EQ(CodeOf(host, grpc::InsecureChannelCredentials()), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeOf(host, grpc::SslCredentials({server, "", ""})), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(CodeOf(host, grpc::SslCredentials({server, other.private_key_pem, other.pem})),
            grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(Call(host, "echo", "still serving").text, "still serving");
}

// MUST 20
TEST(ServerTlsTest, NegotiatesHttp2OverTls12AndLater) {
  PluginHost host(TestPlugin());
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  EXPECT_EQ(Handshake(host, TLS1_3_VERSION, host.certificate()), "TLSv1.3 h2");
  EXPECT_EQ(Handshake(host, TLS1_1_VERSION, host.certificate()), "");

  // gRPC offers one curve for TLS 1.2, P-256; hosts with their P-521 certificate speak 1.3.
  const HostCertificate smaller = MakeHostCertificate("P-256");
  PluginHost older(TestPlugin({{"PLUGIN_CLIENT_CERT", smaller.pem}}));
  ASSERT_TRUE(older.Start().ok()) << older.Stderr();
  EXPECT_EQ(Handshake(older, TLS1_2_VERSION, smaller), "TLSv1.2 h2");
  EXPECT_EQ(Handshake(older, TLS1_1_VERSION, smaller), "");
}

// MUST 21
TEST(ServerTlsTest, EveryProcessHasACertificateOfItsOwn) {
  PluginHost one(TestPlugin());
  PluginHost other(TestPlugin());
  ASSERT_TRUE(one.Start().ok()) << one.Stderr();
  ASSERT_TRUE(other.Start().ok()) << other.Stderr();
  EXPECT_NE(one.handshake().fields[5], other.handshake().fields[5]);
}

// Never plaintext instead, and never TLS that nobody can enter.
TEST(ServerTlsTest, RefusesToServeWithAClientCertificateItCannotRead) {
  for (const std::string& bad :
       {std::string("canary"), MakeHostCertificate().pem.substr(0, 300) + "canary"}) {
    PluginHost host(TestPlugin({{"PLUGIN_CLIENT_CERT", bad}, {"TF_LOG", "TRACE"}}));
    EXPECT_FALSE(host.Start().ok());
    EXPECT_EQ(host.Wait(), kExitCannotServe);
    EXPECT_EQ(host.Stdout(), "");
    EXPECT_TRUE(host.WaitForStderr("PLUGIN_CLIENT_CERT"));
    EXPECT_THAT(host.Stderr(), Not(HasSubstr("canary")));
    EXPECT_THAT(host.Stderr(), Not(HasSubstr("MII")));
    EXPECT_THAT(host.Stderr(), Not(HasSubstr("TUlJ")));
  }
}

}  // namespace
}  // namespace tfsdk::plugin
