#pragma once

// Binds a C++ struct to a Terraform object: one declaration gives the schema, the decoder and the encoder, so
// the three cannot drift apart.
//
//   struct Key {
//     std::string kid;
//     std::optional<std::string> alg;
//
//     static tfsdk::ObjectBinding<Key> Describe() {
//       return tfsdk::ObjectBinding<Key>("A public key.")
//           .Computed("kid", &Key::kid, "Key ID.")
//           .Computed("alg", &Key::alg, "Signature algorithm, when the issuer names one.");
//     }
//   };
//
// What does not fit does not compile: Required on a std::optional, Optional on a plain member, a member of a
// type that has no Codec. A Secret member makes its attribute sensitive by itself. A member may be another
// described struct, or a vector or map of them.

#include <any>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/codec.h"
#include "tfsdk/codec_rules.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/schema.h"

namespace tfsdk {

template <class T>
class ObjectBinding;

// A struct with a static Describe().
template <class T>
concept Described = requires {
  { T::Describe() } -> std::same_as<ObjectBinding<T>>;
};

// The binding of T, made once.
template <Described T>
const ObjectBinding<T>& BindingOf();

// T, or what it is derived from: &T::member has the type of the struct that declares the member.
template <class B, class T>
concept BaseOf = std::derived_from<T, B>;

// The attributes and blocks of a struct T, each named once. Build it in T::Describe(); immutable and
// thread-safe after.
template <class T>
class ObjectBinding {
 public:
  // `description` is Markdown, for the documentation.
  explicit ObjectBinding(std::string description) { schema_.description = std::move(description); }

  // The user must set it.
  template <Bindable M, BaseOf<T> B>
  ObjectBinding&& Required(absl::string_view name, M B::*member, absl::string_view description,
                           AttributeOptions options = {}) && {
    static_assert(
        !internal::Unwrapped<M>::kNullable || std::is_same_v<M, Maybe<typename internal::Unwrapped<M>::type>>,
        "a required attribute is never null: drop the optional");
    return std::move(*this).Add(name, Own(member), Mode::kRequired, description, options);
  }
  // The user may set it; otherwise the member is empty.
  template <Bindable M, BaseOf<T> B>
  ObjectBinding&& Optional(absl::string_view name, M B::*member, absl::string_view description,
                           AttributeOptions options = {}) && {
    static_assert(internal::Unwrapped<M>::kNullable,
                  "an optional attribute may be null: use std::optional or Maybe");
    return std::move(*this).Add(name, Own(member), Mode::kOptional, description, options);
  }
  // The user may set it; otherwise the provider does.
  template <Bindable M, BaseOf<T> B>
  ObjectBinding&& OptionalComputed(absl::string_view name, M B::*member, absl::string_view description,
                                   AttributeOptions options = {}) && {
    static_assert(internal::Unwrapped<M>::kNullable,
                  "an optional attribute may be null: use std::optional or Maybe");
    return std::move(*this).Add(name, Own(member), Mode::kOptionalComputed, description, options);
  }
  // The provider sets it. Never read from the configuration.
  template <Bindable M, BaseOf<T> B>
  ObjectBinding&& Computed(absl::string_view name, M B::*member, absl::string_view description,
                           AttributeOptions options = {}) && {
    return std::move(*this).Add(name, Own(member), Mode::kComputed, description, options);
  }
  // The user may set it; otherwise it is `value`. For resources: it is in every plan, so a plain member will
  // do.
  template <Bindable M, BaseOf<T> B>
  ObjectBinding&& Defaulted(absl::string_view name, M B::*member, const std::type_identity_t<M>& value,
                            absl::string_view description, AttributeOptions options = {}) && {
    options.push_back(AttributeOption::Of(
        [value = Codec<M>::Encode(value)](Attribute& attribute) { attribute.default_value = value; }));
    return std::move(*this).Add(name, Own(member), Mode::kOptionalComputed, description, options);
  }

