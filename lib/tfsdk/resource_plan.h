#pragma once

// ResourcePlan: a planned change of one object, for Resource::ModifyPlan to look at and to change.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "tfsdk/binding.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/maybe.h"
#include "tfsdk/path.h"
#include "tfsdk/value.h"

namespace tfsdk {

// The same, untyped: what the engine holds.
struct AnyResourcePlan {
  const Value& config;  // null when the object is about to be destroyed
  const Value& prior;   // null when it is about to be created
  Value planned;        // null when it is about to be destroyed
  std::vector<Path> requires_replace = {};
};

// Attributes are named by the members they are bound to, so that a wrong name does not compile. What is known
// of an attribute comes as a Maybe: a value, null, or not known yet.
template <Described Model>
class ResourcePlan {
 public:
  template <class M>
  using Known = Maybe<typename internal::Unwrapped<M>::type>;

  explicit ResourcePlan(AnyResourcePlan& plan) : plan_(plan) {}

  bool creating() const { return plan_.prior.IsNull(); }
  // Nothing but diagnostics can be added to a destruction.
  bool destroying() const { return plan_.planned.IsNull(); }

  // What the user wrote, what it was, and what it will be, of the attribute bound to `member`.
  template <class M, BaseOf<Model> B>
  absl::StatusOr<Known<M>> Config(M B::*member) const {
    return Get(plan_.config, member);
  }
  template <class M, BaseOf<Model> B>
  absl::StatusOr<Known<M>> Prior(M B::*member) const {
    return Get(plan_.prior, member);
  }
  template <class M, BaseOf<Model> B>
  absl::StatusOr<Known<M>> Planned(M B::*member) const {
    return Get(plan_.planned, member);
  }
  // Whether it will be another than it was; what is not known yet counts as another.
  template <class M, BaseOf<Model> B>
  bool Changes(M B::*member) const {
    if (creating() || destroying()) return true;
    const std::string& name = Name(member);
    return !(plan_.prior.attribute(name) == plan_.planned.attribute(name));
  }

  // Decides an attribute that the user left out. Terraform refuses a plan that contradicts the configuration.
  template <class M, BaseOf<Model> B>
  void Set(M B::*member, const std::type_identity_t<M>& value) {
    Put(member, Codec<M>::Encode(value));
  }
  // Leaves it to Create or Update.
  template <class M, BaseOf<Model> B>
  void SetUnknown(M B::*member) {
    Put(member, Value::Unknown(Codec<M>::type()));
  }
  // A change of it needs a new object.
  template <class M, BaseOf<Model> B>
  void RequireReplace(M B::*member) {
    plan_.requires_replace.emplace_back(Name(member));
  }

  // The object as it was; nothing when it is about to be created.
  absl::StatusOr<std::optional<Model>> PriorState() const {
    if (creating()) return std::optional<Model>();
    TFSDK_ASSIGN_OR_RETURN(Model prior, BindingOf<Model>().Decode(plan_.prior, Source::kState));
    return std::optional<Model>(std::move(prior));
  }

 private:
  template <class M, BaseOf<Model> B>
  static const std::string& Name(M B::*member) {
    return BindingOf<Model>().NameOf(member);
  }
  template <class M, BaseOf<Model> B>
  static absl::StatusOr<Known<M>> Get(const Value& object, M B::*member) {
    if (!object.HasValue()) return Known<M>();
    const std::string& name = Name(member);
    absl::StatusOr<Known<M>> known = Codec<Known<M>>::Decode(object.attribute(name), Source::kPlan);
    if (!known.ok()) return Inside(Path(name), known.status());
    return known;
  }
  template <class M, BaseOf<Model> B>
  void Put(M B::*member, Value value) {
    TFSDK_CHECK(!destroying(), "a plan to destroy has no attributes to set");
    plan_.planned = plan_.planned.WithAttribute(Name(member), std::move(value));
  }

  AnyResourcePlan& plan_;
};

}  // namespace tfsdk
