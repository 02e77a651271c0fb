#include "tfsdk/composed_validators.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/path.h"

namespace tfsdk {
namespace {

bool Fails(const absl::Status& status) { return !status.ok() && !IsCannotTell(status) && !IsWarning(status); }

// What several rules said, as one: the first one's kind and place, and the words of all.
absl::Status Joined(const std::vector<absl::Status>& said, absl::string_view before,
                    absl::string_view between) {
  if (said.empty()) return absl::OkStatus();
  if (said.size() == 1) return said.front();
  const std::string words = absl::StrJoin(
      said, between, [](std::string* out, const absl::Status& s) { absl::StrAppend(out, s.message()); });
  const std::string message = absl::StrCat(before, words);
  absl::Status joined =
      IsWarning(said.front()) ? Warning(message) : absl::Status(said.front().code(), message);
  return At(PathOf(said.front()), std::move(joined));
}

struct Verdicts {
  std::vector<absl::Status> errors = {};
  std::vector<absl::Status> warnings = {};
  bool one_holds = false;  // without an error, and able to tell
  bool one_cannot_tell = false;
};

Verdicts JudgeAll(const std::vector<Validator>& rules, const Value& value, const Surroundings& around,
                  bool until_one_holds) {
  Verdicts verdicts;
  for (const Validator& rule : rules) {
    absl::Status status = rule.Judge(value, around);
    if (IsCannotTell(status)) {
      verdicts.one_cannot_tell = true;
    } else if (Fails(status)) {
      verdicts.errors.push_back(std::move(status));
    } else {
      verdicts.one_holds = true;
      if (until_one_holds) verdicts.warnings.clear();
      if (!status.ok()) verdicts.warnings.push_back(std::move(status));
      if (until_one_holds) break;
    }
  }
  return verdicts;
}

Validator AnyOf(std::vector<Validator> rules, bool all_warnings) {
  return Validator(Validator::Asks::kAnything, [rules = std::move(rules), all_warnings](
                                                   const Value& value, const Surroundings& around) {
    const Verdicts verdicts = JudgeAll(rules, value, around, /*until_one_holds=*/!all_warnings);
    if (verdicts.one_holds) return Joined(verdicts.warnings, "", " ");
    if (verdicts.one_cannot_tell) return CannotTell();
    return Joined(verdicts.errors, "One of these must hold: ", " Or: ");
  });
}

}  // namespace

Validator All(std::vector<Validator> rules) {
  return Validator(Validator::Asks::kAnything,
                   [rules = std::move(rules)](const Value& value, const Surroundings& around) {
                     const Verdicts verdicts = JudgeAll(rules, value, around, /*until_one_holds=*/false);
                     if (!verdicts.errors.empty()) return Joined(verdicts.errors, "", " ");
                     if (!verdicts.warnings.empty()) return Joined(verdicts.warnings, "", " ");
                     return verdicts.one_cannot_tell ? CannotTell() : absl::OkStatus();
                   });
}

Validator Any(std::vector<Validator> rules) { return AnyOf(std::move(rules), false); }
Validator AnyWithAllWarnings(std::vector<Validator> rules) { return AnyOf(std::move(rules), true); }

Validator Not(Validator rule, std::string what_is_allowed) {
  return Validator(Validator::Asks::kAnything,
                   [rule = std::move(rule), message = std::move(what_is_allowed)](
                       const Value& value, const Surroundings& around) -> absl::Status {
                     const absl::Status status = rule.Judge(value, around);
                     if (IsCannotTell(status)) return status;
                     return Fails(status) ? absl::OkStatus() : absl::InvalidArgumentError(message);
                   });
}

Validator Equals(bool wanted) {
  return [=](const Value& value, const Surroundings&) -> absl::Status {
    if (value.AsBool() == wanted) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat("Must be ", wanted ? "true" : "false", "."));
  };
}

Validator IsRequired() {
  return Validator(Validator::Asks::kAnything, [](const Value& value, const Surroundings&) -> absl::Status {
    if (!value.IsKnown()) return CannotTell();
    const Type::Kind kind = value.type().kind();
    const bool repeated = kind == Type::Kind::kList || kind == Type::Kind::kSet || kind == Type::Kind::kTuple;
    const bool missing = value.IsNull() || (repeated && value.elements().empty()) ||
                         (kind == Type::Kind::kMap && value.entries().empty());
    return missing ? absl::InvalidArgumentError("It is required.") : absl::OkStatus();
  });
}

}  // namespace tfsdk
