#pragma once

// ProviderHarness: a provider in a unit test, driven as Terraform drives it, without Terraform, a process or a network.
//
//   ProviderHarness harness(MakeProvider());
//   ASSERT_THAT(harness.Configure({{"folder", folder.path()}}), IsOk());
//   ASSERT_THAT(harness.Apply("files_file.a", {{"name", "a"}, {"content", "hello"}}), IsOk());
//   EXPECT_THAT(harness.State("files_file.a"), HasAttribute("size", Value::Number(5)));
//   EXPECT_THAT(harness.Plan("files_file.a", {{"name", "b"}}), IsOkAndHolds(PlansTo(PlanAction::kReplace)));
//
// Link tfsdk::testing.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/binding.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/list_resource.h"
#include "tfsdk/provider.h"
#include "tfsdk/resource_context.h"
#include "tfsdk/status.h"
#include "tfsdk/testing/arguments.h"
#include "tfsdk/testing/planned_change.h"
#include "tfsdk/value.h"

namespace tfsdk::testing {

struct HarnessOptions {
  // After each apply, read again and plan again: Terraform's users expect that nothing is left to do.
  bool expect_settled = true;
  // Take "not yet" for an answer, as experimental builds of Terraform do.
  bool deferral_allowed = false;
};

// An object in a state file, of any version, for SetStored().
struct StoredState {
  int64_t schema_version = 0;
  std::string json;
  std::string private_data = {};
  int64_t identity_version = 0;
  std::string identity_json = {};  // empty: none
};

// An ephemeral resource that is open.
struct OpenEphemeral {
  std::string type_name;
  Value result;
  std::optional<absl::Time> renew_at;
  std::string opened_with;  // the private data that Open gave, which Terraform closes with
  std::string now_with;     // what the last Renew gave, which the next one is given
};

struct ListedObject {
  Value identity;  // null when the diagnostics hold an error
  std::string display_name;
  std::optional<Value> object;
  Diagnostics diagnostics;
};

// What an action said, also when it has failed.
struct ActionRun {
  absl::Status status;
  std::vector<std::string> progress;
};

// Owns the provider and the state of its objects, by address ("files_file.a"); what is stored is what a state file
// would hold: JSON with the version of its schema, private data and identity as bytes. Not thread-safe.
//
// Errors of all calls: InvalidArgument when the test itself is wrong (no such resource, an attribute that is not in the
// schema); Aborted with what the provider said, all its errors; FailedPrecondition when Terraform would refuse what the
// provider did, with Terraform's summary ("Provider produced invalid plan"); Internal when the provider has thrown. The
// path of the first error is there as well: PathOf().
class ProviderHarness {
 public:
  explicit ProviderHarness(Provider provider, HarnessOptions options = {});
  ~ProviderHarness();
  ProviderHarness(const ProviderHarness&) = delete;
  ProviderHarness& operator=(const ProviderHarness&) = delete;

  // Validates the provider block and configures the provider with it.
  absl::Status Configure(const Arguments& config = {});
  // What a module's provider_meta block says, for the calls that follow.
  absl::Status SetProviderMeta(const Arguments& meta);
  // Asks the calls that run to end, as StopProvider does. From another thread.
  void Stop();

  // ---- managed resources ----

  // As `terraform validate`. The configuration may hold unknowns.
  absl::Status Validate(absl::string_view address, const Arguments& config);
  // As `terraform plan`: validates, reads the object if there is one, and plans. Changes no state.
  absl::StatusOr<PlannedChange> Plan(absl::string_view address, const Arguments& config);
  absl::StatusOr<PlannedChange> PlanDestroy(absl::string_view address);
  // As `terraform apply` of that plan; what was unknown in its configuration is known in `config`. Destroys the old
  // object before it creates a new one. The state of a failed apply is kept, as Terraform does: what was saved before
  // a creation failed is there, tainted.
  absl::Status ApplyPlan(const PlannedChange& plan, const std::optional<Arguments>& config = std::nullopt);
  // Plans and applies, reads again, and plans again: FailedPrecondition when that is not empty. Returns what was done.
  absl::StatusOr<PlanAction> Apply(absl::string_view address, const Arguments& config);
  // As `terraform destroy` of that object.
  absl::Status Destroy(absl::string_view address);
  // As `terraform apply -refresh-only`: takes over what has changed outside. An object that is gone leaves the state.
  absl::Status Refresh(absl::string_view address);
  // As `terraform import`, and the read that follows it.
  absl::Status Import(absl::string_view address, const std::string& id);
  absl::Status ImportIdentity(absl::string_view address, const Arguments& identity);
  // As a `moved` block from another type or provider.
  absl::Status Move(const MoveSource& source, absl::string_view address);
  // As if an older version of the provider, or of the schema, had left it there. Upgraded by the next call.
  absl::Status SetStored(absl::string_view address, StoredState stored);
  // As `terraform taint`: the next apply replaces it.
  absl::Status Taint(absl::string_view address);

  // The object as it is stored: its state, private data and identity. NotFound when there is none.
  absl::StatusOr<ObjectNow> Object(absl::string_view address);
  absl::StatusOr<Value> State(absl::string_view address);
  template <Described M>
  absl::StatusOr<M> StateAs(absl::string_view address) {
    TFSDK_ASSIGN_OR_RETURN(const Value state, State(address));
    return BindingOf<M>().Decode(state, Source::kState);
  }
  bool Has(absl::string_view address) const;

  // ---- everything else ----

  absl::StatusOr<Value> ReadDataSource(const std::string& type_name, const Arguments& config);

  // provider::x::name(arguments…). An error about one argument has its position as path.
  absl::StatusOr<Value> CallFunction(const std::string& name, const std::vector<Given>& arguments);
  template <class... Argument>
  absl::StatusOr<Value> Call(const std::string& name, Argument&&... arguments) {
    return CallFunction(name, {Given(std::forward<Argument>(arguments))...});
  }

  absl::StatusOr<OpenEphemeral> Open(const std::string& type_name, const Arguments& config);
  // Updates `open`.
  absl::Status Renew(OpenEphemeral& open);
  // `as_opentofu`: with what the last Renew gave.
  absl::Status Close(const OpenEphemeral& open, bool as_opentofu = false);

  absl::StatusOr<std::vector<ListedObject>> List(const std::string& type_name, const Arguments& config,
                                                 const ListRequest& request = {});

  // Validates, plans and invokes.
  ActionRun Invoke(const std::string& type_name, const Arguments& config);

  // All that the provider said in the last call, warnings as well.
  const Diagnostics& diagnostics() const;

 private:
  class Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace tfsdk::testing
