#pragma once

// YAML's tree as JSON, for what is handed on as it is.

#include <string>

#include "kube/yaml.h"

namespace k8soidc::kube {

// `node` as JSON text, its members sorted, as client-go's YAML parser makes JSON: a number is written out in
// decimal. Text that is not UTF-8 has its bad bytes replaced.
std::string YamlToJson(const YamlNode& node);

}  // namespace k8soidc::kube
