#include "tfsdk/engine/resources.h"

#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/engine/deprecations.h"
#include "tfsdk/engine/legality.h"
#include "tfsdk/engine/plan.h"
#include "tfsdk/engine/semantic_equality.h"
#include "tfsdk/engine/transform.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/json.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

// Between an import and the read that follows it, as HashiCorp's framework calls it.
constexpr absl::string_view kImported = "import_before_read";

constexpr absl::string_view kReport = " This is a mistake in the provider: report it to its authors.";

bool IsNothing(const std::optional<Value>& identity) {
  if (!identity.has_value() || !identity->HasValue()) return true;
  for (const Value& part : identity->elements()) {
    if (!part.IsKnown() || !part.IsNull()) return false;
  }
  return true;
}

// The identity of `state`. `before` is what it must be, when it is something.
std::optional<Value> IdentityOf(Context& context, const std::string& summary, const AnyResource& resource,
                                const Value& state, const std::optional<Value>& before, bool may_change) {
  if (resource.identity_schema() == nullptr) return std::nullopt;
  if (!state.HasValue()) return Value::Null(resource.identity_schema()->type());
  absl::StatusOr<Value> identity = resource.IdentityAny(state);
  context.diagnostics().AddStatus(summary, identity.status());
  if (!identity.ok()) return std::nullopt;
  // What the state does not tell, an import by identity may have told.
  for (const Attribute& attribute : resource.identity_schema()->attributes) {
    if (before.has_value() && before->HasValue() && identity->attribute(attribute.name).IsNull()) {
      identity = identity->WithAttribute(attribute.name, before->attribute(attribute.name));
    }
  }
  if (IsNothing(*identity) || !identity->IsWhollyKnown()) {
    context.diagnostics().AddError(summary, absl::StrCat("The object has no identity.", kReport));
    return std::nullopt;
  }
  if (!IsNothing(before) && before->IsWhollyKnown() && !may_change && !resource.HasMutableIdentity() &&
      !(*before == *identity)) {
    context.diagnostics().AddError(
        summary,
        absl::StrCat("The identity of the object has changed from ", EncodeJson(*before, before->type()),
                     " to ", EncodeJson(*identity, identity->type()), ", which it must never do.", kReport));
  }
  return *std::move(identity);
}

bool HasWriteOnlyValue(const Schema& schema, const Value& config, Diagnostics& diagnostics, bool allowed) {
  bool found = false;
  TransformAttributes(schema, config, Value::Null(config.type()),
                      [&](const Attribute& attribute, const Value& value, const Value&) {
                        found |= attribute.write_only && !(value.IsKnown() && value.IsNull());
                        return value;
                      });
  if (found && !allowed) {
    diagnostics.AddError(
        "Write-only attributes are not supported",
        "The configuration sets a write-only attribute, which this version of Terraform would store. "
        "Use Terraform 1.11 or later, or leave the attribute out.");
  }
  return found;
}

// The plan with what the user wrote for write-only attributes: what Create and Update work with.
Value WithWriteOnly(const Schema& schema, const Value& planned, const Value& config) {
  return TransformAttributes(schema, planned, config,
                             [](const Attribute& attribute, const Value& value, const Value& written) {
                               return attribute.write_only ? written : value;
                             });
}

// What the author made of `before`, as it is stored.
Value Stored(const Schema& schema, const Value& before, const Value& made) {
  return WithoutWriteOnly(schema, KeepSameMeaning(schema, before, WithTypedNulls(schema, before, made)));
}

ObjectState Delete(ResourceContext& context, const std::string& type_name, const AnyResource& resource,
                   void* client, const ApplyRequest& request) {
  context.diagnostics().AddStatus(absl::StrCat("Cannot delete ", type_name),
                                  resource.DeleteAny(context, client, request.prior));
  if (context.diagnostics().HasErrors()) return {request.prior, request.planned_identity};
  context.private_state() = PrivateState();
  ObjectState gone{Value::Null(resource.type())};
  if (resource.identity_schema() != nullptr) gone.identity = Value::Null(resource.identity_schema()->type());
  return gone;
}

}  // namespace

void ValidateResource(Context& context, const AnyResource& resource, const Value& config,
                      bool write_only_allowed) {
  ValidateConfig(resource.schema(), config, context.diagnostics(), write_only_allowed);
  WarnOfDeprecated(resource.schema(), config, context.diagnostics());
  HasWriteOnlyValue(resource.schema(), config, context.diagnostics(), write_only_allowed);
  if (context.diagnostics().HasErrors() || !config.HasValue()) return;
  context.diagnostics().AddStatus("Invalid configuration", resource.ValidateAny(context, config));
}

