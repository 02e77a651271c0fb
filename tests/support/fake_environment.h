#pragma once

// FakeEnvironment: what kube::Environment says, without touching the process's own.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kube/environment.h"

namespace k8soidc {

// `variables` are all there are. The service account's directory does not exist unless a test names one.
inline kube::Environment FakeEnvironment(
    std::map<std::string, std::string> variables,
    std::string service_account_directory = "/nonexistent/serviceaccount") {
  const auto shared = std::make_shared<const std::map<std::string, std::string>>(std::move(variables));
  kube::Environment environment;
  environment.getenv = [shared](const char* name) -> const char* {
    const auto found = shared->find(name);
    return found == shared->end() ? nullptr : found->second.c_str();
  };
  environment.list = [shared] {
    std::vector<std::string> list;
    for (const auto& [name, value] : *shared) list.push_back(name + "=" + value);
    return list;
  };
  environment.service_account_directory = std::move(service_account_directory);
  return environment;
}

}  // namespace k8soidc
