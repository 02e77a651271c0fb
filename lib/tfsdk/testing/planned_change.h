#pragma once

// PlannedChange: what Terraform would show as the plan of one object, and what it would carry from there to the apply.

#include <optional>
#include <string>
#include <vector>

#include "tfsdk/path.h"
#include "tfsdk/resource_context.h"
#include "tfsdk/value.h"

namespace tfsdk::testing {

enum class PlanAction { kNoOp, kCreate, kUpdate, kReplace, kDestroy };

// "update in place", as Terraform says it.
std::string ToString(PlanAction action);

// One object as Terraform holds it while it runs.
struct ObjectNow {
  Value state;
  std::string private_data = {};  // the bytes that the provider is handed
  std::optional<Value> identity = std::nullopt;
  bool tainted = false;
};

struct PlannedChange {
  std::string address;
  PlanAction action = PlanAction::kNoOp;
  // What the user wrote; null for a destruction.
  Value config;
  // The object as it was read just now; nothing when there is none.
  std::optional<ObjectNow> before;
  // The object as it will be, of which some is not known yet; its state is null for a destruction.
  ObjectNow after;
  // Where the two differ, as deep as a path can name it: a difference inside a set is one of the set.
  std::vector<Path> changed = {};
  // Of what the provider said, those that really change. Sorted.
  std::vector<Path> requires_replace = {};
  // The provider answered "not yet".
  std::optional<DeferredReason> deferred = std::nullopt;
};

// Where `before` and `after` differ. The root when only one of them is an object.
std::vector<Path> ChangedPaths(const Value& before, const Value& after);

// The first place where `last` breaks a promise of `first`: what was known must be the same.
std::optional<Path> BrokenPromise(const Value& first, const Value& last);

// The value at `path`; nothing when there is none. Paths end at sets.
std::optional<Value> ValueAt(const Value& value, const Path& path);

}  // namespace tfsdk::testing