ObjectState ReadResource(const Engine& engine, ResourceContext& context, const std::string& type_name,
                         const AnyResource& resource, const Value& state,
                         const std::optional<Value>& identity) {
  const std::string summary = absl::StrCat("Cannot read ", type_name);
  if (!state.HasValue()) {
    context.diagnostics().AddError(summary, "Terraform asks about an object without a state.");
    return {};
  }
  if (context.deferral_allowed() && engine.configured().unknown_argument.has_value()) {
    context.Defer(DeferredReason::kProviderConfigUnknown);
    return {state, identity};
  }
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return {};
  const bool imported = context.private_state().HasMark(kImported);
  context.private_state().SetMark(kImported, false);
  absl::StatusOr<Value> now = resource.ReadAny(context, client.get(), state);
  context.diagnostics().AddStatus(summary, now.status());
  if (!now.ok() || context.diagnostics().HasErrors()) return {};
  if (const std::optional<Path> unknown = FirstUnknown(*now); unknown.has_value()) {
    context.diagnostics().AddError(summary, absl::StrCat("Left unknown: ", unknown->ToString(), ".", kReport),
                                   *unknown);
    return {};
  }
  ObjectState read{Stored(resource.schema(), state, *now)};
  read.identity = IdentityOf(context, summary, resource, *read.state, identity, imported);
  if (context.diagnostics().HasErrors()) return {};
  return read;
}

ObjectState ApplyChange(const Engine& engine, ResourceContext& context, const std::string& type_name,
                        const AnyResource& resource, const ApplyRequest& request) {
  const bool creating = request.prior.IsNull();
  const bool deleting = request.planned.IsNull();
  const std::string summary = absl::StrCat(creating   ? "Cannot create "
                                           : deleting ? "Cannot delete "
                                                      : "Cannot change ",
                                           type_name);
  // What is true when nothing was done.
  const ObjectState before{request.prior, creating ? std::nullopt : request.planned_identity};
  if (creating && deleting) {
    context.diagnostics().AddError(summary, "Terraform asks for a change from nothing to nothing.");
    return before;
  }
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return before;
  if (deleting) return Delete(context, type_name, resource, client.get(), request);
  const Schema& schema = resource.schema();
  // In a replacement Terraform hands over the private data of the object that goes; the new one begins without.
  if (creating) context.private_state() = PrivateState();
  const Value planned = WithWriteOnly(schema, request.planned, request.config);
  absl::StatusOr<Value> made = creating ? resource.CreateAny(context, client.get(), planned)
                                        : resource.UpdateAny(context, client.get(), request.prior, planned);
  context.diagnostics().AddStatus(summary, made.status());
  if (!made.ok() || context.diagnostics().HasErrors()) {
    // Whatever is certainly there must not be lost; what it cannot say is null.
    const std::optional<Value>& there = made.ok() ? std::optional<Value>(*made) : context.saved();
    if (!there.has_value()) return before;
    ObjectState partial{WithoutWriteOnly(schema, *there)};
    if (resource.identity_schema() != nullptr) {
      absl::StatusOr<Value> identity = resource.IdentityAny(*partial.state);
      partial.identity = identity.ok() ? *std::move(identity) : request.planned_identity;
    }
    return partial;
  }
  ObjectState after{Stored(schema, request.planned, *made)};
  context.diagnostics().AddStatus(absl::StrCat("Inconsistent result for ", type_name),
                                  CheckResult(schema, request.planned, *after.state));
  after.identity = IdentityOf(context, summary, resource, *after.state,
                              creating ? std::nullopt : request.planned_identity, false);
  return after;
}

ObjectState ImportResource(const Engine& engine, ResourceContext& context, const std::string& type_name,
                           const AnyResource& resource, const std::string& id,
                           const std::optional<Value>& identity) {
  const std::string summary = absl::StrCat("Cannot import ", type_name);
  if (context.deferral_allowed() && engine.configured().unknown_argument.has_value()) {
    context.Defer(DeferredReason::kProviderConfigUnknown);
    return {Value::Unknown(resource.type())};
  }
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return {};
  const bool by_identity = !IsNothing(identity) && resource.identity_schema() != nullptr;
  if (by_identity) ValidateConfig(*resource.identity_schema(), *identity, context.diagnostics());
  if (!by_identity && id.empty()) {
    context.diagnostics().AddError(summary, "An import needs an ID or an identity.");
  }
  if (context.diagnostics().HasErrors()) return {};
  const absl::StatusOr<Value> state = by_identity
                                          ? resource.ImportIdentityAny(context, client.get(), *identity)
                                          : resource.ImportAny(context, client.get(), id);
  context.diagnostics().AddStatus(summary, state.status());
  if (!state.ok() || context.diagnostics().HasErrors()) return {};
  context.private_state().SetMark(kImported, true);
  ObjectState imported{WithoutWriteOnly(resource.schema(), *state)};
  if (resource.identity_schema() != nullptr) {
    imported.identity = by_identity ? *identity : Value::Null(resource.identity_schema()->type());
  }
  return imported;
}

