// The codecs against go-cty, which Terraform itself uses: rows that it wrote, and what must be refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "support/value_rows.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAreArray;
using ::testing::Gt;
using ::testing::SizeIs;

std::string Hex(absl::string_view bytes) { return absl::BytesToHexString(bytes); }

// How a failure names its row.
std::string About(const testing::ValueRow& row) {
  return absl::StrCat(row.name, ": ", row.type, " ", Hex(row.msgpack));
}

// What was accepted must be a value: its bytes must be read as the same value, and written the same again.
::testing::AssertionResult IsRefusedOrSound(absl::string_view bytes, const Type& type) {
  const absl::StatusOr<Value> value = DecodeMsgpack(bytes, type);
  if (!value.ok()) {
    if (value.status().code() == absl::StatusCode::kInvalidArgument && !value.status().message().empty()) {
      return ::testing::AssertionSuccess();
    }
    return ::testing::AssertionFailure() << Hex(bytes) << ": " << value.status();
  }
  const std::string written = EncodeMsgpack(*value, type);
  const absl::StatusOr<Value> again = DecodeMsgpack(written, type);
  if (!again.ok())
    return ::testing::AssertionFailure()
           << Hex(bytes) << " became " << Hex(written) << ": " << again.status();
  if (!(*again == *value) || EncodeMsgpack(*again, type) != written) {
    return ::testing::AssertionFailure() << Hex(bytes) << " became another value, " << Hex(written);
  }
  return ::testing::AssertionSuccess();
}

TEST(CodecGoldenTest, HasTheRows) {
  EXPECT_THAT(testing::ReadValueRows("golden.jsonl"), SizeIs(Gt(250)));
  EXPECT_THAT(testing::ReadValueRows("widths.jsonl"), SizeIs(Gt(250)));
  EXPECT_THAT(testing::ReadValueRows("invalid.jsonl"), SizeIs(Gt(250)));
  EXPECT_THAT(testing::ReadValueRows("json_input.jsonl"), SizeIs(Gt(50)));
}

TEST(CodecGoldenTest, ReadsAndWritesTypesAsTerraformDoes) {
  for (const testing::ValueRow& row : testing::ReadValueRows("golden.jsonl")) {
    const absl::StatusOr<Type> type = DecodeTypeJson(row.type);
    ASSERT_TRUE(type.ok()) << About(row) << type.status();
    EXPECT_EQ(EncodeTypeJson(*type), row.type);
  }
}

// MUST 51
TEST(CodecGoldenTest, WritesTheBytesItRead) {
  for (const testing::ValueRow& row : testing::ReadValueRows("golden.jsonl")) {
    const Type type = row.ParsedType();
    const absl::StatusOr<Value> value = DecodeMsgpack(row.msgpack, type);
    EXPECT_TRUE(value.ok()) << About(row) << ": " << value.status();
    if (!value.ok()) continue;
    EXPECT_TRUE(value->type() == type || type.HasDynamic()) << About(row);
    EXPECT_EQ(Hex(EncodeMsgpack(*value, type)), Hex(row.msgpack)) << About(row);
    if (!row.json.empty()) {
      EXPECT_TRUE(value->IsWhollyKnown()) << About(row);
    }
  }
}

TEST(CodecGoldenTest, WritesAndReadsTheSameJson) {
  for (const testing::ValueRow& row : testing::ReadValueRows("golden.jsonl")) {
    if (row.json.empty()) continue;
    const Type type = row.ParsedType();
    const absl::StatusOr<Value> value = DecodeMsgpack(row.msgpack, type);
    ASSERT_TRUE(value.ok()) << About(row);
    // Zero has no sign here; go-cty's text keeps it.
    EXPECT_EQ(EncodeJson(*value, type), row.json == "-0" ? "0" : row.json) << About(row);
    const absl::StatusOr<Value> from_json = DecodeJson(row.json, type);
    EXPECT_TRUE(from_json.ok()) << About(row) << ": " << from_json.status();
    if (!from_json.ok()) continue;
    EXPECT_TRUE(*from_json == *value) << About(row) << row.json;
  }
}

