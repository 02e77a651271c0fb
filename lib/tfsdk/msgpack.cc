#include "tfsdk/msgpack.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/internal/common_type.h"
#include "tfsdk/internal/msgpack_reader.h"
#include "tfsdk/internal/msgpack_writer.h"
#include "tfsdk/internal/refinements.h"
#include "tfsdk/internal/utf8.h"
#include "tfsdk/json.h"
#include "tfsdk/path.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

using internal::MsgpackReader;
using internal::MsgpackToken;
using internal::MsgpackWriter;
using Token = MsgpackToken::Kind;
using TypeKind = Type::Kind;

constexpr int kMaxDepth = 64;

absl::Status Required(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("a ", what, " is required"));
}

// Decodes one value. Paths are built only on the way back from an error.
class Decoder {
 public:
  explicit Decoder(absl::string_view bytes) : reader_(bytes) {}

  absl::StatusOr<Value> Whole(const Type& type) {
    TFSDK_ASSIGN_OR_RETURN(Value value, Decode(type, 0));
    if (!reader_.AtEnd()) return absl::InvalidArgumentError("bytes are left over after the value");
    return value;
  }

 private:
  absl::StatusOr<Value> Decode(const Type& type, int depth) {
    if (depth > kMaxDepth) return absl::InvalidArgumentError("the value is nested too deeply");
    MsgpackToken token;
    TFSDK_RETURN_IF_ERROR(reader_.Next(&token));
    if (token.kind == Token::kNil) return Value::Null(type);
    if (token.kind == Token::kExtension) return Unknown(token, type);
    switch (type.kind()) {
      case TypeKind::kDynamic:
        return Dynamic(token, depth);
      case TypeKind::kBool:
        if (token.kind != Token::kBool) return Required("bool");
        return Value::Bool(token.boolean);
      case TypeKind::kNumber: {
        TFSDK_ASSIGN_OR_RETURN(Number number, internal::NumberFromToken(token));
        return Value::Number(std::move(number));
      }
      case TypeKind::kString:
        if (token.kind != Token::kString && token.kind != Token::kBinary) return Required("string");
        if (!internal::IsUtf8(token.bytes)) return absl::InvalidArgumentError("a string must be UTF-8");
        return Value::String(std::string(token.bytes));
      case TypeKind::kList:
      case TypeKind::kSet:
      case TypeKind::kTuple:
        return Sequence(token, type, depth);
      case TypeKind::kMap:
        return Map(token, type, depth);
      case TypeKind::kObject:
        return Object(token, type, depth);
    }
    return Required("value");
  }

  // Any extension means unknown; the one that carries refinements is read, others are taken without.
  absl::StatusOr<Value> Unknown(const MsgpackToken& token, const Type& type) {
    if (token.extension != internal::kRefinedUnknown || token.bytes.size() <= 1) return Value::Unknown(type);
    TFSDK_ASSIGN_OR_RETURN(Refinements refinements, internal::DecodeRefinements(token.bytes, type));
    return Value::Unknown(type, std::move(refinements));
  }

  // A pair of the type, as JSON in binary, and the value.
  absl::StatusOr<Value> Dynamic(const MsgpackToken& token, int depth) {
    if (token.kind != Token::kArray || token.count != 2) {
      return absl::InvalidArgumentError("a dynamic value must be a pair of type and value");
    }
    TFSDK_ASSIGN_OR_RETURN(const MsgpackToken json, reader_.Next());
    if (json.kind != Token::kBinary && json.kind != Token::kString) return Required("type");
    TFSDK_ASSIGN_OR_RETURN(const Type type, DecodeTypeJson(json.bytes));
    return Decode(type, depth + 1);
  }

