#include "tfsdk/json.h"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tfsdk/internal/check.h"
#include "tfsdk/internal/common_type.h"
#include "tfsdk/internal/json_document.h"
#include "tfsdk/path.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

using internal::JsonNode;
using Kind = JsonNode::Kind;
using TypeKind = Type::Kind;

constexpr int kMaxTypeDepth = 32;

absl::StatusOr<Type> TypeFrom(const JsonNode& node, int depth) {
  const absl::Status error = absl::InvalidArgumentError("not a type");
  if (depth > kMaxTypeDepth) return absl::InvalidArgumentError("the type is nested too deeply");
  if (node.kind == Kind::kString) {
    if (node.text == "string") return Type::String();
    if (node.text == "number") return Type::Number();
    if (node.text == "bool") return Type::Bool();
    if (node.text == "dynamic") return Type::Dynamic();
    return error;
  }
  if (node.kind != Kind::kArray || node.elements.size() != 2 || node.elements[0].kind != Kind::kString)
    return error;
  const std::string& name = node.elements[0].text;
  const JsonNode& inner = node.elements[1];
  if (name == "list" || name == "set" || name == "map") {
    TFSDK_ASSIGN_OR_RETURN(Type element, TypeFrom(inner, depth + 1));
    return name == "list"  ? Type::List(std::move(element))
           : name == "set" ? Type::Set(std::move(element))
                           : Type::Map(std::move(element));
  }
  // go-cty writes null for a tuple or an object with nothing inside.
  const bool nothing = inner.kind == Kind::kNull;
  if (name == "tuple" && (inner.kind == Kind::kArray || nothing)) {
    std::vector<Type> elements;
    for (const JsonNode& element : inner.elements) {
      TFSDK_ASSIGN_OR_RETURN(Type type, TypeFrom(element, depth + 1));
      elements.push_back(std::move(type));
    }
    return Type::Tuple(std::move(elements));
  }
  if (name == "object" && (inner.kind == Kind::kObject || nothing)) {
    std::map<std::string, Type> attributes;
    for (const auto& [attribute, member] : inner.members) {
      TFSDK_ASSIGN_OR_RETURN(Type type, TypeFrom(member, depth + 1));
      attributes.emplace(attribute, std::move(type));
    }
    return Type::Object(attributes);
  }
  return error;
}

