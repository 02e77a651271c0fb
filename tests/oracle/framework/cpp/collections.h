#pragma once

// twin_collections: collections of all kinds, with defaults and rules.

#include "kept.h"

namespace twin {

struct Pair {
  std::optional<std::string> left;
  std::optional<int64_t> right;

  static ObjectBinding<Pair> Describe() {
    return ObjectBinding<Pair>("").Optional("left", &Pair::left, "").Optional("right", &Pair::right, "");
  }
};

struct CollectionsModel {
  using Word = std::optional<std::string>;  // an element may be null
  using Words = std::vector<Word>;

  std::string name;
  std::optional<std::string> id;
  std::optional<Words> list;
  std::optional<tfsdk::SetOf<Word>> set;
  std::optional<std::map<std::string, Word>> map;
  std::optional<Pair> object;
  std::optional<std::vector<std::optional<std::vector<std::optional<int64_t>>>>> lists;
  std::optional<tfsdk::SetOf<std::optional<tfsdk::SetOf<std::optional<bool>>>>> sets;
  std::optional<std::map<std::string, std::optional<std::map<std::string, std::optional<double>>>>> maps;
  std::optional<std::vector<std::optional<Pair>>> objects;
  std::optional<tfsdk::SetOf<std::optional<Pair>>> pairs;
  std::optional<Words> few;
  std::optional<tfsdk::SetOf<Word>> words;
  std::optional<std::map<std::string, Word>> keyed;
  std::optional<Words> free;
  std::optional<std::map<std::string, Word>> computed;
  std::optional<Words> list_default;
  std::optional<tfsdk::SetOf<Word>> set_default;
  std::optional<std::map<std::string, Word>> map_default;

  static ObjectBinding<CollectionsModel> Describe() {
    using Model = CollectionsModel;
    return Named<Model>("All collections.")
        .Optional("list", &Model::list, "A list.")
        .Optional("set", &Model::set, "A set.")
        .Optional("map", &Model::map, "A map.")
        .Optional("object", &Model::object, "An object.", {tfsdk::AsObjectType()})
        .Optional("lists", &Model::lists, "Lists.")
        .Optional("sets", &Model::sets, "Sets.")
        .Optional("maps", &Model::maps, "Maps.")
        .Optional("objects", &Model::objects, "Objects.", {tfsdk::AsObjectType()})
        .Optional("pairs", &Model::pairs, "A set of objects.", {tfsdk::AsObjectType()})
        .Optional("few", &Model::few, "One or two.", {tfsdk::SizeBetween(1, 2), tfsdk::UniqueValues()})
        .Optional("words", &Model::words, "Words.", {tfsdk::Each({tfsdk::LengthAtLeast(2)})})
        .Optional("keyed", &Model::keyed, "Short keys.", {tfsdk::EachKey({tfsdk::LengthAtMost(3)})})
        .OptionalComputed("free", &Model::free, "Yours or ours.")
        .Computed("computed", &Model::computed, "Ours.")
        .Defaulted("list_default", &Model::list_default, Words{"x"}, "Has a default.")
        .Defaulted("set_default", &Model::set_default, tfsdk::SetOf<Word>{{"y"}}, "Has a default.")
        .Defaulted("map_default", &Model::map_default, std::map<std::string, Word>{}, "Has a default.");
  }
};

class Collections final : public Importable<CollectionsModel> {
 protected:
  void Fill(CollectionsModel& model) const override {
    FillIn(model.free, CollectionsModel::Words{model.name});
    FillIn(model.computed, std::map<std::string, CollectionsModel::Word>{{"name", model.name}});
  }
};

}  // namespace twin
