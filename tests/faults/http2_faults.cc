// HTTP/2 (RFC 9113): frames made by hand, from a server that breaks the rules or merely takes its leave.

#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "faults/fault_driver.h"

namespace k8soidc::faults {
namespace {

enum FrameType : uint8_t {
  kData = 0,
  kHeaders = 1,
  kRstStream = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};
constexpr uint8_t kEndStream = 1;
constexpr uint8_t kAck = 1;
constexpr uint8_t kEndHeaders = 4;

// RFC 9113, 7.
constexpr uint32_t kNoError = 0;
constexpr uint32_t kInternalError = 2;
constexpr uint32_t kRefusedStream = 7;
constexpr uint32_t kEnhanceYourCalm = 11;
constexpr uint32_t kHttp11Required = 13;

std::string Big(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}

std::string Frame(FrameType type, uint8_t flags, uint32_t stream, absl::string_view payload) {
  return absl::StrCat(Big(static_cast<uint32_t>(payload.size())).substr(1),
                      std::string(1, static_cast<char>(type)), std::string(1, static_cast<char>(flags)),
                      Big(stream), payload);
}

std::string Greeting() { return Frame(kSettings, 0, 0, "") + Frame(kSettings, kAck, 0, ""); }

// A header that is in no table, with short texts (RFC 7541, 6.2.2).
std::string Literal(const std::string& name, const std::string& value) {
  return absl::StrCat(std::string(1, '\0'), std::string(1, static_cast<char>(name.size())), name,
                      std::string(1, static_cast<char>(value.size())), value);
}

constexpr char kStatus200[] = "\x88";
constexpr char kStatus500[] = "\x8e";

std::string Answer(absl::string_view status, absl::string_view body) {
  return Frame(kHeaders, kEndHeaders, 1, status) + Frame(kData, kEndStream, 1, body);
}
std::string GoAway(uint32_t last_stream, uint32_t error) {
  return Frame(kGoAway, 0, 0, Big(last_stream) + Big(error) + std::string(kBodySecret));
}
std::string Reset(uint32_t error) { return Frame(kRstStream, 0, 1, Big(error)); }

std::string Repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// Reads frames until the client's HEADERS, so that stream 1 is open.
bool AwaitRequest(RawConnection& connection) {
  constexpr size_t kPreface = 24;
  std::string got;
  size_t at = kPreface;
  while (true) {
    while (got.size() >= at + 9) {
      const auto byte = [&](size_t i) { return static_cast<unsigned char>(got[at + i]); };
      if (byte(3) == kHeaders) return true;
      at += 9 + (byte(0) << 16 | byte(1) << 8 | byte(2));
    }
    const std::string more = connection.ReadSome();
    if (more.empty()) return false;
    got += more;
  }
}

// Sends `bytes` once the request is there. Then waits for the client to go, or closes.
FaultCase Then(std::string name, std::string bytes, std::vector<std::string> expect, bool close = false) {
  return {.name = std::move(name),
          .prepare =
              [bytes, close](Stage& stage) {
                RawServerOptions options = GoodServer();
                options.alpn = "h2";
                stage.ServeWith(options, [bytes, close](RawConnection& connection) {
                  connection.Send(Greeting());
                  if (!AwaitRequest(connection)) return;
                  connection.Send(bytes);
                  if (!close) connection.Stall();
                });
                stage.AllowTime(absl::Milliseconds(2000), absl::Milliseconds(1500));
              },
          .expect = std::move(expect)};
}

FaultCase Stalls(FaultCase fault) {
  fault.is_timeout = true;
  auto prepare = fault.prepare;
  fault.prepare = [prepare](Stage& stage) {
    prepare(stage);
    stage.AllowTime(absl::Milliseconds(900), absl::Milliseconds(600));
  };
  return fault;
}

std::vector<FaultCase> Cases() {
  constexpr char kBrokeOff[] = "the server broke off the HTTP/2 stream";
  const std::string open_ended = Frame(kHeaders, 0, 1, kStatus200);
  return {
      Then("Proper", Answer(kStatus200, GoodKeys()), {}),
      Then("Status500", Answer(kStatus500, kBodySecret), {"answered with status 500"}),
      Then("GoAwayBeforeTheAnswer", GoAway(0, kNoError), {"HTTP/2"}, true),
      Then("GoAwayInAnger", GoAway(0, kEnhanceYourCalm), {"HTTP/2"}, true),
      Then("GoAwayWhileItAnswers",
           GoAway(1, kNoError) +
               Frame(kHeaders, kEndHeaders, 1,
                     kStatus200 + Literal("content-length", absl::StrCat(GoodKeys().size()))) +
               Frame(kData, kEndStream, 1, GoodKeys()),
           {}),
      // Nothing that curl tells says whether such a body is whole, so it is asked for again.
      Then("GoAwayWhileItAnswersWithoutALength", GoAway(1, kNoError) + Answer(kStatus200, GoodKeys()),
           {"cut off"}),
      Then("StreamRefused", Reset(kRefusedStream), {"reset the connection. Try again"}),
      Then("StreamReset", Reset(kInternalError), {kBrokeOff}),
      Then("StreamCancelledInTheBody",
           Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, GoodKeys()) +
               Reset(kInternalError),
           {"HTTP/2"}),
      Then("ResetWithoutErrorAfterWholeJson",
           Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, GoodKeys()) + Reset(kNoError),
           {"the server closed the connection without an answer"}),
      Then("Http11Required", Reset(kHttp11Required), {"not HTTP/1.1 or HTTP/2"}),
      Then("ClosesInTheBody", Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, GoodKeys()),
           {"cut off"}, true),
      Then("LengthThatLies",
           Frame(kHeaders, kEndHeaders, 1, kStatus200 + Literal("content-length", "9")) +
               Frame(kData, kEndStream, 1, GoodKeys()),
           {"HTTP/2"}),
      Then("HeaderBlockOfGarbage", Frame(kHeaders, kEndHeaders, 1, std::string(40, '\xff')),
           {"the server closed the connection without an answer"}),
      Then("HeaderWithoutAStatus", Frame(kHeaders, kEndHeaders, 1, Literal("x", "y")), {"HTTP/2"}),
      Then("HeaderNameInCapitals",
           Frame(kHeaders, kEndHeaders, 1, kStatus200 + Literal("X-Capital", "y")) +
               Frame(kData, kEndStream, 1, GoodKeys()),
           {"HTTP/2"}),
      Then("ManyHeaders",
           [] {
             std::string block = kStatus200;
             for (int i = 0; i < 600; ++i) block += Literal("x", "y");
             return Frame(kHeaders, kEndHeaders, 1, block) + Frame(kData, kEndStream, 1, GoodKeys());
           }(),
           {"more than 500 lines"}),
      Then("ContinuationFlood", open_ended + Repeated(Frame(kContinuation, 0, 1, Literal("x", "y")), 20000),
           {"reset the connection. Try again"}),
      Then("EmptyContinuationFlood", open_ended + Repeated(Frame(kContinuation, 0, 1, ""), 50000),
           {"reset the connection. Try again"}),
      Then("HeaderBomb",
           [] {
             // Puts a long value into the table once, then names it again and again (RFC 7541, 6.1).
             const std::string value(100, 'v');
             std::string block = kStatus200;
             absl::StrAppend(&block, std::string(1, '\x40'), std::string(1, '\x01'), "x",
                             std::string(1, static_cast<char>(value.size())), value,
                             std::string(15000, '\xbe'));
             return Frame(kHeaders, kEndHeaders, 1, block);
           }(),
           {"reset the connection. Try again"}),
      Then(
          "FrameLargerThanAllowed",
          Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, kEndStream, 1, std::string(100000, ' ')),
          {"the answer was cut off after 0 bytes"}),
      Then("ProtocolErrorAfterWholeJson",
           Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, GoodKeys()) +
               Frame(kData, kEndStream, 1, std::string(100000, ' ')),
           {"cut off"}),
      // Which of the two it is said to be depends on how much arrived in one piece.
      Then("SettingsOutOfBoundsAfterWholeJson",
           Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, GoodKeys()) +
               Frame(kSettings, 0, 0, "12345"),
           {"Try again."}, true),
      Then("GoAwayAfterWholeJson",
           Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, GoodKeys()) +
               GoAway(0, kInternalError),
           {"the server broke off the HTTP/2 stream"}, true),
      Then("DataWithoutAHeader", Frame(kData, kEndStream, 1, GoodKeys()),
           {"the server closed the connection without an answer"}),
      Then("DataOnAnotherStream", Frame(kData, kEndStream, 7, GoodKeys()),
           {"the server closed the connection without an answer"}),
      Then("PushedAnswer", Frame(kPushPromise, kEndHeaders, 1, Big(2) + std::string("\x82\x87\x84", 3)),
           {"the server closed the connection without an answer"}),
      Then("WindowBeyondAllBounds", Repeated(Frame(kWindowUpdate, 0, 0, Big(0x7fffffff)), 2),
           {"the server closed the connection without an answer"}),
      Then("BodyTooLarge",
           Frame(kHeaders, kEndHeaders, 1, kStatus200) +
               Repeated(Frame(kData, 0, 1, std::string(16000, ' ')), 80),
           {"the body is larger than the 1048576 bytes"}),
      Then("SettingsFlood", Repeated(Frame(kSettings, 0, 0, ""), 20000) + Answer(kStatus200, GoodKeys()),
           {"reset the connection. Try again"}),
      Then("PingFlood", Repeated(Frame(kPing, 0, 0, "12345678"), 20000) + Answer(kStatus200, GoodKeys()), {}),
      Then("SpeaksHttp11InsteadOfHttp2", OkAnswer(GoodKeys()),
           {"the server closed the connection without an answer"}),
      Stalls(Then("NoAnswer", "", {"no answer came within"})),
      Stalls(Then("StallsInTheBody",
                  Frame(kHeaders, kEndHeaders, 1, kStatus200) + Frame(kData, 0, 1, "{\"keys\""),
                  {"the answer was not whole within"})),
      Stalls(Then("PingsForEver", Repeated(Frame(kPing, 0, 0, "12345678"), 50), {"no answer came within"})),
  };
}

FAULT_FAMILY(Http2, Cases());

}  // namespace
}  // namespace k8soidc::faults
