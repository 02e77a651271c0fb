#pragma once

// Value: a Terraform value together with its type.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tfsdk/number.h"
#include "tfsdk/type.h"

namespace tfsdk {

// What is already certain about a value that is not known yet. A promise: the final value must keep to it.
struct Refinements {
  struct Bound {
    Number value;
    bool inclusive = true;
    friend bool operator==(const Bound&, const Bound&) = default;
  };
  std::optional<bool> is_null;                    // false: certainly not null
  std::optional<std::string> prefix;              // strings: at most 256 bytes
  std::optional<Bound> lower, upper;              // numbers
  std::optional<int64_t> min_length, max_length;  // lists, sets and maps; both inclusive

  bool empty() const { return *this == Refinements(); }
  friend bool operator==(const Refinements&, const Refinements&) = default;
};

// A value and its type: known, null, or not known yet.
//
// Immutable and cheap to copy; share it freely between threads. An accessor called on the wrong kind of
// value, or on a null or unknown one, is a bug in the caller and aborts: ask HasValue() first. Data from
// outside is checked once, where it is decoded (tfsdk/msgpack.h). A value's own type never is Dynamic, unless
// it is null or unknown.
class Value {
 public:
  using Entry = std::pair<std::string, Value>;

  static Value Null(Type type);
  static Value Unknown(Type type, Refinements refinements = {});
  static Value Bool(bool value);
  static Value Number(tfsdk::Number value);
  static Value Number(int64_t value) { return Number(tfsdk::Number(value)); }
  static Value String(std::string value);
  // A list, set or tuple. A set drops the elements that are equal to an earlier one, in linear time.
  static Value Sequence(Type type, std::vector<Value> elements);
  static Value Map(Type type, const std::map<std::string, Value>& entries);
  // The same, without a copy: `entries` are sorted by key, and each key is there once.
  static Value SortedMap(Type type, std::vector<Entry> entries);
  // An object: one value for each attribute of its type, in the type's order.
  static Value Object(Type type, std::vector<Value> attributes);

  const Type& type() const { return type_; }
  bool IsNull() const { return std::holds_alternative<NullTag>(rep_); }
  bool IsKnown() const { return !std::holds_alternative<UnknownTag>(rep_); }
  bool HasValue() const { return IsKnown() && !IsNull(); }
  // Whether no unknown is inside, at any depth.
  bool IsWhollyKnown() const;

  bool AsBool() const;
  const tfsdk::Number& AsNumber() const;
  const std::string& AsString() const;
  // Of a list, set or tuple; of an object, its attributes in the type's order.
  absl::Span<const Value> elements() const;
  // Of a map, sorted by key.
  absl::Span<const Entry> entries() const;
  // The entry of a map; null when it has none of that key.
  const Value* entry(absl::string_view key) const;
  // Of an object that has this attribute.
  const Value& attribute(absl::string_view name) const;
  // This object with another value for an attribute it has; its type follows, where that was Dynamic.
  Value WithAttribute(absl::string_view name, Value value) const;
  // This value with other parts, as many as it has: elements(), in their order. When nothing else changes, its
  // type stays; else it becomes that of the parts. Not for maps.
  Value WithElements(std::vector<Value> elements) const;
  // Of an unknown value.
  const Refinements& refinements() const;

  // Equal types and equal contents; sets compare without order, in linear time. Two unknowns are equal when
  // their refinements are. Copies of one value are equal at once, whatever is in them.
  friend bool operator==(const Value& a, const Value& b);
  // Equal values have equal hashes.
  size_t Hash() const;

 private:
  struct NullTag {};
  struct UnknownTag {
    std::shared_ptr<const Refinements> refinements;  // null: none
  };
  using Elements = std::shared_ptr<const std::vector<Value>>;
  using Entries = std::shared_ptr<const std::vector<Entry>>;
  using Rep = std::variant<NullTag, UnknownTag, bool, tfsdk::Number, std::string, Elements, Entries>;

  Value(Type type, Rep rep) : type_(std::move(type)), rep_(std::move(rep)) {}

  Type type_;
  Rep rep_;
};

}  // namespace tfsdk
