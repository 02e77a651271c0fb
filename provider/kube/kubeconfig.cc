#include "kube/kubeconfig.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "json/quote.h"
#include "kube/file.h"
#include "kube/kubeconfig_fields.h"
#include "kube/yaml.h"
#include "kube/yaml_json.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using Kind = YamlNode::Kind;
using json::Quoted;
using tfsdk::Secret;

constexpr absl::string_view kExecExtension = "client.authentication.k8s.io/exec";

// Reads one kubeconfig, every field with the type that client-go's decoder wants: a wrong one is an error
// there, whoever is chosen in the end.
class Reader {
 public:
  explicit Reader(const KubeconfigSource& source) : source_(source), fields_(source) {}

  absl::StatusOr<Kubeconfig> Read(const YamlNode& root) const;

 private:
  absl::Status ReadEntry(const YamlNode& node, KubeconfigCluster& cluster) const;
  absl::Status ReadEntry(const YamlNode& node, KubeconfigUser& user) const;
  absl::Status ReadEntry(const YamlNode& node, KubeconfigContext& context) const;
  absl::Status ReadExec(const YamlNode& node, KubeconfigUser& user) const;
  absl::Status ReadAuthProvider(const YamlNode& node, KubeconfigUser& user) const;
  absl::Status ReadExtensions(const YamlNode& node, std::string* exec_config_json) const;
  absl::Status CheckPreferences(const YamlNode& root) const;
  template <typename Entry>
  absl::Status ReadList(const YamlNode& root, absl::string_view list, absl::string_view member,
                        std::map<std::string, Entry>& entries) const;

  const KubeconfigSource& source_;
  const FieldReader fields_;
};

absl::Status Reader::ReadEntry(const YamlNode& node, KubeconfigCluster& cluster) const {
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "server", cluster.server));
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "tls-server-name", cluster.tls_server_name));
  TFSDK_RETURN_IF_ERROR(fields_.Bool(node, "insecure-skip-tls-verify", cluster.insecure_skip_tls_verify));
  TFSDK_RETURN_IF_ERROR(fields_.File(node, "certificate-authority", cluster.certificate_authority));
  TFSDK_RETURN_IF_ERROR(fields_.Data(node, "certificate-authority-data", cluster.certificate_authority_data));
  TFSDK_RETURN_IF_ERROR(fields_.Secret(node, "proxy-url", cluster.proxy_url));
  TFSDK_RETURN_IF_ERROR(fields_.Bool(node, "disable-compression", cluster.disable_compression));
  return ReadExtensions(node, &cluster.exec_config_json);
}

absl::Status Reader::ReadEntry(const YamlNode& node, KubeconfigUser& user) const {
  TFSDK_RETURN_IF_ERROR(fields_.File(node, "client-certificate", user.client_certificate));
  TFSDK_RETURN_IF_ERROR(fields_.Data(node, "client-certificate-data", user.client_certificate_data));
  TFSDK_RETURN_IF_ERROR(fields_.File(node, "client-key", user.client_key));
  std::string key;
  TFSDK_RETURN_IF_ERROR(fields_.Data(node, "client-key-data", key));
  user.client_key_data = Secret(std::move(key));
  TFSDK_RETURN_IF_ERROR(fields_.Secret(node, "token", user.token));
  TFSDK_RETURN_IF_ERROR(fields_.File(node, "tokenFile", user.token_file));
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "username", user.username));
  TFSDK_RETURN_IF_ERROR(fields_.Secret(node, "password", user.password));
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "as", user.impersonation.user));
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "as-uid", user.impersonation.uid));
  TFSDK_RETURN_IF_ERROR(fields_.Strings(node, "as-groups", user.impersonation.groups));
  TFSDK_RETURN_IF_ERROR(fields_.StringLists(node, "as-user-extra", user.impersonation.extra));
  TFSDK_RETURN_IF_ERROR(ReadExec(node, user));
  TFSDK_RETURN_IF_ERROR(ReadAuthProvider(node, user));
  return ReadExtensions(node, nullptr);
}

