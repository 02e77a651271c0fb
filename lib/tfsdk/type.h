#pragma once

// Type: Terraform's type system, a closed set.

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace tfsdk {

// A type in Terraform's type system (go-cty's, without capsules).
//
// Immutable, cheap to copy, compared by structure, safe to share between threads. An accessor called on the
// wrong kind is a bug in the caller and aborts.
class Type {
 public:
  enum class Kind { kDynamic, kBool, kNumber, kString, kList, kSet, kMap, kTuple, kObject };
  using Attribute = std::pair<std::string, Type>;

  // Any type: the value says which.
  static Type Dynamic();
  static Type Bool();
  static Type Number();
  static Type String();
  static Type List(Type element);
  static Type Set(Type element);
  static Type Map(Type element);
  static Type Tuple(std::vector<Type> elements);
  static Type Object(const std::map<std::string, Type>& attributes);

  Kind kind() const { return rep_->kind; }
  bool IsPrimitive() const;
  // Whether this is Dynamic, or has it inside: then a value's own type says more than this one.
  bool HasDynamic() const { return rep_->has_dynamic; }
  // The element type. Requires a list, set or map.
  const Type& element() const;
  // The element types. Requires a tuple.
  const std::vector<Type>& elements() const;
  // The attributes, sorted by name. Requires an object.
  const std::vector<Attribute>& attributes() const;
  // Where `name` is in attributes(), or -1. Requires an object.
  int IndexOf(absl::string_view name) const;

  // As Terraform writes it in messages: list(string).
  std::string ToString() const;

  friend bool operator==(const Type& a, const Type& b);

 private:
  // Here for the sake of speed: kind() is asked several times of every value that is decoded.
  struct Rep {
    Kind kind;
    bool has_dynamic = false;
    std::vector<Type> elements = {};         // one for a collection, all for a tuple
    std::vector<Attribute> attributes = {};  // sorted by name
  };
  explicit Type(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  static Type Primitive(Kind kind);
  static Type Collection(Kind kind, Type element);

  std::shared_ptr<const Rep> rep_;
};

}  // namespace tfsdk
