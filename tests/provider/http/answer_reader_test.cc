#include "http/answer_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace k8soidc::http {
namespace {

TEST(AnswerReaderTest, TakesAHeaderOfExactlyTheLimit) {
  const std::string status = "HTTP/1.1 200 OK\r\n";
  const size_t rest = 65536 - status.size() - 2;
  AnswerReader fits(10);
  EXPECT_TRUE(fits.OnHeaderLine(status));
  EXPECT_TRUE(fits.OnHeaderLine(absl::StrCat("a: ", std::string(rest - 5, 'b'), "\r\n")));
  EXPECT_TRUE(fits.OnHeaderLine("\r\n"));

  AnswerReader over(10);
  EXPECT_TRUE(over.OnHeaderLine(status));
  EXPECT_TRUE(over.OnHeaderLine(absl::StrCat("a: ", std::string(rest - 4, 'b'), "\r\n")));
  EXPECT_FALSE(over.OnHeaderLine("\r\n"));
  EXPECT_EQ(ErrorReason(over.failure()), "too_large");
}

TEST(AnswerReaderTest, TakesExactlyFiveHundredLines) {
  AnswerReader reader(10);
  EXPECT_TRUE(reader.OnHeaderLine("HTTP/1.1 200 OK\r\n"));
  for (int i = 1; i < 500; ++i) EXPECT_TRUE(reader.OnHeaderLine("a: b\r\n"));
  EXPECT_FALSE(reader.OnHeaderLine("\r\n"));
}

TEST(AnswerReaderTest, CountsTrailersToo) {
  AnswerReader reader(10);
  EXPECT_TRUE(reader.OnHeaderLine("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(reader.OnHeaderLine("\r\n"));
  EXPECT_TRUE(reader.OnBody("x"));
  int trailers = 0;
  while (reader.OnHeaderLine("Retry-After: 5\r\n")) ++trailers;
  EXPECT_EQ(trailers, 498);
  EXPECT_EQ(reader.TakeResponse().retry_after, std::nullopt);
}

TEST(AnswerReaderTest, TakesABodyUpToTheLimitInPieces) {
  AnswerReader reader(4);
  reader.OnHeaderLine("HTTP/2 200\r\n");
  reader.OnHeaderLine("\r\n");
  EXPECT_TRUE(reader.OnBody("ab"));
  EXPECT_TRUE(reader.OnBody("cd"));
  EXPECT_TRUE(reader.OnBody(""));
  EXPECT_EQ(reader.body_bytes(), 4u);
  EXPECT_FALSE(reader.OnBody("e"));
  EXPECT_EQ(ErrorReason(reader.failure()), "too_large");
  EXPECT_EQ(reader.TakeResponse().body, "");
}

TEST(AnswerReaderTest, RefusesAnAnnouncedBodyBeforeItComes) {
  AnswerReader fits(4);
  fits.OnHeaderLine("HTTP/1.1 200 OK\r\n");
  fits.OnHeaderLine("Content-Length: 4\r\n");
  EXPECT_TRUE(fits.OnHeaderLine("\r\n"));
  AnswerReader over(4);
  over.OnHeaderLine("HTTP/1.1 200 OK\r\n");
  over.OnHeaderLine("Content-Length: 5\r\n");
  EXPECT_FALSE(over.OnHeaderLine("\r\n"));
}

TEST(AnswerReaderTest, CutsTheBodyOfAnErrorAtTheLimit) {
  AnswerReader reader(4);
  reader.OnHeaderLine("HTTP/1.1 500 Oops\r\n");
  EXPECT_TRUE(reader.OnHeaderLine("\r\n"));
  EXPECT_FALSE(reader.OnBody("abcdef"));
  EXPECT_TRUE(reader.HasOtherStatus());
  EXPECT_TRUE(reader.failure().ok());
  const Response response = reader.TakeResponse();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "abcd");
}

TEST(AnswerReaderTest, RefusesALengthThatIsNoneOrTwo) {
  for (const std::string lengths :
       {"Content-Length: 5\r\n|Content-Length: 6\r\n", "Content-Length: 99999999999999999999999\r\n",
        "Content-Length: 5, 5\r\n"}) {
    AnswerReader reader(10);
    reader.OnHeaderLine("HTTP/1.1 200 OK\r\n");
    for (const absl::string_view line : absl::StrSplit(lengths, '|')) EXPECT_TRUE(reader.OnHeaderLine(line));
    EXPECT_FALSE(reader.OnHeaderLine("\r\n")) << lengths;
    EXPECT_EQ(ErrorReason(reader.failure()), "not_http");
  }
  AnswerReader same(10);
  same.OnHeaderLine("HTTP/1.1 200 OK\r\n");
  same.OnHeaderLine("Content-Length: 5\r\n");
  same.OnHeaderLine("Content-Length: 5\r\n");
  EXPECT_TRUE(same.OnHeaderLine("\r\n"));
}

TEST(AnswerReaderTest, KnowsWhetherTheHeaderIsWhole) {
  AnswerReader reader(10);
  reader.OnHeaderLine("HTTP/2 200\r\n");
  EXPECT_FALSE(reader.HasWholeHeader());
  reader.OnHeaderLine("\r\n");
  EXPECT_TRUE(reader.HasWholeHeader());
  EXPECT_TRUE(reader.EndsWithStream());
}

TEST(AnswerReaderTest, ForgetsWhatAnInformationalAnswerSaid) {
  AnswerReader reader(4);
  reader.OnHeaderLine("HTTP/1.1 103 Early Hints\r\n");
  reader.OnHeaderLine("Location: https://h/\r\n");
  EXPECT_TRUE(reader.OnHeaderLine("\r\n"));
  reader.OnHeaderLine("HTTP/1.1 204 No Content\r\n");
  EXPECT_TRUE(reader.OnHeaderLine("\r\n"));
  const Response response = reader.TakeResponse();
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.location, std::nullopt);
}

TEST(AnswerReaderTest, KnowsWhichBodiesEndWithTheConnection) {
  const auto ends = [](absl::string_view status, absl::string_view header) {
    AnswerReader reader(4);
    reader.OnHeaderLine(status);
    reader.OnHeaderLine(header);
    reader.OnHeaderLine("\r\n");
    return reader.EndsWithConnection();
  };
  EXPECT_TRUE(ends("HTTP/1.1 200 OK\r\n", "a: b\r\n"));
  EXPECT_TRUE(ends("HTTP/1.0 200 OK\r\n", "a: b\r\n"));
  EXPECT_FALSE(ends("HTTP/1.1 200 OK\r\n", "Content-Length: 3\r\n"));
  EXPECT_FALSE(ends("HTTP/1.1 200 OK\r\n", "Transfer-Encoding: chunked\r\n"));
  EXPECT_FALSE(ends("HTTP/2 200\r\n", "a: b\r\n"));
}

}  // namespace
}  // namespace k8soidc::http
