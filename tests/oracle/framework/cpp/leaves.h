#pragma once

// The insides of nested attributes and of blocks.

#include "kept.h"

namespace twin {

// One attribute of each mode.
struct Leaf {
  std::string key;
  std::optional<std::string> note, free, made;
  std::optional<int64_t> count;

  template <class Model>
  static ObjectBinding<Model> DescribeAs(std::string description) {
    return ObjectBinding<Model>(std::move(description))
        .Required("key", Bound<Model>(&Model::key), "The key.", {tfsdk::LengthAtLeast(1)})
        .Optional("note", Bound<Model>(&Model::note), "A note.")
        .OptionalComputed("free", Bound<Model>(&Model::free), "Yours or ours.")
        .Computed("made", Bound<Model>(&Model::made), "Ours.")
        .Defaulted("count", Bound<Model>(&Model::count), 1, "Has a default.");
  }
  static ObjectBinding<Leaf> Describe() { return DescribeAs<Leaf>(""); }

  void Fill() {
    FillIn<std::string>(free, "ours");
    FillIn<std::string>(made, "made");
  }
};

// Nothing computed: in a set it would have no key to be known by.
struct PlainLeaf {
  std::string key;
  std::optional<std::string> note;

  template <class Model>
  static ObjectBinding<Model> DescribeAs(std::string description) {
    return ObjectBinding<Model>(std::move(description))
        .Required("key", Bound<Model>(&Model::key), "The key.")
        .Optional("note", Bound<Model>(&Model::note), "A note.");
  }
  static ObjectBinding<PlainLeaf> Describe() { return DescribeAs<PlainLeaf>(""); }
};

}  // namespace twin
