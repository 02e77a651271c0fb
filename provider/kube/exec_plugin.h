#pragma once

// Exec credential plugins: a command that a kubeconfig or the provider block names, and that says who we are
// (client.authentication.k8s.io/v1 and v1beta1).

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "kube/environment.h"
#include "tfsdk/cancel.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// What a kubeconfig's `exec`, or the block of that name, says. Immutable once read.
struct ExecPlugin {
  // For messages: "the exec plugin of user \"x\" (/path/file, line 3, column 5)".
  std::string description = {};
  // As written; "client.authentication.k8s.io/v1" or v1beta1, or it is refused.
  std::string api_version = {};
  // As written, but a relative path with a separator is already from the kubeconfig's directory. A bare name
  // is looked up in PATH.
  std::string command = {};
  std::vector<std::string> args = {};
  // On top of the process' own; a later one wins.
  std::vector<std::pair<std::string, tfsdk::Secret>> env = {};
  std::string install_hint = {};      // Foreign text.
  std::string interactive_mode = {};  // "", "Never", "IfAvailable" or "Always"; required by v1.
  bool provide_cluster_info = false;
  absl::Duration timeout = absl::Seconds(60);

  friend bool operator==(const ExecPlugin&, const ExecPlugin&) = default;
};

// What the plugin is told about the cluster when provide_cluster_info is set (ExecCredential spec.cluster).
struct ExecCluster {
  std::string server = {};
  std::string tls_server_name = {};
  bool insecure = false;
  std::string certificate_authority_data = {};  // PEM.
  tfsdk::Secret proxy_url = {};                 // As written: it may hold a credential.
  bool disable_compression = false;
  std::string config_json = {};  // The cluster's extension client.authentication.k8s.io/exec; empty: none.

  friend bool operator==(const ExecCluster&, const ExecCluster&) = default;
};

// What a plugin said. At least a token, or a certificate with its key.
struct ExecCredential {
  tfsdk::Secret token;
  std::string client_certificate;  // PEM.
  tfsdk::Secret client_key;
  std::optional<absl::Time> expires;
};

// Who decides, outside of HCL, which commands may be run: K8SOIDC_EXEC_ALLOW. Not set: any. Empty: none.
// Otherwise a comma-separated list: an absolute path allows that file, however the command was written, after
// the look-up in PATH; a bare name allows a command written as that bare name, and nothing else.
//
// Paths are the same when they are it after resolving the links in their directories. A file that is itself a link
// is not what it leads to, nor the reverse: behind links of many names stands one program (busybox, snap) that
// does what it is called, so allowing one of them must not allow all.
class ExecPolicy {
 public:
  // `allow`: the variable's value; nothing when it is not set.
  explicit ExecPolicy(std::optional<std::string> allow) : allow_(std::move(allow)) {}

  // OK when `command` as written, found at `resolved`, may be run; otherwise kPermissionDenied with a sentence.
  absl::Status Check(absl::string_view command, absl::string_view resolved) const;

  // Whether a configuration may set a variable of that name for the command. Where there is a list, it may not set
  // those that make loaders, shells and interpreters run other code (LD_PRELOAD, PATH, PYTHONPATH …): that would be
  // a way around the list. What a program does by its own variables and arguments is for whoever lists it to know.
  absl::Status CheckVariable(absl::string_view name) const;

 private:
  std::optional<std::string> allow_;
};

// Runs plugins and keeps what they said. One per kube::Client; safe from any thread.
//
// Equal plugins with equal environments and cluster share one run and one answer: whoever comes while it runs
// waits for it, cancellable. An answer is kept until it expires; one without expiry for the life of this. One that
// has expired already goes to those who waited for it, and is not kept. A failure is kept for five seconds, so that
// the reads of one run do not try it one after the other; that somebody gave up waiting is none.
class ExecCredentials {
 public:
  explicit ExecCredentials(Environment environment);
  ~ExecCredentials();

  // The credential, from the cache or by running the plugin. Errors name the plugin and the way out; what it
  // wrote to stderr is quoted, cut and with everything that looks like a secret taken out. kCancelled within a
  // second of `cancel`, with the child and its children killed. `deadline` as well bounds the wait.
  absl::StatusOr<std::shared_ptr<const ExecCredential>> Get(const tfsdk::CancelToken& cancel,
                                                            const ExecPlugin& plugin,
                                                            const ExecCluster& cluster, absl::Time deadline);

  // The server did not accept `credential` (401): unless somebody has replaced it meanwhile, the next Get() runs
  // the plugin again. Returns false when that was done already for this credential's plugin and brought the
  // same one, so that asking again cannot help.
  bool Reject(const ExecPlugin& plugin, const ExecCluster& cluster,
              const std::shared_ptr<const ExecCredential>& credential);

 private:
  struct Entry;
  std::shared_ptr<Entry> FindEntry(const ExecPlugin& plugin, const ExecCluster& cluster);

  const Environment environment_;
  absl::Mutex mutex_;
  std::vector<std::shared_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace k8soidc::kube
