#include "tfsdk/function.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "tfsdk/internal/identifier.h"

namespace tfsdk {

absl::Status FunctionSignature::Check() const {
  std::set<absl::string_view> names;
  const auto check = [&](const FunctionParameter& parameter) -> absl::Status {
    const Attribute& attribute = parameter.attribute;
    const auto wrong = [&](absl::string_view why) {
      return absl::FailedPreconditionError(absl::StrCat("parameter ", attribute.name, ": ", why));
    };
    if (!internal::IsIdentifier(attribute.name)) return wrong(internal::kIdentifierRule);
    if (!names.insert(attribute.name).second) return wrong("declared twice");
    if (attribute.type.kind() == Type::Kind::kSet && attribute.type.HasDynamic()) {
      return wrong("a set cannot hold values of dynamic type");
    }
    if (attribute.sensitive || attribute.write_only || attribute.default_value.has_value() ||
        !attribute.deprecation.empty() || !attribute.plan_modifiers.empty() ||
        attribute.semantic_equality != nullptr) {
      return wrong("of all options a parameter can only have validators and a plain description");
    }
    return absl::OkStatus();
  };
  for (const FunctionParameter& parameter : parameters) {
    if (absl::Status status = check(parameter); !status.ok()) return status;
  }
  return variadic.has_value() ? check(*variadic) : absl::OkStatus();
}

}  // namespace tfsdk
