#include "tfsdk/testing/internal/resource_calls.h"

#include <exception>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/engine/legality.h"
#include "tfsdk/engine/plan.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/status.h"
#include "tfsdk/testing/proposed_state.h"

namespace tfsdk::testing::internal {
namespace {

constexpr char kInvalidPlan[] = "Provider produced invalid plan";
constexpr char kInconsistent[] = "Provider produced inconsistent result after apply";
constexpr char kFinalPlan[] = "Provider produced inconsistent final plan";
constexpr char kInvalidIdentity[] = "Provider produced invalid identity";

absl::Status Because(const std::string& summary, const Path& path, absl::string_view what) {
  return Refused(
      summary,
      At(path, absl::FailedPreconditionError(absl::StrCat(path.ToString(), path.empty() ? "" : ": ", what))));
}

// Whether the library refuses what the author did, which it does in core's place.
bool IsRefusal(const Diagnostic& diagnostic) {
  return absl::StartsWith(diagnostic.summary, "Invalid plan for ") ||
         absl::StartsWith(diagnostic.summary, "Inconsistent result for ");
}

bool IsWriteOnly(const Schema& schema, const Path& path) {
  const auto* first = path.steps().empty() ? nullptr : std::get_if<Path::Attribute>(&path.steps()[0]);
  if (first == nullptr) return false;
  for (const Attribute& attribute : schema.attributes) {
    if (attribute.name == first->name) return attribute.write_only;
  }
  return false;
}

}  // namespace

absl::Status ToStatus(const Diagnostics& diagnostics) {
  std::string text;
  const Diagnostic* first = nullptr;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    if (diagnostic.severity != Severity::kError) continue;
    if (first == nullptr) first = &diagnostic;
    absl::StrAppend(&text, text.empty() ? "" : "\n", diagnostic.summary,
                    diagnostic.path.empty() ? "" : absl::StrCat(" (at ", diagnostic.path.ToString(), ")"),
                    ": ", diagnostic.detail);
  }
  if (first == nullptr) return absl::OkStatus();
  if (!IsRefusal(*first)) return At(first->path, absl::AbortedError(text));
  const bool plan = absl::StartsWith(first->summary, "Invalid plan for ");
  return Refused(plan ? kInvalidPlan : kInconsistent, At(first->path, absl::FailedPreconditionError(text)));
}

absl::Status Refused(const std::string& summary, const absl::Status& why) {
  return At(PathOf(why), absl::FailedPreconditionError(absl::StrCat(summary, ": ", why.message())));
}

absl::StatusOr<Value> OverTheWire(const Value& value, const Type& type) {
  return DecodeMsgpack(EncodeMsgpack(value, type), type);
}

absl::Status Guarded(const std::function<void()>& call) {
  try {
    call();
  } catch (const std::exception& thrown) {
    return absl::InternalError(absl::StrCat("The provider has thrown: ", thrown.what()));
  } catch (...) {
    return absl::InternalError("The provider has thrown what is no exception.");
  }
  return absl::OkStatus();
}

absl::StatusOr<ResourceContext> ResourceCalls::NewContext(const std::string& private_data) const {
  ResourceContext::Carried carried;
  TFSDK_ASSIGN_OR_RETURN(carried.private_state, PrivateState::Parse(private_data));
  carried.provider_meta = provider_meta_;
  carried.deferral_allowed = deferral_allowed_;
  return ResourceContext(engine_.NewCancelToken({}), std::move(carried));
}

absl::Status ResourceCalls::Ended(ResourceContext& context, const absl::Status& thrown) {
  for (const Diagnostic& diagnostic : context.diagnostics().all()) said_.Add(diagnostic);
  TFSDK_RETURN_IF_ERROR(thrown);
  return ToStatus(context.diagnostics());
}

absl::StatusOr<ObjectNow> ResourceCalls::Answer(const char* summary, ResourceContext& context,
                                                const ObjectState& state) {
  ObjectNow now{Nothing(), context.private_state().Serialize()};
  if (!state.state.has_value()) return Because(summary, Path(), "there is no state in the answer.");
  absl::StatusOr<Value> sent = OverTheWire(*state.state, resource_.type());
  if (!sent.ok()) return Refused(summary, sent.status());
  now.state = *std::move(sent);
  if (!HasIdentity() || !state.identity.has_value()) return now;
  absl::StatusOr<Value> identity = OverTheWire(*state.identity, resource_.identity_schema()->type());
  if (!identity.ok()) return Refused(kInvalidIdentity, identity.status());
  if (identity->HasValue()) now.identity = *std::move(identity);
  return now;
}

