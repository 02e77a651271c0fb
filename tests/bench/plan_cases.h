#pragma once

// What is planned and decoded by bench_plans and bench_flat. tests/bench/plans/ has the same resources over HashiCorp's
// framework: a change here is a change there.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "support/objects.h"
#include "tfsdk/engine/plan.h"
#include "tfsdk/provider.h"

namespace tfsdk::bench {

struct Client {};
struct Config {
  static ObjectBinding<Config> Describe() { return ObjectBinding<Config>("Nothing to say."); }
};

// A resource that does nothing but be planned and applied.
template <class Model>
class Planned : public Resource<Model, Client> {
 public:
  absl::StatusOr<Model> Create(ResourceContext&, Client&, Model planned) const override {
    return Filled(std::move(planned));
  }
  absl::StatusOr<std::optional<Model>> Read(ResourceContext&, Client&, Model state) const override {
    return std::optional<Model>(std::move(state));
  }
  absl::StatusOr<Model> Update(ResourceContext&, Client&, Model, Model planned) const override {
    return Filled(std::move(planned));
  }
  absl::Status Delete(ResourceContext&, Client&, Model) const override { return absl::OkStatus(); }

 private:
  static Model Filled(Model model) {
    model.id = "id";
    if constexpr (requires { model.rules.elements; }) {
      for (auto& rule : model.rules.elements) rule.Fill();
    } else if constexpr (requires { model.rules; }) {
      for (auto& rule : model.rules) rule.Fill();
    }
    return model;
  }
};

// An element as the user writes it.
struct PlainRule {
  using Labels = std::optional<std::map<std::string, std::string>>;
  std::string name;
  std::optional<int64_t> port;
  Labels labels;

  void Fill() {}
  template <class Rule>
  static ObjectBinding<Rule> As() {
    return ObjectBinding<Rule>("A rule.")
        .Required("name", static_cast<std::string Rule::*>(&PlainRule::name), "Its name.")
        .Optional("port", static_cast<std::optional<int64_t> Rule::*>(&PlainRule::port), "Where.")
        .Optional("labels", static_cast<Labels Rule::*>(&PlainRule::labels), "Words.");
  }
  static ObjectBinding<PlainRule> Describe() { return As<PlainRule>(); }
};

// The same with parts of the provider's.
struct Rule : PlainRule {
  std::optional<std::string> status;
  std::optional<int64_t> size;

