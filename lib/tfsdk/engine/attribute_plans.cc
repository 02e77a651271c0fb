#include "tfsdk/engine/attribute_plans.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tfsdk {
namespace {

class AttributePlanner {
 public:
  AttributePlanner(AnyResourcePlan& plan, Diagnostics& diagnostics)
      : plan_(plan), before_(plan.planned), diagnostics_(diagnostics) {}

  // `at` is where paths end that lead here: the object itself, or the set it is an element of.
  Value Object(const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
               const Value& object, const Value& config, const Value& prior, const Path& at, bool in_set) {
    if (!object.HasValue()) return object;
    std::vector<Value> parts(object.elements().begin(), object.elements().end());
    const auto each = [&](const std::string& name, const std::vector<PlanModifier>& modifiers,
                          const auto& inside) {
      const int index = object.type().IndexOf(name);
      if (index < 0) return;
      Value& part = parts[static_cast<size_t>(index)];
      const Value written = PartOf(config, name, part.type());
      const Value was = PartOf(prior, name, part.type());
      const Path path = in_set ? at : at.At(name);
      part = Modified(modifiers, name, std::move(part), written, was, path);
      part = inside(part, written, was, path);
    };
    for (const Attribute& attribute : attributes) {
      each(attribute.name, attribute.plan_modifiers,
           [&](const Value& part, const Value& written, const Value& was, const Path& path) {
             if (attribute.nested == nullptr) return part;
             return Repeated(attribute.nested->nesting, attribute.nested->attributes, nullptr, part, written,
                             was, path, in_set);
           });
    }
    if (blocks != nullptr) {
      for (const Block& block : *blocks) {
        each(block.name, block.plan_modifiers,
             [&](const Value& part, const Value& written, const Value& was, const Path& path) {
               return Repeated(block.nesting, block.schema.attributes, &block.schema.blocks, part, written,
                               was, path, in_set);
             });
      }
    }
    return object.WithElements(std::move(parts));
  }

 private:
  static Value PartOf(const Value& object, const std::string& name, const Type& type) {
    if (!object.IsKnown()) return Value::Unknown(type);
    if (object.IsNull() || object.type().IndexOf(name) < 0) return Value::Null(type);
    return object.attribute(name);
  }

  Value Modified(const std::vector<PlanModifier>& modifiers, const std::string& name, Value planned,
                 const Value& config, const Value& prior, const Path& path) {
    for (const PlanModifier& modifier : modifiers) {
      AttributeChange change{config, prior, std::move(planned), path, plan_.config, plan_.prior, before_};
      const absl::Status status = modifier(change);
      diagnostics_.AddStatus(absl::StrCat("Cannot plan ", name), Inside(path, status));
      if (change.requires_replace) plan_.requires_replace.push_back(path);
      planned = std::move(change.planned);
    }
    return planned;
  }

  Value Repeated(Nesting nesting, const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
                 const Value& value, const Value& config, const Value& prior, const Path& path, bool in_set) {
    if (!value.HasValue()) return value;
    if (nesting == Nesting::kSingle) return Object(attributes, blocks, value, config, prior, path, in_set);
    if (value.type().kind() == Type::Kind::kMap) {
      std::map<std::string, Value> entries;
      for (const auto& [key, element] : value.entries()) {
        entries.emplace(key,
                        Object(attributes, blocks, element, Entry(config, key, element.type()),
                               Entry(prior, key, element.type()), in_set ? path : path.AtKey(key), in_set));
      }
      if (entries.empty()) return value;
      return Value::Map(Type::Map(entries.begin()->second.type()), entries);
    }
    const bool set = value.type().kind() == Type::Kind::kSet;
    std::vector<Value> elements;
    elements.reserve(value.elements().size());
    for (size_t i = 0; i < value.elements().size(); ++i) {
      const Value& element = value.elements()[i];
      elements.push_back(Object(attributes, blocks, element, Element(config, i, element.type()),
                                Element(prior, i, element.type()),
                                set || in_set ? path : path.AtIndex(static_cast<int64_t>(i)), set || in_set));
    }
    return value.WithElements(std::move(elements));
  }

  static Value Element(const Value& list, size_t index, const Type& type) {
    if (!list.IsKnown()) return Value::Unknown(type);
    if (list.IsNull() || index >= list.elements().size()) return Value::Null(type);
    return list.elements()[index];
  }
  static Value Entry(const Value& map, const std::string& key, const Type& type) {
    if (!map.IsKnown()) return Value::Unknown(type);
    const Value* entry = map.HasValue() ? map.entry(key) : nullptr;
    return entry == nullptr ? Value::Null(type) : *entry;
  }

  AnyResourcePlan& plan_;
  const Value before_;
  Diagnostics& diagnostics_;
};

}  // namespace

void PlanAttributes(const Schema& schema, AnyResourcePlan& plan, Diagnostics& diagnostics) {
  AttributePlanner planner(plan, diagnostics);
  plan.planned = planner.Object(schema.attributes, &schema.blocks, Value(plan.planned), plan.config,
                                plan.prior, Path(), false);
}

}  // namespace tfsdk
