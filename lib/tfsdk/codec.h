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
// Three more are picked up when they are there, all for known, non-null values: `static absl::Status
// Check(const Value&)` is a rule that every attribute of the type has by itself; `static bool
// SameMeaning(const Value& prior, const Value& now)` keeps the prior text where both mean the same; and
// `static Value Canonical(const Value&)`, the form that all values of one meaning share, does so in linear
// time for large sets as well. For a type that is a text, tfsdk/text_type.h has all of it.
//
// A plain T is always there; std::optional<T> may be null; Maybe<T> may be null or not known yet. Decoding
// null or unknown into a type that cannot hold it is an error at that path, so authors need no check.

#include <charconv>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/maybe.h"
#include "tfsdk/path.h"
#include "tfsdk/secret.h"
#include "tfsdk/status.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What a value being decoded is. Computed attributes are read from state, where the provider put them, and
// never from configuration, where they are null. In a plan, what is not known yet is left as the member is
// by default, unless that is a Maybe: it is what the provider shall fill in.
enum class Source { kConfig, kPlan, kState };

// A Terraform set: its elements in no order that means something.
template <class T>
struct SetOf {
  std::vector<T> elements = {};
  friend bool operator==(const SetOf&, const SetOf&) = default;
};

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
inline constexpr bool kSensitive<SetOf<T>> = kSensitive<T>;
template <class T>
inline constexpr bool kSensitive<std::map<std::string, T>> = kSensitive<T>;

// The elements of a list or a set.
template <class T>
absl::StatusOr<std::vector<T>> DecodeElements(const Value& value, Source source) {
  TFSDK_RETURN_IF_ERROR(RequireValue(value));
  const bool ordered = value.type().kind() != Type::Kind::kSet;
  std::vector<T> elements;
  elements.reserve(value.elements().size());
  for (const Value& element : value.elements()) {
    absl::StatusOr<T> decoded = Codec<T>::Decode(element, source);
    if (!decoded.ok()) {
      // An element of a set has no place that a path could name.
      return ordered ? Inside(Path().AtIndex(static_cast<int64_t>(elements.size())), decoded.status())
                     : WithoutPath(decoded.status());
    }
    elements.push_back(*std::move(decoded));
  }
  return elements;
}

template <class T>
Value EncodeElements(const Type& type, const std::vector<T>& list) {
  std::vector<Value> elements;
  elements.reserve(list.size());
  for (const T& t : list) elements.push_back(Codec<T>::Encode(t));
  return Value::Sequence(type, std::move(elements));
}

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
  static absl::Status Check(const Value& value) {
    if (value.AsNumber().ToInt64().ok()) return absl::OkStatus();
    return absl::InvalidArgumentError("Must be a whole number that fits into 64 bits.");
  }
  static Value Encode(int64_t n) { return Value::Number(n); }
};

template <>
struct Codec<int32_t> {
  static Type type() { return Type::Number(); }
  static absl::StatusOr<int32_t> Decode(const Value& value, Source source) {
    TFSDK_ASSIGN_OR_RETURN(const int64_t wide, Codec<int64_t>::Decode(value, source));
    if (wide < std::numeric_limits<int32_t>::min() || wide > std::numeric_limits<int32_t>::max()) {
      return absl::OutOfRangeError("The number does not fit into 32 bits.");
    }
    return static_cast<int32_t>(wide);
  }
  static absl::Status Check(const Value& value) {
    if (Decode(value, Source::kConfig).ok()) return absl::OkStatus();
    return absl::InvalidArgumentError("Must be a whole number that fits into 32 bits.");
  }
  static Value Encode(int32_t n) { return Value::Number(int64_t{n}); }
};

