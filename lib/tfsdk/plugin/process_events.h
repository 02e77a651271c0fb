#pragma once

// What can end a plugin's process from outside, as one thing to wait for.

#include "absl/status/status.h"

namespace tfsdk::plugin {

enum class EndReason : char {
  kShutdown,    // RequestShutdown was called.
  kInterrupt,   // SIGINT, where it was asked for.
  kSignal,      // SIGTERM or SIGHUP.
  kParentGone,  // The process that started this one has ended. Hosts that crash say nothing.
};

// One per process: signal handlers have no context. Handlers are installed rather than signals blocked or
// ignored, because exec resets handlers: a child starts with the default behaviour.
class ProcessEvents {
 public:
  // Installs the handlers. SIGPIPE does nothing from now on. SIGINT neither, unless `interrupt_ends`: Ctrl-C
  // reaches the host as well, which decides what becomes of running calls. A SIGHUP that is ignored (nohup)
  // stays ignored. With `watch_parent` the process that is the parent now is watched.
  static absl::Status Install(bool interrupt_ends, bool watch_parent);

  // From any thread; returns at once. Later calls add nothing.
  static void RequestShutdown();

  // Blocks until something ends the process. An event from before this call counts.
  static EndReason Wait();
};

}  // namespace tfsdk::plugin
