#include "tfsdk/schema.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

bool IsName(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_islower(static_cast<unsigned char>(c)) ||
           absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
  });
}

absl::Status Wrong(absl::string_view name, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat("schema: ", name, ": ", why));
}

bool HasWriteOnly(const std::vector<Attribute>& attributes) {
  return std::any_of(attributes.begin(), attributes.end(), [](const Attribute& a) {
    return a.write_only || (a.nested != nullptr && HasWriteOnly(a.nested->attributes));
  });
}

bool HasWriteOnly(const Schema& schema) {
  return HasWriteOnly(schema.attributes) ||
         std::any_of(schema.blocks.begin(), schema.blocks.end(),
                     [](const Block& b) { return HasWriteOnly(b.schema); });
}

absl::Status CheckAttribute(const Attribute& attribute) {
  if (!IsName(attribute.name)) return Wrong(attribute.name, "a name consists of a-z, 0-9 and _");
  if (attribute.type.kind() == Type::Kind::kSet && attribute.type.HasDynamic()) {
    return Wrong(attribute.name, "a set cannot hold values of dynamic type");
  }
  if (attribute.write_only && attribute.IsComputed()) {
    return Wrong(attribute.name, "write-only attributes are set by the user, so they are not computed");
  }
  if (attribute.default_value.has_value()) {
    if (attribute.mode != Mode::kOptionalComputed) {
      return Wrong(attribute.name, "has a default, so it must be optional and computed");
    }
    if (!(attribute.default_value->type() == attribute.type) && !attribute.type.HasDynamic()) {
      return Wrong(attribute.name, absl::StrCat("is ", attribute.type.ToString(), ", but its default is ",
                                                attribute.default_value->type().ToString()));
    }
  }
  if (attribute.nested == nullptr) return absl::OkStatus();
  if (attribute.nested->nesting == Nesting::kSet && HasWriteOnly(attribute.nested->attributes)) {
    return Wrong(attribute.name, "a set cannot hold write-only attributes");
  }
  std::set<std::string> names;
  for (const Attribute& inner : attribute.nested->attributes) {
    TFSDK_RETURN_IF_ERROR(Annotate(CheckAttribute(inner), attribute.name));
    if (!names.insert(inner.name).second) return Wrong(inner.name, "declared twice");
    if (!attribute.IsSettable() && inner.IsSettable()) {
      return Wrong(attribute.name, absl::StrCat("is computed, but its ", inner.name, " is not"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckBlock(const Block& block) {
  if (block.min_items < 0 || block.max_items < 0 ||
      (block.max_items != 0 && block.min_items > block.max_items)) {
    return Wrong(block.name, "needs 0 <= min_items <= max_items");
  }
  if (block.nesting == Nesting::kSingle && (block.min_items > 1 || block.max_items > 1)) {
    return Wrong(block.name, "a single block is there once at most");
  }
  if (block.nesting == Nesting::kMap && (block.min_items != 0 || block.max_items != 0)) {
    return Wrong(block.name, "blocks in a map have no limits");
  }
  if (block.nesting != Nesting::kSingle && block.schema.type().HasDynamic()) {
    return Wrong(block.name, "a block that may be repeated cannot hold attributes of dynamic type");
  }
  if (block.nesting == Nesting::kSet && HasWriteOnly(block.schema)) {
    return Wrong(block.name, "a set cannot hold write-only attributes");
  }
  return block.schema.Check({});
}

bool HasSettableNested(const std::vector<Attribute>& attributes) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [](const Attribute& a) { return a.nested != nullptr && a.IsSettable(); });
}

}  // namespace

AttributeOption Sensitive() {
  return AttributeOption::Of([](Attribute& a) { a.sensitive = true; });
}
AttributeOption WriteOnly() {
  return AttributeOption::Of([](Attribute& a) { a.write_only = true; });
}
AttributeOption Deprecated(std::string what_to_do_instead) {
  return AttributeOption::Of([text = std::move(what_to_do_instead)](Attribute& a) { a.deprecation = text; });
}
AttributeOption PlainDescription() {
  return AttributeOption::Of([](Attribute& a) { a.description_kind = TextKind::kPlain; });
}
AttributeOption SameMeaning(SemanticEquality equality) {
  return AttributeOption::Of([equality = std::move(equality)](Attribute& a) {
    a.semantic_equality = equality;
    a.canonical_form = nullptr;
  });
}
AttributeOption SameCanonicalForm(CanonicalForm form) {
  return AttributeOption::Of([form = std::move(form)](Attribute& a) {
    a.semantic_equality = [form](const Value& prior, const Value& now) { return form(prior) == form(now); };
    a.canonical_form = form;
  });
}
AttributeOption AsObjectType() {
  return AttributeOption::Of([](Attribute& a) { a.nested = nullptr; });
}

Type Schema::type() const {
  std::map<std::string, Type> types;
  for (const Attribute& attribute : attributes) types.emplace(attribute.name, attribute.type);
  for (const Block& block : blocks) {
    const Type inner = block.schema.type();
    switch (block.nesting) {
      case Nesting::kSingle:
        types.emplace(block.name, inner);
        break;
      case Nesting::kList:
        types.emplace(block.name, Type::List(inner));
        break;
      case Nesting::kSet:
        types.emplace(block.name, Type::Set(inner));
        break;
      case Nesting::kMap:
        types.emplace(block.name, Type::Map(inner));
        break;
    }
  }
  return Type::Object(types);
}

absl::Status Schema::Check(const std::vector<absl::string_view>& reserved) const {
  std::set<std::string> names;
  const auto claim = [&](const std::string& name) {
    if (!IsName(name)) return Wrong(name, "a name consists of a-z, 0-9 and _");
    if (std::find(reserved.begin(), reserved.end(), name) != reserved.end())
      return Wrong(name, "Terraform reserves this name");
    return names.insert(name).second ? absl::OkStatus() : Wrong(name, "declared twice");
  };
  std::vector<std::string> mistakes;
  const auto note = [&](const absl::Status& status) {
    if (!status.ok()) mistakes.emplace_back(status.message());
    return status.ok();
  };
  if (version < 0) note(Wrong("version", "is negative"));
  for (const Attribute& attribute : attributes) {
    if (note(claim(attribute.name))) note(CheckAttribute(attribute));
  }
  for (const Block& block : blocks) {
    if (note(claim(block.name))) note(CheckBlock(block));
  }
  return mistakes.empty() ? absl::OkStatus() : absl::FailedPreconditionError(absl::StrJoin(mistakes, "\n"));
}

bool Schema::FitsProtocol5() const {
  return !HasSettableNested(attributes) &&
         std::all_of(blocks.begin(), blocks.end(), [](const Block& b) { return b.schema.FitsProtocol5(); });
}

bool AnyComputed(const std::vector<Attribute>& attributes) {
  return std::any_of(attributes.begin(), attributes.end(), [](const Attribute& a) {
    return a.IsComputed() || (a.nested != nullptr && AnyComputed(a.nested->attributes));
  });
}

bool AnyComputed(const Schema& schema) {
  return AnyComputed(schema.attributes) ||
         std::any_of(schema.blocks.begin(), schema.blocks.end(),
                     [](const Block& block) { return AnyComputed(block.schema); });
}

const std::vector<absl::string_view>& ReservedInResources() {
  static const std::vector<absl::string_view> names = {
      "count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner", "locals", "_"};
  return names;
}

const std::vector<absl::string_view>& ReservedInProviders() {
  static const std::vector<absl::string_view> names = {
      "alias", "version", "count", "depends_on", "for_each", "source", "lifecycle", "locals", "_"};
  return names;
}

}  // namespace tfsdk
