#pragma once

// Schema: what a provider, data source or resource lets a user write, and what it gives back.
//
// Authors rarely write one by hand: ObjectBinding (tfsdk/binding.h) makes it from a struct.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Who sets an attribute: the user must, the user may, the provider does, or the user may and else the
// provider does.
enum class Mode { kRequired, kOptional, kComputed, kOptionalComputed };

// How often a nested object or block may be there, and what tells its instances apart.
enum class Nesting { kSingle, kList, kSet, kMap };

// Judges the known, non-null value of one attribute; `config` is the object the attribute belongs to, for
// rules across attributes (its values may be unknown). Called from several threads.
using Validator = std::function<absl::Status(const Value& value, const Value& config)>;

struct NestedObject;

struct Attribute {
  std::string name;  // ^[a-z0-9_]+$
  Type type;
  Mode mode = Mode::kOptional;
  std::string description = {};
  bool sensitive = false;
  std::string deprecation = {};  // not empty: deprecated, and this is what to do instead
  std::vector<Validator> validators = {};
  // Set when the attribute is made of described objects; `type` is then theirs. Protocol 6 sends the
  // structure; protocol 5 can only send the type, and only of computed attributes.
  std::shared_ptr<const NestedObject> nested = nullptr;

  bool IsSettable() const { return mode != Mode::kComputed; }
};

struct NestedObject {
  Nesting nesting;
  std::vector<Attribute> attributes;
};

struct Block;

struct Schema {
  int64_t version = 0;
  std::string description = {};  // Markdown
  std::string deprecation = {};
  std::vector<Attribute> attributes = {};
  std::vector<Block> blocks = {};

  // The object type of its values: one attribute for each attribute and each block.
  Type type() const;

  // What Terraform would refuse (or crash on): bad or reserved names, two things of one name, contradictory
  // flags, Dynamic inside sets or repeated blocks. `reserved` are the names the language takes first.
  // FailedPrecondition naming the attribute; meant for start-up and unit tests.
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
};

// Names that mean something to Terraform itself at the root of a block.
const std::vector<absl::string_view>& ReservedInResources();
const std::vector<absl::string_view>& ReservedInProviders();

}  // namespace tfsdk
