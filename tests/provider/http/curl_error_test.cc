#include "http/curl_error.h"

#include <curl/curl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <set>

namespace k8soidc::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string ReasonOf(int code, const TransferOutcome& outcome = {}, const TlsReport& tls = {}) {
  TransferOutcome with_code = outcome;
  with_code.curl_code = code;
  return ErrorReason(CurlError(with_code, tls, "https://h/", "h:443", false));
}

TEST(CurlErrorTest, OnlyTheseCodesAreWorthAnotherTry) {
  std::set<int> retried;
  for (int code = 1; code < 200; ++code) {
    const std::string reason = ReasonOf(code);
    EXPECT_NE(reason, "") << code;
    if (reason == "connection_refused" || reason == "connection_reset" || reason == "connect_timeout" ||
        reason == "truncated") {
      retried.insert(code);
    }
  }
  EXPECT_THAT(retried,
              ElementsAre(CURLE_COULDNT_CONNECT, CURLE_HTTP2, CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT,
                          CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2_STREAM));
}

TEST(CurlErrorTest, AnUnknownCodeIsUnexpected) {
  for (const int code : {2, 38, 99, 100, 150, 199}) {
    EXPECT_EQ(ReasonOf(code), "unexpected") << code;
  }
}

TEST(CurlErrorTest, ATimeoutAfterTheHandshakeIsNoConnectTimeout) {
  TransferOutcome outcome;
  outcome.elapsed = absl::Seconds(5);
  const auto message = [&] {
    outcome.curl_code = CURLE_OPERATION_TIMEDOUT;
    return std::string(CurlError(outcome, {}, "https://h/", "h:443", false).message());
  };
  EXPECT_EQ(
      message(),
      "https://h/: the name of h:443 was not resolved within 5s. Check the DNS servers of this machine.");
  outcome.name_resolved = true;
  EXPECT_THAT(message(), HasSubstr("no connection to h:443 within 5s"));
  outcome.connected = true;
  EXPECT_THAT(message(), HasSubstr("the TLS handshake did not end within 5s"));
  EXPECT_EQ(ReasonOf(CURLE_OPERATION_TIMEDOUT, outcome), "connect_timeout");
  outcome.tls_done = true;
  EXPECT_THAT(message(), HasSubstr("no answer came within 5s"));
  EXPECT_EQ(ReasonOf(CURLE_OPERATION_TIMEDOUT, outcome), "timeout");
  outcome.answer_started = true;
  EXPECT_EQ(ReasonOf(CURLE_OPERATION_TIMEDOUT, outcome), "timeout");
}

TEST(CurlErrorTest, ANewConnectionThatIsResetIsNotRefused) {
  TransferOutcome outcome;
  outcome.os_error = ECONNRESET;
  EXPECT_EQ(ReasonOf(CURLE_COULDNT_CONNECT, outcome), "connection_reset");
}

TEST(CurlErrorTest, CurlHasNoMemoryForALongHeaderLine) {
  TransferOutcome outcome;
  EXPECT_EQ(ReasonOf(CURLE_OUT_OF_MEMORY, outcome), "unexpected");
  outcome.tls_done = true;
  EXPECT_EQ(ReasonOf(CURLE_OUT_OF_MEMORY, outcome), "too_large");
}

TEST(CurlErrorTest, SaysThatThereIsNoRoute) {
  TransferOutcome outcome;
  outcome.curl_code = CURLE_COULDNT_CONNECT;
  outcome.os_error = ENETUNREACH;
  EXPECT_THAT(std::string(CurlError(outcome, {}, "https://h/", "h:443", false).message()),
              HasSubstr("there is no route to h:443"));
}

TEST(CurlErrorTest, AFailedVerificationExplainsAnyCode) {
  TlsReport tls;
  tls.verification = TlsFailure{"tls_expired", "expired."};
  EXPECT_EQ(ReasonOf(CURLE_SSL_CONNECT_ERROR, {}, tls), "tls_expired");
  EXPECT_EQ(ReasonOf(CURLE_PEER_FAILED_VERIFICATION, {}, tls), "tls_expired");
}

TEST(CurlErrorTest, NamesTheCertificateAlerts) {
  for (const int alert : {42, 43, 44, 45, 46, 48, 49, 51, 116}) {
    TlsReport tls;
    tls.alert = alert;
    EXPECT_EQ(ReasonOf(CURLE_RECV_ERROR, {}, tls), "tls_client_certificate") << alert;
    EXPECT_EQ(ReasonOf(CURLE_PARTIAL_FILE, {}, tls), "truncated")
        << "an alert explains only a broken connection";
  }
  TlsReport tls;
  tls.alert = 40;
  EXPECT_EQ(ReasonOf(CURLE_SSL_CONNECT_ERROR, {}, tls), "tls_handshake");
}

}  // namespace
}  // namespace k8soidc::http
