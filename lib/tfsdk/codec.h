#pragma once

// Codec<T>: how a C++ type maps to a Terraform type. Specialise it to bind a type of your own.
//
//   template <>
//   struct tfsdk::Codec<absl::Duration> {
//     static Type type() { return Type::String(); }
//     static absl::StatusOr<absl::Duration> Decode(const Value& value, Source source);
//     static Value Encode(absl::Duration duration);
//   };
//
// A plain T is always there; std::optional<T> may be null; Maybe<T> may be null or not known yet. Decoding
// null or unknown into a type that cannot hold it is an error at that path, so authors need no check.

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/maybe.h"
#include "tfsdk/path.h"
#include "tfsdk/secret.h"
#include "tfsdk/status.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What a value being decoded is. Computed attributes are read from state, where the provider put them, and
// never from configuration, where they are null.
enum class Source { kConfig, kState };

template <class T>
struct Codec;

template <class T>
concept Bindable = requires(const Value& value, Source source, const T& t) {
  { Codec<T>::type() } -> std::same_as<Type>;
  { Codec<T>::Decode(value, source) } -> std::same_as<absl::StatusOr<T>>;
  { Codec<T>::Encode(t) } -> std::same_as<Value>;
};

namespace internal {

// Refuses null and unknown, for the types that can hold neither.
inline absl::Status RequireValue(const Value& value) {
  if (!value.IsKnown()) return absl::FailedPreconditionError("The value is not known yet.");
  if (value.IsNull()) return absl::InvalidArgumentError("A value is required.");
  return absl::OkStatus();
}

// What a wrapper wraps: T of std::optional<T> and Maybe<T>, else the type itself.
template <class T>
struct Unwrapped {
  using type = T;
  static constexpr bool kNullable = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using type = T;
  static constexpr bool kNullable = true;
};
template <class T>
struct Unwrapped<Maybe<T>> {
  using type = T;
  static constexpr bool kNullable = true;
};

// Whether a Secret is inside, which makes the whole attribute sensitive.
template <class T>
inline constexpr bool kSensitive = std::is_same_v<T, Secret>;
template <class T>
inline constexpr bool kSensitive<std::optional<T>> = kSensitive<T>;
template <class T>
inline constexpr bool kSensitive<Maybe<T>> = kSensitive<T>;
template <class T>
inline constexpr bool kSensitive<std::vector<T>> = kSensitive<T>;
template <class T>
inline constexpr bool kSensitive<std::map<std::string, T>> = kSensitive<T>;

}  // namespace internal

template <>
struct Codec<bool> {
  static Type type() { return Type::Bool(); }
  static absl::StatusOr<bool> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return value.AsBool();
  }
  static Value Encode(bool b) { return Value::Bool(b); }
};

template <>
struct Codec<int64_t> {
  static Type type() { return Type::Number(); }
  static absl::StatusOr<int64_t> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return value.AsNumber().ToInt64();
  }
  static Value Encode(int64_t n) { return Value::Number(n); }
};

template <>
struct Codec<Number> {
  static Type type() { return Type::Number(); }
  static absl::StatusOr<Number> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return value.AsNumber();
  }
  static Value Encode(const Number& n) { return Value::Number(n); }
};

template <>
struct Codec<std::string> {
  static Type type() { return Type::String(); }
  static absl::StatusOr<std::string> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return value.AsString();
  }
  static Value Encode(const std::string& s) { return Value::String(s); }
};

// Also makes its attribute sensitive.
template <>
struct Codec<Secret> {
  static Type type() { return Type::String(); }
  static absl::StatusOr<Secret> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return Secret(value.AsString());
  }
  static Value Encode(const Secret& secret) { return Value::String(secret.Reveal()); }
};

// An attribute of any type.
template <>
struct Codec<Value> {
  static Type type() { return Type::Dynamic(); }
  static absl::StatusOr<Value> Decode(const Value& value, Source) { return value; }
  static Value Encode(const Value& value) { return value; }
};

template <Bindable T>
struct Codec<std::optional<T>> {
  static Type type() { return Codec<T>::type(); }
  static absl::StatusOr<std::optional<T>> Decode(const Value& value, Source source) {
    if (value.IsNull()) return std::optional<T>();
    TFSDK_ASSIGN_OR_RETURN(T decoded, Codec<T>::Decode(value, source));
    return std::optional<T>(std::move(decoded));
  }
  static Value Encode(const std::optional<T>& t) {
    return t.has_value() ? Codec<T>::Encode(*t) : Value::Null(type());
  }
};

template <Bindable T>
struct Codec<Maybe<T>> {
  static Type type() { return Codec<T>::type(); }
  static absl::StatusOr<Maybe<T>> Decode(const Value& value, Source source) {
    if (!value.IsWhollyKnown()) return Maybe<T>::Unknown();
    if (value.IsNull()) return Maybe<T>();
    TFSDK_ASSIGN_OR_RETURN(T decoded, Codec<T>::Decode(value, source));
    return Maybe<T>(std::move(decoded));
  }
  static Value Encode(const Maybe<T>& t) {
    if (t.HasValue()) return Codec<T>::Encode(t.value());
    return t.IsKnown() ? Value::Null(type()) : Value::Unknown(type());
  }
};

template <Bindable T>
struct Codec<std::vector<T>> {
  static Type type() { return Type::List(Codec<T>::type()); }
  static absl::StatusOr<std::vector<T>> Decode(const Value& value, Source source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    std::vector<T> list;
    list.reserve(value.elements().size());
    for (const Value& element : value.elements()) {
      absl::StatusOr<T> decoded = Codec<T>::Decode(element, source);
      if (!decoded.ok()) return Inside(Path().AtIndex(static_cast<int64_t>(list.size())), decoded.status());
      list.push_back(*std::move(decoded));
    }
    return list;
  }
  static Value Encode(const std::vector<T>& list) {
    std::vector<Value> elements;
    elements.reserve(list.size());
    for (const T& t : list) elements.push_back(Codec<T>::Encode(t));
    return Value::Sequence(type(), std::move(elements));
  }
};

template <Bindable T>
struct Codec<std::map<std::string, T>> {
  static Type type() { return Type::Map(Codec<T>::type()); }
  static absl::StatusOr<std::map<std::string, T>> Decode(const Value& value, Source source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    std::map<std::string, T> map;
    for (const auto& [key, element] : value.entries()) {
      absl::StatusOr<T> decoded = Codec<T>::Decode(element, source);
      if (!decoded.ok()) return Inside(Path().AtKey(key), decoded.status());
      map.emplace(key, *std::move(decoded));
    }
    return map;
  }
  static Value Encode(const std::map<std::string, T>& map) {
    std::map<std::string, Value> entries;
    for (const auto& [key, t] : map) entries.emplace(key, Codec<T>::Encode(t));
    return Value::Map(type(), entries);
  }
};

}  // namespace tfsdk
