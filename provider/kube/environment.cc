#include "kube/environment.h"

#include <unistd.h>

#include <cstdlib>

namespace k8soidc::kube {

Environment Environment::OfProcess() {
  Environment environment;
  environment.getenv = [](const char* name) -> const char* { return std::getenv(name); };
  environment.list = [] {
    std::vector<std::string> variables;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
      variables.emplace_back(*variable);
    }
    return variables;
  };
  return environment;
}

std::optional<std::string> Environment::Get(const char* name) const {
  const char* const value = getenv ? getenv(name) : nullptr;
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

}  // namespace k8soidc::kube
