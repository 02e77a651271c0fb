#include "tfsdk/value.h"

#include <algorithm>
#include <functional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "tfsdk/internal/check.h"

namespace tfsdk {
namespace {

struct HashOf {
  size_t operator()(const Value* value) const { return value->Hash(); }
};
struct Same {
  bool operator()(const Value* a, const Value* b) const { return *a == *b; }
};
using ValueIndex = absl::flat_hash_set<const Value*, HashOf, Same>;

size_t Combine(size_t seed, size_t hash) {
  return seed ^ (hash + 0x9e3779b97f4a7c15u + (seed << 6) + (seed >> 2));
}

std::vector<Value> WithoutDuplicates(std::vector<Value> elements) {
  ValueIndex seen;
  seen.reserve(elements.size());
  std::vector<bool> keep;
  bool all = true;
  keep.reserve(elements.size());
  for (const Value& element : elements) {
    // What is not known yet may still become different: two unknowns are two elements.
    keep.push_back(!element.IsWhollyKnown() || seen.insert(&element).second);
    all &= keep.back();
  }
  if (all) return elements;
  std::vector<Value> unique;
  for (size_t i = 0; i < elements.size(); ++i) {
    if (keep[i]) unique.push_back(elements[i]);
  }
  return unique;
}

}  // namespace

Value Value::Null(Type type) { return Value(std::move(type), NullTag{}); }

Value Value::Unknown(Type type, Refinements refinements) {
  if (refinements.empty()) return Value(std::move(type), UnknownTag{});
  return Value(std::move(type), UnknownTag{std::make_shared<const Refinements>(std::move(refinements))});
}

Value Value::Bool(bool value) { return Value(Type::Bool(), value); }
Value Value::Number(tfsdk::Number value) { return Value(Type::Number(), std::move(value)); }
Value Value::String(std::string value) { return Value(Type::String(), std::move(value)); }

Value Value::Sequence(Type type, std::vector<Value> elements) {
  const Type::Kind kind = type.kind();
  TFSDK_CHECK(kind == Type::Kind::kList || kind == Type::Kind::kSet || kind == Type::Kind::kTuple,
              "not a sequence type");
  TFSDK_CHECK(kind != Type::Kind::kTuple || type.elements().size() == elements.size(),
              "a tuple of another length");
  if (kind == Type::Kind::kSet) elements = WithoutDuplicates(std::move(elements));
  return Value(std::move(type), std::make_shared<const std::vector<Value>>(std::move(elements)));
}

Value Value::Map(Type type, const std::map<std::string, Value>& entries) {
  return SortedMap(std::move(type), std::vector<Entry>(entries.begin(), entries.end()));
}

Value Value::SortedMap(Type type, std::vector<Entry> entries) {
  TFSDK_CHECK(type.kind() == Type::Kind::kMap, "not a map type");
  TFSDK_CHECK(
      std::adjacent_find(entries.begin(), entries.end(),
                         [](const Entry& a, const Entry& b) { return a.first >= b.first; }) == entries.end(),
      "keys out of order");
  return Value(std::move(type), std::make_shared<const std::vector<Entry>>(std::move(entries)));
}

Value Value::Object(Type type, std::vector<Value> attributes) {
  TFSDK_CHECK(type.attributes().size() == attributes.size(), "not one value for each attribute");
  return Value(std::move(type), std::make_shared<const std::vector<Value>>(std::move(attributes)));
}

bool Value::IsWhollyKnown() const {
  if (const auto* all = std::get_if<Elements>(&rep_)) {
    return std::all_of((*all)->begin(), (*all)->end(), [](const Value& v) { return v.IsWhollyKnown(); });
  }
  if (const auto* all = std::get_if<Entries>(&rep_)) {
    return std::all_of((*all)->begin(), (*all)->end(),
                       [](const Entry& e) { return e.second.IsWhollyKnown(); });
  }
  return IsKnown();
}

bool Value::AsBool() const {
  TFSDK_CHECK(std::holds_alternative<bool>(rep_), "no known bool");
  return std::get<bool>(rep_);
}
const tfsdk::Number& Value::AsNumber() const {
  TFSDK_CHECK(std::holds_alternative<tfsdk::Number>(rep_), "no known number");
  return std::get<tfsdk::Number>(rep_);
}
const std::string& Value::AsString() const {
  TFSDK_CHECK(std::holds_alternative<std::string>(rep_), "no known string");
  return std::get<std::string>(rep_);
}
absl::Span<const Value> Value::elements() const {
  TFSDK_CHECK(std::holds_alternative<Elements>(rep_), "no known list, set, tuple or object");
  return *std::get<Elements>(rep_);
}
absl::Span<const Value::Entry> Value::entries() const {
  TFSDK_CHECK(std::holds_alternative<Entries>(rep_), "no known map");
  return *std::get<Entries>(rep_);
}
const Value* Value::entry(absl::string_view key) const {
  const absl::Span<const Entry> all = entries();
  const auto it = std::lower_bound(all.begin(), all.end(), key,
                                   [](const Entry& entry, absl::string_view k) { return entry.first < k; });
  return it != all.end() && it->first == key ? &it->second : nullptr;
}
const Value& Value::attribute(absl::string_view name) const {
  const int index = type_.IndexOf(name);
  TFSDK_CHECK(index >= 0, "no such attribute");
  return elements()[static_cast<size_t>(index)];
}
Value Value::WithAttribute(absl::string_view name, Value value) const {
  const int index = type_.IndexOf(name);
  TFSDK_CHECK(index >= 0, "no such attribute");
  std::vector<Value> all(elements().begin(), elements().end());
  all[static_cast<size_t>(index)] = std::move(value);
  return WithElements(std::move(all));
}

Value Value::WithElements(std::vector<Value> elements) const {
  TFSDK_CHECK(elements.size() == this->elements().size(), "not as many parts");
  switch (type_.kind()) {
    case Type::Kind::kObject: {
      bool same = true;
      for (size_t i = 0; i < elements.size(); ++i) same &= elements[i].type() == type_.attributes()[i].second;
      if (same) return Object(type_, std::move(elements));
      std::map<std::string, Type> types;
      for (size_t i = 0; i < elements.size(); ++i) {
        types.emplace(type_.attributes()[i].first, elements[i].type());
      }
      return Object(Type::Object(types), std::move(elements));
    }
    case Type::Kind::kTuple: {
      std::vector<Type> types;
      for (const Value& element : elements) types.push_back(element.type());
      return Sequence(Type::Tuple(std::move(types)), std::move(elements));
    }
    default: {
      if (elements.empty() || elements.front().type() == type_.element()) {
        return Sequence(type_, std::move(elements));
      }
      const Type element = elements.front().type();
      return Sequence(type_.kind() == Type::Kind::kSet ? Type::Set(element) : Type::List(element),
                      std::move(elements));
    }
  }
}

const Refinements& Value::refinements() const {
  static const Refinements none;
  TFSDK_CHECK(!IsKnown(), "no unknown value");
  const auto& refinements = std::get<UnknownTag>(rep_).refinements;
  return refinements == nullptr ? none : *refinements;
}

bool operator==(const Value& a, const Value& b) {
  if (a.rep_.index() != b.rep_.index() || !(a.type_ == b.type_)) return false;
  if (a.IsNull()) return true;
  if (!a.IsKnown()) return a.refinements() == b.refinements();
  const auto* parts = std::get_if<Value::Elements>(&a.rep_);
  if (parts != nullptr && *parts == std::get<Value::Elements>(b.rep_)) return true;
  switch (a.type_.kind()) {
    case Type::Kind::kBool:
      return a.AsBool() == b.AsBool();
    case Type::Kind::kNumber:
      return a.AsNumber() == b.AsNumber();
    case Type::Kind::kString:
      return a.AsString() == b.AsString();
    case Type::Kind::kMap:
      return std::get<Value::Entries>(a.rep_) == std::get<Value::Entries>(b.rep_) ||
             a.entries() == b.entries();
    case Type::Kind::kSet: {
      if (a.elements().size() != b.elements().size()) return false;
      // What is in the same place needs no search. The rest is counted, because unknown elements may be there more than
      // once.
      absl::flat_hash_map<const Value*, int, HashOf, Same> counts;
      for (size_t i = 0; i < a.elements().size(); ++i) {
        if (a.elements()[i] == b.elements()[i]) continue;
        ++counts[&a.elements()[i]];
        --counts[&b.elements()[i]];
      }
      return std::all_of(counts.begin(), counts.end(), [](const auto& count) { return count.second == 0; });
    }
    default:
      return a.elements() == b.elements();
  }
}

size_t Value::Hash() const {
  size_t hash = Combine(static_cast<size_t>(type_.kind()), rep_.index());
  if (!IsKnown() && refinements().prefix.has_value()) {
    return Combine(hash, std::hash<std::string>()(*refinements().prefix));
  }
  if (!HasValue()) return hash;
  switch (type_.kind()) {
    case Type::Kind::kBool:
      return Combine(hash, AsBool() ? 1 : 2);
    case Type::Kind::kNumber:
      return Combine(hash, std::hash<std::string>()(AsNumber().ToString()));
    case Type::Kind::kString:
      return Combine(hash, std::hash<std::string>()(AsString()));
    case Type::Kind::kMap:
      for (const Entry& entry : entries()) {
        hash = Combine(Combine(hash, std::hash<std::string>()(entry.first)), entry.second.Hash());
      }
      return hash;
    case Type::Kind::kSet:
      for (const Value& element : elements()) hash += element.Hash();  // order does not count
      return hash;
    default:
      for (const Value& element : elements()) hash = Combine(hash, element.Hash());
      return hash;
  }
}

}  // namespace tfsdk
