#include "kube/kubeconfig.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "json/quote.h"
#include "kube/file.h"
#include "kube/yaml.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using Kind = YamlNode::Kind;
using json::Quoted;
using tfsdk::Secret;

// RFC 4648, section 4, with padding; line breaks are skipped, as Go does.
std::optional<std::string> DecodeBase64(absl::string_view text) {
  std::string digits;
  digits.reserve(text.size());
  size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const bool is_digit = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/';
    if (c == '=' ? ++padding > 2 : (!is_digit || padding > 0)) return std::nullopt;
    digits.push_back(c);
  }
  std::string decoded;
  if (digits.size() % 4 != 0 || !absl::Base64Unescape(digits, &decoded)) return std::nullopt;
  return decoded;
}

// Reads the fields of one kubeconfig, and knows how to say where one is wrong.
class Reader {
 public:
  explicit Reader(const KubeconfigSource& source) : source_(source) {}

  absl::StatusOr<Kubeconfig> Read(const YamlNode& root) const;

 private:
  absl::Status Error(const YamlNode& node, absl::string_view message) const {
    return absl::InvalidArgumentError(absl::StrCat("kubeconfig ", source_.name, ", line ", node.position.line,
                                                   ", column ", node.position.column, ": ", message));
  }
  absl::Status WrongKind(const YamlNode& node, absl::string_view field, absl::string_view wanted) const {
    const bool quote = wanted == "a string" && (node.kind == Kind::kNumber || node.kind == Kind::kBool);
    return Error(node, absl::StrCat(field, " must be ", wanted, " and is ", KindName(node.kind),
                                    quote ? "; put it in quotes" : ""));
  }
  std::string Origin(const YamlNode& node) const {
    return absl::StrCat(source_.name, ", line ", node.position.line);
  }

  absl::Status ReadString(const YamlNode& parent, absl::string_view field, std::string& value) const;
  absl::Status ReadSecret(const YamlNode& parent, absl::string_view field, Secret& value) const;
  absl::Status ReadBool(const YamlNode& parent, absl::string_view field, bool& value) const;
  absl::Status ReadPath(const YamlNode& parent, absl::string_view field, std::string& value) const;
  absl::Status ReadData(const YamlNode& parent, absl::string_view field, std::string& value) const;
  absl::Status ReadEntry(const YamlNode& node, KubeconfigCluster& cluster) const;
  absl::Status ReadEntry(const YamlNode& node, KubeconfigUser& user) const;
  absl::Status ReadEntry(const YamlNode& node, KubeconfigContext& context) const;
  template <typename Entry>
  absl::Status ReadList(const YamlNode& root, absl::string_view list, absl::string_view member,
                        std::map<std::string, Entry>& entries) const;

  const KubeconfigSource& source_;
};

// The member, unless it is absent or null, which mean the same.
const YamlNode* FindSet(const YamlNode& parent, absl::string_view field) {
  const YamlNode* const node = parent.Find(field);
  return node == nullptr || node->kind == Kind::kNull ? nullptr : node;
}

absl::Status Reader::ReadString(const YamlNode& parent, absl::string_view field, std::string& value) const {
  const YamlNode* const node = FindSet(parent, field);
  if (node == nullptr) return absl::OkStatus();
  if (node->kind != Kind::kString) return WrongKind(*node, field, "a string");
  value = node->text;
  return absl::OkStatus();
}

absl::Status Reader::ReadSecret(const YamlNode& parent, absl::string_view field, Secret& value) const {
  std::string text;
  TFSDK_RETURN_IF_ERROR(ReadString(parent, field, text));
  value = Secret(std::move(text));
  return absl::OkStatus();
}

absl::Status Reader::ReadBool(const YamlNode& parent, absl::string_view field, bool& value) const {
  const YamlNode* const node = FindSet(parent, field);
  if (node == nullptr) return absl::OkStatus();
  if (node->kind != Kind::kBool) return WrongKind(*node, field, "true or false, without quotes,");
  value = node->boolean;
  return absl::OkStatus();
}

absl::Status Reader::ReadPath(const YamlNode& parent, absl::string_view field, std::string& value) const {
  TFSDK_RETURN_IF_ERROR(ReadString(parent, field, value));
  if (value.empty() || value.front() == '/') return absl::OkStatus();
  if (source_.directory.empty()) {
    return Error(*parent.Find(field),
                 absl::StrCat(field, " is a relative path, and this text is in no file that it ",
                              "could be relative to: write the whole path, or use ", field,
                              field == "tokenFile" ? "'s content as token" : "-data"));
  }
  value = ResolvePath(value, source_.directory);
  return absl::OkStatus();
}

absl::Status Reader::ReadData(const YamlNode& parent, absl::string_view field, std::string& value) const {
  TFSDK_RETURN_IF_ERROR(ReadString(parent, field, value));
  if (value.empty()) return absl::OkStatus();
  std::optional<std::string> decoded = DecodeBase64(value);
  if (!decoded.has_value()) {
    return Error(*parent.Find(field),
                 absl::StrCat(field, " is not base64 (standard alphabet, with padding); a file's ",
                              "name belongs in the field without -data"));
  }
  value = *std::move(decoded);
  return absl::OkStatus();
}

