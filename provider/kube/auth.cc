#include "kube/auth.h"

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "json/quote.h"
#include "kube/file.h"
#include "kube/options_check.h"
#include "kube/pem.h"
#include "kube/request_headers.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

absl::StatusOr<Secret> ReadToken(const Bearer& bearer) {
  if (bearer.token_file.empty()) return bearer.token;
  absl::StatusOr<std::string> text = ReadFile(bearer.token_file);
  if (text.ok()) {
    const Secret whole(*std::move(text));
    Secret token(std::string(absl::StripAsciiWhitespace(whole.Reveal())));
    if (!token.empty()) return token;
    text = absl::FailedPreconditionError(
        absl::StrCat("the file ", json::Quoted(bearer.token_file, 300), " is empty"));
  }
  if (!bearer.token.empty()) return bearer.token;
  return text.status();
}

absl::StatusOr<Secret> MakeAuthorization(const Bearer& bearer) {
  if (!bearer.username.empty()) {
    TFSDK_RETURN_IF_ERROR(CheckUsername(bearer.username));
    TFSDK_RETURN_IF_ERROR(CheckPassword(bearer.password));
    const Secret pair(absl::StrCat(bearer.username, ":", bearer.password.Reveal()));
    return Secret(absl::StrCat("Basic ", absl::Base64Escape(pair.Reveal())));
  }
  TFSDK_ASSIGN_OR_RETURN(const Secret token, ReadToken(bearer));
  TFSDK_RETURN_IF_ERROR(CheckBearerToken(token));
  return Secret(absl::StrCat("Bearer ", token.Reveal()));
}

absl::StatusOr<Secret> ReadPem(const Pem& pem, absl::Status (*check)(absl::string_view)) {
  Secret text = pem.text;
  if (text.empty()) {
    TFSDK_ASSIGN_OR_RETURN(std::string read, ReadFile(pem.file));
    text = Secret(std::move(read));
  }
  const absl::Status checked = check(text.Reveal());
  if (checked.ok()) return text;
  return absl::InvalidArgumentError(absl::StrCat(
      pem.file.empty() ? std::string("the text") : absl::StrCat("the file ", json::Quoted(pem.file, 300)),
      " ", checked.message()));
}

absl::StatusOr<std::string> ReadAuthority(const Cluster& cluster) {
  if (cluster.certificate_authority.empty()) return std::string();
  const absl::StatusOr<Secret> authority = ReadPem(cluster.certificate_authority, CheckCertificatePem);
  if (!authority.ok()) {
    return tfsdk::Annotate(authority.status(), absl::StrCat("the certificate authority of ", cluster.origin));
  }
  return authority->Reveal();
}

absl::Status ShowCertificate(const ClientCertificate& identity, http::Tls& tls) {
  const absl::StatusOr<Secret> certificate = ReadPem(identity.certificate, CheckCertificatePem);
  if (!certificate.ok()) return tfsdk::Annotate(certificate.status(), identity.description);
  absl::StatusOr<Secret> key = ReadPem(identity.key, CheckPrivateKeyPem);
  if (!key.ok()) return tfsdk::Annotate(key.status(), absl::StrCat("the key of ", identity.description));
  tls.client_certificate = certificate->Reveal();
  tls.client_key = *std::move(key);
  return absl::OkStatus();
}

absl::Status ShowExecCredential(const Cluster& cluster, const ExecCredential& exec, http::Request& request) {
  request.tls.client_certificate = exec.client_certificate;
  request.tls.client_key = exec.client_key;
  if (exec.token.empty()) return absl::OkStatus();
  const absl::Status checked = CheckBearerToken(exec.token);
  if (!checked.ok()) {
    return tfsdk::Annotate(checked, absl::StrCat("the token from ", cluster.exec->description));
  }
  request.authorization = Secret(absl::StrCat("Bearer ", exec.token.Reveal()));
  return absl::OkStatus();
}

}  // namespace

absl::Status Authorize(const Cluster& cluster, http::Request& request, const ExecCredential* exec) {
  request.proxy = cluster.proxy;
  request.headers = ImpersonationHeaders(cluster.impersonation);
  for (const ExtraHeader& header : cluster.headers) {
    request.headers.push_back({header.name, header.value.Reveal()});
  }
  request.tls = http::Tls();
  request.tls.insecure = cluster.insecure;
  request.tls.server_name = cluster.tls_server_name;
  TFSDK_ASSIGN_OR_RETURN(request.tls.ca_certificates, ReadAuthority(cluster));
  request.authorization.reset();
  if (!cluster.client_certificate.empty()) {
    TFSDK_RETURN_IF_ERROR(ShowCertificate(cluster.client_certificate, request.tls));
  }
  if (!cluster.bearer.empty()) {
    absl::StatusOr<Secret> authorization = MakeAuthorization(cluster.bearer);
    if (!authorization.ok()) return tfsdk::Annotate(authorization.status(), cluster.bearer.description);
    request.authorization = *std::move(authorization);
  }
  if (!cluster.exec.has_value()) return absl::OkStatus();
  if (exec == nullptr) {
    return absl::FailedPreconditionError(absl::StrCat(cluster.exec->description, " has not been asked"));
  }
  return ShowExecCredential(cluster, *exec, request);
}

absl::StatusOr<ExecCluster> TellExecPlugin(const Cluster& cluster) {
  ExecCluster told;
  if (!cluster.exec.has_value()) return told;
  // Read in any case: what keeps the request from being made is said before anything is run.
  TFSDK_ASSIGN_OR_RETURN(std::string authority, ReadAuthority(cluster));
  if (!cluster.exec->provide_cluster_info) return told;
  told.server = cluster.server;
  told.tls_server_name = cluster.tls_server_name;
  told.insecure = cluster.insecure;
  told.certificate_authority_data = std::move(authority);
  told.proxy_url = cluster.proxy_url;
  told.disable_compression = cluster.disable_compression;
  told.config_json = cluster.exec_config_json;
  return told;
}

}  // namespace k8soidc::kube
