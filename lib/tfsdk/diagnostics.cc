#include "tfsdk/diagnostics.h"

#include <algorithm>

#include "absl/strings/cord.h"
#include "tfsdk/internal/utf8.h"

namespace tfsdk {
namespace {

// The host shows a diagnostic whole; nobody reads more than this, and a server must not be able to flood a
// plan.
constexpr size_t kMaxDetail = 16 * 1024;

std::string Shown(absl::string_view text) {
  // One invalid byte in a protobuf string makes the host drop the whole reply.
  std::string shown = internal::Printable(text.substr(0, kMaxDetail));
  if (text.size() > kMaxDetail) shown += " …";
  return shown;
}

constexpr absl::string_view kWarning = "tfsdk.warning";

}  // namespace

absl::Status Warning(absl::string_view message) {
  absl::Status status = absl::FailedPreconditionError(message);
  status.SetPayload(kWarning, absl::Cord());
  return status;
}

bool IsWarning(const absl::Status& status) { return status.GetPayload(kWarning).has_value(); }

void Diagnostics::Add(Diagnostic diagnostic) {
  diagnostic.summary = Shown(diagnostic.summary);
  diagnostic.detail = Shown(diagnostic.detail);
  if (std::find(all_.begin(), all_.end(), diagnostic) == all_.end()) all_.push_back(std::move(diagnostic));
}

void Diagnostics::AddStatus(absl::string_view summary, const absl::Status& status) {
  if (status.ok()) return;
  Add({IsWarning(status) ? Severity::kWarning : Severity::kError, std::string(summary),
       std::string(status.message()), PathOf(status)});
}

bool Diagnostics::HasErrors() const {
  return std::any_of(all_.begin(), all_.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::kError; });
}

}  // namespace tfsdk
