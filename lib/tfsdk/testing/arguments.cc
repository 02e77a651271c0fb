#include "tfsdk/testing/arguments.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/json.h"
#include "tfsdk/path.h"
#include "tfsdk/status.h"

namespace tfsdk::testing {
namespace {

absl::Status Unfit(absl::string_view what, const Type& type) {
  return absl::InvalidArgumentError(absl::StrCat(what, " was given where a ", type.ToString(), " belongs."));
}

// As Terraform converts what a user writes: text, numbers and bools into one another.
absl::StatusOr<Value> Converted(const Value& value, const Type& type) {
  if (type.kind() == Type::Kind::kDynamic || value.type() == type) return value;
  if (value.IsNull()) return Value::Null(type);
  if (!value.IsKnown()) return Value::Unknown(type);
  if (!value.type().IsPrimitive() || !type.IsPrimitive()) return Unfit(value.type().ToString(), type);
  absl::StatusOr<Value> converted = DecodeJson(EncodeJson(value, value.type()), type);
  if (!converted.ok()) return Unfit(EncodeJson(value, value.type()), type);
  return converted;
}

const Block* BlockCalled(const std::vector<Block>* blocks, const std::string& name) {
  if (blocks == nullptr) return nullptr;
  const auto it =
      std::find_if(blocks->begin(), blocks->end(), [&](const Block& b) { return b.name == name; });
  return it == blocks->end() ? nullptr : &*it;
}

}  // namespace

Given::Given(double number) : rep_(Value::Number(0)) {
  absl::StatusOr<Number> exact = Number::FromDouble(number);
  TFSDK_CHECK(exact.ok(), "NaN and infinity are no values of Terraform");
  rep_ = Value::Number(*std::move(exact));
}

Given Given::List(std::vector<Given> elements) {
  return Given(Rep(std::make_shared<const std::vector<Given>>(std::move(elements))));
}

Given Given::Object(std::map<std::string, Given> parts) {
  return Given(Rep(std::make_shared<const std::map<std::string, Given>>(std::move(parts))));
}

absl::StatusOr<Value> Given::As(const Type& type, const std::vector<Block>* blocks) const {
  if (const auto* value = std::get_if<Value>(&rep_)) return Converted(*value, type);
  if (const auto* nothing = std::get_if<Nothing>(&rep_)) {
    return nothing->unknown ? Value::Unknown(type) : Value::Null(type);
  }
  if (const auto* parts = std::get_if<Parts>(&rep_)) {
    if (type.kind() == Type::Kind::kObject) return ObjectAs(**parts, type, blocks);
    if (type.kind() != Type::Kind::kMap) return Unfit("An object", type);
    std::map<std::string, Value> entries;
    for (const auto& [key, given] : **parts) {
      absl::StatusOr<Value> entry = given.As(type.element());
      if (!entry.ok()) return Inside(Path().AtKey(key), entry.status());
      entries.emplace(key, *std::move(entry));
    }
    return Value::Map(type, entries);
  }
  const std::vector<Given>& elements = *std::get<Elements>(rep_);
  const bool tuple = type.kind() == Type::Kind::kTuple;
  if (!tuple && type.kind() != Type::Kind::kList && type.kind() != Type::Kind::kSet)
    return Unfit("A list", type);
  if (tuple && type.elements().size() != elements.size()) {
    return Unfit(absl::StrCat("A list of ", elements.size()), type);
  }
  std::vector<Value> values;
  for (size_t i = 0; i < elements.size(); ++i) {
    absl::StatusOr<Value> element = elements[i].As(tuple ? type.elements()[i] : type.element(), blocks);
    if (!element.ok()) return Inside(Path().AtIndex(static_cast<int64_t>(i)), element.status());
    values.push_back(*std::move(element));
  }
  return Value::Sequence(type, std::move(values));
}

absl::StatusOr<Value> Given::ObjectAs(const std::map<std::string, Given>& parts, const Type& type,
                                      const std::vector<Block>* blocks) {
  for (const auto& [name, given] : parts) {
    if (type.IndexOf(name) >= 0) continue;
    return At(Path(name), absl::InvalidArgumentError(absl::StrCat(
                              "There is no ", name, " here, only ",
                              absl::StrJoin(type.attributes(), ", ",
                                            [](std::string* out, const Type::Attribute& attribute) {
                                              absl::StrAppend(out, attribute.first);
                                            }),
                              ".")));
  }
  std::vector<Value> values;
  std::map<std::string, Type> types;
  for (const auto& [name, part_type] : type.attributes()) {
    const Block* block = BlockCalled(blocks, name);
    const auto it = parts.find(name);
    if (it != parts.end()) {
      absl::StatusOr<Value> part =
          it->second.As(part_type, block == nullptr ? nullptr : &block->schema.blocks);
      if (!part.ok()) return Inside(Path(name), part.status());
      values.push_back(*std::move(part));
    } else if (block == nullptr || block->nesting == Nesting::kSingle) {
      values.push_back(Value::Null(part_type));
    } else if (block->nesting == Nesting::kMap) {
      values.push_back(Value::Map(part_type, {}));
    } else {
      values.push_back(Value::Sequence(part_type, {}));
    }
    // What is Dynamic takes the type of its value.
    types.emplace(name, values.back().type());
  }
  return Value::Object(Type::Object(types), std::move(values));
}

absl::StatusOr<Value> Arguments::For(const Schema& schema) const {
  return given_.As(schema.type(), &schema.blocks);
}

Value Arguments::AsWritten(const std::vector<Attribute>& attributes, Value object, const Value& fresh) {
  for (const Attribute& attribute : attributes) {
    const bool left_out = attribute.mode == Mode::kOptionalComputed &&
                          object.attribute(attribute.name) == fresh.attribute(attribute.name);
    if (attribute.IsSettable() && !left_out) continue;
    object = object.WithAttribute(attribute.name, Value::Null(attribute.type));
  }
  return object;
}

}  // namespace tfsdk::testing