absl::Status Reader::ReadEntry(const YamlNode& node, KubeconfigContext& context) const {
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "cluster", context.cluster));
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "user", context.user));
  std::string name_space;
  TFSDK_RETURN_IF_ERROR(fields_.String(node, "namespace", name_space));
  return ReadExtensions(node, nullptr);
}

absl::Status Reader::ReadExec(const YamlNode& node, KubeconfigUser& user) const {
  const YamlNode* exec = nullptr;
  TFSDK_RETURN_IF_ERROR(fields_.Mapping(node, "exec", exec));
  if (exec == nullptr) return absl::OkStatus();
  ExecPlugin plugin;
  TFSDK_RETURN_IF_ERROR(fields_.String(*exec, "apiVersion", plugin.api_version));
  TFSDK_RETURN_IF_ERROR(fields_.Command(*exec, "command", plugin.command));
  TFSDK_RETURN_IF_ERROR(fields_.Strings(*exec, "args", plugin.args));
  const auto read_variable = [&](const YamlNode& variable) {
    std::pair<std::string, Secret> read;
    TFSDK_RETURN_IF_ERROR(fields_.String(variable, "name", read.first));
    TFSDK_RETURN_IF_ERROR(fields_.Secret(variable, "value", read.second));
    plugin.env.push_back(std::move(read));
    return absl::OkStatus();
  };
  TFSDK_RETURN_IF_ERROR(fields_.Mappings(*exec, "env", /*skip_null=*/false, read_variable));
  TFSDK_RETURN_IF_ERROR(fields_.String(*exec, "installHint", plugin.install_hint));
  TFSDK_RETURN_IF_ERROR(fields_.String(*exec, "interactiveMode", plugin.interactive_mode));
  TFSDK_RETURN_IF_ERROR(fields_.Bool(*exec, "provideClusterInfo", plugin.provide_cluster_info));
  fields_.AddOrigins(*exec, "exec.", user.fields);
  user.exec = std::move(plugin);
  return absl::OkStatus();
}

absl::Status Reader::ReadAuthProvider(const YamlNode& node, KubeconfigUser& user) const {
  const YamlNode* provider = nullptr;
  TFSDK_RETURN_IF_ERROR(fields_.Mapping(node, "auth-provider", provider));
  if (provider == nullptr) return absl::OkStatus();
  user.has_auth_provider = true;
  TFSDK_RETURN_IF_ERROR(fields_.String(*provider, "name", user.auth_provider));
  const YamlNode* config = nullptr;
  TFSDK_RETURN_IF_ERROR(fields_.Mapping(*provider, "config", config));
  if (config == nullptr) return absl::OkStatus();
  for (const auto& [name, value] : config->members) {
    if (value.kind == Kind::kString || value.kind == Kind::kNull) continue;
    return fields_.WrongKind(value, absl::StrCat(Quoted(name), " of auth-provider"), "a string");
  }
  return absl::OkStatus();
}

// Extensions say nothing to us, but for the one that exec plugins are told.
absl::Status Reader::ReadExtensions(const YamlNode& node, std::string* exec_config_json) const {
  std::set<std::string> names;
  return fields_.Mappings(node, "extensions", /*skip_null=*/false, [&](const YamlNode& extension) {
    std::string name;
    TFSDK_RETURN_IF_ERROR(fields_.String(extension, "name", name));
    if (!names.insert(name).second) {
      return fields_.Error(extension, absl::StrCat("a second extension with the name ", Quoted(name)));
    }
    const YamlNode* const value = FieldReader::Find(extension, "extension");
    if (exec_config_json != nullptr && name == kExecExtension && value != nullptr) {
      *exec_config_json = YamlToJson(*value);
    }
    return absl::OkStatus();
  });
}

