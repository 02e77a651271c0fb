#include "tfsdk/provider.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "tfsdk/internal/identifier.h"
#include "tfsdk/status.h"

namespace tfsdk {

namespace {

// What identities cannot have (protocol: ResourceIdentitySchema).
absl::Status CheckIdentity(const Schema& schema) {
  TFSDK_RETURN_IF_ERROR(Annotate(schema.Check({}), "identity"));
  if (schema.attributes.empty() || !schema.blocks.empty()) {
    return absl::FailedPreconditionError("identity: consists of attributes, and of at least one");
  }
  for (const Attribute& attribute : schema.attributes) {
    const bool list = attribute.type.kind() == Type::Kind::kList && attribute.type.element().IsPrimitive();
    if (!attribute.type.IsPrimitive() && !list) {
      return absl::FailedPreconditionError(
          absl::StrCat("identity: ", attribute.name,
                       ": is text, a number, a bool or a list of one of them, nothing else"));
    }
    if (attribute.IsComputed()) {
      return absl::FailedPreconditionError(
          absl::StrCat("identity: ", attribute.name, ": is Required or Optional, for an import by identity"));
    }
  }
  return absl::OkStatus();
}

// What an action or a listing is told; it has no object to give anything back in.
absl::Status CheckInput(const Schema& schema, const std::string& what) {
  TFSDK_RETURN_IF_ERROR(Annotate(schema.Check(ReservedInResources()), what));
  if (!AnyComputed(schema)) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(what, ": nothing can be computed here, as it has no state to hold it"));
}

}  // namespace

absl::Status Provider::Check() const {
  TFSDK_RETURN_IF_ERROR(Annotate(schema.Check(ReservedInProviders()), absl::StrCat("provider ", name)));
  for (const auto& [type_name, data_source] : data_sources) {
    TFSDK_RETURN_IF_ERROR(Annotate(data_source->schema().Check(ReservedInResources()),
                                   absl::StrCat("data source ", type_name)));
  }
  for (const auto& [type_name, resource] : resources) {
    const std::string what = absl::StrCat("resource ", type_name);
    TFSDK_RETURN_IF_ERROR(Annotate(resource->schema().Check(ReservedInResources()), what));
    if (resource->identity_schema() != nullptr) {
      TFSDK_RETURN_IF_ERROR(Annotate(CheckIdentity(*resource->identity_schema()), what));
    }
  }
  if (meta.has_value()) TFSDK_RETURN_IF_ERROR(Annotate(meta->Check({}), "provider_meta"));
  for (const auto& [type_name, resource] : ephemeral_resources) {
    TFSDK_RETURN_IF_ERROR(Annotate(resource->schema().Check(ReservedInResources()),
                                   absl::StrCat("ephemeral resource ", type_name)));
  }
  for (const auto& [type_name, list] : list_resources) {
    const std::string what = absl::StrCat("list resource ", type_name);
    TFSDK_RETURN_IF_ERROR(CheckInput(list->schema(), what));
    const auto it = resources.find(type_name);
    const bool listed = it != resources.end() && it->second->identity_schema() != nullptr &&
                        it->second->identity_schema()->type() == list->identity_type() &&
                        it->second->type() == list->resource_type();
    if (!listed) {
      return absl::FailedPreconditionError(absl::StrCat(
          what, ": needs the managed resource that it lists, of the same name and with an identity"));
    }
  }
  for (const auto& [type_name, action] : actions) {
    TFSDK_RETURN_IF_ERROR(CheckInput(action->schema(), absl::StrCat("action ", type_name)));
  }
  for (const auto& [function_name, function] : functions) {
    const std::string what = absl::StrCat("function ", function_name);
    if (!internal::IsIdentifier(function_name)) {
      return absl::FailedPreconditionError(absl::StrCat(what, ": ", internal::kIdentifierRule));
    }
    TFSDK_RETURN_IF_ERROR(Annotate(function->signature().Check(), what));
  }
  return absl::OkStatus();
}

bool Provider::FitsProtocol5() const {
  const auto fit = [](const auto& things) {
    return std::all_of(things.begin(), things.end(),
                       [](const auto& entry) { return entry.second->schema().FitsProtocol5(); });
  };
  return schema.FitsProtocol5() && fit(data_sources) && fit(resources) && fit(ephemeral_resources) &&
         fit(list_resources) && fit(actions);
}

}  // namespace tfsdk
