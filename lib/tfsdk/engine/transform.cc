#include "tfsdk/engine/transform.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace tfsdk {
namespace {

// `value` without what a provider may fill in, so that what a user wrote can be compared with what became of it.
Value Written(const std::vector<Attribute>& attributes, const Value& value) {
  if (!value.HasValue() || value.type().kind() != Type::Kind::kObject) return value;
  std::vector<Value> parts;
  for (const Attribute& attribute : attributes) {
    // Beside what is computed, what is never stored, and what has parts that may be computed.
    if (!attribute.IsComputed() && !attribute.write_only && attribute.nested == nullptr) continue;
    const int at = value.type().IndexOf(attribute.name);
    if (at < 0) continue;
    if (parts.empty()) parts.assign(value.elements().begin(), value.elements().end());
    parts[static_cast<size_t>(at)] = Value::Null(value.type().attributes()[static_cast<size_t>(at)].second);
  }
  return parts.empty() ? value : value.WithElements(std::move(parts));
}

class Transformer {
 public:
  explicit Transformer(const AttributeTransform& transform) : transform_(transform) {}

  Value Object(const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
               const Value& object, const Value& config) {
    if (!object.HasValue()) return object;
    std::vector<Value> parts(object.elements().begin(), object.elements().end());
    bool changed = false;
    const auto replace = [&](const std::string& name, const auto& with) {
      const int at = object.type().IndexOf(name);
      if (at < 0) return;
      Value& part = parts[static_cast<size_t>(at)];
      Value now = with(part, PartOf(config, name, part.type()));
      if (now == part) return;
      part = std::move(now);
      changed = true;
    };
    for (const Attribute& attribute : attributes) {
      replace(attribute.name, [&](const Value& part, const Value& written) {
        if (attribute.nested == nullptr) return transform_(attribute, part, written);
        const Value inner =
            Repeated(attribute.nested->nesting, attribute.nested->attributes, nullptr, part, written);
        return transform_(attribute, inner, written);
      });
    }
    if (blocks != nullptr) {
      for (const Block& block : *blocks) {
        replace(block.name, [&](const Value& part, const Value& written) {
          return Repeated(block.nesting, block.schema.attributes, &block.schema.blocks, part, written);
        });
      }
    }
    return changed ? object.WithElements(std::move(parts)) : object;
  }

 private:
  static Value PartOf(const Value& object, const std::string& name, const Type& type) {
    if (!object.IsKnown()) return Value::Unknown(type);
    if (object.IsNull() || object.type().kind() != Type::Kind::kObject || object.type().IndexOf(name) < 0) {
      return Value::Null(type);
    }
    return object.attribute(name);
  }

  Value Repeated(Nesting nesting, const std::vector<Attribute>& attributes, const std::vector<Block>* blocks,
                 const Value& value, const Value& config) {
    if (!value.HasValue()) return value;
    if (nesting == Nesting::kSingle) return Object(attributes, blocks, value, config);
    if (value.type().kind() == Type::Kind::kMap) {
      std::map<std::string, Value> entries;
      for (const auto& [key, element] : value.entries()) {
        entries.emplace(key, Object(attributes, blocks, element, EntryOf(config, key, element.type())));
      }
      const Type element = entries.empty() ? value.type().element() : entries.begin()->second.type();
      return Value::Map(Type::Map(element), entries);
    }
    const bool set = value.type().kind() == Type::Kind::kSet;
    const std::vector<int> counterparts =
        set && config.HasValue() ? Counterparts(attributes, value, config) : std::vector<int>();
    std::vector<Value> elements;
    elements.reserve(value.elements().size());
    bool changed = false;
    for (size_t i = 0; i < value.elements().size(); ++i) {
      const Value& element = value.elements()[i];
      const int at = !config.HasValue() ? -1 : set ? counterparts[i] : static_cast<int>(i);
      const bool written = at >= 0 && static_cast<size_t>(at) < config.elements().size();
      elements.push_back(Object(attributes, blocks, element,
                                written            ? config.elements()[static_cast<size_t>(at)]
                                : config.IsKnown() ? Value::Null(element.type())
                                                   : Value::Unknown(element.type())));
      changed |= !(elements.back() == element);
    }
    return changed ? value.WithElements(std::move(elements)) : value;
  }

  static Value EntryOf(const Value& map, const std::string& key, const Type& type) {
    if (!map.IsKnown()) return Value::Unknown(type);
    const Value* entry = map.HasValue() ? map.entry(key) : nullptr;
    return entry == nullptr ? Value::Null(type) : *entry;
  }

  const AttributeTransform& transform_;
};

}  // namespace

Value TransformAttributes(const Schema& schema, const Value& object, const Value& config,
                          const AttributeTransform& transform) {
  return Transformer(transform).Object(schema.attributes, &schema.blocks, object, config);
}

std::vector<int> Counterparts(const std::vector<Attribute>& attributes, const Value& elements,
                              const Value& others) {
  struct Hash {
    size_t operator()(const Value& value) const { return value.Hash(); }
  };
  absl::flat_hash_map<Value, std::vector<int>, Hash> by_text;
  by_text.reserve(others.elements().size());
  for (size_t i = 0; i < others.elements().size(); ++i) {
    by_text[Written(attributes, others.elements()[i])].push_back(static_cast<int>(i));
  }
  // The first ones first: they are taken from the back.
  for (auto& [text, indices] : by_text) std::reverse(indices.begin(), indices.end());
  std::vector<int> counterparts;
  counterparts.reserve(elements.elements().size());
  for (const Value& element : elements.elements()) {
    const auto it = by_text.find(Written(attributes, element));
    if (it == by_text.end() || it->second.empty()) {
      counterparts.push_back(-1);
      continue;
    }
    counterparts.push_back(it->second.back());
    it->second.pop_back();
  }
  return counterparts;
}

Value WithTypedNulls(const Schema& schema, const Value& before, const Value& now) {
  if (!before.HasValue() || !schema.type().HasDynamic()) return now;
  return TransformAttributes(
      schema, now, before, [](const Attribute& attribute, const Value& value, const Value& was) {
        const bool null = value.IsKnown() && value.IsNull() && was.IsKnown() && was.IsNull();
        return null && attribute.type.HasDynamic() ? was : value;
      });
}

}  // namespace tfsdk