absl::Status ResourceCalls::Validate(const Value& config) {
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(""));
  return Ended(context, Guarded([&] { ValidateResource(context, resource_, config, true); }));
}

absl::StatusOr<ObjectNow> ResourceCalls::Upgrade(const StoredObject& stored) {
  if (stored.schema_version > resource_.schema().version) {
    return absl::FailedPreconditionError(
        absl::StrCat("Resource instance managed by newer provider version: the state of ", address_,
                     " was stored with version ", stored.schema_version,
                     " of the schema, this provider has version ", resource_.schema().version, "."));
  }
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(stored.private_data));
  ObjectState state{};
  const absl::Status thrown = Guarded([&] {
    state.state = UpgradeState(context, type_name_, resource_, stored.schema_version, stored.state_json);
    if (!HasIdentity() || context.diagnostics().HasErrors()) return;
    if (stored.identity_json.empty() && resource_.identity_schema()->version == 0) return;
    state.identity =
        UpgradeIdentity(context, type_name_, resource_, stored.identity_version, stored.identity_json);
  });
  TFSDK_RETURN_IF_ERROR(Ended(context, thrown));
  TFSDK_ASSIGN_OR_RETURN(ObjectNow now, Answer("Invalid resource state upgrade", context, state));
  now.private_data = stored.private_data;
  now.tainted = stored.tainted;
  return now;
}

absl::StatusOr<std::optional<ObjectNow>> ResourceCalls::Read(const ObjectNow& object) {
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(object.private_data));
  ObjectState state{};
  const absl::Status thrown = Guarded(
      [&] { state = ReadResource(engine_, context, type_name_, resource_, object.state, object.identity); });
  TFSDK_RETURN_IF_ERROR(Ended(context, thrown));
  TFSDK_ASSIGN_OR_RETURN(ObjectNow now,
                         Answer("Provider produced invalid object during refresh", context, state));
  if (now.state.IsNull()) return std::optional<ObjectNow>();
  if (const std::optional<Path> unknown = FirstUnknown(now.state); unknown.has_value()) {
    return Because("Provider produced invalid object during refresh", *unknown, "it is unknown.");
  }
  now.tainted = object.tainted;
  return std::optional<ObjectNow>(std::move(now));
}

absl::StatusOr<ResourceCalls::Planned> ResourceCalls::PlanOnce(const Value& prior,
                                                               const std::string& private_data,
                                                               const std::optional<Value>& identity,
                                                               const Value& config) {
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(private_data));
  const Value proposed = config.IsNull() ? Nothing() : ProposedState(resource_.schema(), prior, config);
  PlanResult result;
  const absl::Status thrown = Guarded([&] {
    result = PlanChange(engine_, context, type_name_, resource_, {config, prior, proposed, identity});
  });
  TFSDK_RETURN_IF_ERROR(Ended(context, thrown));
  TFSDK_ASSIGN_OR_RETURN(ObjectNow after, Answer(kInvalidPlan, context, {result.planned, result.identity}));
  if (!context.deferred().has_value()) {
    const absl::Status legal = CheckPlan(resource_.schema(), config, prior, after.state);
    if (!legal.ok()) return Refused(kInvalidPlan, legal);
  }
  return Planned{std::move(after), std::move(result.requires_replace), context.deferred()};
}

absl::StatusOr<std::vector<Path>> ResourceCalls::EffectiveReplacements(const std::vector<Path>& paths,
                                                                       const Value& prior,
                                                                       const Value& planned) const {
  std::vector<Path> effective;
  for (const Path& path : paths) {
    const std::optional<Value> was = ValueAt(prior, path), will = ValueAt(planned, path);
    if (!was.has_value() && !will.has_value()) {
      return Because(kInvalidPlan, path, "requires a replacement, but there is no such attribute.");
    }
    const bool same = was.has_value() && will.has_value() && *was == *will && will->IsWhollyKnown();
    if (!same || IsWriteOnly(resource_.schema(), path)) effective.push_back(path);
  }
  return effective;
}

