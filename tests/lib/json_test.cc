#include "tfsdk/json.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tfsdk/path.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOkAndHolds;
using testing::StatusIs;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;

TEST(TypeJsonTest, RoundTripsEveryKind) {
  for (const char* json :
       {"\"string\"", "\"number\"", "\"bool\"", "\"dynamic\"", "[\"list\",\"string\"]",
        "[\"set\",[\"map\",\"bool\"]]", "[\"tuple\",[]]", "[\"tuple\",[\"string\",\"number\"]]",
        "[\"object\",{}]", "[\"object\",{\"a\":[\"list\",\"dynamic\"],\"b\":\"bool\"}]"}) {
    const absl::StatusOr<Type> type = DecodeTypeJson(json);
    ASSERT_TRUE(type.ok()) << json;
    EXPECT_EQ(EncodeTypeJson(*type), json);
  }
}

TEST(TypeJsonTest, RefusesWhatIsNoType) {
  for (const char* json : {"", "null", "\"text\"", "[]", "[\"list\"]", "[\"list\",\"string\",1]",
                           "[\"object\",[]]", "[\"tuple\",{}]", "[\"object\",{\"a\":\"string\"},[\"a\"]]",
                           "\"string\" x", "[\"list\",\"string\""}) {
    EXPECT_EQ(DecodeTypeJson(json).status().code(), kInvalid) << json;
  }
  std::string deep = "\"string\"";
  for (int i = 0; i < 40; ++i) deep = absl::StrCat("[\"list\",", deep, "]");
  EXPECT_THAT(DecodeTypeJson(deep), StatusIs(kInvalid, HasSubstr("too deeply")));
}

// MUST 61
TEST(JsonTest, KeepsEveryDigit) {
  const std::string huge = "1" + std::string(400, '0');
  for (const std::string& json :
       {huge, std::string("0.1234567890123456789"), std::string("18446744073709551616")}) {
    const absl::StatusOr<Value> value = DecodeJson(json, Type::Number());
    ASSERT_TRUE(value.ok()) << json;
    EXPECT_EQ(EncodeJson(*value, Type::Number()), json);
  }
  EXPECT_EQ(EncodeJson(*DecodeJson("1e5", Type::Number()), Type::Number()), "100000");
}

TEST(JsonTest, ConvertsPrimitivesAsStoredStateMayNeed) {
  EXPECT_THAT(DecodeJson("1.50", Type::String()), IsOkAndHolds(Value::String("1.50"))) << "as it is written";
  EXPECT_THAT(DecodeJson("true", Type::String()), IsOkAndHolds(Value::String("true")));
  EXPECT_THAT(DecodeJson("\"12\"", Type::Number()), IsOkAndHolds(Value::Number(12)));
  EXPECT_THAT(DecodeJson("\"true\"", Type::Bool()), IsOkAndHolds(Value::Bool(true)));
  EXPECT_THAT(DecodeJson("1", Type::Bool()), StatusIs(kInvalid, "a bool is required"));
}

TEST(JsonTest, FillsMissingAttributesWithNullAndRefusesUnknownOnes) {
  const Type type = Type::Object({{"a", Type::String()}, {"b", Type::List(Type::String())}});
  EXPECT_THAT(
      DecodeJson("{\"a\":\"x\"}", type),
      IsOkAndHolds(Value::Object(type, {Value::String("x"), Value::Null(Type::List(Type::String()))})));
  EXPECT_THAT(DecodeJson("{\"c\":1}", type), StatusIs(kInvalid, HasSubstr("schema does not have")));
  const absl::StatusOr<Value> wrong = DecodeJson("{\"b\":[\"x\",{}]}", type);
  EXPECT_EQ(PathOf(wrong.status()).ToString(), "b[1]");
}

TEST(JsonTest, RoundTripsNestedAndDynamicValues) {
  const Type type = Type::Object({{"d", Type::Dynamic()},
                                  {"m", Type::Map(Type::Bool())},
                                  {"t", Type::Tuple({Type::Number(), Type::String()})}});
  const std::string json =
      "{\"d\":{\"value\":[\"x\"],\"type\":[\"list\",\"string\"]},\"m\":{\"k\":true},\"t\":[1.5,"
      "\"\\u0001\\\"\"]}";
  const absl::StatusOr<Value> value = DecodeJson(json, type);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(EncodeJson(*value, type), json);
}

TEST(JsonTest, KeepsTheTypeOfANullInADynamicPlace) {
  const std::string json = R"([{"value":null,"type":"string"},{"value":"x","type":"string"}])";
  const absl::StatusOr<Value> value = DecodeJson(json, Type::List(Type::Dynamic()));
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(EncodeJson(*value, Type::List(Type::Dynamic())), json);
}

TEST(JsonTest, ReadsEveryEscapeAndRefusesHalfASurrogate) {
  EXPECT_THAT(DecodeJson(R"("\u00e9\ud83d\ude00\n\/\"")", Type::String()),
              IsOkAndHolds(Value::String("\xc3\xa9\xf0\x9f\x98\x80\n/\"")));
  for (const char* bad : {R"("\ud83d")",
                          R"("\ude00")",
                          R"("\ud83d\u0041")",
                          R"("\x41")",
                          R"("\u00g0")",
                          "\"\x01\"",
                          "\"a",
                          "\"\xff\"",
                          "'a'",
                          "01",
                          "1.",
                          "-",
                          "+1",
                          ".5",
                          "1e",
                          "[1,]",
                          "{\"a\":1,}",
                          "[1 2]",
                          "nul",
                          "\xef\xbb\xbf{}"}) {
    EXPECT_EQ(DecodeJson(bad, Type::Dynamic()).status().code(), kInvalid) << bad;
  }
}

TEST(JsonTest, RefusesWhatReadersCouldReadDifferently) {
  const Type type = Type::Map(Type::String());
  EXPECT_THAT(DecodeJson("{\"a\":\"1\",\"\\u0061\":\"2\"}", type), StatusIs(kInvalid, HasSubstr("twice")));
  EXPECT_THAT(DecodeJson(absl::string_view("{}\0{}", 5), type), StatusIs(kInvalid, HasSubstr("byte 3")));
  EXPECT_THAT(DecodeJson("{} {}", type), StatusIs(kInvalid, HasSubstr("valid JSON")));
  EXPECT_THAT(DecodeJson(std::string(100000, '['), type), StatusIs(kInvalid, HasSubstr("too deeply")));
}

}  // namespace
}  // namespace tfsdk
