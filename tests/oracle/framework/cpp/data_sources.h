#pragma once

// The data sources: all types, all blocks, all nested attributes, and one that goes wrong.

#include "collections.h"
#include "tfsdk/data_source.h"

namespace twin {

struct EchoModel {
  std::string name;
  std::optional<bool> a_bool;
  std::optional<tfsdk::Number> number;
  std::optional<int32_t> int32;
  std::optional<int64_t> int64;
  std::optional<float> float32;
  std::optional<double> float64;
  std::optional<std::vector<std::optional<std::string>>> list;
  std::optional<tfsdk::SetOf<std::optional<int64_t>>> set;
  std::optional<std::map<std::string, std::optional<std::string>>> map;
  std::optional<Pair> object;
  std::optional<tfsdk::Value> any;
  std::optional<std::string> mode, old, free;
  std::optional<tfsdk::Secret> secret;
  std::string made, where;
  int64_t letters = 0;

  static ObjectBinding<EchoModel> Describe() {
    using Model = EchoModel;
    return ObjectBinding<Model>("Gives back.")
        .Required("name", &Model::name, "Its name.")
        .Optional("bool", &Model::a_bool, "A bool.")
        .Optional("number", &Model::number, "A number.")
        .Optional("int32", &Model::int32, "32 bits.")
        .Optional("int64", &Model::int64, "64 bits.")
        .Optional("float32", &Model::float32, "A short float.")
        .Optional("float64", &Model::float64, "A long float.")
        .Optional("list", &Model::list, "A list.")
        .Optional("set", &Model::set, "A set.")
        .Optional("map", &Model::map, "A map.")
        .Optional("object", &Model::object, "An object.", {tfsdk::AsObjectType()})
        .Optional("any", &Model::any, "Anything.")
        .Optional("mode", &Model::mode, "How.", {tfsdk::OneOf({"a", "b"})})
        .Optional("secret", &Model::secret, "Not *shown*.", {tfsdk::PlainDescription()})
        .Optional("old", &Model::old, "Old.", {tfsdk::Deprecated("Use `mode`.")})
        .OptionalComputed("free", &Model::free, "Yours or ours.")
        .Computed("made", &Model::made, "Ours.")
        .Computed("where", &Model::where, "Of the provider.", {tfsdk::Sensitive()})
        .Computed("letters", &Model::letters, "Of the name.");
  }
};

class Echo final : public tfsdk::DataSource<EchoModel, Client> {
 public:
  absl::StatusOr<EchoModel> Read(tfsdk::Context&, Client& client, EchoModel config) const override {
    FillIn<std::string>(config.free, "ours");
    config.made = absl::StrCat("made of ", config.name);
    config.where = client.where;
    config.letters = static_cast<int64_t>(config.name.size());
    return config;
  }
};

struct DataLeaf {
  std::string key;
  std::optional<std::string> note;
  std::string made;

  template <class Model>
  static ObjectBinding<Model> DescribeAs(std::string description) {
    return ObjectBinding<Model>(std::move(description))
        .Required("key", Bound<Model>(&Model::key), "The key.", {tfsdk::LengthAtLeast(1)})
        .Optional("note", Bound<Model>(&Model::note), "A note.")
        .Computed("made", Bound<Model>(&Model::made), "Ours.");
  }
  static ObjectBinding<DataLeaf> Describe() { return DescribeAs<DataLeaf>(""); }
};

struct DataRule : DataLeaf {
  static ObjectBinding<DataRule> Describe() { return DescribeAs<DataRule>("Rules, in order."); }
};

struct DataMember {
  std::string key;
  std::optional<std::string> note;
  static ObjectBinding<DataMember> Describe() {
    return ObjectBinding<DataMember>("Members.")
        .Required("key", &DataMember::key, "The key.")
        .Optional("note", &DataMember::note, "A note.");
  }
};

struct DataOnly {
  std::optional<std::string> note;
  static ObjectBinding<DataOnly> Describe() {
    return ObjectBinding<DataOnly>("One.").Optional("note", &DataOnly::note, "A note.");
  }
};

struct SectionsModel {
  std::string name;
  std::vector<DataRule> rules;
  tfsdk::SetOf<DataMember> members;
  std::optional<DataOnly> only;

  static ObjectBinding<SectionsModel> Describe() {
    using Model = SectionsModel;
    return ObjectBinding<Model>("All blocks.")
        .Required("name", &Model::name, "Its name.")
        .Blocks("rule", &Model::rules)
        .With({tfsdk::SizeAtMost(3)})
        .Blocks("member", &Model::members)
        .Block("only", &Model::only);
  }
};

class Sections final : public tfsdk::DataSource<SectionsModel, Client> {
 public:
  absl::StatusOr<SectionsModel> Read(tfsdk::Context&, Client&, SectionsModel config) const override {
    for (DataRule& rule : config.rules) rule.made = "made";
    return config;
  }
};

struct Found {
  std::string key;
  static ObjectBinding<Found> Describe() {
    return ObjectBinding<Found>("").Computed("key", &Found::key, "The key.");
  }
};

struct LookupModel {
  std::string name;
  std::optional<DataLeaf> single;
  std::optional<std::vector<DataLeaf>> list;
  std::optional<std::map<std::string, DataLeaf>> map;
  tfsdk::SetOf<Found> set;
  std::vector<Found> found;

  static ObjectBinding<LookupModel> Describe() {
    using Model = LookupModel;
    return ObjectBinding<Model>("All nested attributes.")
        .Required("name", &Model::name, "Its name.")
        .Optional("single", &Model::single, "One.")
        .Optional("list", &Model::list, "Some, in order.")
        .Optional("map", &Model::map, "Some, by name.")
        .Computed("set", &Model::set, "Some.")
        .Computed("found", &Model::found, "What was found.");
  }
};

class Lookup final : public tfsdk::DataSource<LookupModel, Client> {
 public:
  absl::StatusOr<LookupModel> Read(tfsdk::Context&, Client&, LookupModel config) const override {
    if (config.single.has_value()) config.single->made = "made";
    if (config.list.has_value()) {
      for (DataLeaf& leaf : *config.list) leaf.made = "made";
    }
    if (config.map.has_value()) {
      for (auto& [key, leaf] : *config.map) leaf.made = "made";
    }
    config.found = {{config.name}, {config.name}};
    config.set.elements = {{config.name}};
    return config;
  }
};

struct TroubleModel {
  std::string how;
  std::string made;
  static ObjectBinding<TroubleModel> Describe() {
    return ObjectBinding<TroubleModel>("Goes wrong.")
        .Required("how", &TroubleModel::how, "In which way.")
        .Computed("made", &TroubleModel::made, "Ours.")
        .Deprecated("Use one that works.");
  }
};

class Trouble final : public tfsdk::DataSource<TroubleModel, Client> {
 public:
  absl::StatusOr<TroubleModel> Read(tfsdk::Context& context, Client&, TroubleModel config) const override {
    if (config.how == "error") return absl::InternalError("That went wrong.");
    if (config.how == "error_at")
      return tfsdk::At("how", absl::InvalidArgumentError("Any other way will do."));
    if (config.how == "warn") context.diagnostics().AddWarning("Take care", "That may be wrong.");
    if (config.how == "both") {
      context.diagnostics().AddWarning("Take care", "That may be wrong.", "how");
      return absl::InternalError("That went wrong.");
    }
    if (config.how == "deep") {
      return tfsdk::At(tfsdk::Path("how").AtIndex(2).At("part").AtKey("key"),
                       absl::InvalidArgumentError("That is wrong."));
    }
    config.made = "made";
    return config;
  }
};

}  // namespace twin