absl::StatusOr<PlannedChange> ResourceCalls::Plan(const std::optional<ObjectNow>& object,
                                                  const Value& config) {
  PlannedChange change{address_, PlanAction::kNoOp, config, object, ObjectNow{Nothing()}};
  // A tainted object is planned as if there were none, unless it is to be destroyed.
  const bool there = object.has_value() && !object->tainted;
  const bool shown = there || (config.IsNull() && object.has_value());
  const Value prior = shown ? object->state : Nothing();
  TFSDK_ASSIGN_OR_RETURN(Planned planned, PlanOnce(prior, shown ? object->private_data : "",
                                                   shown ? object->identity : std::nullopt, config));
  change.deferred = planned.deferred;
  if (config.IsNull()) {
    change.action = PlanAction::kDestroy;
    change.after = std::move(planned.after);
    change.changed = {Path()};
    return change;
  }
  if (there && !planned.deferred.has_value()) {
    TFSDK_ASSIGN_OR_RETURN(change.requires_replace,
                           EffectiveReplacements(planned.requires_replace, prior, planned.after.state));
  }
  change.changed = ChangedPaths(object.has_value() ? object->state : prior, planned.after.state);
  if (!object.has_value()) {
    change.action = PlanAction::kCreate;
  } else if (!there) {
    change.action = PlanAction::kReplace;
  } else if (!change.requires_replace.empty()) {
    change.action = PlanAction::kReplace;
    // The new object is planned once more, from nothing.
    TFSDK_ASSIGN_OR_RETURN(planned,
                           PlanOnce(Nothing(), planned.after.private_data, planned.after.identity, config));
    change.changed = ChangedPaths(prior, planned.after.state);
  } else {
    change.action = planned.after.state == prior && planned.after.state.IsWhollyKnown() ? PlanAction::kNoOp
                                                                                        : PlanAction::kUpdate;
  }
  change.after = std::move(planned.after);
  const bool new_object = change.action == PlanAction::kCreate || change.action == PlanAction::kReplace;
  if (!new_object && change.after.identity.has_value() && !change.after.identity->IsWhollyKnown()) {
    return Because(kInvalidIdentity, Path(),
                   "the planned identity of an object that is there already is not known.");
  }
  return change;
}

absl::Status ResourceCalls::ApplyOnce(const Value& prior, const ObjectNow& planned, const Value& config,
                                      std::optional<ObjectNow>& rest) {
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(planned.private_data));
  ObjectState state{prior};
  const absl::Status thrown = Guarded([&] {
    state = ApplyChange(engine_, context, type_name_, resource_,
                        {prior, planned.state, config, planned.identity});
  });
  if (!thrown.ok()) state = {context.saved().has_value() ? *context.saved() : prior, planned.identity};
  const bool creating = prior.IsNull(), deleting = planned.state.IsNull();
  const absl::Status said = Ended(context, thrown);
  absl::StatusOr<ObjectNow> after =
      Answer("Provider produced invalid object", context, {state.state.value_or(Nothing()), state.identity});
  if (!after.ok()) return said.ok() ? after.status() : said;
  if (const std::optional<Path> unknown = FirstUnknown(after->state); unknown.has_value()) {
    return said.ok()
               ? Because("Provider returned invalid result object after apply", *unknown, "it is unknown.")
               : said;
  }
  rest.reset();
  if (after->state.HasValue()) {
    // What was not created to its end is replaced next time.
    after->tainted = creating && !said.ok();
    rest = *after;
  }
  TFSDK_RETURN_IF_ERROR(said);
  if (deleting) {
    return after->state.IsNull() ? absl::OkStatus()
                                 : Because("Provider returned invalid result object after apply", Path(),
                                           "the object is still there after it was destroyed.");
  }
  if (after->state.IsNull()) return Because(kInconsistent, Path(), "the object is not there.");
  const absl::Status kept = CheckResult(resource_.schema(), planned.state, after->state);
  if (!kept.ok()) return Refused(kInconsistent, kept);
  if (HasIdentity() && (!after->identity.has_value() || !after->identity->IsWhollyKnown())) {
    return Because(kInvalidIdentity, Path(),
                   "the object has none after the apply, or not all of it is known.");
  }
  return absl::OkStatus();
}

