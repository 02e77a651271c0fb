#pragma once

// Schema: what a provider, data source or resource lets a user write, and what it gives back.
//
// Authors rarely write one by hand: ObjectBinding (tfsdk/binding.h) makes it from a struct.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/path.h"
#include "tfsdk/type.h"
#include "tfsdk/validator.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Who sets an attribute: the user must, the user may, the provider does, or the user may and else the
// provider does.
enum class Mode { kRequired, kOptional, kComputed, kOptionalComputed };

// How often a nested object or block may be there, and what tells its instances apart.
enum class Nesting { kSingle, kList, kSet, kMap };

// One attribute in the plan of a managed resource, for the plan modifiers of that attribute to look at and to
// change.
struct AttributeChange {
  const Value& config;            // what the user wrote for it, or null
  const Value& prior;             // what it was before; null when the resource is about to be created
  Value planned;                  // what it will be: change this
  const Path& path;               // of the attribute, from the root of the resource
  const Value& whole_config;      // of the resource
  const Value& whole_prior;       // of the resource; null when it is about to be created
  const Value& whole_planned;     // of the resource, as it was before the modifiers of any attribute
  bool requires_replace = false;  // set it when this change needs a new object

  bool creating() const { return whole_prior.IsNull(); }
};

// Looks at one attribute of a planned change: keeps what is already certain, says that a change needs a new
// object. Never called for a destruction. Called from several threads.
using PlanModifier = std::function<absl::Status(AttributeChange& change)>;

// Whether two known, non-null values mean the same: then the bytes that are in the plan or the state stay.
using SemanticEquality = std::function<bool(const Value& prior, const Value& now)>;

// The one form of all known, non-null values that mean the same as this one: two values mean the same when
// their canonical forms are equal. It lets large sets be compared in linear time, which asking pair by pair
// cannot. What is no valid value is its own form.
using CanonicalForm = std::function<Value(const Value& value)>;

// When the elements of a list, set or map mean the same, each for itself.
struct ElementMeaning {
  SemanticEquality semantic_equality = nullptr;
  CanonicalForm canonical_form = nullptr;
  std::shared_ptr<const ElementMeaning> elements = nullptr;  // of the elements' elements
};

enum class TextKind { kMarkdown, kPlain };

struct NestedObject;

struct Attribute {
  std::string name;  // ^[a-z0-9_]+$
  Type type;
  Mode mode = Mode::kOptional;
  std::string description = {};
  TextKind description_kind = TextKind::kMarkdown;
  bool sensitive = false;
  // Taken from the configuration and never stored: null in every plan and state. Resources only.
  bool write_only = false;
  std::string deprecation = {};  // not empty: deprecated, and this is what to do instead
  std::vector<Validator> validators = {};
  // What it is when the user leaves it out. Only for kOptionalComputed, and only in resources.
  std::optional<Value> default_value = std::nullopt;
  std::vector<PlanModifier> plan_modifiers = {};
  SemanticEquality semantic_equality = nullptr;
  CanonicalForm canonical_form = nullptr;  // when there is one: agrees with semantic_equality
  std::shared_ptr<const ElementMeaning> elements = nullptr;  // when elements of a custom type are inside
  // Set when the attribute is made of described objects; `type` is then theirs. Protocol 6 sends the
  // structure; protocol 5 can only send the type, and only of computed attributes.
  std::shared_ptr<const NestedObject> nested = nullptr;

  bool IsSettable() const { return mode != Mode::kComputed; }
  bool IsComputed() const { return mode == Mode::kComputed || mode == Mode::kOptionalComputed; }
};

// Whatever else is declared of an attribute at its line in Describe(): a validator, a plan modifier, a flag.
class AttributeOption {
 public:
  AttributeOption(Validator validator)  // NOLINT(google-explicit-constructor): reads as a list of rules
      : apply_([validator = std::move(validator)](Attribute& a) { a.validators.push_back(validator); }) {}
  AttributeOption(PlanModifier modifier)  // NOLINT(google-explicit-constructor): as above
      : apply_([modifier = std::move(modifier)](Attribute& a) { a.plan_modifiers.push_back(modifier); }) {}
  // Does `apply` to the attribute.
  static AttributeOption Of(std::function<void(Attribute&)> apply) {
    return AttributeOption(Raw{std::move(apply)});
  }

  void ApplyTo(Attribute& attribute) const { apply_(attribute); }

 private:
  struct Raw {
    std::function<void(Attribute&)> apply;
  };
  explicit AttributeOption(Raw raw) : apply_(std::move(raw.apply)) {}

  std::function<void(Attribute&)> apply_;
};
using AttributeOptions = std::vector<AttributeOption>;

// Not shown in plans. A Secret member has it by itself.
AttributeOption Sensitive();
// Taken from the configuration, handed to Create and Update, and never stored. Terraform 1.11 or later.
AttributeOption WriteOnly();
// Still works; Terraform tells the user `what_to_do_instead`.
AttributeOption Deprecated(std::string what_to_do_instead);
// The description is plain text, not Markdown.
AttributeOption PlainDescription();
// Keeps the prior text, list, … when `equality` says that the new one means the same.
AttributeOption SameMeaning(SemanticEquality equality);
// The same, by the form that all values of one meaning share.
AttributeOption SameCanonicalForm(CanonicalForm form);
// Sends described structs as an attribute of object type instead of nested attributes: protocol 5 then has
// it as well, but its parts have neither flags nor documentation.
AttributeOption AsObjectType();

struct NestedObject {
  Nesting nesting;
  std::vector<Attribute> attributes;
  std::vector<Validator> rules = {};  // of each object
};

struct Block;

struct Schema {
  int64_t version = 0;
  std::string description = {};
  TextKind description_kind = TextKind::kMarkdown;
  std::string deprecation = {};
  std::vector<Attribute> attributes = {};
  std::vector<Block> blocks = {};
  std::vector<Validator> rules = {};  // of the whole block: asked about its object, which is also `siblings`

  // The object type of its values: one attribute for each attribute and each block.
  Type type() const;

  // What Terraform would refuse (or crash on): bad or reserved names, two things of one name, contradictory
  // flags, Dynamic inside sets or repeated blocks, write-only inside sets, a default of another type.
  // `reserved` are the names the language takes first.
  // FailedPrecondition with a line for each mistake, naming the attribute; meant for start-up and unit tests.
  absl::Status Check(const std::vector<absl::string_view>& reserved) const;

  // Whether protocol 5 can express it: no attribute that a user sets has an inner structure.
  bool FitsProtocol5() const;
};

struct Block {
  std::string name;
  Nesting nesting = Nesting::kSingle;
  int64_t min_items = 0;
  int64_t max_items = 0;  // 0: no limit
  Schema schema = {};
  std::vector<Validator> validators = {};         // of the block, or of all its repetitions together
  std::vector<PlanModifier> plan_modifiers = {};  // likewise
};

// Whether the provider may set anything in there, at any depth.
bool AnyComputed(const std::vector<Attribute>& attributes);
bool AnyComputed(const Schema& schema);

// Names that mean something to Terraform itself at the root of a block.
const std::vector<absl::string_view>& ReservedInResources();
const std::vector<absl::string_view>& ReservedInProviders();

}  // namespace tfsdk
