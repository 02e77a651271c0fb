#include "tfsdk/msgpack.h"

#include "absl/strings/escaping.h"
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

std::string Hex(absl::string_view hex) { return absl::HexStringToBytes(hex); }
absl::StatusOr<Value> Decode(absl::string_view hex, const Type& type) {
  return DecodeMsgpack(Hex(hex), type);
}
std::string Encoded(const Value& value, const Type& type) {
  return absl::BytesToHexString(EncodeMsgpack(value, type));
}
std::string Encoded(const Value& value) { return Encoded(value, value.type()); }

Type KeyType() { return Type::Object({{"kid", Type::String()}, {"bits", Type::Number()}}); }

// MUST 50
TEST(MsgpackTest, WritesUnknownAndNullAsTheHostsDo) {
  EXPECT_EQ(Encoded(Value::Unknown(Type::String())), "d40000");
  EXPECT_EQ(Encoded(Value::Null(Type::String())), "c0");
  EXPECT_EQ(Encoded(Value::Unknown(Type::Dynamic())), "d40000");
  EXPECT_EQ(Encoded(Value::Unknown(Type::String()), Type::Dynamic()), "92c40822737472696e6722d40000");
}

// MUST 59
TEST(MsgpackTest, TakesNoBytesForNull) {
  EXPECT_THAT(DecodeMsgpack("", KeyType()), IsOkAndHolds(Value::Null(KeyType())));
}

// MUST 51, TRAP 14, TRAP 15, TRAP 16
TEST(MsgpackTest, EchoesNumbersAsTheyCame) {
  for (const char* hex : {"00", "7f", "ff", "cc80", "cd0100", "ce00010000", "cf7fffffffffffffff",
                          "d38000000000000000", "cb3ff8000000000000", "a3302e31"}) {
    const absl::StatusOr<Value> value = Decode(hex, Type::Number());
    ASSERT_TRUE(value.ok()) << hex;
    EXPECT_EQ(Encoded(*value), hex);
  }
  EXPECT_EQ(Encoded(Value::Number(*Number::Parse("18446744073709551615"))),
            "b4" + absl::BytesToHexString("18446744073709551615"));
  EXPECT_THAT(Decode("cfffffffffffffffff", Type::Number()),
              IsOkAndHolds(Value::Number(*Number::Parse("18446744073709551615"))));
}

// MUST 52, TRAP 22
TEST(MsgpackTest, RefusesNumbersTerraformCannotHold) {
  for (const char* hex : {"cb7ff8000000000000", "cb7ff0000000000000", "cbfff0000000000000", "ca7fc00000"}) {
    EXPECT_THAT(Decode(hex, Type::Number()), StatusIs(kInvalid, HasSubstr("finite"))) << hex;
  }
}

// MUST 53, MUST 54, TRAP 18
TEST(MsgpackTest, WritesEveryAttributeOnceInOrder) {
  const Value key = Value::Object(KeyType(), {Value::Number(2048), Value::Null(Type::String())});
  EXPECT_EQ(Encoded(key), "82a462697473cd0800a36b6964c0");
  EXPECT_THAT(Decode("82a36b6964c0a462697473cd0800", KeyType()), IsOkAndHolds(key)) << "any order is read";
}

TEST(MsgpackTest, NamesThePathOfWhatIsWrong) {
  const Type type = Type::Object({{"keys", Type::List(KeyType())}});
  const absl::StatusOr<Value> value = Decode("81a46b6579739182a4626974730aa36b6964c3", type);
  EXPECT_THAT(value, StatusIs(kInvalid, "a string is required"));
  EXPECT_EQ(PathOf(value.status()).ToString(), "keys[0].kid");
}

