#pragma once

// A child process for AcceptanceTest. Not installed.

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace tfsdk::testing::internal {

struct ChildResult {
  bool started = false;
  bool timed_out = false;
  int code = -1;  // -1: it ended by a signal, or was killed
  std::string out, err;
};

// Runs `arguments`, whose first is a file, in `folder`, with exactly this environment and an empty stdin. When the time
// is over, it is killed with the group of processes it has started, and nothing else is.
ChildResult RunChild(const std::vector<std::string>& arguments, const std::string& folder,
                     const std::map<std::string, std::string>& environment, absl::Duration timeout);

// The program called `name` in PATH, or `name` itself when it has a slash; empty when there is none.
std::string FindProgram(const std::string& name);

}  // namespace tfsdk::testing::internal
