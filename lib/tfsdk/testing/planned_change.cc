#include "tfsdk/testing/planned_change.h"

#include <algorithm>
#include <set>

namespace tfsdk::testing {
namespace {

using Kind = Type::Kind;

// The parts that both values have or one of them has, each as `visit(path, before, after)` where one may be missing.
template <class Visit>
void EachPart(const Value& before, const Value& after, const Path& at, const Visit& visit) {
  const Kind kind = before.type().kind();
  if (kind == Kind::kObject) {
    for (const auto& [name, type] : before.type().attributes()) {
      const bool both = after.type().IndexOf(name) >= 0;
      visit(at.At(name), &before.attribute(name), both ? &after.attribute(name) : nullptr);
    }
  } else if (kind == Kind::kMap) {
    std::set<std::string> keys;
    for (const auto& [key, entry] : before.entries()) keys.insert(key);
    for (const auto& [key, entry] : after.entries()) keys.insert(key);
    for (const std::string& key : keys) visit(at.AtKey(key), before.entry(key), after.entry(key));
  } else {
    const auto a = before.elements(), b = after.elements();
    for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      visit(at.AtIndex(static_cast<int64_t>(i)), i < a.size() ? &a[i] : nullptr,
            i < b.size() ? &b[i] : nullptr);
    }
  }
}

bool CanBeWalked(const Value& before, const Value& after) {
  if (!before.HasValue() || !after.HasValue() || before.type().kind() != after.type().kind()) return false;
  const Kind kind = before.type().kind();
  return kind == Kind::kObject || kind == Kind::kMap || kind == Kind::kList || kind == Kind::kTuple;
}

void Collect(const Value& before, const Value& after, const Path& at, std::vector<Path>& changed) {
  if (before == after && before.IsWhollyKnown()) return;
  if (!CanBeWalked(before, after)) {
    changed.push_back(at);
    return;
  }
  EachPart(before, after, at, [&](const Path& path, const Value* a, const Value* b) {
    if (a == nullptr || b == nullptr) {
      changed.push_back(path);
    } else {
      Collect(*a, *b, path, changed);
    }
  });
}

std::optional<Path> Broken(const Value& first, const Value& last, const Path& at) {
  if (!first.IsKnown() || first == last) return std::nullopt;
  const bool sets = first.HasValue() && last.HasValue() && first.type().kind() == Kind::kSet;
  // Elements that were not known cannot be told apart, and may turn out equal.
  if (sets && !first.IsWhollyKnown() && last.elements().size() <= first.elements().size())
    return std::nullopt;
  if (!CanBeWalked(first, last)) return at;
  std::optional<Path> broken;
  EachPart(first, last, at, [&](const Path& path, const Value* a, const Value* b) {
    if (broken.has_value()) return;
    broken = a == nullptr || b == nullptr ? std::optional<Path>(path) : Broken(*a, *b, path);
  });
  return broken;
}

}  // namespace

std::string ToString(PlanAction action) {
  switch (action) {
    case PlanAction::kNoOp:
      return "no change";
    case PlanAction::kCreate:
      return "create";
    case PlanAction::kUpdate:
      return "update in place";
    case PlanAction::kReplace:
      return "replace";
    case PlanAction::kDestroy:
      return "destroy";
  }
  return "";
}

std::vector<Path> ChangedPaths(const Value& before, const Value& after) {
  std::vector<Path> changed;
  Collect(before, after, Path(), changed);
  return changed;
}

std::optional<Path> BrokenPromise(const Value& first, const Value& last) {
  return Broken(first, last, Path());
}

std::optional<Value> ValueAt(const Value& value, const Path& path) {
  Value now = value;
  for (const Path::Step& step : path.steps()) {
    if (!now.IsKnown()) return now;
    if (now.IsNull()) return std::nullopt;
    const Kind kind = now.type().kind();
    if (const auto* attribute = std::get_if<Path::Attribute>(&step)) {
      if (kind != Kind::kObject || now.type().IndexOf(attribute->name) < 0) return std::nullopt;
      now = Value(now.attribute(attribute->name));
    } else if (const auto* key = std::get_if<Path::Key>(&step)) {
      const Value* entry = kind == Kind::kMap ? now.entry(key->key) : nullptr;
      if (entry == nullptr) return std::nullopt;
      now = Value(*entry);
    } else {
      const int64_t index = std::get<Path::Index>(step).index;
      if (kind != Kind::kList && kind != Kind::kTuple) return std::nullopt;
      if (index < 0 || static_cast<size_t>(index) >= now.elements().size()) return std::nullopt;
      now = Value(now.elements()[static_cast<size_t>(index)]);
    }
  }
  return now;
}

}  // namespace tfsdk::testing
