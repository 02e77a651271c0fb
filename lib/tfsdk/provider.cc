#include "tfsdk/provider.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
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
absl::Status CheckInput(const Schema& schema) {
  TFSDK_RETURN_IF_ERROR(schema.Check(ReservedInResources()));
  if (!AnyComputed(schema)) return absl::OkStatus();
  return absl::FailedPreconditionError("nothing can be computed here, as it has no state to hold it");
}

}  // namespace

absl::Status Provider::Check() const {
  std::vector<std::string> mistakes;
  // One line for each mistake, which says where it is.
  const auto note = [&](const std::string& what, const absl::Status& status) {
    if (status.ok()) return;
    for (const absl::string_view line : absl::StrSplit(status.message(), '\n')) {
      mistakes.push_back(absl::StrCat(what, ": ", line));
    }
  };
  note(absl::StrCat("provider ", name), schema.Check(ReservedInProviders()));
  for (const auto& [type_name, data_source] : data_sources) {
    note(absl::StrCat("data source ", type_name), data_source->schema().Check(ReservedInResources()));
  }
  for (const auto& [type_name, resource] : resources) {
    const std::string what = absl::StrCat("resource ", type_name);
    note(what, resource->schema().Check(ReservedInResources()));
    if (resource->identity_schema() != nullptr) note(what, CheckIdentity(*resource->identity_schema()));
  }
  if (meta.has_value()) note("provider_meta", meta->Check({}));
  for (const auto& [type_name, resource] : ephemeral_resources) {
    note(absl::StrCat("ephemeral resource ", type_name), resource->schema().Check(ReservedInResources()));
  }
  for (const auto& [type_name, list] : list_resources) {
    const std::string what = absl::StrCat("list resource ", type_name);
    note(what, CheckInput(list->schema()));
    const auto it = resources.find(type_name);
    const bool listed = it != resources.end() && it->second->identity_schema() != nullptr &&
                        it->second->identity_schema()->type() == list->identity_type() &&
                        it->second->type() == list->resource_type();
    if (!listed) {
      note(what, absl::FailedPreconditionError(
                     "needs the managed resource that it lists, of the same name and with an identity"));
    }
  }
  for (const auto& [type_name, action] : actions) {
    note(absl::StrCat("action ", type_name), CheckInput(action->schema()));
  }
  for (const auto& [function_name, function] : functions) {
    const std::string what = absl::StrCat("function ", function_name);
    if (!internal::IsIdentifier(function_name)) {
      note(what, absl::FailedPreconditionError(internal::kIdentifierRule));
    }
    note(what, function->signature().Check());
  }
  return mistakes.empty() ? absl::OkStatus() : absl::FailedPreconditionError(absl::StrJoin(mistakes, "\n"));
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
