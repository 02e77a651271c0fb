// Reads JWK Sets on stdin, each a JSON string on a line of its own, and says what jose::Canonicalize() makes
// of each: the half of the comparison with go-jose that is ours.

#include <cstdint>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "jose/canonical.h"

namespace k8soidc::jose {
namespace {

using Json = nlohmann::json;

Json Describe(const PublicJwk& key) {
  Json facts = {{"kty", key.kty}, {"jwk", key.jwk}, {"kid_derivation", key.kid_derivation}};
  const auto add = [&](const char* name, const auto& value) {
    if (value.has_value()) facts[name] = *value;
  };
  add("kid", key.kid);
  add("alg", key.alg);
  add("use", key.use);
  add("crv", key.crv);
  add("n", key.n);
  add("e", key.e);
  add("x", key.x);
  add("y", key.y);
  add("bits", key.bits);
  add("thumbprint", key.thumbprint);
  add("spki_sha256", key.spki_sha256);
  add("pem", key.pem);
  return facts;
}

Json Describe(const std::string& text) {
  const absl::StatusOr<Jwks> set = Canonicalize(text, CanonicalOptions());
  if (!set.ok()) return {{"ok", false}, {"error", std::string(set.status().message())}};
  Json keys = Json::array();
  for (const PublicJwk& key : set->keys) keys.push_back(Describe(key));
  Json ignored = Json::array();
  for (const IgnoredKey& key : set->ignored_keys) {
    ignored.push_back({{"kid", key.kid.value_or("")}, {"reason", key.reason}});
  }
  return {{"ok", true}, {"json", set->json}, {"keys", keys}, {"ignored", ignored}};
}

}  // namespace
}  // namespace k8soidc::jose

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto text = nlohmann::json::parse(line, nullptr, false);
    if (!text.is_string()) return 1;
    std::cout << k8soidc::jose::Describe(text.get<std::string>()).dump() << std::endl;
  }
}
