#pragma once

// twin_blocks: blocks of all kinds.

#include "leaves.h"

namespace twin {

struct InnerBlock : PlainLeaf {
  static ObjectBinding<InnerBlock> Describe() { return DescribeAs<InnerBlock>("Deeper."); }
};

struct Rule : Leaf {
  tfsdk::SetOf<InnerBlock> inner;
  static ObjectBinding<Rule> Describe() {
    return DescribeAs<Rule>("Rules, in order.").Blocks("inner", &Rule::inner);
  }
};

struct Member : PlainLeaf {
  static ObjectBinding<Member> Describe() { return DescribeAs<Member>("Members."); }
};

struct Only {
  std::optional<std::string> note, made, plain;
  static ObjectBinding<Only> Describe() {
    return ObjectBinding<Only>("One.")
        .Optional("note", &Only::note, "A note.")
        .Computed("made", &Only::made, "Ours.")
        .Optional("plain", &Only::plain, "Plain.", {tfsdk::PlainDescription()});
  }
};

struct FixedBlock : PlainLeaf {
  std::optional<std::string> replaces;
  static ObjectBinding<FixedBlock> Describe() {
    return DescribeAs<FixedBlock>("Old.")
        .Optional("replaces", &FixedBlock::replaces, "Needs a new one.", {tfsdk::RequiresReplace()})
        .Deprecated("Use rule.");
  }
};

struct BlocksModel {
  std::string name;
  std::optional<std::string> id;
  std::vector<Rule> rules;
  tfsdk::SetOf<Member> members;
  std::optional<Only> only;
  std::vector<FixedBlock> fixed;

  static ObjectBinding<BlocksModel> Describe() {
    using Model = BlocksModel;
    return Named<Model>("All blocks.")
        .Blocks("rule", &Model::rules)
        .With({tfsdk::SizeBetween(1, 3)})
        .Blocks("member", &Model::members)
        .With({tfsdk::SizeAtMost(2)})
        .Block("only", &Model::only)
        .Blocks("fixed", &Model::fixed);
  }
};

class Blocks final : public Importable<BlocksModel> {
 protected:
  void Fill(BlocksModel& model) const override {
    for (Rule& rule : model.rules) rule.Fill();
    if (model.only.has_value()) FillIn<std::string>(model.only->made, "made");
  }
};

}  // namespace twin
