#pragma once

// What ProviderHarness is made of. Not installed.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "tfsdk/engine/engine.h"
#include "tfsdk/testing/internal/resource_calls.h"
#include "tfsdk/testing/provider_harness.h"

namespace tfsdk::testing {

class ProviderHarness::Impl {
 public:
  Impl(Provider provider, HarnessOptions wanted) : engine(std::move(provider)), options(wanted) {}

  // Begins a call: what was said before is forgotten.
  void Begin() { said = Diagnostics(); }
  // Runs `call`, which is no call about a managed resource, and says what came of it.
  absl::Status Run(const std::function<void(Context&)>& call) {
    Context context(engine.NewCancelToken({}));
    const absl::Status thrown = internal::Guarded([&] { call(context); });
    for (const Diagnostic& diagnostic : context.diagnostics().all()) said.Add(diagnostic);
    return thrown.ok() ? internal::ToStatus(context.diagnostics()) : thrown;
  }

  // The thing of that name in `things`, which are called `what`.
  template <class Things>
  absl::StatusOr<const typename Things::mapped_type::element_type*> Find(const Things& things,
                                                                         const char* what,
                                                                         absl::string_view name) const {
    const auto it = things.find(name);
    if (it != things.end()) return it->second.get();
    return absl::InvalidArgumentError(
        absl::StrCat("The provider ", engine.provider().name, " has no ", what, " called ", name, "."));
  }

  // The resource at `address`, and the calls about it.
  struct Target {
    const AnyResource* resource;
    std::string address;
    internal::ResourceCalls calls;
  };
  absl::StatusOr<Target> At(absl::string_view address);
  // The object there, upgraded; nothing when there is none.
  absl::StatusOr<std::optional<ObjectNow>> Load(Target& target);
  // The same, read.
  absl::StatusOr<std::optional<ObjectNow>> Refreshed(Target& target);
  void Save(const Target& target, const std::optional<ObjectNow>& object);

  Engine engine;
  const HarnessOptions options;
  std::optional<Value> meta;
  std::map<std::string, internal::StoredObject, std::less<>> objects;  // by address
  Diagnostics said;
  absl::Mutex progress_mutex;  // guards the list that Invoke gathers
};

}  // namespace tfsdk::testing