// A number that a double holds exactly or nearly: use Number where every digit counts.
template <>
struct Codec<double> {
  static Type type() { return Type::Number(); }
  static absl::StatusOr<double> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    const double number = value.AsNumber().ToDouble();
    if (!std::isfinite(number)) return absl::OutOfRangeError("The number does not fit into 64 bits.");
    return number;
  }
  // Refuses what would lose digits: the plan has all of them, and Terraform compares.
  static absl::Status Check(const Value& value) {
    TFSDK_ASSIGN_OR_RETURN(const double number, Decode(value, Source::kConfig));
    if (Encode(number).AsNumber() == value.AsNumber()) return absl::OkStatus();
    return absl::OutOfRangeError("The number has more digits than 64 bits can hold.");
  }
  // Requires a finite number: Terraform has no other.
  static Value Encode(double number) {
    const absl::StatusOr<Number> exact = Number::FromDouble(number);
    TFSDK_CHECK(exact.ok(), "NaN or infinity, which Terraform cannot hold");
    return Value::Number(*exact);
  }
};

template <>
struct Codec<float> {
  static Type type() { return Type::Number(); }
  static absl::StatusOr<float> Decode(const Value& value, Source source) {
    TFSDK_ASSIGN_OR_RETURN(const double wide, Codec<double>::Decode(value, source));
    if (std::abs(wide) > std::numeric_limits<float>::max()) {
      return absl::OutOfRangeError("The number does not fit into 32 bits.");
    }
    return static_cast<float>(wide);
  }
  static absl::Status Check(const Value& value) {
    TFSDK_ASSIGN_OR_RETURN(const float number, Decode(value, Source::kConfig));
    if (Encode(number).AsNumber() == value.AsNumber()) return absl::OkStatus();
    return absl::OutOfRangeError("The number has more digits than 32 bits can hold.");
  }
  // As few digits as tell it from all others: 0.1 stays 0.1.
  static Value Encode(float number) {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof(text), number).ptr;
    const absl::StatusOr<Number> shortest =
        Number::Parse(absl::string_view(text, static_cast<size_t>(end - text)));
    TFSDK_CHECK(shortest.ok(), "NaN or infinity, which Terraform cannot hold");
    return Value::Number(*shortest);
  }
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
    return internal::DecodeElements<T>(value, source);
  }
  static Value Encode(const std::vector<T>& list) { return internal::EncodeElements(type(), list); }
};

template <Bindable T>
struct Codec<SetOf<T>> {
  static Type type() { return Type::Set(Codec<T>::type()); }
  static absl::StatusOr<SetOf<T>> Decode(const Value& value, Source source) {
    TFSDK_ASSIGN_OR_RETURN(std::vector<T> elements, internal::DecodeElements<T>(value, source));
    return SetOf<T>{std::move(elements)};
  }
  static Value Encode(const SetOf<T>& set) { return internal::EncodeElements(type(), set.elements); }
};

// A tuple: a list of known length whose elements have types of their own.
template <Bindable... T>
struct Codec<std::tuple<T...>> {
  static Type type() { return Type::Tuple({Codec<T>::type()...}); }
  static absl::StatusOr<std::tuple<T...>> Decode(const Value& value, Source source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return DecodeAll(value, source, std::index_sequence_for<T...>());
  }
  static Value Encode(const std::tuple<T...>& tuple) {
    return std::apply(
        [](const T&... t) {
          return Value::Sequence(Type::Tuple({Codec<T>::Encode(t).type()...}), {Codec<T>::Encode(t)...});
        },
        tuple);
  }

 private:
  template <size_t... I>
  static absl::StatusOr<std::tuple<T...>> DecodeAll(const Value& value, Source source,
                                                    std::index_sequence<I...>) {
    std::tuple<absl::StatusOr<T>...> decoded{Codec<T>::Decode(value.elements()[I], source)...};
    absl::Status wrong;
    (wrong.Update(Inside(Path().AtIndex(static_cast<int64_t>(I)), std::get<I>(decoded).status())), ...);
    TFSDK_RETURN_IF_ERROR(wrong);
    return std::tuple<T...>(*std::move(std::get<I>(decoded))...);
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
