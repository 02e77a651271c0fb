#include "tfsdk/type.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/internal/check.h"

namespace tfsdk {

// Primitive types are static and their pointers own nothing, so that copying one touches no reference count.
Type Type::Primitive(Kind kind) {
  static const Rep reps[] = {{Kind::kDynamic, true}, {Kind::kBool}, {Kind::kNumber}, {Kind::kString}};
  return Type(std::shared_ptr<const Rep>(std::shared_ptr<void>(), &reps[static_cast<int>(kind)]));
}

Type Type::Dynamic() { return Primitive(Kind::kDynamic); }
Type Type::Bool() { return Primitive(Kind::kBool); }
Type Type::Number() { return Primitive(Kind::kNumber); }
Type Type::String() { return Primitive(Kind::kString); }

Type Type::Collection(Kind kind, Type element) {
  const bool has_dynamic = element.HasDynamic();
  std::vector<Type> elements;
  elements.push_back(std::move(element));
  return Type(std::make_shared<const Rep>(Rep{kind, has_dynamic, std::move(elements), {}}));
}

Type Type::List(Type element) { return Collection(Kind::kList, std::move(element)); }
Type Type::Set(Type element) { return Collection(Kind::kSet, std::move(element)); }
Type Type::Map(Type element) { return Collection(Kind::kMap, std::move(element)); }

Type Type::Tuple(std::vector<Type> elements) {
  const bool has_dynamic =
      std::any_of(elements.begin(), elements.end(), [](const Type& t) { return t.HasDynamic(); });
  return Type(std::make_shared<const Rep>(Rep{Kind::kTuple, has_dynamic, std::move(elements), {}}));
}

Type Type::Object(const std::map<std::string, Type>& attributes) {
  Rep rep{Kind::kObject};
  rep.attributes.assign(attributes.begin(), attributes.end());
  for (const Attribute& attribute : rep.attributes) rep.has_dynamic |= attribute.second.HasDynamic();
  return Type(std::make_shared<const Rep>(std::move(rep)));
}

bool Type::IsPrimitive() const {
  return rep_->kind == Kind::kBool || rep_->kind == Kind::kNumber || rep_->kind == Kind::kString;
}

const Type& Type::element() const {
  TFSDK_CHECK(kind() == Kind::kList || kind() == Kind::kSet || kind() == Kind::kMap,
              "element() of no collection");
  return rep_->elements.front();
}
const std::vector<Type>& Type::elements() const {
  TFSDK_CHECK(kind() == Kind::kTuple, "elements() of no tuple");
  return rep_->elements;
}
const std::vector<Type::Attribute>& Type::attributes() const {
  TFSDK_CHECK(kind() == Kind::kObject, "attributes() of no object");
  return rep_->attributes;
}

int Type::IndexOf(absl::string_view name) const {
  const auto& all = attributes();
  const auto it = std::lower_bound(all.begin(), all.end(), name,
                                   [](const Attribute& a, absl::string_view n) { return a.first < n; });
  return it != all.end() && it->first == name ? static_cast<int>(it - all.begin()) : -1;
}

std::string Type::ToString() const {
  switch (kind()) {
    case Kind::kDynamic:
      return "dynamic";
    case Kind::kBool:
      return "bool";
    case Kind::kNumber:
      return "number";
    case Kind::kString:
      return "string";
    case Kind::kList:
      return absl::StrCat("list(", element().ToString(), ")");
    case Kind::kSet:
      return absl::StrCat("set(", element().ToString(), ")");
    case Kind::kMap:
      return absl::StrCat("map(", element().ToString(), ")");
    case Kind::kTuple:
      return absl::StrCat(
          "tuple([",
          absl::StrJoin(elements(), ", ",
                        [](std::string* out, const Type& t) { absl::StrAppend(out, t.ToString()); }),
          "])");
    case Kind::kObject:
      return absl::StrCat("object({",
                          absl::StrJoin(attributes(), ", ",
                                        [](std::string* out, const Attribute& a) {
                                          absl::StrAppend(out, a.first, "=", a.second.ToString());
                                        }),
                          "})");
  }
  return "";
}

bool operator==(const Type& a, const Type& b) {
  if (a.rep_ == b.rep_) return true;
  return a.kind() == b.kind() && a.rep_->elements == b.rep_->elements &&
         a.rep_->attributes == b.rep_->attributes;
}

}  // namespace tfsdk