std::string Quote(absl::string_view text) {
  return nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

absl::StatusOr<Value> FromNode(const JsonNode& node, const Type& type, const Path& path,
                               UnknownMembers unknown);

absl::Status Required(const Path& path, const Type& type) {
  return At(path, absl::InvalidArgumentError(absl::StrCat("a ", type.ToString(), " is required")));
}

absl::StatusOr<Value> PrimitiveFrom(const JsonNode& node, const Type& type, const Path& path) {
  if (type.kind() == TypeKind::kString) {
    if (node.kind == Kind::kString) return Value::String(node.text);
    if (node.kind == Kind::kBool) return Value::String(node.boolean ? "true" : "false");
  }
  if (type.kind() == TypeKind::kBool) {
    if (node.kind == Kind::kBool) return Value::Bool(node.boolean);
    if (node.kind == Kind::kString && (node.text == "true" || node.text == "1")) return Value::Bool(true);
    if (node.kind == Kind::kString && (node.text == "false" || node.text == "0")) return Value::Bool(false);
  }
  if (type.kind() != TypeKind::kBool && (node.kind == Kind::kNumber || node.kind == Kind::kString)) {
    if (type.kind() == TypeKind::kString) return Value::String(node.text);  // the digits as they are written
    absl::StatusOr<Number> number = Number::Parse(node.text);
    if (!number.ok()) return At(path, number.status());
    return Value::Number(*std::move(number));
  }
  return Required(path, type);
}

absl::StatusOr<Value> DynamicFrom(const JsonNode& node, const Path& path) {
  const JsonNode* value = nullptr;
  const JsonNode* type = nullptr;
  for (const auto& [name, member] : node.members) {
    if (name == "value") value = &member;
    if (name == "type") type = &member;
  }
  if (node.kind != Kind::kObject || node.members.size() != 2 || value == nullptr || type == nullptr) {
    return At(path, absl::InvalidArgumentError("a dynamic value must be an object of type and value"));
  }
  absl::StatusOr<Type> concrete = TypeFrom(*type, 0);
  if (!concrete.ok()) return At(path, concrete.status());
  return FromNode(*value, *concrete, path, UnknownMembers::kRefuse);
}

absl::StatusOr<Value> SequenceFrom(const JsonNode& node, const Type& type, const Path& path,
                                   UnknownMembers unknown) {
  const bool tuple = type.kind() == TypeKind::kTuple;
  if (node.kind != Kind::kArray || (tuple && node.elements.size() != type.elements().size())) {
    return Required(path, type);
  }
  std::vector<Value> elements;
  for (const JsonNode& element : node.elements) {
    const size_t i = elements.size();
    TFSDK_ASSIGN_OR_RETURN(Value value, FromNode(element, tuple ? type.elements()[i] : type.element(),
                                                 path.AtIndex(static_cast<int64_t>(i)), unknown));
    elements.push_back(std::move(value));
  }
  if (!type.HasDynamic()) return Value::Sequence(type, std::move(elements));
  if (tuple) {
    std::vector<Type> types;
    for (const Value& element : elements) types.push_back(element.type());
    return Value::Sequence(Type::Tuple(std::move(types)), std::move(elements));
  }
  std::vector<Value*> all;
  for (Value& element : elements) all.push_back(&element);
  const absl::StatusOr<Type> common = internal::UnifyTypes(all, type.element());
  if (!common.ok()) return At(path, common.status());
  return Value::Sequence(type.kind() == TypeKind::kList ? Type::List(*common) : Type::Set(*common),
                         std::move(elements));
}

absl::StatusOr<Value> MapFrom(const JsonNode& node, const Type& type, const Path& path,
                              UnknownMembers unknown) {
  if (node.kind != Kind::kObject) return Required(path, type);
  std::map<std::string, Value> entries;
  for (const auto& [key, member] : node.members) {
    TFSDK_ASSIGN_OR_RETURN(Value value, FromNode(member, type.element(), path.AtKey(key), unknown));
    entries.emplace(key, std::move(value));
  }
  if (!type.HasDynamic()) return Value::Map(type, entries);
  std::vector<Value*> all;
  for (auto& [key, value] : entries) all.push_back(&value);
  const absl::StatusOr<Type> common = internal::UnifyTypes(all, type.element());
  if (!common.ok()) return At(path, common.status());
  return Value::Map(Type::Map(*common), entries);
}

absl::StatusOr<Value> ObjectFrom(const JsonNode& node, const Type& type, const Path& path,
                                 UnknownMembers unknown) {
  if (node.kind != Kind::kObject) return Required(path, type);
  std::vector<Value> values;
  for (const auto& [name, attribute] : type.attributes()) values.push_back(Value::Null(attribute));
  for (const auto& [name, member] : node.members) {
    const int index = type.IndexOf(name);
    if (index < 0 && unknown == UnknownMembers::kIgnore) continue;
    if (index < 0) return At(path, absl::InvalidArgumentError("an attribute that the schema does not have"));
    const auto at = static_cast<size_t>(index);
    TFSDK_ASSIGN_OR_RETURN(values[at],
                           FromNode(member, type.attributes()[at].second, path.At(name), unknown));
  }
  if (!type.HasDynamic()) return Value::Object(type, std::move(values));
  std::map<std::string, Type> types;
  for (size_t i = 0; i < values.size(); ++i) types.emplace(type.attributes()[i].first, values[i].type());
  return Value::Object(Type::Object(types), std::move(values));
}

absl::StatusOr<Value> FromNode(const JsonNode& node, const Type& type, const Path& path,
                               UnknownMembers unknown) {
  if (node.kind == Kind::kNull) return Value::Null(type);
  switch (type.kind()) {
    case TypeKind::kDynamic:
      return DynamicFrom(node, path);
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kTuple:
      return SequenceFrom(node, type, path, unknown);
    case TypeKind::kMap:
      return MapFrom(node, type, path, unknown);
    case TypeKind::kObject:
      return ObjectFrom(node, type, path, unknown);
    default:
      return PrimitiveFrom(node, type, path);
  }
}

void Append(std::string& out, const Value& value, const Type& type) {
  TFSDK_CHECK(value.IsKnown(), "JSON has no form for an unknown value");
  // A null in a Dynamic place keeps its type, if it knows one.
  const bool wrapped = type.kind() == TypeKind::kDynamic && value.type().kind() != TypeKind::kDynamic;
  if (value.IsNull() && !wrapped) {
    out += "null";
    return;
  }
  const auto sequence = [&](const auto& type_of) {
    out += '[';
    for (size_t i = 0; i < value.elements().size(); ++i) {
      if (i != 0) out += ',';
      Append(out, value.elements()[i], type_of(i));
    }
    out += ']';
  };
  switch (type.kind()) {
    case TypeKind::kDynamic:
      out += "{\"value\":";
      Append(out, value, value.type());
      absl::StrAppend(&out, ",\"type\":", EncodeTypeJson(value.type()), "}");
      return;
    case TypeKind::kBool:
      out += value.AsBool() ? "true" : "false";
      return;
    case TypeKind::kNumber:
      out += value.AsNumber().ToString();
      return;
    case TypeKind::kString:
      out += Quote(value.AsString());
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
      return sequence([&](size_t) { return type.element(); });
    case TypeKind::kTuple:
      return sequence([&](size_t i) { return type.elements()[i]; });
    case TypeKind::kMap:
      out += '{';
      for (const auto& [key, element] : value.entries()) {
        absl::StrAppend(&out, out.back() == '{' ? "" : ",", Quote(key), ":");
        Append(out, element, type.element());
      }
      out += '}';
      return;
    case TypeKind::kObject:
      out += '{';
      for (size_t i = 0; i < value.elements().size(); ++i) {
        absl::StrAppend(&out, i == 0 ? "" : ",", Quote(type.attributes()[i].first), ":");
        Append(out, value.elements()[i], type.attributes()[i].second);
      }
      out += '}';
      return;
  }
}

}  // namespace

