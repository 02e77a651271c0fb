#pragma once

// twin_nested: nested attributes of all kinds. Protocol 6 only.

#include "leaves.h"

namespace twin {

struct Inner : Leaf {
  std::optional<std::vector<PlainLeaf>> leaves;

  static ObjectBinding<Inner> Describe() {
    return DescribeAs<Inner>("").Optional("leaves", &Inner::leaves, "Deeper.");
  }
};

struct Fixed : PlainLeaf {
  std::optional<std::string> kept, replaces;

  static ObjectBinding<Fixed> Describe() {
    return DescribeAs<Fixed>("")
        .Computed("kept", &Fixed::kept, "Ours, and kept.", {tfsdk::UseStateForUnknown()})
        .Optional("replaces", &Fixed::replaces, "Needs a new one.", {tfsdk::RequiresReplace()});
  }
};

struct MadeOne {
  std::string part;
  static ObjectBinding<MadeOne> Describe() {
    return ObjectBinding<MadeOne>("").Computed("part", &MadeOne::part, "A part.");
  }
};

struct NestedModel {
  std::string name;
  std::optional<std::string> id;
  std::optional<Inner> single;
  std::optional<std::vector<Leaf>> list;
  std::optional<tfsdk::SetOf<PlainLeaf>> set;
  std::optional<std::map<std::string, Leaf>> map;
  Fixed must;
  std::optional<MadeOne> made_one;

  static ObjectBinding<NestedModel> Describe() {
    using Model = NestedModel;
    return Named<Model>("All nested attributes.")
        .Optional("single", &Model::single, "One.")
        .Optional("list", &Model::list, "Some, in order.", {tfsdk::SizeAtMost(3)})
        .Optional("set", &Model::set, "Some.")
        .Optional("map", &Model::map, "Some, by name.")
        .Required("must", &Model::must, "One that must be.")
        .Computed("made_one", &Model::made_one, "Ours.");
  }
};

class Nested final : public Importable<NestedModel> {
 protected:
  void Fill(NestedModel& model) const override {
    if (model.single.has_value()) model.single->Fill();
    if (model.list.has_value()) {
      for (Leaf& leaf : *model.list) leaf.Fill();
    }
    if (model.map.has_value()) {
      for (auto& [key, leaf] : *model.map) leaf.Fill();
    }
    FillIn(model.must.kept, absl::StrCat("kept-", model.name));
    if (!model.made_one.has_value()) model.made_one = MadeOne{absl::StrCat("part-", model.name)};
  }
};

}  // namespace twin
