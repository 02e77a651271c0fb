#pragma once

// Arguments: what a user would write in a block, in few words, for tests.
//
//   harness.Apply("files_file.a", {{"name", "a.txt"}, {"content", "hello"}});
//   harness.Apply("files_file.a", FileModel{.name = "a.txt"});
//   harness.Plan("pool_pool.a", {{"size", 3}, {"node", Given::List({Given::Object({{"cpu", 4}})})}});

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "tfsdk/binding.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk::testing {

// One value, without its type: the schema knows it. Immutable, cheap to copy.
class Given {
 public:
  using Entry = std::pair<const std::string, Given>;

  Given(const char* text) : rep_(Value::String(text)) {}             // NOLINT(google-explicit-constructor)
  Given(std::string text) : rep_(Value::String(std::move(text))) {}  // NOLINT(google-explicit-constructor)
  Given(Value value) : rep_(std::move(value)) {}                     // NOLINT(google-explicit-constructor)
  Given(bool truth) : rep_(Value::Bool(truth)) {}                    // NOLINT(google-explicit-constructor)
  template <std::integral N>
  requires(!std::same_as<N, bool>) Given(N number)  // NOLINT(google-explicit-constructor)
      : rep_(Value::Number(static_cast<int64_t>(number))) {}
  Given(double number);  // NOLINT(google-explicit-constructor)

  static Given Null() { return Given(Nothing{false}); }
  // Not known before apply, as a reference to what another resource will compute.
  static Given Unknown() { return Given(Nothing{true}); }
  // Also for sets and tuples, and for blocks that may be repeated.
  static Given List(std::vector<Given> elements);
  // Also for maps, and for nested objects and blocks.
  static Given Object(std::map<std::string, Given> parts);

  // This as a value of `type`. What an object leaves out is null, and a collection of blocks empty: `blocks` are
  // those of the schema that the object has; null: none. InvalidArgument at the path inside for what does not fit,
  // and for attributes that the type does not have.
  absl::StatusOr<Value> As(const Type& type, const std::vector<Block>* blocks = nullptr) const;

 private:
  struct Nothing {
    bool unknown;
  };
  using Elements = std::shared_ptr<const std::vector<Given>>;
  using Parts = std::shared_ptr<const std::map<std::string, Given>>;
  using Rep = std::variant<Value, Nothing, Elements, Parts>;

  explicit Given(Rep rep) : rep_(std::move(rep)) {}
  static absl::StatusOr<Value> ObjectAs(const std::map<std::string, Given>& parts, const Type& type,
                                        const std::vector<Block>* blocks);

  Rep rep_;
};

// The content of one block. From names and values; or from a described struct, whose computed members are left out,
// as no user can write them. So are members that the provider sets when the user does not, as long as they are as
// in a new struct: an empty `mode` that has a default is not an empty text, but no mode.
class Arguments {
 public:
  Arguments() = default;
  Arguments(std::initializer_list<Given::Entry> attributes)  // NOLINT(google-explicit-constructor)
      : given_(Given::Object(std::map<std::string, Given>(attributes))) {}
  Arguments(std::map<std::string, Given> attributes)  // NOLINT(google-explicit-constructor)
      : given_(Given::Object(std::move(attributes))) {}
  template <Described M>
  Arguments(const M& model)  // NOLINT(google-explicit-constructor)
      : given_(AsWritten(BindingOf<M>().schema().attributes, BindingOf<M>().Encode(model),
                         BindingOf<M>().Encode(M{}))) {}
  // A whole object of the schema's type, as it is.
  static Arguments Of(Value object) { return Arguments(Given(std::move(object))); }

  // The object for a block of `schema`. InvalidArgument at the attribute that does not fit.
  absl::StatusOr<Value> For(const Schema& schema) const;

 private:
  explicit Arguments(Given given) : given_(std::move(given)) {}
  static Value AsWritten(const std::vector<Attribute>& attributes, Value object, const Value& fresh);

  Given given_ = Given::Object({});
};

}  // namespace tfsdk::testing
