#pragma once

// Diagnostics: what a person reads when something is wrong.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tfsdk/path.h"

namespace tfsdk {

enum class Severity { kError, kWarning };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string summary;  // One line, no full stop: "Cannot read k8soidc_jwks".
  std::string detail;   // What happened and what to do about it.
  Path path = {};       // The attribute to blame, or the whole configuration.

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

// A status that is not OK and shall be shown as a warning: what it warns of does not stop anything.
absl::Status Warning(absl::string_view message);
bool IsWarning(const absl::Status& status);

// The diagnostics of one call, in order, each once. Not thread-safe: a call has one.
class Diagnostics {
 public:
  void Add(Diagnostic diagnostic);
  void AddError(std::string summary, std::string detail, Path path = {}) {
    Add({Severity::kError, std::move(summary), std::move(detail), std::move(path)});
  }
  void AddWarning(std::string summary, std::string detail, Path path = {}) {
    Add({Severity::kWarning, std::move(summary), std::move(detail), std::move(path)});
  }
  // Adds an error (or a warning, see Warning()) for a status that is not OK, at the path At() gave it.
  void AddStatus(absl::string_view summary, const absl::Status& status);

  bool HasErrors() const;
  const std::vector<Diagnostic>& all() const { return all_; }

 private:
  std::vector<Diagnostic> all_;
};

}  // namespace tfsdk