absl::Status Reader::CheckPreferences(const YamlNode& root) const {
  const YamlNode* preferences = nullptr;
  TFSDK_RETURN_IF_ERROR(fields_.Mapping(root, "preferences", preferences));
  if (preferences == nullptr) return absl::OkStatus();
  bool colors = false;
  TFSDK_RETURN_IF_ERROR(fields_.Bool(*preferences, "colors", colors));
  return ReadExtensions(*preferences, nullptr);
}

// A list of {name: …, <member>: {…}}.
template <typename Entry>
absl::Status Reader::ReadList(const YamlNode& root, absl::string_view list, absl::string_view member,
                              std::map<std::string, Entry>& entries) const {
  return fields_.Mappings(root, list, /*skip_null=*/true, [&](const YamlNode& node) {
    std::string name;
    TFSDK_RETURN_IF_ERROR(fields_.String(node, "name", name));
    Entry entry;
    entry.origin = fields_.Origin(node);
    const YamlNode* value = nullptr;
    TFSDK_RETURN_IF_ERROR(fields_.Mapping(node, member, value));
    if (value != nullptr) {
      TFSDK_RETURN_IF_ERROR(ReadEntry(*value, entry));
      fields_.AddOrigins(*value, "", entry.fields);
    }
    const auto [place, is_new] = entries.emplace(name, std::move(entry));
    if (is_new) return absl::OkStatus();
    return fields_.Error(
        node, absl::StrCat("a second ", member, " with the name ", Quoted(name),
                           " (the first: ", place->second.origin, "); remove or rename one of them"));
  });
}

absl::StatusOr<Kubeconfig> Reader::Read(const YamlNode& root) const {
  Kubeconfig config;
  config.sources.push_back(source_.name);
  if (root.kind == Kind::kNull) return config;
  if (root.kind != Kind::kMapping) {
    return fields_.Error(root, absl::StrCat("a kubeconfig is a mapping and this is ", KindName(root.kind)));
  }
  std::string kind;
  std::string api_version;
  TFSDK_RETURN_IF_ERROR(fields_.String(root, "kind", kind));
  TFSDK_RETURN_IF_ERROR(fields_.String(root, "apiVersion", api_version));
  if ((!kind.empty() && kind != "Config") || (!api_version.empty() && api_version != "v1")) {
    return fields_.Error(root, absl::StrCat("not a kubeconfig: it is of kind ", Quoted(kind), ", version ",
                                            Quoted(api_version), ", where \"Config\" and \"v1\" belong"));
  }
  TFSDK_RETURN_IF_ERROR(ReadList(root, "clusters", "cluster", config.clusters));
  TFSDK_RETURN_IF_ERROR(ReadList(root, "users", "user", config.users));
  TFSDK_RETURN_IF_ERROR(ReadList(root, "contexts", "context", config.contexts));
  TFSDK_RETURN_IF_ERROR(fields_.String(root, "current-context", config.current_context));
  TFSDK_RETURN_IF_ERROR(CheckPreferences(root));
  TFSDK_RETURN_IF_ERROR(ReadExtensions(root, nullptr));
  return config;
}

}  // namespace

std::string Kubeconfig::Describe() const {
  return sources.empty() ? std::string("an empty kubeconfig") : absl::StrJoin(sources, ":");
}

KubeconfigSource KubeconfigSource::File(const std::string& path) {
  const bool is_printable = std::all_of(
      path.begin(), path.end(), [](char c) { return absl::ascii_isprint(static_cast<unsigned char>(c)); });
  return {.name = is_printable ? path : json::Quoted(path, 300), .directory = DirectoryOf(path)};
}

KubeconfigSource KubeconfigSource::Text(absl::string_view name) {
  return {.name = std::string(name), .directory = ""};
}

absl::StatusOr<Kubeconfig> ParseKubeconfig(absl::string_view text, const KubeconfigSource& source) {
  const absl::StatusOr<YamlNode> root = ParseYaml(text);
  if (!root.ok()) return tfsdk::Annotate(root.status(), absl::StrCat("kubeconfig ", source.name));
  return Reader(source).Read(*root);
}

}  // namespace k8soidc::kube