  // A nested block `name { … }` that is there at most once.
  template <Described M, BaseOf<T> B>
  ObjectBinding&& Block(absl::string_view name, std::optional<M> B::*member) && {
    return std::move(*this).AddBlock({std::string(name), Nesting::kSingle, 0, 1, BindingOf<M>().schema()},
                                     Own(member));
  }
  // A nested block that may be repeated; `max_items` 0 means without limit.
  template <Described M, BaseOf<T> B>
  ObjectBinding&& Blocks(absl::string_view name, std::vector<M> B::*member, int64_t min_items = 0,
                         int64_t max_items = 0) && {
    return std::move(*this).AddBlock(
        {std::string(name), Nesting::kList, min_items, max_items, BindingOf<M>().schema()}, Own(member));
  }
  // The same, where order does not count.
  template <Described M, BaseOf<T> B>
  ObjectBinding&& Blocks(absl::string_view name, SetOf<M> B::*member, int64_t min_items = 0,
                         int64_t max_items = 0) && {
    return std::move(*this).AddBlock(
        {std::string(name), Nesting::kSet, min_items, max_items, BindingOf<M>().schema()}, Own(member));
  }
  // Rules for the block declared last, or for all its repetitions together.
  ObjectBinding&& With(std::vector<Validator> validators, std::vector<PlanModifier> plan_modifiers = {}) && {
    TFSDK_CHECK(!schema_.blocks.empty(), "With() belongs behind a block");
    schema_.blocks.back().validators = std::move(validators);
    schema_.blocks.back().plan_modifiers = std::move(plan_modifiers);
    return std::move(*this);
  }

  // A rule of the whole block, or of each object: ExactlyOneOf({"url", "file"}). See relation_validators.h.
  ObjectBinding&& Rule(Validator rule) && {
    schema_.rules.push_back(std::move(rule));
    return std::move(*this);
  }

  // The version of the schema, for resources: count it up when stored state must be changed, and say how in
  // Resource::Upgrades().
  ObjectBinding&& Version(int64_t version) && {
    schema_.version = version;
    return std::move(*this);
  }
  // The whole block is deprecated; Terraform tells the user `what_to_do_instead`.
  ObjectBinding&& Deprecated(std::string what_to_do_instead) && {
    schema_.deprecation = std::move(what_to_do_instead);
    return std::move(*this);
  }

  const Schema& schema() const { return schema_; }

  // The name of the attribute or block that `member` is bound to; aborts when it is bound to none.
  template <class M, BaseOf<T> B>
  const std::string& NameOf(M B::*member) const {
    for (const Member& bound : members_) {
      const auto* pointer = std::any_cast<M T::*>(&bound.pointer);
      if (pointer != nullptr && *pointer == Own(member)) return bound.name;
    }
    TFSDK_CHECK(false, "a member that Describe() does not name");
  }
  Type type() const { return type_.has_value() ? *type_ : schema_.type(); }

  // `value` as a T. The error names the path inside the value.
  absl::StatusOr<T> Decode(const Value& value, Source source) const {
    TFSDK_RETURN_IF_ERROR(internal::RequireValue(value));
    T object{};
    for (const Member& member : members_) {
      if (source == Source::kConfig && member.mode == Mode::kComputed) continue;
      const Value* inner = &value.attribute(member.name);
      if (source == Source::kConfig && member.default_value.has_value() && inner->IsKnown() &&
          inner->IsNull()) {
        inner = &*member.default_value;
      }
      // What a plan does not know yet, and what a state does not have (an older version may have written it, or
      // an import knew no better), is for the provider to fill in: refusing it here would leave the user without
      // a way to read, change or destroy the object.
      if (source != Source::kConfig && !member.holds_nothing && !inner->HasValue()) continue;
      absl::Status status = member.decode(object, *inner, source);
      if (!status.ok()) return Inside(Path(member.name), status);
    }
    return object;
  }

  Value Encode(const T& object) const {
    const Type own = type();
    std::vector<Value> values;
    values.reserve(members_.size());
    for (const auto& [name, type] : own.attributes()) values.push_back(Value::Null(type));
    bool as_declared = true;
    for (const Member& member : members_) {
      const auto at = static_cast<size_t>(own.IndexOf(member.name));
      values[at] = member.encode(object);
      as_declared &= values[at].type() == own.attributes()[at].second;
    }
    if (as_declared) return Value::Object(own, std::move(values));
    // A Dynamic member: the value's type says what it really is.
    std::map<std::string, Type> types;
    for (size_t i = 0; i < values.size(); ++i) types.emplace(own.attributes()[i].first, values[i].type());
    return Value::Object(Type::Object(types), std::move(values));
  }

