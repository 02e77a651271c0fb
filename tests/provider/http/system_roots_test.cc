#include "http/system_roots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "http/http.h"
#include "provider/http/fetch.h"

namespace k8soidc::http {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SystemRootsTest : public ::testing::Test {
 protected:
  SystemRootsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "roots-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    paths_.files = {Path("none.crt"), Path("empty.crt"), Path("roots.crt")};
    paths_.directories = {Path("certs")};
    Write("empty.crt", "no certificate\n");
  }
  ~SystemRootsTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name) const { return absl::StrCat(directory_, "/", name); }
  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(Path(name)).parent_path());
    std::ofstream(Path(name)) << text;
  }

  // What a server of Authority() looks like to somebody who trusts these roots.
  std::string Fetch() const {
    RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
    Request request = RequestFor(server.url("/"));
    request.tls.ca_certificates.clear();
    const auto response = MakeCurlTransport({.system_roots = paths_})->Get(tfsdk::CancelToken(), request);
    return response.ok() ? "ok" : std::string(response.status().message());
  }

  std::string directory_;
  SystemRootPaths paths_;
};

TEST_F(SystemRootsTest, UsesTheFirstFileThatHoldsACertificate) {
  Write("roots.crt", Authority().certificate());
  EXPECT_EQ(Fetch(), "ok");
}

TEST_F(SystemRootsTest, SkipsWhatItCannotParseInAFile) {
  Write("roots.crt", absl::StrCat("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                                  Authority().certificate()));
  EXPECT_EQ(Fetch(), "ok");
}

TEST_F(SystemRootsTest, FallsBackToADirectory) {
  Write("certs/one.pem", TestAuthority("other").certificate());
  Write("certs/two.pem", Authority().certificate());
  EXPECT_EQ(Fetch(), "ok");
}

TEST_F(SystemRootsTest, NamesWhereTheRootsCameFromWhenTheyDoNotSuffice) {
  Write("roots.crt", TestAuthority("other").certificate());
  EXPECT_THAT(Fetch(), HasSubstr(absl::StrCat("which is not among the authorities this machine trusts (",
                                              Path("roots.crt"), ").")));
}

TEST_F(SystemRootsTest, SslCertFileReplacesTheFiles) {
  Write("roots.crt", TestAuthority("other").certificate());
  Write("mine.crt", Authority().certificate());
  paths_.ssl_cert_file = Path("mine.crt");
  EXPECT_EQ(Fetch(), "ok");
  Write("roots.crt", Authority().certificate());
  Write("mine.crt", TestAuthority("other").certificate());
  EXPECT_THAT(Fetch(), HasSubstr("which is not among"));
}

TEST_F(SystemRootsTest, SslCertDirIsReadFileByFile) {
  Write("a/one.pem", TestAuthority("other").certificate());
  Write("b/two.pem", Authority().certificate());
  paths_.ssl_cert_dir = absl::StrCat(Path("a"), ":", Path("none"), ":", Path("b"));
  EXPECT_EQ(Fetch(), "ok");
}

TEST_F(SystemRootsTest, ASslCertFileThatDoesNotServeIsAnError) {
  Write("roots.crt", Authority().certificate());
  paths_.ssl_cert_file = Path("none.crt");
  EXPECT_THAT(Fetch(),
              HasSubstr(absl::StrCat("SSL_CERT_FILE: ", Path("none.crt"), " cannot be read: No such file")));
  paths_.ssl_cert_file = Path("empty.crt");
  EXPECT_THAT(Fetch(),
              HasSubstr(absl::StrCat("SSL_CERT_FILE: ", Path("empty.crt"), " holds no certificate")));
  paths_.ssl_cert_file = directory_;
  EXPECT_THAT(Fetch(), HasSubstr("cannot be read: no regular file"));
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  paths_.ssl_cert_file = Path("pipe");
  EXPECT_THAT(Fetch(), HasSubstr("cannot be read: no regular file"));
}

TEST_F(SystemRootsTest, AnIntermediateAmongTheRootsIsNoRoot) {
  const TestAuthority intermediate = Authority().Intermediate("intermediate");
  Write("roots.crt", intermediate.certificate());
  RawServer server({.identity = intermediate.Issue({.names = "IP:127.0.0.1"})}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/"));
  request.tls.ca_certificates.clear();
  const auto response = MakeCurlTransport({.system_roots = paths_})->Get(tfsdk::CancelToken(), request);
  EXPECT_EQ(ErrorReason(response.status()), "tls_unknown_authority");
}

TEST_F(SystemRootsTest, SaysWhereItLookedWhenThereAreNone) {
  EXPECT_THAT(Fetch(), AllOf(HasSubstr("This machine has no trusted certificate authorities (looked at "),
                             HasSubstr(Path("roots.crt")), HasSubstr(Path("certs")),
                             HasSubstr("Install ca-certificates, set SSL_CERT_FILE")));
}

TEST_F(SystemRootsTest, GivenAuthoritiesNeedNoSystemRoots) {
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  const auto response =
      MakeCurlTransport({.system_roots = paths_})->Get(tfsdk::CancelToken(), RequestFor(server.url("/")));
  EXPECT_TRUE(response.ok()) << response.status();
}

TEST_F(SystemRootsTest, GivenAuthoritiesReplaceTheSystems) {
  Write("roots.crt", Authority().certificate());
  RawServer server({.identity = ServerIdentity()}, AnswerAlways(OkAnswer("x")));
  Request request = RequestFor(server.url("/"));
  request.tls.ca_certificates = TestAuthority("other").certificate();
  const auto response = MakeCurlTransport({.system_roots = paths_})->Get(tfsdk::CancelToken(), request);
  EXPECT_EQ(ErrorReason(response.status()), "tls_unknown_authority");
}

}  // namespace
}  // namespace k8soidc::http
