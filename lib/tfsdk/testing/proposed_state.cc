#include "tfsdk/testing/proposed_state.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tfsdk::testing {
namespace {

Value PartOf(const Value& object, const std::string& name, const Type& type) {
  return object.HasValue() && object.type().IndexOf(name) >= 0 ? object.attribute(name) : Value::Null(type);
}

// The parts of one object that have a schema of their own.
struct Parts {
  const std::vector<Attribute>& attributes;
  const std::vector<Block>* blocks;
};

Value Merged(const Parts& parts, const Value& prior, const Value& config);

bool HasParts(const Value& value) {
  return value.HasValue() &&
         (value.type().kind() == Type::Kind::kMap ? !value.entries().empty() : !value.elements().empty());
}

// Whether a user who wrote `config` may have got `prior`: they differ only where it was computed and not written.
bool MayFollow(const Parts& parts, const Value& prior, const Value& config);

bool AttributeMayFollow(const Attribute& attribute, const Value& prior, const Value& config) {
  if (prior == config) return true;
  if (attribute.nested == nullptr || !prior.HasValue() || !config.HasValue()) {
    return attribute.IsComputed() && config.IsNull();
  }
  const Parts inner{attribute.nested->attributes, nullptr};
  if (attribute.nested->nesting == Nesting::kSingle) return MayFollow(inner, prior, config);
  if (attribute.nested->nesting == Nesting::kSet) return false;  // nobody could say which element is which
  if (attribute.nested->nesting == Nesting::kMap) {
    const auto entries = prior.entries();
    return entries.size() == config.entries().size() &&
           std::all_of(entries.begin(), entries.end(), [&](const Value::Entry& entry) {
             const Value* written = config.entry(entry.first);
             return written != nullptr && MayFollow(inner, entry.second, *written);
           });
  }
  return std::equal(prior.elements().begin(), prior.elements().end(), config.elements().begin(),
                    config.elements().end(),
                    [&](const Value& was, const Value& written) { return MayFollow(inner, was, written); });
}

bool MayFollow(const Parts& parts, const Value& prior, const Value& config) {
  if (prior == config) return true;
  if (!prior.HasValue() || !config.HasValue()) return false;
  const bool attributes =
      std::all_of(parts.attributes.begin(), parts.attributes.end(), [&](const Attribute& a) {
        return AttributeMayFollow(a, prior.attribute(a.name), config.attribute(a.name));
      });
  if (!attributes || parts.blocks == nullptr) return attributes;
  return std::all_of(parts.blocks->begin(), parts.blocks->end(), [&](const Block& block) {
    const Value& was = prior.attribute(block.name);
    const Value& written = config.attribute(block.name);
    const Parts inner{block.schema.attributes, &block.schema.blocks};
    if (was == written) return true;
    if (block.nesting == Nesting::kSet || !was.HasValue() || !written.HasValue()) return false;
    if (block.nesting == Nesting::kSingle) return MayFollow(inner, was, written);
    return std::equal(was.elements().begin(), was.elements().end(), written.elements().begin(),
                      written.elements().end(),
                      [&](const Value& a, const Value& b) { return MayFollow(inner, a, b); });
  });
}

Value MergedAll(Nesting nesting, const Parts& parts, const Value& prior, const Value& config) {
  if (nesting == Nesting::kSingle) return config.HasValue() ? Merged(parts, prior, config) : config;
  if (!HasParts(config) || !prior.HasValue()) {
    // What was computed in an object that is not there yet is null, as it is in the configuration.
    return config;
  }
  if (nesting == Nesting::kMap) {
    std::map<std::string, Value> entries;
    for (const auto& [key, written] : config.entries()) {
      const Value* was = prior.entry(key);
      entries.emplace(key, was == nullptr ? written : Merged(parts, *was, written));
    }
    return Value::Map(Type::Map(entries.begin()->second.type()), entries);
  }
  std::vector<Value> elements;
  std::vector<bool> used(prior.elements().size());
  for (size_t i = 0; i < config.elements().size(); ++i) {
    const Value& written = config.elements()[i];
    size_t at = i;
    if (nesting == Nesting::kSet) {
      for (at = 0; at < used.size(); ++at) {
        if (!used[at] && MayFollow(parts, prior.elements()[at], written)) break;
      }
      if (at < used.size()) used[at] = true;
    }
    elements.push_back(at < prior.elements().size() ? Merged(parts, prior.elements()[at], written) : written);
  }
  return config.WithElements(std::move(elements));
}

// Whether a computed nested attribute holds what only a user can have written: then leaving it out now is a change.
bool HoldsWritten(const std::vector<Attribute>& attributes, Nesting nesting, const Value& value) {
  if (!value.HasValue()) return false;
  if (nesting == Nesting::kSingle) {
    return std::any_of(attributes.begin(), attributes.end(), [&](const Attribute& attribute) {
      const Value& part = value.attribute(attribute.name);
      if (!part.HasValue()) return false;
      if (!attribute.IsComputed()) return true;
      return attribute.nested != nullptr &&
             HoldsWritten(attribute.nested->attributes, attribute.nested->nesting, part);
    });
  }
  if (nesting == Nesting::kMap) {
    return std::any_of(value.entries().begin(), value.entries().end(), [&](const Value::Entry& entry) {
      return HoldsWritten(attributes, Nesting::kSingle, entry.second);
    });
  }
  return std::any_of(value.elements().begin(), value.elements().end(), [&](const Value& element) {
    return HoldsWritten(attributes, Nesting::kSingle, element);
  });
}

Value MergedAttribute(const Attribute& attribute, const Value& prior, const Value& config) {
  if (attribute.IsComputed() && config.IsNull()) {
    const bool was_written = attribute.IsSettable() && attribute.nested != nullptr &&
                             HoldsWritten(attribute.nested->attributes, attribute.nested->nesting, prior);
    return was_written ? config : prior;
  }
  if (attribute.nested == nullptr) return config;
  return MergedAll(attribute.nested->nesting, {attribute.nested->attributes, nullptr}, prior, config);
}

Value Merged(const Parts& parts, const Value& prior, const Value& config) {
  if (!config.HasValue()) return config;
  Value merged = config;
  for (const Attribute& attribute : parts.attributes) {
    const Value& written = config.attribute(attribute.name);
    merged = merged.WithAttribute(
        attribute.name, MergedAttribute(attribute, PartOf(prior, attribute.name, attribute.type), written));
  }
  if (parts.blocks == nullptr) return merged;
  for (const Block& block : *parts.blocks) {
    const Value& written = config.attribute(block.name);
    merged = merged.WithAttribute(block.name,
                                  MergedAll(block.nesting, {block.schema.attributes, &block.schema.blocks},
                                            PartOf(prior, block.name, written.type()), written));
  }
  return merged;
}

}  // namespace

Value ProposedState(const Schema& schema, const Value& prior, const Value& config) {
  return Merged({schema.attributes, &schema.blocks}, prior, config);
}

}  // namespace tfsdk::testing
