#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace k8soidc::jose {

// The bytes of a file of tests/data/jwks.
inline std::string ReadJwksFile(const std::string& name) {
  std::ifstream file(TEST_DATA_DIR "/jwks/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no test data " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace k8soidc::jose