// MUST 48, TRAP 16
TEST(CodecGoldenTest, ReadsEveryLegalWidth) {
  for (const testing::ValueRow& row : testing::ReadValueRows("widths.jsonl")) {
    const Type type = row.ParsedType();
    const absl::StatusOr<Value> value = DecodeMsgpack(row.msgpack, type);
    ASSERT_TRUE(value.ok()) << About(row) << ": " << value.status();
    EXPECT_EQ(Hex(EncodeMsgpack(*value, type)), Hex(row.canonical)) << About(row);
    const absl::StatusOr<Value> canonical = DecodeMsgpack(row.canonical, type);
    ASSERT_TRUE(canonical.ok()) << About(row);
    EXPECT_TRUE(*value == *canonical) << About(row);
    EXPECT_EQ(value->Hash(), canonical->Hash()) << About(row);
  }
}

TEST(CodecGoldenTest, RefusesWhatIsNoSuchValue) {
  for (const testing::ValueRow& row : testing::ReadValueRows("invalid.jsonl")) {
    const absl::StatusOr<Value> value = DecodeMsgpack(row.msgpack, row.ParsedType());
    EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument)
        << About(row) << " " << row.error << row.note;
  }
}

// MUST 49, TRAP 17:
// go-cty refuses a body it has no name for; a host of the future may send one, and unknown is what it will
// mean.
TEST(CodecGoldenTest, TakesEveryExtensionForAnUnknown) {
  for (const absl::string_view hex :
       {"d40000", "d40507", "d5050000", "c70305000000", "c70000", "d80000000000000000000000000000000000"}) {
    for (const Type& type : {Type::String(), Type::List(Type::Bool()), Type::Dynamic()}) {
      const absl::StatusOr<Value> value = DecodeMsgpack(absl::HexStringToBytes(hex), type);
      ASSERT_TRUE(value.ok()) << hex << value.status();
      EXPECT_TRUE(*value == Value::Unknown(type)) << hex;
      EXPECT_EQ(Hex(EncodeMsgpack(*value, type)), "d40000");
    }
  }
}

TEST(CodecGoldenTest, ReadsJsonAsStoredStateMayHaveIt) {
  for (const testing::ValueRow& row : testing::ReadValueRows("json_input.jsonl")) {
    const Type type = row.ParsedType();
    const absl::StatusOr<Value> value = DecodeJson(row.json, type);
    if (row.msgpack.empty()) {
      EXPECT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument) << row.name << ": " << row.json;
      continue;
    }
    EXPECT_TRUE(value.ok()) << row.name << ": " << row.json << value.status();
    if (!value.ok()) continue;
    const absl::StatusOr<Value> expected = DecodeMsgpack(row.msgpack, type);
    ASSERT_TRUE(expected.ok()) << About(row);
    EXPECT_TRUE(*value == *expected) << row.name << ": " << row.json << " is " << EncodeJson(*value, type);
  }
}

TEST(CodecGoldenTest, RefusesEveryValueThatEndsTooEarly) {
  for (const testing::ValueRow& row : testing::ReadValueRows("golden.jsonl")) {
    const Type type = row.ParsedType();
    for (size_t size = 1; size < row.msgpack.size(); ++size) {
      const absl::StatusOr<Value> value = DecodeMsgpack(absl::string_view(row.msgpack).substr(0, size), type);
      ASSERT_EQ(value.status().code(), absl::StatusCode::kInvalidArgument)
          << About(row) << " cut at " << size;
    }
  }
}

TEST(CodecGoldenTest, TakesAnyFlippedBitForAnErrorOrAnotherValue) {
  for (const testing::ValueRow& row : testing::ReadValueRows("golden.jsonl")) {
    const Type type = row.ParsedType();
    std::string bytes = row.msgpack;
    // Flips far inside a long string all say the same.
    const size_t end = std::min<size_t>(bytes.size(), 1000);
    for (size_t bit = 0; bit < end * 8; ++bit) {
      const auto flip = static_cast<char>(1u << bit % 8);
      bytes[bit / 8] ^= flip;
      ASSERT_TRUE(IsRefusedOrSound(bytes, type)) << About(row) << " bit " << bit;
      bytes[bit / 8] ^= flip;
    }
  }
}

