#pragma once

// What a Codec<T> says of its type beyond decoding: how values are checked, and when two mean the same. Also of
// types that have such a type inside: std::vector<T>, SetOf<T>, std::map<std::string, T>. For binding.h;
// authors need nothing of it.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "tfsdk/codec.h"
#include "tfsdk/path.h"
#include "tfsdk/schema.h"
#include "tfsdk/status.h"
#include "tfsdk/value.h"

namespace tfsdk::internal {

// What a vector, SetOf or map of custom values consists of; void for anything else.
template <class T>
struct ElementOf {
  using type = void;
};
template <class T>
struct ElementOf<std::vector<T>> {
  using type = typename Unwrapped<T>::type;
};
template <class T>
struct ElementOf<SetOf<T>> {
  using type = typename Unwrapped<T>::type;
};
template <class T>
struct ElementOf<std::map<std::string, T>> {
  using type = typename Unwrapped<T>::type;
};

// Whether Codec<T>, or that of elements inside, has a Check (see codec.h).
template <class T>
constexpr bool IsChecked() {
  if constexpr (std::is_void_v<T>) {
    return false;
  } else {
    constexpr bool kOwn = requires(const Value& value) { Codec<T>::Check(value); };
    return kOwn || IsChecked<typename ElementOf<T>::type>();
  }
}

// Runs it on `value` and on what is inside, except on what is null or not known. The first error.
template <class T>
absl::Status CheckType(const Value& value) {
  if (!value.HasValue()) return absl::OkStatus();
  if constexpr (requires { Codec<T>::Check(value); }) {
    return value.IsWhollyKnown() ? Codec<T>::Check(value) : absl::OkStatus();
  } else if constexpr (IsChecked<typename ElementOf<T>::type>()) {
    using Element = typename ElementOf<T>::type;
    if (value.type().kind() == Type::Kind::kMap) {
      for (const auto& [key, element] : value.entries()) {
        TFSDK_RETURN_IF_ERROR(Inside(Path().AtKey(key), CheckType<Element>(element)));
      }
      return absl::OkStatus();
    }
    const bool ordered = value.type().kind() == Type::Kind::kList;
    for (size_t i = 0; i < value.elements().size(); ++i) {
      const absl::Status status = CheckType<Element>(value.elements()[i]);
      if (!status.ok()) return ordered ? Inside(Path().AtIndex(static_cast<int64_t>(i)), status) : status;
    }
  }
  return absl::OkStatus();
}

// What Codec<T> says of values that mean the same (see codec.h), at any depth of collections; null when it
// says nothing.
template <class T>
std::shared_ptr<const ElementMeaning> MeaningOf() {
  ElementMeaning meaning;
  if constexpr (requires { CanonicalForm(&Codec<T>::Canonical); }) {
    meaning.canonical_form = &Codec<T>::Canonical;
    meaning.semantic_equality = [](const Value& prior, const Value& now) {
      return Codec<T>::Canonical(prior) == Codec<T>::Canonical(now);
    };
  } else if constexpr (requires { SemanticEquality(&Codec<T>::SameMeaning); }) {
    meaning.semantic_equality = &Codec<T>::SameMeaning;
  } else if constexpr (!std::is_void_v<typename ElementOf<T>::type>) {
    meaning.elements = MeaningOf<typename ElementOf<T>::type>();
    if (meaning.elements == nullptr) return nullptr;
  } else {
    return nullptr;
  }
  return std::make_shared<const ElementMeaning>(std::move(meaning));
}

}  // namespace tfsdk::internal
