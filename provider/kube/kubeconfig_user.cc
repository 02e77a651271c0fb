#include "kube/kubeconfig_user.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "json/quote.h"
#include "kube/plugin_rules.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using json::Quoted;
using tfsdk::Secret;

// One user's entry, and how messages speak of it.
class UserTaker {
 public:
  UserTaker(const std::string& name, const KubeconfigUser& entry, Cluster& cluster)
      : name_(name), entry_(entry), cluster_(cluster) {}

  absl::Status TakeCertificate();
  absl::Status TakeBearer();
  absl::Status TakeExec();
  absl::Status RefuseAuthProvider() const;
  absl::Status TakeImpersonation();

 private:
  // "user \"x\" (/path/file, line 3, column 5)", with the place of `field`, or of the entry.
  std::string User(const std::string& field = "") const {
    return absl::StrCat("user ", Quoted(name_), " (", entry_.fields.Find(field, entry_.origin), ")");
  }
  absl::Status Refuse(const std::string& field, absl::string_view message) const {
    return absl::InvalidArgumentError(absl::StrCat(User(field), " ", message));
  }

  const std::string& name_;
  const KubeconfigUser& entry_;
  Cluster& cluster_;
};

absl::Status UserTaker::TakeCertificate() {
  if (!entry_.client_certificate.empty() && !entry_.client_certificate_data.empty()) {
    return Refuse("client-certificate-data",
                  "has both client-certificate and client-certificate-data; remove one");
  }
  if (!entry_.client_key.empty() && !entry_.client_key_data.empty()) {
    return Refuse("client-key-data", "has both client-key and client-key-data; remove one");
  }
  ClientCertificate taken = {
      .description = absl::StrCat("the client certificate of ", User()),
      .certificate = {.text = Secret(entry_.client_certificate_data), .file = entry_.client_certificate},
      .key = {.text = entry_.client_key_data, .file = entry_.client_key}};
  if (taken.certificate.empty()) {
    if (!taken.key.empty()) {
      cluster_.warnings.push_back(absl::StrCat(
          User(), " has a client key without a client certificate. The key is ignored, as kubectl does."));
    }
    return absl::OkStatus();
  }
  if (taken.key.empty()) {
    return Refuse(entry_.client_certificate.empty() ? "client-certificate-data" : "client-certificate",
                  "has a client certificate without a client key");
  }
  cluster_.client_certificate = std::move(taken);
  return absl::OkStatus();
}

absl::Status UserTaker::TakeBearer() {
  const bool has_token = !entry_.token.empty() || !entry_.token_file.empty();
  const bool has_basic = !entry_.username.empty() || !entry_.password.empty();
  if (has_token && has_basic) {
    return Refuse(entry_.username.empty() ? "password" : "username",
                  "has both a token and a user name; remove one");
  }
  if (has_basic && entry_.username.empty()) return Refuse("password", "has a password without a user name");
  if (has_token || has_basic) {
    cluster_.bearer = {
        .description = absl::StrCat(has_token ? "the token of " : "the user name and password of ", User()),
        .token = entry_.token,
        .token_file = entry_.token_file,
        .username = entry_.username,
        .password = entry_.password};
  }
  return absl::OkStatus();
}

absl::Status UserTaker::TakeExec() {
  if (!entry_.exec.has_value()) return absl::OkStatus();
  if (entry_.has_auth_provider) {
    return Refuse("auth-provider", "has both exec and auth-provider; remove one");
  }
  const std::vector<PluginFieldError> errors =
      CheckPluginFields(*entry_.exec, [](absl::string_view) { return false; });
  if (!errors.empty()) {
    const std::string field = absl::StrCat("exec.", errors.front().field);
    return absl::InvalidArgumentError(absl::StrCat(
        "the ", errors.front().field, " of the exec plugin of user ", Quoted(name_), " (",
        entry_.fields.Find(field, entry_.fields.Find("exec", entry_.origin)), ") ", errors.front().message));
  }
  // A credential of the user's own wins, and nothing is run.
  if (!cluster_.bearer.empty() || !cluster_.client_certificate.empty()) return absl::OkStatus();
  cluster_.exec = entry_.exec;
  cluster_.exec->description = absl::StrCat("the exec plugin of ", User("exec"));
  return absl::OkStatus();
}

absl::Status UserTaker::RefuseAuthProvider() const {
  if (!entry_.has_auth_provider) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      User("auth-provider"), " uses the auth-provider ", Quoted(entry_.auth_provider),
      ", which this provider does not offer. Give `token`, `token_file` or an `exec` block in the provider "
      "block, or name another user with config_context_auth_info."));
}

absl::Status UserTaker::TakeImpersonation() {
  const std::vector<ImpersonationError> errors = CheckImpersonation(entry_.impersonation, true);
  if (errors.empty()) {
    cluster_.impersonation = entry_.impersonation;
    return absl::OkStatus();
  }
  const std::string& wrong = errors.front().field;
  if (wrong == "user" && entry_.impersonation.user.empty()) {
    return Refuse(!entry_.impersonation.uid.empty()      ? "as-uid"
                  : !entry_.impersonation.groups.empty() ? "as-groups"
                                                         : "as-user-extra",
                  "sets as-uid, as-groups or as-user-extra without as: say whom to impersonate");
  }
  const std::string field = wrong == "user" ? "as" : wrong == "extra" ? "as-user-extra" : "as-" + wrong;
  return Refuse(field, absl::StrCat("is wrong in its field ", field, ", which ", errors.front().message));
}

}  // namespace

absl::Status TakeUser(const std::string& name, const KubeconfigUser& entry, const UserReplacements& replaced,
                      Cluster& cluster) {
  UserTaker user(name, entry, cluster);
  if (!replaced.certificate) TFSDK_RETURN_IF_ERROR(user.TakeCertificate());
  if (!replaced.bearer) TFSDK_RETURN_IF_ERROR(user.TakeBearer());
  if (!replaced.certificate && !replaced.bearer) {
    TFSDK_RETURN_IF_ERROR(user.TakeExec());
    TFSDK_RETURN_IF_ERROR(user.RefuseAuthProvider());
  }
  return replaced.impersonation ? absl::OkStatus() : user.TakeImpersonation();
}

}  // namespace k8soidc::kube
