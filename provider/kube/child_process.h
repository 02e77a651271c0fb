#pragma once

// One child process, run to its end: started without anything of ours, bounded in time and output, and gone
// with its children when this returns.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tfsdk/cancel.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

struct ChildRequest {
  std::string path;                      // What is executed; there is no look-up and no shell.
  std::vector<std::string> arguments;    // With the name it is called by first.
  std::vector<std::string> environment;  // NAME=VALUE: all of it.
  absl::Time deadline = absl::InfiniteFuture();
  size_t max_output_bytes = size_t{1} << 20;  // Of stdout; more ends the child.
};

// How a child ended. `output` and what is in `error_head` and `error_tail` come from outside.
struct ChildResult {
  enum class End {
    kNotStarted,  // `code` is an errno.
    kExited,      // `code` is its exit code.
    kSignalled,   // `code` is the signal.
    kTimeout,     // The three below: it was ended by us.
    kCancelled,
    kTooMuchOutput,
  };

  End end = End::kNotStarted;
  int code = 0;
  tfsdk::Secret output;    // stdout.
  std::string error_head;  // The first 8 KiB of stderr.
  std::string error_tail;  // The last 8 KiB of what followed them.
  bool error_cut = false;  // Something between head and tail was dropped.
  absl::Duration took;
};

// Runs a child in a session of its own, without a terminal, and waits for it. It has /dev/null as stdin, two
// pipes as stdout and stderr, no other descriptor, default signals, and the current directory, umask and
// limits of this process.
//
// A child that must end (deadline, cancel, output) is sent SIGTERM with its process group, and SIGKILL if it
// is still there half a second later. Whatever of its group is left when it has ended is killed. A grandchild that
// left the group lives on, as a daemon wants to, but that it holds the pipes delays this by a quarter of a second
// and no more.
//
// Signals go only to a process that was not waited for yet, so never to a stranger with its number. Safe from
// any thread. Sets SIGCHLD back to its default when it is ignored, because then nobody could learn an exit code.
ChildResult RunChild(const tfsdk::CancelToken& cancel, const ChildRequest& request);

}  // namespace k8soidc::kube
