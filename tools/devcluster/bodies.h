#pragma once

// Bodies that a provider must refuse, or take with care: each has a name and a line of help.

#include <string>

#include "absl/strings/string_view.h"

namespace devcluster {

class Cluster;

bool IsBody(absl::string_view name);

// The body called `name`, made of the cluster's own keys where it is a key set. Requires IsBody(name).
std::string MakeBody(absl::string_view name, const Cluster& cluster, int replica);

// The Content-Type that goes with it; empty: the one the endpoint has.
std::string BodyContentType(absl::string_view name);

// All names with what they are, for --help.
std::string BodyHelp();

}  // namespace devcluster
