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

}  // namespace

absl::Status Authorize(const Cluster& cluster, http::Request& request) {
  request.tls = http::Tls();
  request.tls.insecure = cluster.insecure;
  request.tls.server_name = cluster.tls_server_name;
  if (!cluster.certificate_authority.empty()) {
    const absl::StatusOr<Secret> authority = ReadPem(cluster.certificate_authority, CheckCertificatePem);
    if (!authority.ok()) {
      return tfsdk::Annotate(authority.status(),
                             absl::StrCat("the certificate authority of ", cluster.origin));
    }
    request.tls.ca_certificates = authority->Reveal();
  }
  if (!cluster.client_certificate.empty()) {
    const ClientCertificate& identity = cluster.client_certificate;
    const absl::StatusOr<Secret> certificate = ReadPem(identity.certificate, CheckCertificatePem);
    if (!certificate.ok()) return tfsdk::Annotate(certificate.status(), identity.description);
    absl::StatusOr<Secret> key = ReadPem(identity.key, CheckPrivateKeyPem);
    if (!key.ok()) {
      return tfsdk::Annotate(key.status(), absl::StrCat("the key of ", identity.description));
    }
    request.tls.client_certificate = certificate->Reveal();
    request.tls.client_key = *std::move(key);
  }
  request.authorization.reset();
  if (!cluster.bearer.empty()) {
    absl::StatusOr<Secret> authorization = MakeAuthorization(cluster.bearer);
    if (!authorization.ok()) return tfsdk::Annotate(authorization.status(), cluster.bearer.description);
    request.authorization = *std::move(authorization);
  }
  return absl::OkStatus();
}

}  // namespace k8soidc::kube
