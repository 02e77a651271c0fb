#include "kube/options_check.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/proxy.h"
#include "json/quote.h"
#include "kube/kubeconfig.h"
#include "kube/pem.h"
#include "kube/plugin_rules.h"
#include "kube/server_url.h"

namespace k8soidc::kube {
namespace {

bool HasControl(absl::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

bool IsVisibleAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

// Collects the errors of one set of options.
class Checker {
 public:
  Checker(const ConnectionOptions& options, OptionSource source) : options_(options), source_(source) {}

  std::vector<OptionError> Run() && {
    CheckServer();
    CheckCredentials();
    CheckExec();
    CheckTls();
    CheckHeaders();
    CheckSources();
    return std::move(errors_);
  }

 private:
  std::string Name(absl::string_view argument) const { return OptionName(source_, argument); }
  void Add(absl::string_view attribute, std::string message) {
    errors_.push_back({.attribute = std::string(attribute), .message = std::move(message)});
  }
  // `status` completes a sentence that starts with the argument's name.
  void AddUnlessOk(absl::string_view attribute, const absl::Status& status) {
    if (!status.ok()) Add(attribute, absl::StrCat(Name(attribute), " ", status.message(), "."));
  }
  void AddUnlessPem(absl::string_view attribute, const absl::Status& status) {
    if (status.ok()) return;
    Add(attribute, absl::StrCat(Name(attribute), " ", status.message(),
                                ". It takes the text itself, which file(\"...\") reads from a file."));
  }
  void AddConflict(absl::string_view attribute, absl::string_view other) {
    Add(attribute, absl::StrCat(Name(attribute), " and ", Name(other),
                                " contradict each other; give only one of them."));
  }
  void RequireOther(absl::string_view attribute, bool is_set, absl::string_view other, bool other_is_set) {
    if (!is_set || other_is_set || options_.IsUnknown(other)) return;
    Add(attribute, absl::StrCat(Name(attribute), " needs ", Name(other), " beside it."));
  }

  void CheckServer();
  void CheckCredentials();
  void CheckExec();
  void CheckTls();
  void CheckHeaders();
  void CheckSources();

  const ConnectionOptions& options_;
  const OptionSource source_;
  std::vector<OptionError> errors_;
};

void Checker::CheckServer() {
  if (IsSet(options_.host)) AddUnlessOk("host", ParseHostArgument(*options_.host).status());
  if (IsSet(options_.proxy_url)) {
    AddUnlessOk("proxy_url", http::ParseProxyUrl(options_.proxy_url->Reveal(), Name("proxy_url")).status());
  }
}

void Checker::CheckCredentials() {
  const ConnectionOptions& o = options_;
  const bool has_basic = IsSet(o.username) || IsSet(o.password);
  if (IsSet(o.token)) AddUnlessOk("token", CheckBearerToken(*o.token));
  if (IsSet(o.token) && IsSet(o.token_file)) AddConflict("token_file", "token");
  if (has_basic && IsSet(o.token)) AddConflict(IsSet(o.username) ? "username" : "password", "token");
  if (has_basic && IsSet(o.token_file))
    AddConflict(IsSet(o.username) ? "username" : "password", "token_file");
  if (IsSet(o.username)) AddUnlessOk("username", CheckUsername(*o.username));
  if (IsSet(o.password)) AddUnlessOk("password", CheckPassword(*o.password));
  RequireOther("username", IsSet(o.username), "password", IsSet(o.password));
  RequireOther("password", IsSet(o.password), "username", IsSet(o.username));

  if (IsSet(o.client_certificate)) {
    AddUnlessPem("client_certificate", CheckCertificatePem(*o.client_certificate));
  }
  if (IsSet(o.client_key)) AddUnlessPem("client_key", CheckPrivateKeyPem(o.client_key->Reveal()));
  RequireOther("client_certificate", IsSet(o.client_certificate), "client_key", IsSet(o.client_key));
  RequireOther("client_key", IsSet(o.client_key), "client_certificate", IsSet(o.client_certificate));
}

// The attribute of the block exec that is called `field` in a kubeconfig.
std::string ExecAttribute(const std::string& field) {
  return field == "apiVersion" ? "api_version" : field == "interactiveMode" ? "interactive_mode" : field;
}

void Checker::CheckExec() {
  const ConnectionOptions& o = options_;
  if (!o.exec.has_value()) return;
  const auto is_unknown = [&](absl::string_view field) {
    return o.IsUnknown(absl::StrCat("exec.", ExecAttribute(std::string(field))));
  };
  for (const PluginFieldError& error : CheckPluginFields(*o.exec, is_unknown)) {
    const std::string attribute = ExecAttribute(error.field);
    Add(absl::StrCat("exec.", attribute), absl::StrCat(attribute, " of the block exec ", error.message, "."));
  }
  if (o.exec->interactive_mode == "Always") {
    Add("exec.interactive_mode",
        "interactive_mode = \"Always\" needs a terminal, which a provider never has; use IfAvailable or "
        "Never.");
  }
  // Which of the two were meant would be a guess.
  const auto contradict = [&](absl::string_view argument, bool is_set) {
    if (is_set) AddConflict("exec", argument);
  };
  contradict("token", IsSet(o.token));
  contradict("token_file", IsSet(o.token_file));
  contradict("username", IsSet(o.username) || IsSet(o.password));
  contradict("client_certificate", o.HasClientCertificate());
}

void Checker::CheckHeaders() {
  const ConnectionOptions& o = options_;
  if (o.impersonate.has_value()) {
    const bool misses_user = o.impersonate->user.empty() && !o.IsUnknown("impersonate.user");
    if (misses_user) Add("impersonate.user", "user of the block impersonate is missing.");
    for (const ImpersonationError& error : CheckImpersonation(*o.impersonate, /*requires_user=*/false)) {
      Add(absl::StrCat("impersonate.", error.field),
          absl::StrCat(error.field, " of the block impersonate ", error.message, "."));
    }
  }
  if (o.headers.size() > kMaxExtraHeaders) {
    Add("headers", absl::StrCat("headers has more than ", kMaxExtraHeaders, " entries."));
  }
  for (size_t i = 0; i < o.headers.size(); ++i) {
    const ExtraHeader& header = o.headers[i];
    const absl::Status status = CheckExtraHeader(header.name, header.value);
    if (!status.ok()) {
      Add("headers", absl::StrCat("The header ", json::Quoted(header.name), " ", status.message(), "."));
    }
    for (size_t other = 0; other < i; ++other) {
      if (absl::EqualsIgnoreCase(o.headers[other].name, header.name)) {
        Add("headers",
            absl::StrCat("The header ", json::Quoted(header.name),
                         " is there twice: upper and lower case mean the same in a header's name."));
      }
    }
  }
}

void Checker::CheckTls() {
  const ConnectionOptions& o = options_;
  if (IsSet(o.cluster_ca_certificate)) {
    AddUnlessPem("cluster_ca_certificate", CheckCertificatePem(*o.cluster_ca_certificate));
    if (o.insecure == true) AddConflict("insecure", "cluster_ca_certificate");
  }
  if (IsSet(o.tls_server_name) && (!IsVisibleAscii(*o.tls_server_name) || o.tls_server_name->size() > 253 ||
                                   absl::StrContains(*o.tls_server_name, '/'))) {
    Add("tls_server_name", absl::StrCat(Name("tls_server_name"), " is not a host name."));
  }
}

void Checker::CheckSources() {
  const ConnectionOptions& o = options_;
  if (IsSet(o.config_path) && !o.config_paths.empty()) AddConflict("config_path", "config_paths");
  if (IsSet(o.config_path) && IsSet(o.kubeconfig)) AddConflict("config_path", "kubeconfig");
  if (!o.config_paths.empty() && IsSet(o.kubeconfig)) AddConflict("config_paths", "kubeconfig");
  if (IsSet(o.kubeconfig)) {
    const absl::Status parsed =
        ParseKubeconfig(o.kubeconfig->Reveal(), KubeconfigSource::Text("text")).status();
    if (!parsed.ok()) Add("kubeconfig", absl::StrCat(parsed.message(), "."));
  }
  if (o.in_cluster == true) {
    const auto contradict = [&](absl::string_view argument, bool is_set) {
      if (!is_set) return;
      Add("in_cluster", absl::StrCat("in_cluster = true means the cluster this process runs in, and ",
                                     Name(argument), " names another; give only one of them."));
    };
    contradict("host", IsSet(o.host));
    contradict("config_path", IsSet(o.config_path));
    contradict("config_paths", !o.config_paths.empty());
    contradict("kubeconfig", IsSet(o.kubeconfig));
    contradict("config_context", IsSet(o.config_context));
    contradict("config_context_auth_info", IsSet(o.config_context_auth_info));
    contradict("config_context_cluster", IsSet(o.config_context_cluster));
  }
}

}  // namespace

std::vector<OptionError> CheckOptions(const ConnectionOptions& options, OptionSource source) {
  return Checker(options, source).Run();
}

absl::Status CheckBearerToken(const tfsdk::Secret& token) {
  if (IsVisibleAscii(token.Reveal())) return absl::OkStatus();
  const bool only_around = IsVisibleAscii(absl::StripAsciiWhitespace(token.Reveal()));
  return absl::InvalidArgumentError(
      only_around ? "has white space or a line break around it; remove it, for example with trimspace()"
                  : "has spaces, control characters or characters outside ASCII, so it is no bearer token");
}

absl::Status CheckUsername(absl::string_view username) {
  if (HasControl(username)) return absl::InvalidArgumentError("has control characters");
  if (absl::StrContains(username, ':')) {
    return absl::InvalidArgumentError("has a colon, which basic authentication cannot carry in a user name");
  }
  return absl::OkStatus();
}

absl::Status CheckPassword(const tfsdk::Secret& password) {
  if (HasControl(password.Reveal())) {
    return absl::InvalidArgumentError("has control characters, perhaps a line break at its end");
  }
  return absl::OkStatus();
}

}  // namespace k8soidc::kube
