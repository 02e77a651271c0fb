#pragma once

// GoogleTest matchers for what ProviderHarness gives: values, plans and diagnostics.
//
//   EXPECT_THAT(harness.State("files_file.a"), IsOkAndHolds(AllOf(HasAttribute("size", 5), IsNullAt("content"))));
//   EXPECT_THAT(harness.Plan("files_file.a", {…}),
//               IsOkAndHolds(AllOf(PlansTo(PlanAction::kUpdate), ChangesOnly({"content", "size"}))));
//   EXPECT_THAT(harness.diagnostics(), HasWarning("Farewell"));

#include <algorithm>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/path.h"
#include "tfsdk/testing/arguments.h"
#include "tfsdk/testing/planned_change.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/value.h"

namespace tfsdk {

inline void PrintTo(const Diagnostics& diagnostics, std::ostream* out) {
  if (diagnostics.all().empty()) *out << "no diagnostics";
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    *out << "\n  " << (diagnostic.severity == Severity::kError ? "error" : "warning");
    if (!diagnostic.path.empty()) *out << " at " << diagnostic.path.ToString();
    *out << ": " << diagnostic.summary << ": " << diagnostic.detail;
  }
}

}  // namespace tfsdk

namespace tfsdk::testing {

namespace internal {

inline std::string Paths(const std::vector<Path>& paths) {
  if (paths.empty()) return "nothing";
  return absl::StrJoin(paths, ", ", [](std::string* out, const Path& path) {
    absl::StrAppend(out, path.empty() ? "(the whole object)" : path.ToString());
  });
}

inline bool SamePaths(std::vector<Path> a, std::vector<Path> b) {
  const auto by_text = [](const Path& x, const Path& y) { return x.ToString() < y.ToString(); };
  std::sort(a.begin(), a.end(), by_text);
  std::sort(b.begin(), b.end(), by_text);
  return a == b;
}

// The values of objects and of plans.
inline const Value& ObjectOf(const Value& value) { return value; }
inline const Value& ObjectOf(const ObjectNow& object) { return object.state; }
inline const Value& ObjectOf(const PlannedChange& change) { return change.after.state; }

inline void Explain(const Path& path, const std::optional<Value>& value,
                    ::testing::MatchResultListener* out) {
  *out << path.ToString();
  if (value.has_value()) {
    *out << " is " << ::testing::PrintToString(*value);
  } else {
    *out << " is not there";
  }
}

}  // namespace internal

inline void PrintTo(PlanAction action, std::ostream* out) { *out << ToString(action); }
inline void PrintTo(const PlannedChange& change, std::ostream* out) {
  *out << change.address << ": " << ToString(change.action) << ", changes " << internal::Paths(change.changed)
       << ", replaced because of " << internal::Paths(change.requires_replace) << ", to be";
  PrintTo(change.after.state, out);
}
inline void PrintTo(const ObjectNow& object, std::ostream* out) {
  *out << (object.tainted ? "tainted" : "object");
  PrintTo(object.state, out);
}

// ---- values, objects (ObjectNow) and plans (PlannedChange: as it will be) ----

// The value at `path` is known and is `expected`, which takes the type that is there.
MATCHER_P2(HasAttributeMatcher, path, expected, absl::StrCat("has the expected ", path.ToString())) {
  const std::optional<Value> value = ValueAt(internal::ObjectOf(arg), path);
  internal::Explain(path, value, result_listener);
  if (!value.has_value()) return false;
  const absl::StatusOr<Value> typed = expected.As(value->type());
  if (!typed.ok()) {
    *result_listener << ": " << typed.status().message();
    return false;
  }
  if (*value == *typed) return true;
  *result_listener << ", not " << ::testing::PrintToString(*typed);
  return false;
}
inline auto HasAttribute(Path path, Given expected) {
  return HasAttributeMatcher(std::move(path), std::move(expected));
}

MATCHER_P(IsNullAtMatcher, path, absl::StrCat(path.ToString(), " is null")) {
  const std::optional<Value> value = ValueAt(internal::ObjectOf(arg), path);
  internal::Explain(path, value, result_listener);
  return value.has_value() && value->IsNull();
}
inline auto IsNullAt(Path path) { return IsNullAtMatcher(std::move(path)); }

MATCHER_P(IsUnknownAtMatcher, path, absl::StrCat(path.ToString(), " is known only after apply")) {
  const std::optional<Value> value = ValueAt(internal::ObjectOf(arg), path);
  internal::Explain(path, value, result_listener);
  return value.has_value() && !value->IsKnown();
}
inline auto IsUnknownAt(Path path) { return IsUnknownAtMatcher(std::move(path)); }

// ---- plans ----

MATCHER_P(PlansTo, action, absl::StrCat("plans to: ", ToString(action))) {
  *result_listener << "it plans to: " << ToString(arg.action) << ", which changes "
                   << internal::Paths(arg.changed);
  return arg.action == action;
}

// Exactly these are another afterwards, or not known yet.
MATCHER_P(ChangesOnlyMatcher, paths, absl::StrCat("changes ", internal::Paths(paths))) {
  *result_listener << "it changes " << internal::Paths(arg.changed);
  return internal::SamePaths(arg.changed, paths);
}
inline auto ChangesOnly(std::vector<Path> paths) { return ChangesOnlyMatcher(std::move(paths)); }

MATCHER_P(ReplacedBecauseOfMatcher, paths, absl::StrCat("replaces because of ", internal::Paths(paths))) {
  *result_listener << "it replaces because of " << internal::Paths(arg.requires_replace);
  return internal::SamePaths(arg.requires_replace, paths);
}
inline auto ReplacedBecauseOf(std::vector<Path> paths) { return ReplacedBecauseOfMatcher(std::move(paths)); }

// ---- diagnostics and errors ----

MATCHER_P3(HasDiagnostic, severity, text, path,
           absl::StrCat("has ", severity == Severity::kError ? "an error" : "a warning", " with \"", text,
                        "\"")) {
  *result_listener << ::testing::PrintToString(arg);
  return std::any_of(arg.all().begin(), arg.all().end(), [&](const Diagnostic& diagnostic) {
    return diagnostic.severity == severity && diagnostic.path == path &&
           absl::StrCat(diagnostic.summary, ": ", diagnostic.detail).find(text) != std::string::npos;
  });
}
// `text` is a part of "summary: detail".
inline auto HasError(std::string text, Path path = {}) {
  return HasDiagnostic(Severity::kError, std::move(text), std::move(path));
}
inline auto HasWarning(std::string text, Path path = {}) {
  return HasDiagnostic(Severity::kWarning, std::move(text), std::move(path));
}

MATCHER_P3(FailsAtMatcher, code, path, text,
           absl::StrCat("is an error of that code at ", path.ToString(), " with \"", text, "\"")) {
  const absl::Status& status = ToStatus(arg);
  *result_listener << status.ToString() << " at "
                   << (PathOf(status).empty() ? "(root)" : PathOf(status).ToString());
  return status.code() == code && PathOf(status) == path &&
         status.message().find(text) != absl::string_view::npos;
}
// A Status or StatusOr of that code, said about the value at `path`, with `text` in its message.
inline auto FailsAt(absl::StatusCode code, Path path, std::string text) {
  return FailsAtMatcher(code, std::move(path), std::move(text));
}

}  // namespace tfsdk::testing