  absl::StatusOr<Value> Sequence(const MsgpackToken& token, const Type& type, int depth) {
    if (token.kind != Token::kArray) return Required(type.ToString());
    const bool tuple = type.kind() == TypeKind::kTuple;
    if (tuple && token.count != type.elements().size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("a tuple of ", type.elements().size(), " elements is required"));
    }
    std::vector<Value> elements;
    elements.reserve(token.count);
    for (uint32_t i = 0; i < token.count; ++i) {
      absl::StatusOr<Value> element = Decode(tuple ? type.elements()[i] : type.element(), depth + 1);
      if (!element.ok()) return Inside(Path().AtIndex(i), element.status());
      elements.push_back(*std::move(element));
    }
    if (!type.HasDynamic()) return Value::Sequence(type, std::move(elements));
    if (tuple) {
      std::vector<Type> types;
      for (const Value& element : elements) types.push_back(element.type());
      return Value::Sequence(Type::Tuple(std::move(types)), std::move(elements));
    }
    std::vector<Value*> all;
    for (Value& element : elements) all.push_back(&element);
    TFSDK_ASSIGN_OR_RETURN(const Type element, internal::UnifyTypes(all, type.element()));
    return Value::Sequence(type.kind() == TypeKind::kList ? Type::List(element) : Type::Set(element),
                           std::move(elements));
  }

  absl::StatusOr<Value> Map(const MsgpackToken& token, const Type& type, int depth) {
    if (token.kind != Token::kMap) return Required(type.ToString());
    std::vector<Value::Entry> entries;
    entries.reserve(token.count);
    bool sorted = true;
    for (uint32_t i = 0; i < token.count; ++i) {
      TFSDK_ASSIGN_OR_RETURN(const absl::string_view key, Key());
      absl::StatusOr<Value> value = Decode(type.element(), depth + 1);
      if (!value.ok()) return Inside(Path().AtKey(key), value.status());
      sorted = sorted && (entries.empty() || entries.back().first < key);
      entries.emplace_back(std::string(key), *std::move(value));
    }
    if (!sorted) {
      const auto by_key = [](const Value::Entry& a, const Value::Entry& b) { return a.first < b.first; };
      std::sort(entries.begin(), entries.end(), by_key);
      const auto twice =
          std::adjacent_find(entries.begin(), entries.end(),
                             [](const Value::Entry& a, const Value::Entry& b) { return a.first == b.first; });
      if (twice != entries.end()) return Repeated(twice->first);
    }
    if (!type.HasDynamic()) return Value::SortedMap(type, std::move(entries));
    std::vector<Value*> all;
    for (auto& [key, value] : entries) all.push_back(&value);
    TFSDK_ASSIGN_OR_RETURN(const Type element, internal::UnifyTypes(all, type.element()));
    return Value::SortedMap(Type::Map(element), std::move(entries));
  }

  absl::StatusOr<Value> Object(const MsgpackToken& token, const Type& type, int depth) {
    const std::vector<Type::Attribute>& attributes = type.attributes();
    if (token.kind != Token::kMap) return Required("object");
    if (token.count != attributes.size()) {
      return absl::InvalidArgumentError(
          absl::StrCat("an object with ", attributes.size(), " attributes is required, not ", token.count));
    }
    // Terraform sends attributes sorted, as they are here: each then only goes to the end.
    std::vector<Value> values;
    values.reserve(attributes.size());
    std::map<size_t, Value> early;
    for (uint32_t i = 0; i < token.count; ++i) {
      TFSDK_ASSIGN_OR_RETURN(const absl::string_view name, Key());
      const size_t next = values.size();
      const int index = next < attributes.size() && attributes[next].first == name ? static_cast<int>(next)
                                                                                   : type.IndexOf(name);
      if (index < 0) return absl::InvalidArgumentError("an attribute that the schema does not have");
      const auto at = static_cast<size_t>(index);
      if (at < next || early.contains(at)) return Repeated(name);
      absl::StatusOr<Value> value = Decode(attributes[at].second, depth + 1);
      if (!value.ok()) return Inside(Path(name), value.status());
      if (at != next) {
        early.emplace(at, *std::move(value));
        continue;
      }
      values.push_back(*std::move(value));
      for (auto it = early.begin(); it != early.end() && it->first == values.size(); it = early.erase(it)) {
        values.push_back(std::move(it->second));
      }
    }
    if (!type.HasDynamic()) return Value::Object(type, std::move(values));
    std::map<std::string, Type> types;
    for (size_t i = 0; i < values.size(); ++i) types.emplace(attributes[i].first, values[i].type());
    return Value::Object(Type::Object(types), std::move(values));
  }

  absl::StatusOr<absl::string_view> Key() {
    MsgpackToken token;
    TFSDK_RETURN_IF_ERROR(reader_.Next(&token));
    if (token.kind != Token::kString && token.kind != Token::kBinary) return Required("string as key");
    if (!internal::IsUtf8(token.bytes)) return absl::InvalidArgumentError("a key must be UTF-8");
    return token.bytes;
  }

  static absl::Status Repeated(absl::string_view key) {
    return At(Path().AtKey(key), absl::InvalidArgumentError("a key that was there before"));
  }

  MsgpackReader reader_;
};