// TRAP 19
TEST(MsgpackTest, RefusesObjectsThatAreNotTheSchemas) {
  EXPECT_THAT(Decode("80", KeyType()), StatusIs(kInvalid, "an object with 2 attributes is required, not 0"));
  EXPECT_THAT(Decode("82a36b6964c0a36b6964c0", KeyType()), StatusIs(kInvalid, HasSubstr("there before")));
  EXPECT_THAT(Decode("82a36b6964c0a3666f6fc0", KeyType()),
              StatusIs(kInvalid, HasSubstr("schema does not have")));
  EXPECT_THAT(Decode("8201c002c0", KeyType()), StatusIs(kInvalid, HasSubstr("key")));
  EXPECT_THAT(Decode("90", KeyType()), StatusIs(kInvalid, "a object is required"));
}

TEST(MsgpackTest, RefusesInputCutShortAtEveryByte) {
  const std::string whole = Hex("82a46269747392a3302e3101a36b6964d90568656c6c6f");
  const Type type = Type::Object({{"kid", Type::String()}, {"bits", Type::List(Type::Number())}});
  ASSERT_TRUE(DecodeMsgpack(whole, type).ok());
  for (size_t size = 1; size < whole.size(); ++size) {
    EXPECT_THAT(DecodeMsgpack(whole.substr(0, size), type), StatusIs(kInvalid, HasSubstr("too early")))
        << size;
  }
  EXPECT_THAT(DecodeMsgpack(whole + "x", type), StatusIs(kInvalid, HasSubstr("left over")));
}

TEST(MsgpackTest, BelievesNoLengthBeforeItIsThere) {
  // An array, a map, a string and an extension of 2^32-1 in five bytes.
  EXPECT_THAT(Decode("ddffffffff", Type::List(Type::Bool())), StatusIs(kInvalid, HasSubstr("too early")));
  EXPECT_THAT(Decode("dfffffffff", Type::Map(Type::Bool())), StatusIs(kInvalid, HasSubstr("too early")));
  EXPECT_THAT(Decode("dbffffffff", Type::String()), StatusIs(kInvalid, HasSubstr("too early")));
  EXPECT_THAT(Decode("c9ffffffff0c", Type::String()), StatusIs(kInvalid, HasSubstr("too early")));
}

TEST(MsgpackTest, BoundsNesting) {
  std::string bytes;
  for (int i = 0; i < 200; ++i) bytes += Hex("92c409") + "\"dynamic\"";
  EXPECT_THAT(DecodeMsgpack(bytes + Hex("c0"), Type::Dynamic()), StatusIs(kInvalid, HasSubstr("too deeply")));
}

TEST(MsgpackTest, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(Decode("a1ff", Type::String()), StatusIs(kInvalid, HasSubstr("UTF-8")));
  EXPECT_THAT(Decode("81a1ffc3", Type::Map(Type::Bool())), StatusIs(kInvalid, HasSubstr("UTF-8")));
}

// MUST 49
TEST(MsgpackTest, TakesEveryExtensionForUnknown) {
  for (const char* hex : {"d40000", "d40100", "d57f0000", "c70005", "d8aa00000000000000000000000000000000"}) {
    EXPECT_THAT(Decode(hex, Type::String()), IsOkAndHolds(Value::Unknown(Type::String()))) << hex;
  }
}

// TRAP 17
TEST(MsgpackTest, KeepsRefinements) {
  Refinements refinements;
  refinements.is_null = false;
  refinements.prefix = "https://";
  const Value unknown = Value::Unknown(Type::String(), refinements);
  const std::string bytes = EncodeMsgpack(unknown);
  EXPECT_EQ(absl::BytesToHexString(bytes), "c70d0c8201c202a868747470733a2f2f");
  EXPECT_THAT(DecodeMsgpack(bytes, Type::String()), IsOkAndHolds(unknown));

  Refinements bounds;
  bounds.lower = Refinements::Bound{Number(1), true};
  bounds.upper = Refinements::Bound{*Number::Parse("2.5"), false};
  const Value number = Value::Unknown(Type::Number(), bounds);
  EXPECT_THAT(DecodeMsgpack(EncodeMsgpack(number), Type::Number()), IsOkAndHolds(number));

  Refinements lengths;
  lengths.min_length = 1;
  lengths.max_length = 1000;
  const Value list = Value::Unknown(Type::List(Type::String()), lengths);
  EXPECT_THAT(DecodeMsgpack(EncodeMsgpack(list), list.type()), IsOkAndHolds(list));
}

