#include "tfsdk/engine/semantic_equality.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tfsdk {
namespace {

// Pairs of elements of one set that were asked about and do not mean the same.
constexpr int64_t kMaxPairs = 1'000'000;

// The parts of a schema that say anything about meaning, and the way to them. No node: nothing to say.
struct Node {
  SemanticEquality same = nullptr;
  CanonicalForm canonical = nullptr;
  std::map<std::string, std::shared_ptr<const Node>> attributes = {};  // of an object
  std::shared_ptr<const Node> element = nullptr;                       // of a collection
};
using NodePtr = std::shared_ptr<const Node>;

NodePtr OrNull(Node node) {
  if (!node.same && !node.element && node.attributes.empty()) return nullptr;
  return std::make_shared<const Node>(std::move(node));
}

NodePtr Compile(const std::vector<Attribute>& attributes, const std::vector<Block>& blocks);

NodePtr Compile(const ElementMeaning* meaning) {
  if (meaning == nullptr) return nullptr;
  return OrNull({meaning->semantic_equality, meaning->canonical_form, {}, Compile(meaning->elements.get())});
}

// `object` as it is, or as the element of a collection of such objects.
void Nest(Nesting nesting, NodePtr object, Node& node) {
  if (object == nullptr) return;
  if (nesting == Nesting::kSingle) {
    node.attributes = object->attributes;
  } else {
    node.element = std::move(object);
  }
}

NodePtr Compile(const Attribute& attribute) {
  Node node{attribute.semantic_equality, attribute.canonical_form, {}, Compile(attribute.elements.get())};
  if (attribute.nested != nullptr) {
    Nest(attribute.nested->nesting, Compile(attribute.nested->attributes, {}), node);
  }
  return OrNull(std::move(node));
}

NodePtr Compile(const std::vector<Attribute>& attributes, const std::vector<Block>& blocks) {
  Node object;
  const auto add = [&](const std::string& name, NodePtr node) {
    if (node != nullptr) object.attributes.emplace(name, std::move(node));
  };
  for (const Attribute& attribute : attributes) add(attribute.name, Compile(attribute));
  for (const Block& block : blocks) {
    Node node;
    Nest(block.nesting, Compile(block.schema.attributes, block.schema.blocks), node);
    add(block.name, OrNull(std::move(node)));
  }
  return OrNull(std::move(object));
}

struct HashOf {
  size_t operator()(const Value& value) const { return value.Hash(); }
};

// All elements of a set that share what can be told without asking a SemanticEquality, each used once. In
// front of `next` all are used.
struct Candidates {
  std::vector<size_t> indices;
  size_t next = 0;
};

class Keeper {
 public:
  // What to put in the place of `now`, or nothing when it stays.
  std::optional<Value> Keep(const Node& node, const Value& prior, const Value& now) {
    if (!prior.HasValue() || !now.HasValue() || !(prior.type() == now.type())) return std::nullopt;
    if (node.same && node.same(prior, now)) return prior;
    switch (now.type().kind()) {
      case Type::Kind::kObject:
        return Object(node, prior, now);
      case Type::Kind::kList:
      case Type::Kind::kTuple:
        return node.element == nullptr ? std::nullopt : List(*node.element, prior, now);
      case Type::Kind::kMap:
        return node.element == nullptr ? std::nullopt : Map(*node.element, prior, now);
      case Type::Kind::kSet:
        return node.element == nullptr ? std::nullopt : Set(*node.element, prior, now);
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<Value> Object(const Node& node, const Value& prior, const Value& now) {
    std::vector<Value> kept;
    for (const auto& [name, inner] : node.attributes) {
      const int index = now.type().IndexOf(name);
      if (index < 0) continue;
      const auto at = static_cast<size_t>(index);
      std::optional<Value> value = Keep(*inner, prior.elements()[at], now.elements()[at]);
      if (!value.has_value()) continue;
      if (kept.empty()) kept.assign(now.elements().begin(), now.elements().end());
      kept[at] = *std::move(value);
    }
    if (kept.empty()) return std::nullopt;
    return Value::Object(now.type(), std::move(kept));
  }

  std::optional<Value> List(const Node& element, const Value& prior, const Value& now) {
    std::vector<Value> kept;
    const size_t common = std::min(prior.elements().size(), now.elements().size());
    for (size_t i = 0; i < common; ++i) {
      std::optional<Value> value = Keep(element, prior.elements()[i], now.elements()[i]);
      if (!value.has_value()) continue;
      if (kept.empty()) kept.assign(now.elements().begin(), now.elements().end());
      kept[i] = *std::move(value);
    }
    if (kept.empty()) return std::nullopt;
    return Value::Sequence(now.type(), std::move(kept));
  }

  std::optional<Value> Map(const Node& element, const Value& prior, const Value& now) {
    std::map<std::string, Value> kept;
    // Both are sorted by key.
    auto old = prior.entries().begin();
    for (const auto& [key, value] : now.entries()) {
      while (old != prior.entries().end() && old->first < key) ++old;
      if (old == prior.entries().end() || old->first != key) continue;
      if (auto put_back = Keep(element, old->second, value)) kept.emplace(key, *std::move(put_back));
    }
    if (kept.empty()) return std::nullopt;
    for (const auto& [key, value] : now.entries()) kept.emplace(key, value);
    return Value::Map(now.type(), kept);
  }

  std::optional<Value> Set(const Node& element, const Value& prior, const Value& now) {
    const absl::Span<const Value> before = prior.elements();
    std::vector<bool> used(before.size(), false);
    std::vector<bool> done(now.elements().size(), false);
    MatchEqual(before, now.elements(), used, done);

    std::unordered_map<Value, Candidates, HashOf> by_form;
    for (size_t i = 0; i < before.size(); ++i) {
      if (!used[i] && before[i].IsWhollyKnown()) by_form[Form(element, before[i])].indices.push_back(i);
    }
    std::vector<Value> kept;
    int64_t in_vain = 0;
    for (size_t i = 0; i < now.elements().size() && !by_form.empty(); ++i) {
      const Value& value = now.elements()[i];
      if (done[i] || !value.IsWhollyKnown()) continue;
      const auto found = by_form.find(Form(element, value));
      if (found == by_form.end()) continue;
      Candidates& candidates = found->second;
      for (size_t at = candidates.next; at < candidates.indices.size() && in_vain < kMaxPairs; ++at) {
        const size_t index = candidates.indices[at];
        if (used[index]) continue;
        if (!Same(element, before[index], value)) {
          ++in_vain;
          continue;
        }
        used[index] = true;
        if (kept.empty()) kept.assign(now.elements().begin(), now.elements().end());
        kept[i] = before[index];
        break;
      }
      while (candidates.next < candidates.indices.size() && used[candidates.indices[candidates.next]]) {
        ++candidates.next;
      }
    }
    if (kept.empty()) return std::nullopt;
    return Value::Sequence(now.type(), std::move(kept));
  }

  // Marks what is there on both sides to the byte, so that nothing else takes its place.
  static void MatchEqual(absl::Span<const Value> before, absl::Span<const Value> now, std::vector<bool>& used,
                         std::vector<bool>& done) {
    std::unordered_map<Value, size_t, HashOf> index;
    for (size_t i = 0; i < before.size(); ++i) index.emplace(before[i], i);
    for (size_t i = 0; i < now.size(); ++i) {
      const auto found = index.find(now[i]);
      if (found == index.end() || used[found->second]) continue;
      used[found->second] = done[i] = true;
    }
  }

  // `value` in the form that all values share that mean the same. What only a SemanticEquality can tell is
  // left out; Same() asks it.
  static Value Form(const Node& node, const Value& value) {
    if (!value.HasValue()) return value;
    if (node.canonical) return node.canonical(value);
    if (node.same) return Value::Null(value.type());
    std::vector<Value> parts;
    switch (value.type().kind()) {
      case Type::Kind::kObject:
        parts.assign(value.elements().begin(), value.elements().end());
        for (const auto& [name, inner] : node.attributes) {
          const int index = value.type().IndexOf(name);
          if (index >= 0) {
            parts[static_cast<size_t>(index)] = Form(*inner, parts[static_cast<size_t>(index)]);
          }
        }
        return Value::Object(value.type(), std::move(parts));
      case Type::Kind::kMap: {
        if (node.element == nullptr) return value;
        std::map<std::string, Value> entries;
        for (const auto& [key, inner] : value.entries()) entries.emplace(key, Form(*node.element, inner));
        return Value::Map(value.type(), entries);
      }
      case Type::Kind::kList:
      case Type::Kind::kTuple:
      case Type::Kind::kSet:
        if (node.element == nullptr) return value;
        for (const Value& inner : value.elements()) parts.push_back(Form(*node.element, inner));
        return Value::Sequence(value.type(), std::move(parts));
      default:
        return value;
    }
  }

  // Whether two values of the same form mean the same.
  bool Same(const Node& node, const Value& prior, const Value& now) {
    if (node.canonical) return true;
    const std::optional<Value> kept = Keep(node, prior, now);
    return kept.has_value() ? *kept == prior : now == prior;
  }
};

}  // namespace

Value KeepSameMeaning(const Schema& schema, const Value& prior, const Value& now) {
  const NodePtr node = Compile(schema.attributes, schema.blocks);
  if (node == nullptr) return now;
  return Keeper().Keep(*node, prior, now).value_or(now);
}

}  // namespace tfsdk
