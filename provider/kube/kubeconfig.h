#pragma once

// Kubeconfig: *raw*, what one kubeconfig or several together say, before anything is chosen or checked.
//
//   TFSDK_ASSIGN_OR_RETURN(Kubeconfig config, ParseKubeconfig(text, KubeconfigSource::File(path)));
//
// Read as kubectl reads it: unknown fields are ignored, an empty field is one that is not there, and relative
// paths start at the directory of the file. Stricter than kubectl only where a key is there twice (yaml.h).
// Which entry is used, and whether it makes sense, is cluster.h's business: an entry nobody chooses may be
// nonsense.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "kube/exec_plugin.h"
#include "kube/request_headers.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// Where a kubeconfig comes from.
struct KubeconfigSource {
  std::string name;       // For messages: the file's path, or what else it is.
  std::string directory;  // Relative paths start here. Empty for text without a file: they are refused.

  static KubeconfigSource File(const std::string& path);
  static KubeconfigSource Text(absl::string_view name);
};

// Where the fields of an entry are, each as "/path/file, line 12, column 5".
class FieldOrigins {
 public:
  void Add(std::string field, std::string origin) { origins_.emplace(std::move(field), std::move(origin)); }
  // Of the field, or `entry` when the field is not there. A field of `exec` is called "exec.command".
  const std::string& Find(const std::string& field, const std::string& entry) const {
    const auto found = origins_.find(field);
    return found == origins_.end() ? entry : found->second;
  }

 private:
  std::map<std::string, std::string> origins_;
};

struct KubeconfigCluster {
  std::string origin;  // "/path/file, line 12, column 3"
  FieldOrigins fields;
  std::string server;
  std::string tls_server_name;
  bool insecure_skip_tls_verify = false;
  std::string certificate_authority;       // A path.
  std::string certificate_authority_data;  // Decoded.
  tfsdk::Secret proxy_url;                 // It may hold a user name and a password.
  bool disable_compression = false;
  // The extension client.authentication.k8s.io/exec, as JSON: what exec plugins are told besides.
  std::string exec_config_json;
};

struct KubeconfigUser {
  std::string origin;
  FieldOrigins fields;
  std::string client_certificate;       // A path.
  std::string client_certificate_data;  // Decoded.
  std::string client_key;               // A path.
  tfsdk::Secret client_key_data;        // Decoded.
  tfsdk::Secret token;
  std::string token_file;
  std::string username;
  tfsdk::Secret password;
  std::optional<ExecPlugin> exec;  // Without its description.
  Impersonation impersonation;
  // Not done by this provider; kept to say so when the user is chosen.
  std::string auth_provider;
  bool has_auth_provider = false;
};

struct KubeconfigContext {
  std::string origin;
  FieldOrigins fields;
  std::string cluster;
  std::string user;
};

struct Kubeconfig {
  std::vector<std::string> sources;  // The names of what it was read from.
  std::map<std::string, KubeconfigCluster> clusters;
  std::map<std::string, KubeconfigUser> users;
  std::map<std::string, KubeconfigContext> contexts;
  std::string current_context;

  // The sources in one phrase, for messages.
  std::string Describe() const;
};

// kInvalidArgument names source, line and field, never a value: not YAML, a field of the wrong type, base64
// that is not, two entries of one name, a `kind` that is no Config, a relative path where there is no
// directory.
absl::StatusOr<Kubeconfig> ParseKubeconfig(absl::string_view text, const KubeconfigSource& source);

}  // namespace k8soidc::kube