absl::Status Reader::ReadEntry(const YamlNode& node, KubeconfigCluster& cluster) const {
  TFSDK_RETURN_IF_ERROR(ReadString(node, "server", cluster.server));
  TFSDK_RETURN_IF_ERROR(ReadString(node, "tls-server-name", cluster.tls_server_name));
  TFSDK_RETURN_IF_ERROR(ReadBool(node, "insecure-skip-tls-verify", cluster.insecure_skip_tls_verify));
  TFSDK_RETURN_IF_ERROR(ReadPath(node, "certificate-authority", cluster.certificate_authority));
  TFSDK_RETURN_IF_ERROR(ReadData(node, "certificate-authority-data", cluster.certificate_authority_data));
  return ReadString(node, "proxy-url", cluster.proxy_url);
}

absl::Status Reader::ReadEntry(const YamlNode& node, KubeconfigUser& user) const {
  TFSDK_RETURN_IF_ERROR(ReadPath(node, "client-certificate", user.client_certificate));
  TFSDK_RETURN_IF_ERROR(ReadData(node, "client-certificate-data", user.client_certificate_data));
  TFSDK_RETURN_IF_ERROR(ReadPath(node, "client-key", user.client_key));
  std::string key;
  TFSDK_RETURN_IF_ERROR(ReadData(node, "client-key-data", key));
  user.client_key_data = Secret(std::move(key));
  TFSDK_RETURN_IF_ERROR(ReadSecret(node, "token", user.token));
  TFSDK_RETURN_IF_ERROR(ReadPath(node, "tokenFile", user.token_file));
  TFSDK_RETURN_IF_ERROR(ReadString(node, "username", user.username));
  TFSDK_RETURN_IF_ERROR(ReadSecret(node, "password", user.password));
  if (const YamlNode* const exec = FindSet(node, "exec")) {
    if (exec->kind != Kind::kMapping) return WrongKind(*exec, "exec", "a mapping");
    user.has_exec = true;
    TFSDK_RETURN_IF_ERROR(ReadString(*exec, "command", user.exec_command));
  }
  if (const YamlNode* const provider = FindSet(node, "auth-provider")) {
    if (provider->kind != Kind::kMapping) return WrongKind(*provider, "auth-provider", "a mapping");
    user.has_auth_provider = true;
    TFSDK_RETURN_IF_ERROR(ReadString(*provider, "name", user.auth_provider));
  }
  for (const absl::string_view field : {"as", "as-uid", "as-groups", "as-user-extra"}) {
    const YamlNode* const value = FindSet(node, field);
    const bool is_empty =
        value == nullptr || (value->text.empty() && value->items.empty() && value->members.empty());
    user.has_impersonation = user.has_impersonation || !is_empty;
  }
  return absl::OkStatus();
}

absl::Status Reader::ReadEntry(const YamlNode& node, KubeconfigContext& context) const {
  TFSDK_RETURN_IF_ERROR(ReadString(node, "cluster", context.cluster));
  return ReadString(node, "user", context.user);
}

// A list of {name: …, <member>: {…}}.
template <typename Entry>
absl::Status Reader::ReadList(const YamlNode& root, absl::string_view list, absl::string_view member,
                              std::map<std::string, Entry>& entries) const {
  const YamlNode* const nodes = FindSet(root, list);
  if (nodes == nullptr) return absl::OkStatus();
  if (nodes->kind != Kind::kSequence) return WrongKind(*nodes, list, "a list");
  for (const YamlNode& node : nodes->items) {
    if (node.kind == Kind::kNull) continue;
    if (node.kind != Kind::kMapping) return WrongKind(node, absl::StrCat("an entry of ", list), "a mapping");
    std::string name;
    TFSDK_RETURN_IF_ERROR(ReadString(node, "name", name));
    Entry entry;
    entry.origin = Origin(node);
    if (const YamlNode* const value = FindSet(node, member)) {
      if (value->kind != Kind::kMapping) return WrongKind(*value, member, "a mapping");
      TFSDK_RETURN_IF_ERROR(ReadEntry(*value, entry));
    }
    const auto [place, is_new] = entries.emplace(name, std::move(entry));
    if (!is_new) {
      return Error(node, absl::StrCat("a second ", member, " with the name ", Quoted(name), " (the first: ",
                                      place->second.origin, "); remove or rename one of them"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Kubeconfig> Reader::Read(const YamlNode& root) const {
  Kubeconfig config;
  config.sources.push_back(source_.name);
  if (root.kind == Kind::kNull) return config;
  if (root.kind != Kind::kMapping) {
    return Error(root, absl::StrCat("a kubeconfig is a mapping and this is ", KindName(root.kind)));
  }
  std::string kind;
  std::string api_version;
  TFSDK_RETURN_IF_ERROR(ReadString(root, "kind", kind));
  TFSDK_RETURN_IF_ERROR(ReadString(root, "apiVersion", api_version));
  if ((!kind.empty() && kind != "Config") || (!api_version.empty() && api_version != "v1")) {
    return Error(root, absl::StrCat("not a kubeconfig: it is of kind ", Quoted(kind), ", version ",
                                    Quoted(api_version), ", where \"Config\" and \"v1\" belong"));
  }
  TFSDK_RETURN_IF_ERROR(ReadList(root, "clusters", "cluster", config.clusters));
  TFSDK_RETURN_IF_ERROR(ReadList(root, "users", "user", config.users));
  TFSDK_RETURN_IF_ERROR(ReadList(root, "contexts", "context", config.contexts));
  TFSDK_RETURN_IF_ERROR(ReadString(root, "current-context", config.current_context));
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