std::optional<Value> UpgradeState(Context& context, const std::string& type_name, const AnyResource& resource,
                                  int64_t version, absl::string_view json) {
  const std::string summary = absl::StrCat("Cannot read the stored state of ", type_name);
  absl::StatusOr<Value> state = version == resource.schema().version
                                    ? DecodeJson(json, resource.type(), UnknownMembers::kIgnore)
                                    : resource.UpgradeAny(context, version, json);
  if (absl::IsUnimplemented(state.status())) {
    state = absl::UnimplementedError(
        absl::StrCat("It was stored with version ", version, " of the schema, this provider has version ",
                     resource.schema().version, " and no way from there.", kReport));
  }
  context.diagnostics().AddStatus(summary, state.status());
  if (!state.ok() || context.diagnostics().HasErrors()) return std::nullopt;
  if (const std::optional<Path> unknown = FirstUnknown(*state); unknown.has_value() || state->IsNull()) {
    context.diagnostics().AddError(summary, absl::StrCat("The upgrade left out a part of it.", kReport));
    return std::nullopt;
  }
  return WithoutWriteOnly(resource.schema(), *state);
}

std::optional<Value> UpgradeIdentity(Context& context, const std::string& type_name,
                                     const AnyResource& resource, int64_t version, absl::string_view json) {
  const std::string summary = absl::StrCat("Cannot read the stored identity of ", type_name);
  if (resource.identity_schema() == nullptr) {
    context.diagnostics().AddError(summary, "This resource has no identity.");
    return std::nullopt;
  }
  // State that is older than any identity: there is none to upgrade, and the next read finds it out.
  if (json.empty()) return Value::Null(resource.identity_schema()->type());
  absl::StatusOr<Value> identity =
      version == resource.identity_schema()->version
          ? DecodeJson(json, resource.identity_schema()->type(), UnknownMembers::kIgnore)
          : resource.UpgradeIdentityAny(context, version, json);
  if (absl::IsUnimplemented(identity.status())) {
    identity = absl::UnimplementedError(
        absl::StrCat("It was stored with version ", version, ", and there is no way from there.", kReport));
  }
  context.diagnostics().AddStatus(summary, identity.status());
  if (!identity.ok() || context.diagnostics().HasErrors()) return std::nullopt;
  return *std::move(identity);
}

ObjectState MoveState(ResourceContext& context, const std::string& type_name, const AnyResource& resource,
                      const MoveSource& source) {
  const std::string summary = absl::StrCat("Cannot move to ", type_name);
  const absl::StatusOr<std::optional<Value>> moved = resource.MoveAny(context, source);
  context.diagnostics().AddStatus(summary, moved.status());
  if (!moved.ok() || context.diagnostics().HasErrors()) return {};
  if (!moved->has_value()) {
    context.diagnostics().AddError(
        summary, absl::StrCat("A ", absl::CHexEscape(source.type_name.substr(0, 200)), " of ",
                              absl::CHexEscape(source.provider_address.substr(0, 200)), " (version ",
                              source.schema_version, " of its schema) cannot become a ", type_name, "."));
    return {};
  }
  if (const std::optional<Path> unknown = FirstUnknown(**moved); unknown.has_value() || (*moved)->IsNull()) {
    context.diagnostics().AddError(summary, absl::StrCat("The move left out a part of the state.", kReport));
    return {};
  }
  ObjectState state{WithoutWriteOnly(resource.schema(), **moved)};
  state.identity = IdentityOf(context, summary, resource, *state.state, std::nullopt, false);
  return state;
}

Value GenerateConfig(const Schema& schema, const Value& state) {
  return TransformAttributes(
      schema, state, state, [](const Attribute& attribute, const Value& value, const Value&) {
        const bool id = attribute.name == "id" && attribute.mode == Mode::kOptionalComputed;
        // As Terraform does it by itself for providers that cannot: an empty text is often nothing.
        const bool empty = attribute.mode != Mode::kRequired && value.HasValue() &&
                           value.type().kind() == Type::Kind::kString && value.AsString().empty();
        return !attribute.IsSettable() || !attribute.deprecation.empty() || id || empty
                   ? Value::Null(attribute.type)
                   : value;
      });
}

}  // namespace tfsdk
