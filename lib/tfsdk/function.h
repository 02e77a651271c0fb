#pragma once

// A provider function: provider::k8soidc::jwk_thumbprint(key) in the user's configuration.
//
// Functions are pure: the same arguments give the same result in every process of a run, so no clock, no
// randomness, no network and no provider configuration (Terraform calls them in a process that was never
// configured).

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tfsdk/binding.h"
#include "tfsdk/codec.h"
#include "tfsdk/context.h"
#include "tfsdk/path.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// The arguments for the last parameter of a function, none or any number of them.
template <class T>
struct Variadic {
  std::vector<T> arguments = {};
  friend bool operator==(const Variadic&, const Variadic&) = default;
};

// What the documentation says about a function.
struct FunctionText {
  std::string summary;           // one line
  std::string description = {};  // Markdown
  std::string deprecation = {};  // not empty: deprecated, and this is what to do instead
};

// What an author says about one parameter; its type follows from the signature. Of the options, validators and
// PlainDescription() mean something here.
struct Parameter {
  std::string name;
  std::string description;
  AttributeOptions options = {};
};

// One parameter, complete.
struct FunctionParameter {
  Attribute attribute;  // its name, type, description and validators
  bool allows_null = false;
  bool allows_unknown = false;
};

// What Terraform is told of a function. Immutable.
struct FunctionSignature {
  FunctionText text;
  std::vector<FunctionParameter> parameters = {};
  std::optional<FunctionParameter> variadic = std::nullopt;
  Type result;

  // The parameter that the argument at `position` is for; null when the function has none there.
  const FunctionParameter* ParameterAt(size_t position) const {
    if (position < parameters.size()) return &parameters[position];
    return variadic.has_value() ? &*variadic : nullptr;
  }

  // What Terraform would refuse or crash on: names that are no identifiers or are there twice, options that
  // parameters do not have. FailedPrecondition naming the parameter.
  absl::Status Check() const;
};

// What the engine holds: values in, a value out. Authors derive from Function instead.
class AnyFunction {
 public:
  virtual ~AnyFunction() = default;
  const FunctionSignature& signature() const { return signature_; }
  // `arguments` are as many as the signature wants, and null or unknown only where it allows that. The path
  // of an error begins with the position of the argument to blame.
  virtual absl::StatusOr<Value> CallAny(Context& context, absl::Span<const Value> arguments) const = 0;

 protected:
  explicit AnyFunction(FunctionSignature signature) : signature_(std::move(signature)) {}

 private:
  const FunctionSignature signature_;
};

namespace internal {

template <class T>
struct ParameterType {
  using type = T;
  static constexpr bool kVariadic = false;
};
template <class T>
struct ParameterType<Variadic<T>> {
  using type = T;
  static constexpr bool kVariadic = true;
};

template <class T>
FunctionParameter Complete(Parameter parameter) {
  using Argument = typename ParameterType<T>::type;
  FunctionParameter complete{{std::move(parameter.name), Codec<Argument>::type(), Mode::kRequired,
                              std::move(parameter.description)}};
  complete.allows_null = Unwrapped<Argument>::kNullable;
  complete.allows_unknown = std::is_same_v<Argument, Maybe<typename Unwrapped<Argument>::type>>;
  for (const AttributeOption& option : parameter.options) option.ApplyTo(complete.attribute);
  return complete;
}

// Whether all of `marks` but the last are false.
constexpr bool OnlyTheLast(std::initializer_list<bool> marks) {
  size_t at = 0;
  for (const bool mark : marks) {
    if (++at < marks.size() && mark) return false;
  }
  return true;
}

template <class T>
FunctionSignature SignatureOf(FunctionText text) {
  return {std::move(text), {}, std::nullopt, Codec<T>::type()};
}

}  // namespace internal

template <class Signature>
class Function;

// Derive from it with the C++ signature of the function, name the parameters, implement Call, and add it to the
// provider:
//
//   class Repeat final : public tfsdk::Function<std::string(std::string, int64_t)> {
//    public:
//     Repeat() : Function({"Repeats a text."}, Parameter{"text", "What."}, Parameter{"times", "How often.",
//                                                                                    {Between(0, 100)}}) {}
//     absl::StatusOr<std::string> Call(tfsdk::Context&, std::string text, int64_t times) const override;
//   };
//
// A parameter of type std::optional<T> may be given null, a Maybe<T> null or something not known yet; a Value
// may be of any type. For all others Terraform refuses null by itself, and does not call while an argument is
// not known. Only the last parameter can be Variadic<T>.
//
// One object serves all calls at once: Call is const, and what it shares must be thread-safe.
template <Bindable R, class... Args>
class Function<R(Args...)> : public AnyFunction {
 public:
  // One Parameter for each of Args, in their order.
  template <std::same_as<Parameter>... P>
  requires(sizeof...(P) == sizeof...(Args)) explicit Function(FunctionText text, P... parameters)
      : AnyFunction(Describe(std::move(text), std::move(parameters)...)) {}

  // An error At(Path().AtIndex(n), …) is said about the argument at position n, counted from zero over all
  // arguments, those of a Variadic singly. Further errors may go to the context's diagnostics; Terraform has
  // no warnings for functions, so those are dropped.
  virtual absl::StatusOr<R> Call(Context& context, Args... arguments) const = 0;

 private:
  static constexpr bool kVariadic = (internal::ParameterType<Args>::kVariadic || ...);
  static_assert(internal::OnlyTheLast({internal::ParameterType<Args>::kVariadic...}),
                "only the last parameter can be Variadic");

  template <class... P>
  static FunctionSignature Describe(FunctionText text, P... parameters) {
    FunctionSignature signature = internal::SignatureOf<R>(std::move(text));
    (signature.parameters.push_back(internal::Complete<Args>(std::move(parameters))), ...);
    if constexpr (kVariadic) {
      signature.variadic = std::move(signature.parameters.back());
      signature.parameters.pop_back();
    }
    return signature;
  }

  absl::StatusOr<Value> CallAny(Context& context, absl::Span<const Value> arguments) const final {
    return DecodeAndCall(context, arguments, std::index_sequence_for<Args...>());
  }

  template <size_t... I>
  absl::StatusOr<Value> DecodeAndCall(Context& context, [[maybe_unused]] absl::Span<const Value> arguments,
                                      std::index_sequence<I...>) const {
    std::tuple<absl::StatusOr<Args>...> decoded{DecodeAt<Args>(arguments, I)...};
    absl::Status wrong;
    (wrong.Update(std::get<I>(decoded).status()), ...);
    TFSDK_RETURN_IF_ERROR(wrong);
    TFSDK_ASSIGN_OR_RETURN(const R result, Call(context, *std::move(std::get<I>(decoded))...));
    return Codec<R>::Encode(result);
  }

  template <class T>
  static absl::StatusOr<T> DecodeAt(absl::Span<const Value> arguments, size_t position) {
    if constexpr (internal::ParameterType<T>::kVariadic) {
      T rest;
      for (; position < arguments.size(); ++position) {
        TFSDK_ASSIGN_OR_RETURN(auto argument,
                               DecodeAt<typename internal::ParameterType<T>::type>(arguments, position));
        rest.arguments.push_back(std::move(argument));
      }
      return rest;
    } else {
      absl::StatusOr<T> argument = Codec<T>::Decode(arguments[position], Source::kState);
      if (argument.ok()) return argument;
      return Inside(Path().AtIndex(static_cast<int64_t>(position)), argument.status());
    }
  }
};

}  // namespace tfsdk
