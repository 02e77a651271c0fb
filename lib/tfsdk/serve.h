#pragma once

// Serve: a Provider as a process that Terraform and OpenTofu start.

#include <functional>
#include <string>

#include "tfsdk/provider.h"

namespace tfsdk {

struct ServeOptions {
  // The provider's address: "registry.terraform.io/example/oidc". Required.
  std::string address;

  // Offer one protocol version only (5 or 6); 0 lets Terraform choose, which takes 6 where it can.
  int protocol_version = 0;

  // Environment look-up. Tests replace it.
  std::function<const char*(const char*)> getenv = {};
};

// Speaks the plugin protocol on stdout and a local socket until Terraform hangs up, and returns main()'s exit
// code, or ends the process with it. Started by hand, it explains itself on stderr and returns 1. With the
// one argument --debug it prints the TF_REATTACH_PROVIDERS line to use, and serves until interrupted: attach
// a debugger at leisure.
//
// Call it from main before any thread exists: it takes over signals, stdout and the log. A provider with
// nested attributes that users set is offered over protocol 6 only, because 5 cannot express them.
int Serve(Provider provider, const ServeOptions& options, int argc, const char* const argv[]);

}  // namespace tfsdk
