#pragma once

// What the process around us says: environment variables, and where a pod finds its service account.

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace k8soidc::kube {

// Plain data, so that a test can have one of its own. Copying is cheap.
struct Environment {
  // As getenv(3): null when the variable is not set. Must be callable from several threads.
  std::function<const char*(const char* name)> getenv;
  // All variables as NAME=VALUE, as environ(7), for child processes. Left out: none. As callable as getenv.
  std::function<std::vector<std::string>()> list = {};
  // Holds `token` and `ca.crt` in a pod. Fixed by Kubernetes; only tests use another.
  std::string service_account_directory = "/var/run/secrets/kubernetes.io/serviceaccount";

  // The environment of this process.
  static Environment OfProcess();

  // The value of a variable; nothing when it is not set or empty, which mean the same to kubectl and to
  // hashicorp/kubernetes.
  std::optional<std::string> Get(const char* name) const;
};

}  // namespace k8soidc::kube