TEST(CodecGoldenTest, TakesJsonWithAnyFlippedBitOrCutForAnErrorOrAnotherValue) {
  for (const testing::ValueRow& row : testing::ReadValueRows("golden.jsonl")) {
    const Type type = row.ParsedType();
    std::string text = row.json;
    const size_t end = std::min<size_t>(text.size(), 300);
    const auto check = [&](absl::string_view json) {
      const absl::StatusOr<Value> value = DecodeJson(json, type);
      if (!value.ok()) return value.status().code() == absl::StatusCode::kInvalidArgument;
      const absl::StatusOr<Value> again = DecodeJson(EncodeJson(*value, type), type);
      return again.ok() && *again == *value;
    };
    for (size_t bit = 0; bit < end * 8; ++bit) {
      const auto flip = static_cast<char>(1u << bit % 8);
      text[bit / 8] ^= flip;
      ASSERT_TRUE(check(text)) << text;
      text[bit / 8] ^= flip;
    }
    for (size_t size = 0; size < end; ++size)
      ASSERT_TRUE(check(absl::string_view(text).substr(0, size))) << size << text;
  }
}

// Lengths that need the widest headers, which would make golden files large.
TEST(CodecGoldenTest, WritesTheWidestHeaders) {
  const std::string long_text(70'000, 'x');
  EXPECT_EQ(Hex(EncodeMsgpack(Value::String(long_text)).substr(0, 6)), "db0001117078");
  EXPECT_EQ(Hex(EncodeMsgpack(Value::String(std::string(65'535, 'x'))).substr(0, 4)), "daffff78");

  const Type list = Type::List(Type::Bool());
  const std::vector<Value> elements(70'000, Value::Bool(true));
  const std::string bytes = EncodeMsgpack(Value::Sequence(list, elements));
  EXPECT_EQ(Hex(bytes.substr(0, 6)), "dd00011170c3");
  const absl::StatusOr<Value> back = DecodeMsgpack(bytes, list);
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_THAT(back->elements(), ElementsAreArray(elements));

  std::map<std::string, Value> entries;
  for (int i = 0; i < 70'000; ++i) entries.emplace(absl::StrCat(i), Value::Bool(true));
  const Type map = Type::Map(Type::Bool());
  const std::string map_bytes = EncodeMsgpack(Value::Map(map, entries));
  EXPECT_EQ(Hex(map_bytes.substr(0, 7)), "df00011170a130");
  const absl::StatusOr<Value> map_back = DecodeMsgpack(map_bytes, map);
  ASSERT_TRUE(map_back.ok()) << map_back.status();
  EXPECT_EQ(map_back->entries().size(), 70'000u);
}

// A header of five bytes must not cost gigabytes.
TEST(CodecGoldenTest, BelievesNoLengthBeforeItSeesTheBytes) {
  for (const absl::string_view header : {"ddffffffff", "dfffffffff", "dd7fffffff", "dbffffffff", "c6ffffffff",
                                         "c9ffffffff0c", "dcffff", "deffff"}) {
    for (const Type& type : {Type::String(), Type::List(Type::String()), Type::Set(Type::Bool()),
                             Type::Map(Type::String()), Type::Dynamic()}) {
      EXPECT_EQ(DecodeMsgpack(absl::HexStringToBytes(header), type).status().code(),
                absl::StatusCode::kInvalidArgument);
    }
  }
}

TEST(CodecGoldenTest, BoundsNestingOfValuesAndTypes) {
  Type type = Type::Bool();
  for (int i = 0; i < 200; ++i) type = Type::List(type);
  EXPECT_FALSE(DecodeMsgpack(std::string(200, '\x91') + "\xc3", type).ok());
  std::string json = "\"bool\"";
  for (int i = 0; i < 200; ++i) json = absl::StrCat("[\"list\",", json, "]");
  EXPECT_FALSE(DecodeTypeJson(json).ok());
  EXPECT_FALSE(DecodeTypeJson(std::string(100'000, '[')).ok());
  EXPECT_FALSE(DecodeJson(std::string(100'000, '['), type).ok());

  // Dynamic inside dynamic, each with its own type.
  std::string bytes = "\xc3";
  for (int i = 0; i < 1000; ++i) bytes = absl::StrCat("\x92\xc4\x09\"dynamic\"", bytes);
  EXPECT_FALSE(DecodeMsgpack(bytes, Type::Dynamic()).ok());
}

}  // namespace
}  // namespace tfsdk