// MUST 49
TEST(MsgpackTest, SkipsRefinementsItDoesNotKnow) {
  // {1: false, 99: [1, {2: "x"}]}
  Refinements refinements;
  refinements.is_null = false;
  EXPECT_THAT(Decode("c70a0c8201c263920181"
                     "02a178",
                     Type::String()),
              IsOkAndHolds(Value::Unknown(Type::String(), refinements)));
  EXPECT_THAT(Decode("c7030c8101a0", Type::String()), StatusIs(kInvalid, HasSubstr("refinements")));
}

// TRAP 23
TEST(MsgpackTest, RefusesRefinementsThatCannotBe) {
  EXPECT_THAT(Decode("c7090c82039205c3049201c3", Type::Number()),
              StatusIs(kInvalid, HasSubstr("refinements")))
      << "5 to 1";
  EXPECT_THAT(Decode("c7050c8201c301c2", Type::String()), StatusIs(kInvalid, HasSubstr("refinements")))
      << "null twice";
  EXPECT_THAT(Decode("c7040c8102a161", Type::Number()), StatusIs(kInvalid, HasSubstr("refinements")))
      << "prefix of a number";
  EXPECT_THAT(Decode("c7050c81039201c3", Type::String()), StatusIs(kInvalid, HasSubstr("refinements")))
      << "bound of a string";
  EXPECT_THAT(Decode("c7030c810501", Type::String()), StatusIs(kInvalid, HasSubstr("refinements")))
      << "length of a string";
}

// MUST 55, TRAP 21
TEST(MsgpackTest, WrapsDynamicValuesInTheirType) {
  const Value text = Value::String("str");
  EXPECT_EQ(Encoded(text, Type::Dynamic()), "92c40822737472696e6722a3737472");
  EXPECT_THAT(Decode("92c40822737472696e6722a3737472", Type::Dynamic()), IsOkAndHolds(text));
  for (const char* hex :
       {"a3737472", "91c40822737472696e6722", "92c403666f6fa3737472", "93c40822737472696e6722a3737472c0"}) {
    EXPECT_EQ(Decode(hex, Type::Dynamic()).status().code(), kInvalid) << hex;
  }
}

// MUST 56, TRAP 21
TEST(MsgpackTest, RefusesCollectionsOfSeveralTypes) {
  const Type type = Type::List(Type::Dynamic());
  EXPECT_THAT(Decode("9292c40822737472696e6722a17892c406226e756d62657222"
                     "01",
                     type)
                  .status()
                  .code(),
              kInvalid);
  EXPECT_THAT(Decode("9292c40822737472696e6722a178c0", type).status(), testing::IsOk());
}

TEST(MsgpackTest, AcceptsBinaryWhereHostsWriteText) {
  EXPECT_THAT(Decode("c403616263", Type::String()), IsOkAndHolds(Value::String("abc")));
}

TEST(MsgpackTest, RefusesOtherKindsThanTheTypes) {
  EXPECT_THAT(Decode("01", Type::String()), StatusIs(kInvalid, "a string is required"));
  EXPECT_THAT(Decode("a131", Type::Bool()), StatusIs(kInvalid, "a bool is required"));
  EXPECT_THAT(Decode("c3", Type::Number()), StatusIs(kInvalid, "a number is required"));
  EXPECT_THAT(Decode("80", Type::List(Type::Bool())),
              StatusIs(kInvalid, HasSubstr("list(bool) is required")));
  EXPECT_THAT(Decode("91c3", Type::Tuple({Type::Bool(), Type::Bool()})),
              StatusIs(kInvalid, HasSubstr("tuple of 2")));
  EXPECT_THAT(Decode("c1", Type::Bool()), StatusIs(kInvalid, HasSubstr("means nothing")));
}

}  // namespace
}  // namespace tfsdk
