#pragma once

// Cluster: *resolved*, the one API server to talk to, whom to trust there and who we are.
//
//   TFSDK_ASSIGN_OR_RETURN(const Cluster cluster, ResolveCluster(options, Environment::OfProcess(),
//   std::nullopt));
//
// Which cluster. Four sources, in this order: the arguments; the KUBE_* variables; the files of KUBECONFIG;
// the pod's own service account (unless in_cluster = false). The first that names a cluster decides. What an
// earlier source says besides (a token, a context, a CA) is laid over it, as kubectl lays its flags over a
// kubeconfig; a later source never fills a gap. ~/.kube/config counts only when somebody names it. There is
// no default: when nothing names a cluster, that is an error, and never localhost.
//
// Credentials stay home. An explicit host gets explicit credentials only. The pod's token goes to the pod's
// own API server, verified with the pod's own CA, or nowhere. A server of plain http gets nothing that says
// who we are, and a warning.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "http/http.h"
#include "http/proxy.h"
#include "kube/environment.h"
#include "kube/exec_plugin.h"
#include "kube/options.h"
#include "kube/request_headers.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// PEM text, or the file to read it from for each request. Both empty: none.
struct Pem {
  tfsdk::Secret text = {};
  std::string file = {};

  bool empty() const { return text.empty() && file.empty(); }
};

// What goes into the Authorization header. At most one of token (with or without a file) and user name.
struct Bearer {
  std::string description;  // "the token of user \"x\" (/path/file, line 3)", for messages.
  // Used when there is no file, or when the file cannot be read, which is what kubectl does with both.
  tfsdk::Secret token = {};
  std::string token_file = {};  // Read again for each request: kubelet renews projected tokens.
  std::string username = {};
  tfsdk::Secret password = {};

  bool empty() const { return token.empty() && token_file.empty() && username.empty(); }
};

// What is shown in the TLS handshake.
struct ClientCertificate {
  std::string description;
  Pem certificate;
  Pem key;

  bool empty() const { return certificate.empty(); }
};

// Immutable once resolved; copy freely.
struct Cluster {
  // For messages: "context \"x\" of /path/file", "the argument host", "the pod's own service account".
  std::string origin;
  std::string server;         // As ParseServerUrl() makes it.
  Pem certificate_authority;  // None: the system's roots.
  bool insecure = false;      // Neither chain nor name is verified.
  std::string tls_server_name;
  Bearer bearer;
  ClientCertificate client_certificate;
  // Asked when there is neither bearer nor certificate; never for a server without TLS.
  std::optional<ExecPlugin> exec;
  std::string exec_config_json;  // The cluster's extension for exec plugins; empty: none.
  Impersonation impersonation;
  std::vector<ExtraHeader> headers;
  std::optional<http::Proxy> proxy;   // None: what the environment says.
  tfsdk::Secret proxy_url;            // As written, for exec plugins: it may hold a credential.
  bool disable_compression = false;   // Nothing is ever compressed; only exec plugins are told.
  std::string withheld_credential;    // What is not sent because the server is plain http, in words.
  std::vector<std::string> warnings;  // Sentences for the user.

  bool HasCredential() const;
  // Who we are to this server, in words, without the secret itself: "no credential" when anonymous.
  std::string DescribeCredential() const;
};

// Finds the cluster. `context` is a data source's own config_context: it replaces the provider's choice of
// context, user and cluster, and is an error when no kubeconfig decides. Reads kubeconfig files, nothing
// else. kInvalidArgument, kNotFound or kFailedPrecondition with a sentence that names the argument, variable,
// file, line and context, and the way out.
absl::StatusOr<Cluster> ResolveCluster(const ConnectionOptions& options, const Environment& environment,
                                       const std::optional<std::string>& context);

}  // namespace k8soidc::kube
