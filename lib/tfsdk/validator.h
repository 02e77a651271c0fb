#pragma once

// Validator: one rule about a value in the configuration. Ready-made ones are in tfsdk/validators.h; one of
// your own is a lambda:
//
//   Validator([](const Value& value, const Surroundings&) {
//     return value.AsString() == "boo" ? absl::InvalidArgumentError("Be friendly.") : absl::OkStatus();
//   })

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "tfsdk/path.h"
#include "tfsdk/value.h"

namespace tfsdk {

// Where a value sits, for rules that look further than the value itself.
struct Surroundings {
  const Value& siblings;  // the object that the attribute belongs to; its values may be unknown
  const Value& root;      // the whole configuration
  Path path = {};         // of the attribute, from the root
  // From the root to `siblings`, each the value inside the one before: objects, and the collections between
  // them. For path expressions; empty when nothing but the siblings is known.
  absl::Span<const Value* const> enclosing = {};
  // Whether this Terraform has write-only attributes (1.11 or later).
  bool write_only_allowed = false;
};

// What a rule says when it cannot tell, because a value is null or not known yet. It is no error.
absl::Status CannotTell();
bool IsCannotTell(const absl::Status& status);

// A rule. A status that Warning() made is shown as a warning, any other that is not OK as an error; write
// what is allowed, and quote no value that may be a secret. At() names a place inside the value.
//
// Immutable; called from several threads, so what it captures must allow that.
class Validator {
 public:
  using Judgement = std::function<absl::Status(const Value& value, const Surroundings& around)>;
  // Which values the rule is asked about. Of all others it cannot tell.
  enum class Asks {
    kWhollyKnown,  // neither null nor unknown, at any depth
    kHasValue,     // neither null nor unknown itself; unknown values may be inside
    kAnything,
  };

  // Implicit, so that a lambda reads as a rule. Asked only about values that are wholly known and not null.
  template <class F>
  requires(!std::same_as<std::remove_cvref_t<F>, Validator> &&
           std::is_invocable_r_v<absl::Status, F&, const Value&, const Surroundings&>)
      Validator(F judge)  // NOLINT(google-explicit-constructor): see above
      : Validator(Asks::kWhollyKnown, std::move(judge)) {}
  Validator(Asks asks, Judgement judge) : asks_(asks), judge_(std::move(judge)) {}

  // OK as well when the rule cannot tell.
  absl::Status operator()(const Value& value, const Surroundings& around) const;
  // The same, but CannotTell() when it cannot: for rules made of rules.
  absl::Status Judge(const Value& value, const Surroundings& around) const;

 private:
  Asks asks_;
  Judgement judge_;
};

}  // namespace tfsdk
