#pragma once

// Context: what a call carries besides its arguments.

#include <utility>

#include "tfsdk/cancel.h"
#include "tfsdk/diagnostics.h"

namespace tfsdk {

// One per call, and as long-lived as it. Used by the thread that serves the call; hand cancel() to others by
// copy.
class Context {
 public:
  explicit Context(CancelToken cancel = {}) : cancel_(std::move(cancel)) {}

  // Give it to everything that blocks.
  const CancelToken& cancel() const { return cancel_; }
  // For several problems at once and for warnings; a single error is simply returned.
  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  CancelToken cancel_;
  Diagnostics diagnostics_;
};

}  // namespace tfsdk