 private:
  template <Described U>
  friend const ObjectBinding<U>& BindingOf();

  struct Member {
    std::string name;
    Mode mode;
    std::optional<Value> default_value;
    bool holds_nothing;  // it can say itself that it is null, and a Maybe that it is not known
    std::any pointer;    // to the member
    std::function<absl::Status(T&, const Value&, Source)> decode;
    std::function<Value(const T&)> encode;
  };

  template <class M>
  ObjectBinding&& Add(absl::string_view name, M T::*member, Mode mode, absl::string_view description,
                      const AttributeOptions& options) && {
    Attribute attribute{std::string(name), Codec<M>::type(), mode, std::string(description)};
    using Plain = typename internal::Unwrapped<M>::type;
    attribute.sensitive = internal::kSensitive<M>;
    attribute.nested = NestedOf(static_cast<const Plain*>(nullptr));
    if (const auto meaning = internal::MeaningOf<Plain>(); meaning != nullptr) {
      attribute.semantic_equality = meaning->semantic_equality;
      attribute.canonical_form = meaning->canonical_form;
      attribute.elements = meaning->elements;
    }
    if constexpr (internal::IsChecked<Plain>()) {
      attribute.validators.push_back(Validator(
          Validator::Asks::kHasValue,
          [](const Value& value, const Surroundings&) { return internal::CheckType<Plain>(value); }));
    }
    for (const AttributeOption& option : options) option.ApplyTo(attribute);
    AddMember(std::string(name), mode, attribute.default_value, member);
    schema_.attributes.push_back(std::move(attribute));
    return std::move(*this);
  }

  template <class M>
  ObjectBinding&& AddBlock(tfsdk::Block block, M T::*member) && {
    AddMember(block.name, Mode::kOptional, std::nullopt, member);
    schema_.blocks.push_back(std::move(block));
    return std::move(*this);
  }

  template <class M, class B>
  static M T::*Own(M B::*member) {
    return member;
  }

  template <class M>
  void AddMember(std::string name, Mode mode, std::optional<Value> default_value, M T::*member) {
    constexpr bool kMaybe = std::is_same_v<M, Maybe<typename internal::Unwrapped<M>::type>>;
    members_.push_back({std::move(name), mode, std::move(default_value), kMaybe, member,
                        [member](T& t, const Value& value, Source source) -> absl::Status {
                          TFSDK_ASSIGN_OR_RETURN(t.*member, Codec<M>::Decode(value, source));
                          return absl::OkStatus();
                        },
                        [member](const T& t) { return Codec<M>::Encode(t.*member); }});
  }

  // The structure of a member that is made of described structs; null for any other.
  using Nested = std::shared_ptr<const NestedObject>;
  static Nested NestedOf(const void*) { return nullptr; }
  template <Described U>
  static Nested NestedOf(const U*) {
    return MakeNested<U>(Nesting::kSingle);
  }
  template <Described U>
  static Nested NestedOf(const std::vector<U>*) {
    return MakeNested<U>(Nesting::kList);
  }
  template <Described U>
  static Nested NestedOf(const SetOf<U>*) {
    return MakeNested<U>(Nesting::kSet);
  }
  template <Described U>
  static Nested NestedOf(const std::map<std::string, U>*) {
    return MakeNested<U>(Nesting::kMap);
  }
  template <Described U>
  static Nested MakeNested(Nesting nesting) {
    const Schema& schema = BindingOf<U>().schema();
    return std::make_shared<const NestedObject>(NestedObject{nesting, schema.attributes, schema.rules});
  }

  Schema schema_;
  std::vector<Member> members_;
  std::optional<Type> type_;  // set once the description is complete
};

template <Described T>
const ObjectBinding<T>& BindingOf() {
  static const ObjectBinding<T>* const binding = [] {
    auto* complete = new ObjectBinding<T>(T::Describe());
    complete->type_ = complete->schema_.type();
    return complete;
  }();
  return *binding;
}

template <Described T>
struct Codec<T> {
  static Type type() { return BindingOf<T>().type(); }
  static absl::StatusOr<T> Decode(const Value& value, Source source) {
    return BindingOf<T>().Decode(value, source);
  }
  static Value Encode(const T& t) { return BindingOf<T>().Encode(t); }
};

}  // namespace tfsdk
