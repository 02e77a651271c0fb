#include "kube/overlay.h"

#include "absl/strings/str_cat.h"
#include "http/proxy.h"
#include "kube/server_url.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

void LayOverTls(const ConnectionOptions& o, Cluster& cluster) {
  if (IsSet(o.tls_server_name)) cluster.tls_server_name = *o.tls_server_name;
  if (IsSet(o.cluster_ca_certificate)) {
    cluster.certificate_authority = {.text = Secret(*o.cluster_ca_certificate)};
    cluster.insecure = false;
  }
  if (o.insecure.has_value()) {
    cluster.insecure = *o.insecure;
    if (cluster.insecure) cluster.certificate_authority = {};
  }
}

void LayOverCredential(const OptionLayer& layer, Cluster& cluster) {
  const ConnectionOptions& o = layer.options;
  if (o.exec.has_value()) {
    cluster.bearer = {};
    cluster.client_certificate = {};
    cluster.exec = o.exec;
    cluster.exec->description = "the exec plugin of the provider block";
    return;
  }
  if (o.HasBearer()) {
    const absl::string_view argument = IsSet(o.token)        ? "token"
                                       : IsSet(o.token_file) ? "token_file"
                                                             : "username";
    cluster.bearer = {.description = absl::StrCat("the credential in ", layer.Name(argument)),
                      .token = o.token.value_or(Secret()),
                      .token_file = o.token_file.value_or(""),
                      .username = o.username.value_or(""),
                      .password = o.password.value_or(Secret())};
    cluster.exec.reset();
  }
  if (o.HasClientCertificate()) {
    cluster.client_certificate = {
        .description = absl::StrCat("the client certificate in ", layer.Name("client_certificate")),
        .certificate = {.text = Secret(o.client_certificate.value_or(""))},
        .key = {.text = o.client_key.value_or(Secret())}};
    cluster.exec.reset();
  }
}

absl::Status KeepEverythingHome(Cluster& cluster) {
  if (!cluster.impersonation.empty() || !cluster.headers.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the server ", cluster.server, " of ", cluster.origin, " is plain http, and ",
        cluster.impersonation.empty() ? "headers may hold a credential" : "impersonation speaks for a user",
        ", so neither is sent in the clear: use https, or remove ",
        cluster.impersonation.empty() ? "the argument headers" : "the impersonation"));
  }
  if (cluster.HasCredential()) cluster.withheld_credential = cluster.DescribeCredential();
  cluster.bearer = {};
  cluster.client_certificate = {};
  cluster.exec.reset();
  // They mean nothing without TLS.
  cluster.certificate_authority = {};
  cluster.insecure = false;
  cluster.tls_server_name.clear();
  cluster.warnings.push_back(absl::StrCat(
      "The server ", cluster.server, " (", cluster.origin,
      ") is plain http: nothing protects its answer, and whoever is on the way decides which issuer and keys "
      "are trusted. ",
      cluster.withheld_credential.empty()
          ? std::string("No credential is sent there.")
          : absl::StrCat("No credential is sent there, so ", cluster.withheld_credential, " is not used."),
      " Use https wherever the server is not on this machine."));
  return absl::OkStatus();
}

}  // namespace

absl::Status LayOver(const OptionLayer& layer, Cluster& cluster) {
  const ConnectionOptions& o = layer.options;
  if (IsSet(o.host)) {
    TFSDK_ASSIGN_OR_RETURN(cluster.server, ParseHostArgument(*o.host));
    cluster.tls_server_name.clear();
  }
  LayOverTls(o, cluster);
  LayOverCredential(layer, cluster);
  if (o.impersonate.has_value()) cluster.impersonation = *o.impersonate;
  if (!o.headers.empty()) cluster.headers = o.headers;
  if (IsSet(o.proxy_url)) {
    const std::string name = layer.Name("proxy_url");
    absl::StatusOr<http::Proxy> proxy = http::ParseProxyUrl(o.proxy_url->Reveal(), name);
    if (!proxy.ok()) return tfsdk::Annotate(proxy.status(), name);
    cluster.proxy = *std::move(proxy);
    cluster.proxy_url = *o.proxy_url;
  }
  return absl::OkStatus();
}

absl::Status ApplyRules(Cluster& cluster) {
  if (IsPlainHttp(cluster.server)) return KeepEverythingHome(cluster);
  if (cluster.insecure) {
    cluster.warnings.push_back(absl::StrCat(
        "TLS verification is off for ", cluster.server, " (", cluster.origin,
        "): whoever answers at that address decides which issuer and keys are trusted. Give its certificate "
        "authority instead."));
  }
  return absl::OkStatus();
}

}  // namespace k8soidc::kube