absl::StatusOr<Type> DecodeTypeJson(absl::string_view json) {
  TFSDK_ASSIGN_OR_RETURN(const JsonNode node, internal::ParseJson(json));
  return TypeFrom(node, 0);
}

std::string EncodeTypeJson(const Type& type) {
  std::string out;
  switch (type.kind()) {
    case TypeKind::kDynamic:
      return "\"dynamic\"";
    case TypeKind::kBool:
      return "\"bool\"";
    case TypeKind::kNumber:
      return "\"number\"";
    case TypeKind::kString:
      return "\"string\"";
    case TypeKind::kList:
      return absl::StrCat("[\"list\",", EncodeTypeJson(type.element()), "]");
    case TypeKind::kSet:
      return absl::StrCat("[\"set\",", EncodeTypeJson(type.element()), "]");
    case TypeKind::kMap:
      return absl::StrCat("[\"map\",", EncodeTypeJson(type.element()), "]");
    case TypeKind::kTuple:
      for (const Type& element : type.elements())
        absl::StrAppend(&out, out.empty() ? "" : ",", EncodeTypeJson(element));
      return absl::StrCat("[\"tuple\",[", out, "]]");
    case TypeKind::kObject:
      for (const auto& [name, attribute] : type.attributes()) {
        absl::StrAppend(&out, out.empty() ? "" : ",", Quote(name), ":", EncodeTypeJson(attribute));
      }
      return absl::StrCat("[\"object\",{", out, "}]");
  }
  return out;
}

absl::StatusOr<Value> DecodeJson(absl::string_view json, const Type& type, UnknownMembers unknown) {
  TFSDK_ASSIGN_OR_RETURN(const JsonNode node, internal::ParseJson(json));
  return FromNode(node, type, Path(), unknown);
}

std::string EncodeJson(const Value& value, const Type& type) {
  std::string out;
  Append(out, value, type);
  return out;
}

}  // namespace tfsdk
