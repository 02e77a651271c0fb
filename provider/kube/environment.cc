#include "kube/environment.h"

#include <cstdlib>

namespace k8soidc::kube {

Environment Environment::OfProcess() {
  Environment environment;
  environment.getenv = [](const char* name) -> const char* { return std::getenv(name); };
  return environment;
}

std::optional<std::string> Environment::Get(const char* name) const {
  const char* const value = getenv ? getenv(name) : nullptr;
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

}  // namespace k8soidc::kube
