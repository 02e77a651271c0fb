// tfsdk/text_type.h, json_text.h, time_types.h.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tfsdk/binding.h"
#include "tfsdk/engine/semantic_equality.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/json_text.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/text_type.h"
#include "tfsdk/time_types.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;
constexpr auto kWrong = absl::StatusCode::kInvalidArgument;

template <class T>
bool Same(const std::string& a, const std::string& b) {
  return Codec<T>::SameMeaning(Value::String(a), Value::String(b));
}

TEST(JsonTextTest, ExactJsonCountsEveryByte) {
  EXPECT_THAT(ExactJson::Parse("{\"a\": 1}"), IsOk());
  EXPECT_FALSE(Same<ExactJson>("{\"a\": 1}", "{\"a\":1}"));
  EXPECT_TRUE(Same<ExactJson>("[]", "[]"));
}

TEST(JsonTextTest, SpacesAndOrderDoNotCount) {
  EXPECT_TRUE(Same<NormalizedJson>(R"({"a": [1, true, null], "b": {}})", R"({"b":{},"a":[1,true,null]})"));
  EXPECT_TRUE(Same<NormalizedJson>("\"\\u00e4\\/\"", "\"ä/\""));
  EXPECT_FALSE(Same<NormalizedJson>("[1,2]", "[2,1]"));
  EXPECT_FALSE(Same<NormalizedJson>("{\"a\":null}", "{}"));
  EXPECT_FALSE(Same<NormalizedJson>("[\"1\"]", "[1]"));
  EXPECT_FALSE(Same<NormalizedJson>(R"(["a,b"])", R"(["a","b"])"));
  EXPECT_FALSE(Same<NormalizedJson>(R"(["\"]"])", R"(["]"])"));
}

TEST(JsonTextTest, NumbersAreExact) {
  EXPECT_TRUE(Same<NormalizedJson>("[1.50, 1e2, -0]", "[1.5,100.0,0]"));
  EXPECT_FALSE(Same<NormalizedJson>("0.12345678901234567890", "0.12345678901234567891"));
  EXPECT_FALSE(Same<NormalizedJson>("18446744073709551615", "18446744073709551616"));
  EXPECT_FALSE(Same<NormalizedJson>("1e100001", "1e100002"));
}