  void Fill() {
    if (!status.has_value()) status = "ready";
    if (!size.has_value()) size = 1;
  }
  static ObjectBinding<Rule> Describe() {
    return As<Rule>()
        .Computed("status", &Rule::status, "How it is.")
        .Computed("size", &Rule::size, "How big.");
  }
};

template <class Rules>
struct RulesModel {
  std::optional<std::string> id;
  Rules rules;
  static ObjectBinding<RulesModel> Describe() {
    return ObjectBinding<RulesModel>("Rules.")
        .Computed("id", &RulesModel::id, "Ours.")
        .Required("rules", &RulesModel::rules, "The rules.");
  }
};

struct NamesModel {
  std::optional<std::string> id;
  SetOf<std::string> names;
  static ObjectBinding<NamesModel> Describe() {
    return ObjectBinding<NamesModel>("Names.")
        .Computed("id", &NamesModel::id, "Ours.")
        .Required("names", &NamesModel::names, "The names.");
  }
};

using ListResource = Planned<RulesModel<std::vector<Rule>>>;
using NamesResource = Planned<NamesModel>;
using SetResource = Planned<RulesModel<SetOf<PlainRule>>>;
using ComputedSetResource = Planned<RulesModel<SetOf<Rule>>>;

inline Provider MakeProvider() {
  return ProviderBuilder<Config, Client>(
             "bench",
             +[](Context&, Config) -> absl::StatusOr<std::shared_ptr<Client>> {
               return std::make_shared<Client>();
             })
      .Add<ListResource>("list")
      .Add<NamesResource>("names")
      .Add<SetResource>("set")
      .Add<ComputedSetResource>("computed_set")
      .Build();
}

// One change of an object with `size` elements, of which the middle one gets another name.
struct Change {
  Value config, prior, proposed;
};

inline Change MakeChange(const Type& type, int64_t size) {
  const bool names = type.IndexOf("names") >= 0;
  const std::string attribute = names ? "names" : "rules";
  const Type& sequence = type.attributes()[static_cast<size_t>(type.IndexOf(attribute))].second;
  const Type& element = sequence.element();
  // What a user wrote: nothing for what is computed. What is stored, and proposed: everything.
  const auto make = [&](bool before, bool computed) {
    std::vector<Value> elements;
    for (int64_t i = 0; i < size; ++i) {
      const Value name =
          Value::String(absl::StrCat(!before && i == size / 2 ? "other-" : "name-", 1'000'000 + i));
      if (names) {
        elements.push_back(name);
        continue;
      }
      const Type labels = Type::Map(Type::String());
      std::map<std::string, Value> parts = {
          {"name", name},
          {"port", Value::Number(i % 65'536)},
          // One at most: the framework encodes maps in any order, and answers shall be compared.
          {"labels", i % 2 == 0 ? Value::Null(labels) : Value::Map(labels, {{"app", Value::String("web")}})}};
      if (computed && element.IndexOf("status") >= 0) {
        parts.emplace("status", Value::String("ready"));
        parts.emplace("size", Value::Number(int64_t{1}));
      }
      elements.push_back(testing::Obj(element, parts));
    }
    return testing::Obj(type, {{"id", computed ? Value::String("id") : Value::Null(Type::String())},
                               {attribute, Value::Sequence(sequence, std::move(elements))}});
  };
  return {make(false, false), make(true, true), make(false, true)};
}

// About a megabyte, of all kinds.
inline Value LargeObject() {
  const Type key = Type::Object({{"kid", Type::String()},
                                 {"n", Type::String()},
                                 {"bits", Type::Number()},
                                 {"use", Type::String()},
                                 {"active", Type::Bool()},
                                 {"tags", Type::Map(Type::String())}});
  const Type numbers = Type::List(Type::Number()), strings = Type::List(Type::String());
  const Type labels = Type::Map(Type::String());
  const Type type = Type::Object({{"id", Type::String()},
                                  {"keys", Type::List(key)},
                                  {"names", strings},
                                  {"ports", numbers},
                                  {"labels", labels},
                                  {"text", Type::String()}});
  std::vector<Value> keys, names, ports;
  std::map<std::string, Value> words;
  for (int64_t i = 0; i < 2'000; ++i) {
    keys.push_back(
        testing::Obj(key, {{"kid", Value::String(absl::StrCat("kid-", i))},
                           {"n", Value::String(std::string(120, 'A'))},
                           {"bits", Value::Number(2048 + i)},
                           {"active", Value::Bool(i % 2 == 0)},
                           {"tags", Value::Map(labels, {{"index", Value::String(absl::StrCat(i))}})}}));
  }
  for (int64_t i = 0; i < 10'000; ++i) names.push_back(Value::String(absl::StrCat("one name of many ", i)));
  for (int64_t i = 0; i < 20'000; ++i) ports.push_back(Value::Number(i * 3));
  for (int64_t i = 0; i < 5'000; ++i)
    words.emplace(absl::StrCat("label-", i), Value::String(absl::StrCat("what is on it ", i)));
  return testing::Obj(type, {{"id", Value::String("the one")},
                             {"keys", Value::Sequence(Type::List(key), std::move(keys))},
                             {"names", Value::Sequence(strings, std::move(names))},
                             {"ports", Value::Sequence(numbers, std::move(ports))},
                             {"labels", Value::Map(labels, words)},
                             {"text", Value::String(std::string(100'000, 'x'))}});
}

// As most objects of a state are.
inline Value SmallObject() {
  const Type labels = Type::Map(Type::String()), ports = Type::List(Type::Number());
  const Type type = Type::Object({{"id", Type::String()},
                                  {"name", Type::String()},
                                  {"description", Type::String()},
                                  {"size", Type::Number()},
                                  {"enabled", Type::Bool()},
                                  {"labels", labels},
                                  {"ports", ports}});
  return testing::Obj(
      type,
      {{"id", Value::String("i-0123456789abcdef")},
       {"name", Value::String("front")},
       {"size", Value::Number(int64_t{3})},
       {"enabled", Value::Bool(true)},
       {"labels", Value::Map(labels, {{"app", Value::String("web")}, {"tier", Value::String("front")}})},
       {"ports", Value::Sequence(ports, {Value::Number(int64_t{80}), Value::Number(int64_t{443})})}});
}

}  // namespace tfsdk::bench
