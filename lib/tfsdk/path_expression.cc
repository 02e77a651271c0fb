#include "tfsdk/path_expression.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

// Stand for whatever is inside of a null or an unknown value.
const Value& NullInside() {
  static const Value null = Value::Null(Type::Dynamic());
  return null;
}
const Value& UnknownInside() {
  static const Value unknown = Value::Unknown(Type::Dynamic());
  return unknown;
}

absl::Status NoSuch(absl::string_view what) {
  return absl::InternalError(absl::StrCat("A rule of the provider is about ", what,
                                          ", which cannot be there. Please report this to its authors."));
}

}  // namespace

PathExpression PathExpression::With(Step step) const {
  PathExpression expression = *this;
  expression.steps_.push_back(std::move(step));
  return expression;
}

PathExpression PathExpression::Parent() const {
  PathExpression expression = *this;
  if (!steps_.empty()) {
    expression.steps_.pop_back();
  } else if (up_ >= 0) {
    ++expression.up_;
  }
  return expression;
}

PathExpression PathExpression::At(absl::string_view attribute) const {
  return With(Attribute{std::string(attribute)});
}
PathExpression PathExpression::AtIndex(int64_t index) const { return With(Index{index}); }
PathExpression PathExpression::AtKey(absl::string_view key) const { return With(Key{std::string(key)}); }
PathExpression PathExpression::AnyIndex() const { return With(AnyIndexStep{}); }
PathExpression PathExpression::AnyKey() const { return With(AnyKeyStep{}); }

absl::StatusOr<std::vector<const Value*>> PathExpression::Find(const Value& value,
                                                               const Surroundings& around) const {
  const Value* start = &value;
  if (up_ < 0) {
    start = &around.root;
  } else if (up_ == 1) {
    start = &around.siblings;
  } else if (up_ > 1) {
    const auto up = static_cast<size_t>(up_);
    if (up > around.enclosing.size()) return NoSuch("a parent of the whole configuration");
    start = around.enclosing[around.enclosing.size() - up];
  }
  std::vector<const Value*> found = {start};
  for (const Step& step : steps_) {
    std::vector<const Value*> next;
    for (const Value* from : found) TFSDK_RETURN_IF_ERROR(Follow(step, *from, next));
    found = std::move(next);
  }
  return found;
}

absl::Status PathExpression::Follow(const Step& step, const Value& from, std::vector<const Value*>& found) {
  if (!from.HasValue()) {
    found.push_back(from.IsKnown() ? &NullInside() : &UnknownInside());
    return absl::OkStatus();
  }
  const Type::Kind kind = from.type().kind();
  if (const auto* attribute = std::get_if<Attribute>(&step)) {
    if (kind != Type::Kind::kObject || from.type().IndexOf(attribute->name) < 0) {
      return NoSuch(absl::StrCat("an attribute ", attribute->name));
    }
    found.push_back(&from.attribute(attribute->name));
    return absl::OkStatus();
  }
  if (const auto* key = std::get_if<Key>(&step)) {
    if (kind != Type::Kind::kMap) return NoSuch(absl::StrCat("the key ", key->key, " of no map"));
    const Value* entry = from.entry(key->key);
    found.push_back(entry != nullptr ? entry : &NullInside());
    return absl::OkStatus();
  }
  if (std::holds_alternative<AnyKeyStep>(step)) {
    if (kind != Type::Kind::kMap) return NoSuch("the keys of no map");
    for (const auto& [name, inner] : from.entries()) found.push_back(&inner);
    return absl::OkStatus();
  }
  const auto* index = std::get_if<Index>(&step);
  const bool ordered = kind == Type::Kind::kList || kind == Type::Kind::kTuple;
  if (!ordered && (kind != Type::Kind::kSet || index != nullptr)) {
    return NoSuch("an element of no list");
  }
  const auto elements = from.elements();
  if (index == nullptr) {
    for (const Value& element : elements) found.push_back(&element);
  } else {
    const bool there = index->index >= 0 && static_cast<size_t>(index->index) < elements.size();
    found.push_back(there ? &elements[static_cast<size_t>(index->index)] : &NullInside());
  }
  return absl::OkStatus();
}

std::string PathExpression::ToString() const {
  std::string text;
  for (const Step& step : steps_) {
    if (const auto* attribute = std::get_if<Attribute>(&step)) {
      absl::StrAppend(&text, text.empty() ? "" : ".", attribute->name);
    } else if (const auto* index = std::get_if<Index>(&step)) {
      absl::StrAppend(&text, "[", index->index, "]");
    } else if (const auto* key = std::get_if<Key>(&step)) {
      absl::StrAppend(&text, "[\"", key->key, "\"]");
    } else {
      absl::StrAppend(&text, "[*]");
    }
  }
  return text.empty() ? "what it is in" : text;
}

std::string PathExpressions::ToString() const {
  return absl::StrJoin(all_, ", ", [](std::string* out, const PathExpression& expression) {
    absl::StrAppend(out, expression.ToString());
  });
}

}  // namespace tfsdk
