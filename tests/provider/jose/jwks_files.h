#pragma once

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace k8soidc::jose {

// The bytes of a file of tests/data/jwks.
inline std::string ReadJwksFile(const std::string& name) {
  std::ifstream file(TEST_DATA_DIR "/jwks/" + name, std::ios::binary);
  if (!file) throw std::runtime_error("no test data " + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The key of all_types.json with this kid (rsa-2048, p-256, ed25519, ...), in canonical form.
inline nlohmann::json KeyNamed(const std::string& kid) {
  const auto set = nlohmann::json::parse(ReadJwksFile("all_types.canonical.json"));
  for (const auto& key : set["keys"]) {
    if (key.value("kid", "") == kid) return key;
  }
  throw std::runtime_error("no test key " + kid);
}

// `key` with some members replaced.
inline nlohmann::json With(nlohmann::json key, const nlohmann::json& members) {
  key.update(members);
  return key;
}

inline nlohmann::json Without(nlohmann::json key, const std::string& member) {
  key.erase(member);
  return key;
}

// The text of a set of these keys.
inline std::string SetOf(nlohmann::json::array_t keys) {
  return nlohmann::json{{"keys", std::move(keys)}}.dump();
}

}  // namespace k8soidc::jose
