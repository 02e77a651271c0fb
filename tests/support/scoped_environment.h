#pragma once

// ScopedEnvironment: sets an environment variable, and puts things back.

#include <optional>
#include <string>

namespace k8soidc {

// Changes the whole process: not for tests that run threads which read the environment.
class ScopedEnvironment {
 public:
  // nullopt: unset.
  ScopedEnvironment(std::string name, std::optional<std::string> value);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  const std::string name_;
  std::optional<std::string> before_;
};

}  // namespace k8soidc
