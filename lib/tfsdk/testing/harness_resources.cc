// ProviderHarness: managed resources.

#include <utility>

#include "absl/strings/str_join.h"
#include "tfsdk/status.h"
#include "tfsdk/testing/internal/harness_impl.h"

namespace tfsdk::testing {

absl::StatusOr<ProviderHarness::Impl::Target> ProviderHarness::Impl::At(absl::string_view address) {
  const size_t point = address.find('.');
  if (point == absl::string_view::npos || point == 0 || point + 1 == address.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", address, "\" is no address; one is \"files_file.a\"."));
  }
  const absl::string_view type_name = address.substr(0, point);
  TFSDK_ASSIGN_OR_RETURN(const AnyResource* resource,
                         Find(engine.provider().resources, "resource", type_name));
  return Target{resource, std::string(address),
                internal::ResourceCalls(engine, std::string(address), std::string(type_name), *resource,
                                        options.deferral_allowed, meta, said)};
}

absl::StatusOr<std::optional<ObjectNow>> ProviderHarness::Impl::Load(Target& target) {
  const auto it = objects.find(target.address);
  if (it == objects.end()) return std::optional<ObjectNow>();
  TFSDK_ASSIGN_OR_RETURN(ObjectNow object, target.calls.Upgrade(it->second));
  return std::optional<ObjectNow>(std::move(object));
}

absl::StatusOr<std::optional<ObjectNow>> ProviderHarness::Impl::Refreshed(Target& target) {
  TFSDK_ASSIGN_OR_RETURN(std::optional<ObjectNow> object, Load(target));
  if (!object.has_value()) return object;
  return target.calls.Read(*object);
}

void ProviderHarness::Impl::Save(const Target& target, const std::optional<ObjectNow>& object) {
  if (object.has_value()) {
    objects[target.address] = target.calls.Store(*object);
  } else {
    objects.erase(target.address);
  }
}

absl::Status ProviderHarness::Validate(absl::string_view address, const Arguments& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(target.resource->schema()));
  return target.calls.Validate(config);
}

absl::StatusOr<PlannedChange> ProviderHarness::Plan(absl::string_view address, const Arguments& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(target.resource->schema()));
  if (!config.HasValue()) return absl::InvalidArgumentError("PlanDestroy() plans a destruction.");
  TFSDK_RETURN_IF_ERROR(target.calls.Validate(config));
  TFSDK_ASSIGN_OR_RETURN(const std::optional<ObjectNow> object, impl_->Refreshed(target));
  return target.calls.Plan(object, config);
}

absl::StatusOr<PlannedChange> ProviderHarness::PlanDestroy(absl::string_view address) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_ASSIGN_OR_RETURN(const std::optional<ObjectNow> object, impl_->Refreshed(target));
  const Value nothing = Value::Null(target.resource->type());
  // What is gone already needs no provider.
  if (!object.has_value())
    return PlannedChange{target.address, PlanAction::kNoOp, nothing, object, {nothing}};
  return target.calls.Plan(object, nothing);
}

absl::Status ProviderHarness::ApplyPlan(const PlannedChange& plan,
                                        const std::optional<Arguments>& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(plan.address));
  Value config = plan.config;
  if (arguments.has_value()) {
    TFSDK_ASSIGN_OR_RETURN(config, arguments->For(target.resource->schema()));
    if (const std::optional<Path> broken = BrokenPromise(plan.config, config); broken.has_value()) {
      return tfsdk::At(*broken,
                       absl::InvalidArgumentError(absl::StrCat(
                           broken->ToString(), ": what was known in the plan cannot be another now.")));
    }
  }
  if (!config.IsWhollyKnown()) {
    return absl::InvalidArgumentError(
        "Something is not known in the configuration: ApplyPlan() needs one that is.");
  }
  std::optional<ObjectNow> rest;
  const absl::Status status = target.calls.Apply(plan, config, rest);
  impl_->Save(target, rest);
  return status;
}

