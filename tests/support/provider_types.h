#pragma once

// The types of what this provider is sent, as its schema has them, for tests that speak the protocol.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace k8soidc {

// An object that is null everywhere but where `set` says.
inline tfsdk::Value ObjectOf(const tfsdk::Type& type, const std::map<std::string, tfsdk::Value>& set) {
  std::vector<tfsdk::Value> values;
  for (const auto& [name, inner] : type.attributes()) {
    const auto it = set.find(name);
    values.push_back(it == set.end() ? tfsdk::Value::Null(inner) : it->second);
  }
  return tfsdk::Value::Object(type, std::move(values));
}

// The block `exec` of the provider block.
inline tfsdk::Type ExecType() {
  using tfsdk::Type;
  return Type::Object({{"api_version", Type::String()},
                       {"command", Type::String()},
                       {"args", Type::List(Type::String())},
                       {"env", Type::Map(Type::String())},
                       {"interactive_mode", Type::String()},
                       {"provide_cluster_info", Type::Bool()},
                       {"timeout", Type::String()}});
}

// The block `impersonate` of the provider block.
inline tfsdk::Type ImpersonateType() {
  using tfsdk::Type;
  return Type::Object({{"user", Type::String()},
                       {"uid", Type::String()},
                       {"groups", Type::List(Type::String())},
                       {"extra", Type::Map(Type::List(Type::String()))}});
}

// The provider block.
inline tfsdk::Type ProviderType() {
  using tfsdk::Type;
  std::map<std::string, Type> types;
  for (const char* name : {"host", "token", "token_file", "username", "password", "client_certificate",
                           "client_key", "cluster_ca_certificate", "tls_server_name", "proxy_url",
                           "config_path", "kubeconfig", "config_context", "config_context_auth_info",
                           "config_context_cluster", "request_timeout", "connect_timeout"}) {
    types.emplace(name, Type::String());
  }
  types.emplace("insecure", Type::Bool());
  types.emplace("in_cluster", Type::Bool());
  types.emplace("max_retries", Type::Number());
  types.emplace("config_paths", Type::List(Type::String()));
  types.emplace("headers", Type::Map(Type::String()));
  types.emplace("exec", ExecType());
  types.emplace("impersonate", ImpersonateType());
  return Type::Object(types);
}

// data "k8soidc_jwks".
inline tfsdk::Type JwksType() {
  using tfsdk::Type;
  const Type text = Type::String();
  std::map<std::string, Type> key;
  for (const char* name : {"kid", "kty", "alg", "use", "crv", "n", "e", "x", "y", "pem", "jwk", "thumbprint",
                           "spki_sha256", "kid_derivation"}) {
    key.emplace(name, text);
  }
  key.emplace("bits", Type::Number());
  std::map<std::string, Type> types;
  for (const char* name :
       {"config_context", "url", "ca_certificate", "on_disagreement", "json", "raw", "sha256", "id"}) {
    types.emplace(name, text);
  }
  for (const char* name : {"key_types", "algorithms", "key_ids", "pem_keys"})
    types.emplace(name, Type::List(text));
  for (const char* name : {"consistency_reads", "minimum_rsa_bits", "key_count"})
    types.emplace(name, Type::Number());
  types.emplace("extra_members", Type::Bool());
  types.emplace("keys", Type::List(Type::Object(key)));
  types.emplace("ignored_keys", Type::List(Type::Object({{"kid", text}, {"reason", text}})));
  return Type::Object(types);
}

}  // namespace k8soidc
