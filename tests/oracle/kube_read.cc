// Reads situations on stdin, one JSON object a line, asks the API server that each means for its discovery
// document, and says whether that went well: the half of the comparison with kubectl and client-go that is
// ours. Members: "directory" to work in, "environment" (all there is of it), "arguments" of the provider block, and the data source's "context" if it has one.

#include <unistd.h>

#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "http/curl_transport.h"
#include "kube/client.h"
#include "kube/environment.h"
#include "kube/options.h"
#include "support/fake_environment.h"
#include "tfsdk/cancel.h"

namespace k8soidc {
namespace {

using Json = nlohmann::json;
using tfsdk::Secret;

std::optional<std::string> Text(const Json& arguments, const char* name) {
  if (!arguments.contains(name)) return std::nullopt;
  return arguments.at(name).get<std::string>();
}

std::optional<Secret> SecretText(const Json& arguments, const char* name) {
  std::optional<std::string> text = Text(arguments, name);
  if (!text.has_value()) return std::nullopt;
  return Secret(*std::move(text));
}

kube::ConnectionOptions ToOptions(const Json& arguments) {
  kube::ConnectionOptions options;
  options.host = Text(arguments, "host");
  options.token = SecretText(arguments, "token");
  options.username = Text(arguments, "username");
  options.password = SecretText(arguments, "password");
  options.client_certificate = Text(arguments, "client_certificate");
  options.client_key = SecretText(arguments, "client_key");
  options.cluster_ca_certificate = Text(arguments, "cluster_ca_certificate");
  if (arguments.contains("insecure")) options.insecure = arguments.at("insecure").get<bool>();
  options.tls_server_name = Text(arguments, "tls_server_name");
  options.config_path = Text(arguments, "config_path");
  options.config_paths = arguments.value("config_paths", std::vector<std::string>());
  options.kubeconfig = SecretText(arguments, "kubeconfig");
  options.config_context = Text(arguments, "config_context");
  options.config_context_auth_info = Text(arguments, "config_context_auth_info");
  options.config_context_cluster = Text(arguments, "config_context_cluster");
  if (arguments.contains("impersonate")) {
    const Json& who = arguments.at("impersonate");
    options.impersonate = kube::Impersonation{.user = who.at("user").get<std::string>(),
                                              .groups = who.at("groups").get<std::vector<std::string>>()};
  }
  return options;
}

Json Read(const Json& situation) {
  if (chdir(situation.at("directory").get<std::string>().c_str()) != 0)
    return {{"error", "kube_read: chdir"}};
  const kube::Environment environment =
      FakeEnvironment(situation.at("environment").get<std::map<std::string, std::string>>());
  http::CurlTransportOptions transport;
  transport.system_roots.ssl_cert_file = environment.Get("SSL_CERT_FILE").value_or("");
  transport.system_roots.ssl_cert_dir = environment.Get("SSL_CERT_DIR").value_or("");
  transport.proxies = http::ProxyEnvironment([&](const char* name) { return environment.Get(name); });
  // Clients of their own, so that no situation finds a connection that another one left.
  kube::Client client(http::MakeCurlTransport(std::move(transport)), ToOptions(situation.at("arguments")),
                      environment, {.connect = absl::Seconds(10), .request = absl::Seconds(20)});
  const absl::StatusOr<std::string> body =
      client.ReadDiscovery(tfsdk::CancelToken(), Text(situation, "context"));
  if (!body.ok()) return {{"error", std::string(body.status().message())}};
  return {{"ok", true}};
}

}  // namespace
}  // namespace k8soidc

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto situation = nlohmann::json::parse(line, nullptr, false);
    if (!situation.is_object()) return 1;
    std::cout << k8soidc::Read(situation).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
              << std::endl;
  }
}
