// Framing (T-12 to T-15): answers whose ends, lengths and headers lie. A body that is cut is an error even where what
// came is whole JSON.

#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

constexpr char kOk[] = "HTTP/1.1 200 OK\r\n";
constexpr char kChunked[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
constexpr char kCutOff[] = "the answer was cut off after ";
constexpr char kTooLarge[] = "the body is larger than the 1048576 bytes that are read at most";
constexpr char kManyHeaders[] = "the header of the answer is larger than 64 KiB or has more than 500 lines";
constexpr char kCompressed[] = "the body is compressed";

std::string Chunk(absl::string_view text) {
  return absl::StrCat(absl::Hex(text.size()), "\r\n", text, "\r\n");
}

std::string Repeated(absl::string_view text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

// Whole JSON, followed by what a cut takes away.
std::string WholeJsonThenMore() { return GoodKeys() + std::string(100, ' '); }

struct Row {
  const char* name;
  std::string bytes;
  std::vector<std::string> expect;
  // The answer comes whole and is shared by all reads of one configuration, so there is nothing to heal.
  bool is_whole = false;
};

std::vector<Row> Rows() {
  const std::string& keys = GoodKeys();
  const std::string gzip("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10);
  return {
      {"LengthTooLong",
       absl::StrCat(kOk, "Content-Length: ", keys.size() + 5, "\r\n\r\n", keys),
       {kCutOff, absl::StrCat(keys.size(), " bytes of body")}},
      {"LengthTooShort",
       absl::StrCat(kOk, "Content-Length: 20\r\n\r\n", keys),
       {"line 1, column 20: the text ends in the middle of the document"},
       true},
      {"LengthNegative", absl::StrCat(kOk, "Content-Length: -5\r\n\r\n", keys), {"not"}},
      {"LengthNoNumber", absl::StrCat(kOk, "Content-Length: many\r\n\r\n", keys), {"not"}},
      {"LengthBeyondAllBounds",
       absl::StrCat(kOk, "Content-Length: 99999999999999999999999\r\n\r\n", keys),
       {"two lengths that differ, or one that is no number (Content-Length)"}},
      {"LengthOf4Gib", absl::StrCat(kOk, "Content-Length: 4294967296\r\n\r\n", keys), {kTooLarge}},
      {"TwoLengthsThatDiffer",
       absl::StrCat(kOk, "Content-Length: 20\r\nContent-Length: ", keys.size(), "\r\n\r\n", keys),
       {"two lengths that differ, or one that is no number (Content-Length)"}},
      {"LengthAndChunks",
       absl::StrCat(kOk, "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n", Chunk(keys), "0\r\n\r\n"),
       {}},
      {"ChunksWithoutAnEnd", absl::StrCat(kChunked, Chunk(keys)), {kCutOff}},
      {"ChunkCutInTheMiddle", absl::StrCat(kChunked, absl::Hex(keys.size() + 9), "\r\n", keys), {kCutOff}},
      {"ChunkSizeNoNumber", absl::StrCat(kChunked, "xyz\r\n", keys), {"cut off"}},
      {"ChunkSizeBeyondAllBounds", absl::StrCat(kChunked, "ffffffffffffffffffff\r\n", keys), {"cut off"}},
      {"ChunkSizeNegative", absl::StrCat(kChunked, "-1\r\n", keys), {"cut off"}},
      {"ChunkExtensionsWithoutEnd", absl::StrCat(kChunked, "5;", std::string(3 << 20, 'x')), {kCutOff}},
      {"TrailersWithoutEnd",
       absl::StrCat(kChunked, Chunk(keys), "0\r\n", Repeated("X-Trailer: 1\r\n", 50000)),
       {kManyHeaders}},
      {"ManyTinyChunks", absl::StrCat(kChunked, Repeated("1\r\n \r\n", 2000), Chunk(keys), "0\r\n\r\n"), {}},
      {"ChunkedTwice",
       absl::StrCat(kOk, "Transfer-Encoding: chunked, chunked\r\n\r\n", Chunk(keys), "0\r\n\r\n"),
       {kCompressed}},
      {"TransferEncodingUnknown", absl::StrCat(kOk, "Transfer-Encoding: zip\r\n\r\n", keys), {kCompressed}},
      {"TransferEncodingGzip",
       absl::StrCat(kOk, "Transfer-Encoding: gzip, chunked\r\n\r\n", Chunk(gzip), "0\r\n\r\n"),
       {kCompressed}},
      {"ContentEncodingGzip", OkAnswer(gzip, "Content-Encoding: gzip\r\n"), {kCompressed}},
      {"ContentEncodingBrotli", OkAnswer(keys, "Content-Encoding: br\r\n"), {kCompressed}},
      {"ContentEncodingTwice",
       OkAnswer(keys, "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"),
       {kCompressed}},
      {"ContentEncodingIdentity", OkAnswer(keys, "Content-Encoding: identity\r\n"), {}},
      {"NoLengthButAProperEnd", absl::StrCat(kOk, "Connection: close\r\n\r\n", keys), {}},
      {"OneByteTooMany", OkAnswer(std::string((1 << 20) + 1, ' ')), {kTooLarge}},
      {"ExactlyTheMost", OkAnswer(keys + std::string((1 << 20) - keys.size(), ' ')), {}},
      {"EndlessChunks", absl::StrCat(kChunked, Repeated(Chunk(std::string(65536, ' ')), 64)), {kTooLarge}},
      {"EndlessWithoutLength", absl::StrCat(kOk, "\r\n", std::string(8 << 20, ' ')), {kTooLarge}},
      {"Http09", keys, {"not HTTP/1.1 or HTTP/2"}},
      {"Http10", absl::StrCat("HTTP/1.0 200 OK\r\n\r\n", keys), {}},
      {"Http99", absl::StrCat("HTTP/9.9 200 OK\r\n\r\n", keys), {"not HTTP/1.1 or HTTP/2"}},
      {"AnotherProtocol", "ICY 200 OK\r\n\r\n", {"not HTTP/1.1 or HTTP/2"}},
      {"OnlyLineFeeds", absl::StrCat("HTTP/1.1 200 OK\nContent-Length: ", keys.size(), "\n\n", keys), {}},
      {"ManyHeaders", OkAnswer(keys, Repeated("X-Header: 1\r\n", 1000)), {kManyHeaders}},
      {"LongHeader",
       OkAnswer(keys, absl::StrCat("X-Header: ", std::string(90000, 'h'), "\r\n")),
       {kManyHeaders}},
      {"HugeHeader",
       absl::StrCat(kOk, "X-Header: ", std::string(2 << 20, 'h')),
       {"a line in the header of the answer is longer than 100 KiB"}},
      {"FoldedHeader", OkAnswer(keys, "X-Header: one\r\n two\r\n\tthree\r\n"), {}},
      {"FoldedEncoding", OkAnswer(gzip, "Content-Encoding:\r\n gzip\r\n"), {"a NUL byte"}, true},
      {"HeaderWithoutAColon", OkAnswer(keys, "no colon here\r\n"), {"not HTTP/1.1 or HTTP/2"}},
      {"HeaderWithANul", OkAnswer(keys, std::string("X-Header: a\0b\r\n", 15)), {"not"}},
      {"HeaderCutOff",
       absl::StrCat(kOk, "Content-Type: app"),
       {"the answer was cut off after 0 bytes of body"}},
      {"Continue100First", absl::StrCat("HTTP/1.1 100 Continue\r\n\r\n", OkAnswer(keys)), {}},
      {"EarlyHints103First",
       absl::StrCat("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Encoding: gzip\r\n\r\n",
                    OkAnswer(keys)),
       {}},
      {"Informational199First", absl::StrCat("HTTP/1.1 199 Hm\r\n\r\n", OkAnswer(keys)), {}},
      {"Switching101",
       absl::StrCat("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", OkAnswer(keys)),
       {"101"}},
      {"OnlyContinue100", "HTTP/1.1 100 Continue\r\n\r\n", {"the connection"}},
      {"Flood100", Repeated("HTTP/1.1 100 Continue\r\n\r\n", 40000), {kManyHeaders}},
      {"TwoAnswersAtOnce", absl::StrCat(OkAnswer(keys), HttpAnswer("500 Oops", kBodySecret)), {}},
  };
}

std::vector<FaultCase> Cases() {
  std::vector<FaultCase> cases;
  for (Row& row : Rows()) {
    cases.push_back({.name = row.name,
                     .prepare = [bytes = row.bytes](Stage& stage) { stage.Serve(Sends(bytes)); },
                     .expect = row.expect,
                     .answer_is_whole = row.is_whole});
  }
  const auto scripted = [&cases](const char* name, RawServer::Script script, std::vector<std::string> expect,
                                 bool is_timeout) {
    cases.push_back({.name = name,
                     .prepare =
                         [script, is_timeout](Stage& stage) {
                           stage.Serve(script);
                           if (is_timeout) stage.AllowTime(absl::Milliseconds(900), absl::Milliseconds(500));
                         },
                     .expect = std::move(expect),
                     .is_timeout = is_timeout});
  };
  scripted(
      "CutAfterWholeJson",
      [](RawConnection& c) {
        c.ReadRequest();
        const std::string body = WholeJsonThenMore();
        c.Send(OkAnswer(body).substr(0, OkAnswer(body).size() - 50));
        c.Cut();
      },
      {kCutOff}, false);
  scripted(
      "CutWithoutALength",
      [](RawConnection& c) {
        c.ReadRequest();
        c.Send(absl::StrCat(kOk, "\r\n", GoodKeys()));
        c.Cut();
      },
      {kCutOff}, false);
  scripted(
      "HeaderCut",
      [](RawConnection& c) {
        c.ReadRequest();
        c.Send(absl::StrCat(kOk, "Content-Type: app"));
        c.Cut();
      },
      {"the answer was cut off after 0 bytes"}, false);
  scripted(
      "ResetInTheBody",
      [](RawConnection& c) {
        c.ReadRequest();
        c.Send(absl::StrCat(kOk, "Content-Length: 9000\r\n\r\n", GoodKeys()));
        absl::SleepFor(absl::Milliseconds(100));
        c.Reset();
      },
      {kCutOff}, false);
  scripted(
      "BodyByDrops",
      [](RawConnection& c) {
        c.ReadRequest();
        c.Send(absl::StrCat(kOk, "Content-Length: 9000\r\n\r\n"));
        c.Drip(std::string(100, ' '), absl::Milliseconds(30));
      },
      {"the answer was not whole within"}, true);
  scripted(
      "HeaderByDrops",
      [](RawConnection& c) {
        c.ReadRequest();
        c.Drip(absl::StrCat(kOk, "X-Header: ", std::string(100, 'h')), absl::Milliseconds(30));
      },
      {"within"}, true);
  scripted(
      "Endless100sByDrops",
      [](RawConnection& c) {
        c.ReadRequest();
        while (c.Send("HTTP/1.1 100 Continue\r\n\r\n")) absl::SleepFor(absl::Milliseconds(20));
      },
      {"within"}, true);
  scripted(
      "SpeaksBeforeItIsAsked",
      [](RawConnection& c) {
        c.Send(HttpAnswer("200 OK", "{\"keys\":[]}"));
        c.ReadRequest();
        c.Send(OkAnswer(GoodKeys()));
      },
      {"no keys"}, false);
  cases.back().answer_is_whole = true;
  return cases;
}

FAULT_FAMILY(Framing, Cases());

}  // namespace
}  // namespace k8soidc::faults
