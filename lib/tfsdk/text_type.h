#pragma once

// Types that are a text with a grammar and a meaning: JSON, times, addresses. Write one of your own like this,
// and it is checked during validation, decoded, and keeps the user's bytes where the provider's mean the same:
//
//   class Color : public tfsdk::Text {
//    public:
//     Color() = default;
//     static absl::StatusOr<Color> Parse(absl::string_view text);  // InvalidArgument, in one sentence
//    private:
//     Color(absl::string_view text, std::string meaning) : Text(text, std::move(meaning)) {}
//   };

#include <concepts>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/codec.h"

namespace tfsdk {

// What such a type derives from. Immutable; copy freely between threads. Made by default it is empty, which no
// Parse() has seen: it is what a member is before it is decoded.
class Text {
 public:
  // As the user, or the provider, wrote it.
  const std::string& text() const { return text_; }
  // The same for all texts that mean the same, and for no others.
  const std::string& meaning() const { return meaning_; }

  // Equal to the byte. Compare meaning() for the rest.
  friend bool operator==(const Text& a, const Text& b) { return a.text_ == b.text_; }

 protected:
  Text() = default;
  Text(absl::string_view text, std::string meaning) : text_(text), meaning_(std::move(meaning)) {}
  ~Text() = default;
  Text(const Text&) = default;
  Text(Text&&) = default;
  Text& operator=(const Text&) = default;
  Text& operator=(Text&&) = default;

 private:
  std::string text_;
  std::string meaning_;
};

template <class T>
concept TextType = std::derived_from<T, Text> && requires(absl::string_view text) {
  { T::Parse(text) } -> std::same_as<absl::StatusOr<T>>;
};

template <TextType T>
struct Codec<T> {
  static Type type() { return Type::String(); }
  static absl::StatusOr<T> Decode(const Value& value, Source) {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    return T::Parse(value.AsString());
  }
  static Value Encode(const T& t) { return Value::String(t.text()); }
  static absl::Status Check(const Value& value) { return T::Parse(value.AsString()).status(); }
  static Value Canonical(const Value& value) {
    const absl::StatusOr<T> parsed = T::Parse(value.AsString());
    if (parsed.ok()) return Value::String(parsed->meaning());
    // Wrapped, so that it is equal to the meaning of no other.
    return Value::Sequence(Type::Tuple({Type::String()}), {value});
  }
  static bool SameMeaning(const Value& prior, const Value& now) { return Canonical(prior) == Canonical(now); }
};

}  // namespace tfsdk