absl::Status ResourceCalls::Apply(const PlannedChange& change, const Value& config,
                                  std::optional<ObjectNow>& rest) {
  rest = change.before;
  if (change.deferred.has_value()) {
    return absl::FailedPreconditionError(
        "The provider has deferred this change: there is nothing to apply yet.");
  }
  if (change.action == PlanAction::kNoOp) return absl::OkStatus();
  const bool replacing = change.action == PlanAction::kReplace;
  if (change.action == PlanAction::kDestroy) {
    if (!change.before.has_value()) return absl::OkStatus();
    return ApplyOnce(change.before->state, change.after, Nothing(), rest);
  }
  if (replacing) {
    // The old one goes with the private data of the plan for the new one.
    ObjectNow gone{Nothing(), change.after.private_data, change.before->identity};
    TFSDK_RETURN_IF_ERROR(ApplyOnce(change.before->state, gone, Nothing(), rest));
  }
  // Core plans once more, with what is known now.
  TFSDK_ASSIGN_OR_RETURN(const PlannedChange last, Plan(rest, config));
  const bool same = last.action == change.action || (replacing && last.action == PlanAction::kCreate) ||
                    (change.action == PlanAction::kUpdate && last.action == PlanAction::kNoOp);
  if (!same) {
    return Because(kFinalPlan, Path(),
                   absl::StrCat("planned was to ", ToString(change.action), ", now it is to ",
                                ToString(last.action), "."));
  }
  if (const std::optional<Path> broken = BrokenPromise(change.after.state, last.after.state);
      broken.has_value()) {
    return Because(kFinalPlan, *broken,
                   "the plan that is made when everything is known says something else.");
  }
  if (last.action == PlanAction::kNoOp) return absl::OkStatus();
  return ApplyOnce(rest.has_value() ? rest->state : Nothing(), last.after, config, rest);
}

absl::StatusOr<ObjectNow> ResourceCalls::Import(const std::string& id, const std::optional<Value>& identity) {
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(""));
  ObjectState state{};
  const absl::Status thrown =
      Guarded([&] { state = ImportResource(engine_, context, type_name_, resource_, id, identity); });
  TFSDK_RETURN_IF_ERROR(Ended(context, thrown));
  TFSDK_ASSIGN_OR_RETURN(const ObjectNow imported,
                         Answer("Provider returned invalid import", context, state));
  if (!imported.state.HasValue())
    return Because("Import returned no resource", Path(), "there is nothing to import.");
  TFSDK_ASSIGN_OR_RETURN(std::optional<ObjectNow> read, Read(imported));
  if (!read.has_value()) {
    return Because(
        "Cannot import non-existent remote object", Path(),
        absl::StrCat("while importing ", address_, ", the provider found no object of that name."));
  }
  return *std::move(read);
}

absl::StatusOr<ObjectNow> ResourceCalls::Move(const MoveSource& source) {
  TFSDK_ASSIGN_OR_RETURN(ResourceContext context, NewContext(""));
  ObjectState state{};
  const absl::Status thrown = Guarded([&] { state = MoveState(context, type_name_, resource_, source); });
  TFSDK_RETURN_IF_ERROR(Ended(context, thrown));
  TFSDK_ASSIGN_OR_RETURN(ObjectNow moved, Answer("Provider returned invalid moved object", context, state));
  if (!moved.state.HasValue())
    return Because("Provider returned invalid moved object", Path(), "it is null.");
  return moved;
}

StoredObject ResourceCalls::Store(const ObjectNow& object) const {
  StoredObject stored;
  stored.schema_version = resource_.schema().version;
  stored.state_json = EncodeJson(object.state, resource_.type());
  stored.private_data = object.private_data;
  stored.tainted = object.tainted;
  if (HasIdentity() && object.identity.has_value()) {
    stored.identity_version = resource_.identity_schema()->version;
    stored.identity_json = EncodeJson(*object.identity, resource_.identity_schema()->type());
  }
  return stored;
}

}  // namespace tfsdk::testing::internal