absl::StatusOr<PlanAction> ProviderHarness::Apply(absl::string_view address, const Arguments& arguments) {
  TFSDK_ASSIGN_OR_RETURN(const PlannedChange plan, Plan(address, arguments));
  TFSDK_RETURN_IF_ERROR(ApplyPlan(plan));
  if (!impl_->options.expect_settled) return plan.action;
  const Diagnostics said = impl_->said;
  const absl::StatusOr<PlannedChange> next = Plan(address, arguments);
  if (!next.ok()) return Annotate(next.status(), "planning once more, after the apply");
  impl_->said = said;
  if (next->action == PlanAction::kNoOp) return plan.action;
  return tfsdk::At(next->changed.empty() ? Path() : next->changed.front(),
                   absl::FailedPreconditionError(
                       absl::StrCat("After the apply, the next plan is not empty: it is to ",
                                    ToString(next->action), " ", address, " because of ",
                                    absl::StrJoin(next->changed, ", ",
                                                  [](std::string* out, const Path& path) {
                                                    absl::StrAppend(out, path.empty() ? "the whole object"
                                                                                      : path.ToString());
                                                  }),
                                    ". Read() must give what was planned and applied.")));
}

absl::Status ProviderHarness::Destroy(absl::string_view address) {
  TFSDK_ASSIGN_OR_RETURN(const PlannedChange plan, PlanDestroy(address));
  return ApplyPlan(plan);
}

absl::Status ProviderHarness::Refresh(absl::string_view address) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_ASSIGN_OR_RETURN(const std::optional<ObjectNow> object, impl_->Refreshed(target));
  impl_->Save(target, object);
  return absl::OkStatus();
}

namespace {

absl::Status MustBeFree(bool taken, absl::string_view address) {
  if (!taken) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("Resource already managed by Terraform: there is a state of ", address, "."));
}

}  // namespace

absl::Status ProviderHarness::Import(absl::string_view address, const std::string& id) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_RETURN_IF_ERROR(MustBeFree(Has(address), address));
  TFSDK_ASSIGN_OR_RETURN(const ObjectNow object, target.calls.Import(id, std::nullopt));
  impl_->Save(target, object);
  return absl::OkStatus();
}

absl::Status ProviderHarness::ImportIdentity(absl::string_view address, const Arguments& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_RETURN_IF_ERROR(MustBeFree(Has(address), address));
  const Schema* schema = target.resource->identity_schema();
  if (schema == nullptr) return absl::InvalidArgumentError(absl::StrCat(address, " has no identity."));
  TFSDK_ASSIGN_OR_RETURN(const Value identity, arguments.For(*schema));
  TFSDK_ASSIGN_OR_RETURN(const ObjectNow object, target.calls.Import("", identity));
  impl_->Save(target, object);
  return absl::OkStatus();
}

absl::Status ProviderHarness::Move(const MoveSource& source, absl::string_view address) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_RETURN_IF_ERROR(MustBeFree(Has(address), address));
  TFSDK_ASSIGN_OR_RETURN(const ObjectNow object, target.calls.Move(source));
  impl_->Save(target, object);
  return absl::OkStatus();
}

absl::Status ProviderHarness::SetStored(absl::string_view address, StoredState stored) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(const Impl::Target target, impl_->At(address));
  impl_->objects[target.address] = {stored.schema_version,           std::move(stored.json),
                                    std::move(stored.private_data),  stored.identity_version,
                                    std::move(stored.identity_json), false};
  return absl::OkStatus();
}

absl::Status ProviderHarness::Taint(absl::string_view address) {
  const auto it = impl_->objects.find(address);
  if (it == impl_->objects.end())
    return absl::NotFoundError(absl::StrCat("There is no state of ", address, "."));
  it->second.tainted = true;
  return absl::OkStatus();
}

absl::StatusOr<ObjectNow> ProviderHarness::Object(absl::string_view address) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(Impl::Target target, impl_->At(address));
  TFSDK_ASSIGN_OR_RETURN(std::optional<ObjectNow> object, impl_->Load(target));
  if (!object.has_value()) return absl::NotFoundError(absl::StrCat("There is no state of ", address, "."));
  return *std::move(object);
}

absl::StatusOr<Value> ProviderHarness::State(absl::string_view address) {
  TFSDK_ASSIGN_OR_RETURN(const ObjectNow object, Object(address));
  return object.state;
}

bool ProviderHarness::Has(absl::string_view address) const {
  return impl_->objects.find(address) != impl_->objects.end();
}

}  // namespace tfsdk::testing
