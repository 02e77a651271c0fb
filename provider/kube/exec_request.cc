#include "kube/exec_request.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "json/quote.h"
#include "json/strict_json.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using Json = nlohmann::json;
using tfsdk::Secret;

constexpr char kGroup[] = "client.authentication.k8s.io/";
constexpr char kInfo[] = "KUBERNETES_EXEC_INFO";

bool HasNul(absl::string_view text) { return absl::StrContains(text, '\0'); }

absl::Status CheckApiVersion(absl::string_view version) {
  if (version == "client.authentication.k8s.io/v1" || version == "client.authentication.k8s.io/v1beta1") {
    return absl::OkStatus();
  }
  constexpr absl::string_view kWayOut =
      "write client.authentication.k8s.io/v1beta1 or client.authentication.k8s.io/v1, whichever the plugin "
      "speaks";
  if (version.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("it has no API version; ", kWayOut));
  }
  const bool is_alpha = version == "client.authentication.k8s.io/v1alpha1";
  return absl::InvalidArgumentError(absl::StrCat(
      "its API version ", json::Quoted(version), " is ",
      is_alpha ? "one that kubectl no longer speaks either: update the plugin, and " : "unknown; ", kWayOut));
}

absl::Status CheckInteractiveMode(const ExecPlugin& plugin) {
  const std::string& mode = plugin.interactive_mode;
  if (mode == "Never" || mode == "IfAvailable") return absl::OkStatus();
  if (mode == "Always") {
    return absl::FailedPreconditionError(
        "its interactive mode is Always, but nobody can be asked anything while Terraform runs; log in with "
        "the "
        "plugin's own command first and set the mode to IfAvailable or Never, or use another credential");
  }
  if (!mode.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("its interactive mode ", json::Quoted(mode), " is unknown; write Never or IfAvailable"));
  }
  if (plugin.api_version != absl::StrCat(kGroup, "v1")) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("it has no interactive mode, which ", plugin.api_version,
                                                 " requires; write Never or IfAvailable"));
}

// Variables that Terraform gave us for ourselves.
bool BelongsToHandshake(absl::string_view name) {
  return absl::StartsWith(name, "PLUGIN_") || name == "TF_PLUGIN_MAGIC_COOKIE" ||
         name == "TF_REATTACH_PROVIDERS";
}

// A name that says that a value may be a secret. TF_VAR_ values are whatever the user gave Terraform.
bool IsSecretName(absl::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(name);
  constexpr absl::string_view kWords[] = {"TOKEN", "SECRET",     "PASSWORD", "PASSWD", "PASSPHRASE",
                                          "KEY",   "CREDENTIAL", "AUTH",     "COOKIE", "JWT"};
  return absl::StartsWith(upper, "TF_VAR_") ||
         std::any_of(std::begin(kWords), std::end(kWords),
                     [&](absl::string_view word) { return absl::StrContains(upper, word); });
}

// Calls `each` with the name and the value of our variables.
template <typename Each>
void ForEachVariable(const Environment& environment, Each each) {
  if (!environment.list) return;
  for (const std::string& variable : environment.list()) {
    const size_t equals = variable.find('=');
    if (equals == std::string::npos || equals == 0) continue;
    each(variable.substr(0, equals), variable.substr(equals + 1));
  }
}

absl::StatusOr<Json> ClusterInfo(const ExecCluster& cluster) {
  Json info = {{"server", cluster.server}};
  const auto add = [&info](const char* name, absl::string_view value) {
    if (!value.empty()) info[name] = std::string(value);
  };
  add("tls-server-name", cluster.tls_server_name);
  if (cluster.insecure) info["insecure-skip-tls-verify"] = true;
  add("certificate-authority-data", absl::Base64Escape(cluster.certificate_authority_data));
  add("proxy-url", cluster.proxy_url.Reveal());
  if (cluster.disable_compression) info["disable-compression"] = true;
  if (!cluster.config_json.empty()) {
    absl::StatusOr<Json> config = json::Parse(cluster.config_json, {.max_depth = 64});
    if (!config.ok()) {
      return tfsdk::Annotate(config.status(), "the cluster's extension client.authentication.k8s.io/exec");
    }
    info["config"] = *std::move(config);
  }
  return info;
}

}  // namespace

absl::Status CheckExecPlugin(const ExecPlugin& plugin) {
  TFSDK_RETURN_IF_ERROR(CheckApiVersion(plugin.api_version));
  TFSDK_RETURN_IF_ERROR(CheckInteractiveMode(plugin));
  if (plugin.command.empty()) return absl::InvalidArgumentError("it has no command");
  if (HasNul(plugin.command) || std::any_of(plugin.args.begin(), plugin.args.end(), HasNul)) {
    return absl::InvalidArgumentError("its command or one of its arguments has a NUL byte in it");
  }
  for (const auto& [name, value] : plugin.env) {
    if (name.empty() || absl::StrContains(name, '=') || HasNul(name)) {
      return absl::InvalidArgumentError(
          absl::StrCat(json::Quoted(name), " cannot be the name of a variable"));
    }
    if (HasNul(value.Reveal())) {
      return absl::InvalidArgumentError(
          absl::StrCat("the value of its variable ", json::Quoted(name), " has a NUL byte in it"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> MakeExecEnvironment(const ExecPlugin& plugin,
                                                             const ExecCluster& cluster,
                                                             const Environment& environment) {
  std::map<std::string, std::string> variables;
  ForEachVariable(environment, [&](std::string name, std::string value) {
    if (!BelongsToHandshake(name)) variables[std::move(name)] = std::move(value);
  });
  for (const auto& [name, value] : plugin.env) variables[name] = value.Reveal();

  Json info = {
      {"kind", "ExecCredential"}, {"apiVersion", plugin.api_version}, {"spec", {{"interactive", false}}}};
  if (plugin.provide_cluster_info) {
    TFSDK_ASSIGN_OR_RETURN(info["spec"]["cluster"], ClusterInfo(cluster));
  }
  // Text that is not UTF-8 must not throw; what it names is wrong anyway.
  variables[kInfo] = info.dump(-1, ' ', false, Json::error_handler_t::replace);

  std::vector<std::string> list;
  for (const auto& [name, value] : variables) list.push_back(absl::StrCat(name, "=", value));
  return list;
}

std::vector<Secret> SecretsOf(const ExecPlugin& plugin, const Environment& environment) {
  std::vector<Secret> secrets;
  for (const auto& [name, value] : plugin.env) secrets.push_back(value);
  ForEachVariable(environment, [&](const std::string& name, std::string value) {
    if (IsSecretName(name)) secrets.emplace_back(std::move(value));
  });
  for (size_t i = 0; i < plugin.args.size(); ++i) {
    const absl::string_view argument = plugin.args[i];
    if (!absl::StartsWith(argument, "-")) continue;
    const size_t equals = argument.find('=');
    if (!IsSecretName(argument.substr(0, equals))) continue;
    if (equals != absl::string_view::npos) {
      secrets.emplace_back(std::string(argument.substr(equals + 1)));
    } else if (i + 1 < plugin.args.size()) {
      secrets.emplace_back(plugin.args[i + 1]);
    }
  }
  return secrets;
}

}  // namespace k8soidc::kube
