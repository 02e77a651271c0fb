#include "support/scoped_environment.h"

#include <cstdlib>
#include <utility>

namespace k8soidc {
namespace {

void Put(const std::string& name, const std::optional<std::string>& value) {
  if (value.has_value()) {
    setenv(name.c_str(), value->c_str(), 1);
  } else {
    unsetenv(name.c_str());
  }
}

}  // namespace

ScopedEnvironment::ScopedEnvironment(std::string name, std::optional<std::string> value)
    : name_(std::move(name)) {
  if (const char* const before = std::getenv(name_.c_str()); before != nullptr) before_ = before;
  Put(name_, value);
}

ScopedEnvironment::~ScopedEnvironment() { Put(name_, before_); }

}  // namespace k8soidc