TEST(JsonTextTest, RefusesWhatIsNoJson) {
  EXPECT_THAT(NormalizedJson::Parse("{"), StatusIs(kWrong, "Must be valid JSON: not valid JSON at byte 2."));
  EXPECT_THAT(NormalizedJson::Parse(""), StatusIs(kWrong, HasSubstr("valid JSON")));
  EXPECT_THAT(NormalizedJson::Parse("{} x"), StatusIs(kWrong, HasSubstr("at byte 4")));
  EXPECT_THAT(ExactJson::Parse(R"({"a":1,"a":2})"), StatusIs(kWrong, HasSubstr("twice")));
  EXPECT_THAT(ExactJson::Parse(std::string(100'000, '[')), StatusIs(kWrong, HasSubstr("too deeply")));
  EXPECT_THAT(ExactJson::Parse(std::string(5 << 20, ' ')), StatusIs(kWrong, HasSubstr("4 MiB")));
  EXPECT_THAT(ExactJson::Parse("\"\xff\""), StatusIs(kWrong, HasSubstr("UTF-8")));
}

TEST(JsonTextTest, HugeExponentsCostNothing) {
  std::string json = "[1e99999";
  for (int i = 0; i < 50'000; ++i) json += ",1e99999";
  json += "]";
  const auto parsed = NormalizedJson::Parse(json);
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->meaning().size(), json.size());
}

TEST(Rfc3339TimeTest, TheSameMomentMeansTheSame) {
  EXPECT_TRUE(Same<Rfc3339Time>("2024-02-29T12:00:00Z", "2024-02-29T13:00:00.000+01:00"));
  EXPECT_TRUE(Same<Rfc3339Time>("2024-01-01T00:30:00Z", "2023-12-31T19:00:00-05:30"));
  EXPECT_FALSE(Same<Rfc3339Time>("2024-02-29T12:00:00Z", "2024-02-29T12:00:00.0000000001Z"));
  const auto parsed = Rfc3339Time::Parse("1970-01-01T00:00:01.5Z");
  ASSERT_THAT(parsed, IsOk());
  EXPECT_EQ(parsed->time(), absl::UnixEpoch() + absl::Milliseconds(1500));
}

TEST(Rfc3339TimeTest, RefusesEverythingElse) {
  for (const char* wrong :
       {"", "2024-02-29", "2024-02-29 12:00:00Z", "2024-02-29t12:00:00Z", "2024-02-29T12:00:00z",
        "2024-02-29T12:00:00", "2024-02-29T12:00Z", "2024-02-29T24:00:00Z", "2024-02-29T12:60:00Z",
        "2024-02-29T12:00:60Z", "2024-02-29T12:00:00.Z", "2024-02-29T12:00:00+1:00",
        "2024-02-29T12:00:00+0100", "2024-02-29T12:00:00+24:00", " 2024-02-29T12:00:00Z",
        "2024-02-29T12:00:00Z ", "24-02-29T12:00:00Z", "+024-02-29T12:00:00Z", "infinite-future"}) {
    EXPECT_THAT(Rfc3339Time::Parse(wrong), StatusIs(kWrong, HasSubstr("RFC 3339"))) << wrong;
  }
  for (const char* wrong : {"2023-02-29T12:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z",
                            "2024-04-31T00:00:00Z", "2024-01-00T00:00:00Z"}) {
    EXPECT_THAT(Rfc3339Time::Parse(wrong), StatusIs(kWrong, HasSubstr("calendar"))) << wrong;
  }
  EXPECT_THAT(Rfc3339Time::Parse("2024-02-29T12:00:00." + std::string(10'000, '1') + "Z"),
              StatusIs(kWrong, HasSubstr("RFC 3339")));
}

TEST(GoDurationTest, ReadsWhatGoReads) {
  const std::vector<std::pair<const char*, absl::Duration>> all = {
      {"0", absl::ZeroDuration()},
      {"1h30m", absl::Minutes(90)},
      {"-1.5s", absl::Milliseconds(-1500)},
      {"+5s", absl::Seconds(5)},
      {".5s", absl::Milliseconds(500)},
      {"5.s", absl::Seconds(5)},
      {"3\xC2\xB5s", absl::Microseconds(3)},
      {"3\xCE\xBCs", absl::Microseconds(3)},
      {"3us2ns", absl::Nanoseconds(3002)},
      {"10ms", absl::Milliseconds(10)},
      {"0.3333333333333333333h", absl::Nanoseconds(1'199'999'999'999)},
      {"9223372036854775807ns", absl::Nanoseconds(9223372036854775807)}};
  for (const auto& [text, duration] : all) {
    const auto parsed = GoDuration::Parse(text);
    ASSERT_THAT(parsed, IsOk()) << text;
    EXPECT_EQ(parsed->duration(), duration) << text;
  }
  EXPECT_TRUE(Same<GoDuration>("90m", "1h30m0s"));
  EXPECT_FALSE(Same<GoDuration>("90m", "90s"));
}

TEST(GoDurationTest, RefusesEverythingElse) {
  for (const char* wrong : {"", "3", "-", "+", "s", ".s", "1.5", "1x", "1h ", " 1h", "1 h", "--1s", "1h-5m",
                            "inf", "1d", "1e3s", "0x1s", "00"}) {
    EXPECT_THAT(GoDuration::Parse(wrong), StatusIs(kWrong, HasSubstr("such as 1h30m"))) << wrong;
  }
  for (const char* wrong :
       {"9223372036854775808ns", "3000000h", "99999999999999999999999999999s", "2562047h47m16.854775808s"}) {
    EXPECT_THAT(GoDuration::Parse(wrong), StatusIs(kWrong, HasSubstr("292 years"))) << wrong;
  }
}

TEST(TextTypeTest, WhatIsInvalidMeansOnlyItself) {
  // The meaning of "1ms" is "1000000", which is no duration.
  EXPECT_FALSE(Same<GoDuration>("1ms", "1000000"));
  EXPECT_FALSE(Same<GoDuration>("1000000", "1ms"));
  EXPECT_TRUE(Same<GoDuration>("x", "x"));
  EXPECT_FALSE(Same<GoDuration>("x", "y"));
}

struct Model {
  NormalizedJson json;
  std::optional<GoDuration> wait;
  std::optional<std::vector<Rfc3339Time>> times;
  static ObjectBinding<Model> Describe() {
    return ObjectBinding<Model>("")
        .Required("json", &Model::json, "")
        .Optional("wait", &Model::wait, "")
        .Optional("times", &Model::times, "");
  }
};

class TextModelTest : public ::testing::Test {
 protected:
  Value Config(const Value& json, const Value& wait, const std::vector<Value>& times = {}) const {
    return Value::Object(binding_.type(), {json, Value::Sequence(Type::List(Type::String()), times), wait});
  }
  std::vector<Diagnostic> Diagnose(const Value& config) const {
    Diagnostics diagnostics;
    ValidateConfig(binding_.schema(), config, diagnostics);
    return diagnostics.all();
  }
  const ObjectBinding<Model>& binding_ = BindingOf<Model>();
  const Value json_ = Value::String("[ 1 ]");
  const Value null_ = Value::Null(Type::String());
  const Value unknown_ = Value::Unknown(Type::String());
};

TEST_F(TextModelTest, ValidationSaysWhatIsWrongAtItsPlace) {
  const auto all =
      Diagnose(Config(Value::String("{"), Value::String("soon"), {unknown_, Value::String("now")}));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].path.ToString(), "json");
  EXPECT_EQ(all[1].path.ToString(), "wait");
  EXPECT_THAT(all[1].detail, HasSubstr("such as 1h30m"));
  EXPECT_EQ(all[2].path.ToString(), "times[1]");
}

// MUST 62
TEST_F(TextModelTest, NullAndUnknownPassValidation) {
  EXPECT_TRUE(Diagnose(Config(unknown_, null_, {unknown_})).empty());
  EXPECT_TRUE(Diagnose(Config(json_, unknown_)).empty());
}

TEST_F(TextModelTest, KeepsTheBytesFromDecodingToEncoding) {
  const Value config = Config(json_, Value::String("90m"), {Value::String("2024-02-29T13:00:00.000+01:00")});
  const auto model = binding_.Decode(config, Source::kConfig);
  ASSERT_THAT(model, IsOk());
  EXPECT_EQ(binding_.Encode(*model), config);
}

TEST_F(TextModelTest, DecodingRefusesAtTheRightPlace) {
  const auto wrong = binding_.Decode(Config(json_, null_, {Value::String("x")}), Source::kConfig);
  EXPECT_EQ(PathOf(wrong.status()).ToString(), "times[0]");
  EXPECT_THAT(binding_.Decode(Config(null_, null_), Source::kConfig),
              StatusIs(kWrong, "A value is required."));
}

TEST_F(TextModelTest, TheUsersBytesStayWhereTheServersMeanTheSame) {
  const Value prior = Config(json_, Value::String("90m"), {Value::String("2024-02-29T13:00:00+01:00")});
  const Value now =
      Config(Value::String("[1]"), Value::String("1h30m"), {Value::String("2024-02-29T12:00:00Z")});
  EXPECT_EQ(KeepSameMeaning(binding_.schema(), prior, now), prior);
}

}  // namespace
}  // namespace tfsdk