void Encode(MsgpackWriter& writer, const Value& value, const Type& type) {
  if (type.kind() == TypeKind::kDynamic) {
    // Nothing is known of a value whose own type is Dynamic, so there is no type to send along.
    if (value.type().kind() != TypeKind::kDynamic) {
      writer.Array(2);
      writer.Binary(EncodeTypeJson(value.type()));
      return Encode(writer, value, value.type());
    }
  }
  if (value.IsNull()) return writer.Nil();
  if (!value.IsKnown()) {
    if (value.refinements().empty() || type.kind() == TypeKind::kDynamic)
      return writer.Extension(0, absl::string_view("\0", 1));
    return writer.Extension(internal::kRefinedUnknown, internal::EncodeRefinements(value.refinements()));
  }
  TFSDK_CHECK(type.kind() == value.type().kind(), "a value that does not conform to its schema");
  switch (type.kind()) {
    case TypeKind::kDynamic:
      return;
    case TypeKind::kBool:
      return writer.Bool(value.AsBool());
    case TypeKind::kNumber:
      return internal::WriteNumber(writer, value.AsNumber());
    case TypeKind::kString:
      return writer.String(value.AsString());
    case TypeKind::kList:
    case TypeKind::kSet:
      writer.Array(value.elements().size());
      for (const Value& element : value.elements()) Encode(writer, element, type.element());
      return;
    case TypeKind::kTuple:
      TFSDK_CHECK(type.elements().size() == value.elements().size(), "a tuple of another length");
      writer.Array(value.elements().size());
      for (size_t i = 0; i < value.elements().size(); ++i)
        Encode(writer, value.elements()[i], type.elements()[i]);
      return;
    case TypeKind::kMap:
      writer.Map(value.entries().size());
      for (const auto& [key, element] : value.entries()) {
        writer.String(key);
        Encode(writer, element, type.element());
      }
      return;
    case TypeKind::kObject:
      TFSDK_CHECK(type.attributes().size() == value.elements().size(), "an object of other attributes");
      writer.Map(value.elements().size());
      for (size_t i = 0; i < value.elements().size(); ++i) {
        writer.String(type.attributes()[i].first);
        Encode(writer, value.elements()[i], type.attributes()[i].second);
      }
      return;
  }
}

}  // namespace

absl::StatusOr<Value> DecodeMsgpack(absl::string_view bytes, const Type& type) {
  if (bytes.empty()) return Value::Null(type);
  return Decoder(bytes).Whole(type);
}

std::string EncodeMsgpack(const Value& value, const Type& type) {
  MsgpackWriter writer;
  Encode(writer, value, type);
  return std::move(writer).Take();
}

}  // namespace tfsdk
