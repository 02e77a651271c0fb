#include "config.h"

#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "http/curl_transport.h"
#include "http/retry.h"
#include "kube/options_check.h"
#include "tfsdk/status.h"
#include "tfsdk/validators.h"

namespace k8soidc {
namespace {

constexpr absl::Duration kShortest = absl::Milliseconds(100);
constexpr absl::Duration kLongest = absl::Minutes(10);

absl::StatusOr<kube::ClientTimeouts> ParseTimeouts(const ProviderConfig& config) {
  kube::ClientTimeouts timeouts;
  const absl::StatusOr<absl::Duration> request =
      ParseDuration(config.request_timeout, kShortest, kLongest, timeouts.request);
  if (!request.ok()) return tfsdk::At("request_timeout", request.status());
  const absl::StatusOr<absl::Duration> connect =
      ParseDuration(config.connect_timeout, kShortest, kLongest, timeouts.connect);
  if (!connect.ok()) return tfsdk::At("connect_timeout", connect.status());
  timeouts.request = *request;
  timeouts.connect = *connect;
  return timeouts;
}

absl::StatusOr<kube::ConnectionOptions> ToOptions(const ProviderConfig& config) {
  kube::ConnectionOptions options;
  const auto take = [&](const char* name, const auto& from, auto& to) {
    if (from.HasValue()) to = from.value();
    if (!from.IsKnown()) options.not_known_yet.emplace_back(name);
  };
  take("host", config.host, options.host);
  take("token", config.token, options.token);
  take("token_file", config.token_file, options.token_file);
  if (config.username.HasValue()) options.username = config.username.value().Reveal();
  if (!config.username.IsKnown()) options.not_known_yet.emplace_back("username");
  take("password", config.password, options.password);
  take("client_certificate", config.client_certificate, options.client_certificate);
  take("client_key", config.client_key, options.client_key);
  take("cluster_ca_certificate", config.cluster_ca_certificate, options.cluster_ca_certificate);
  take("insecure", config.insecure, options.insecure);
  take("tls_server_name", config.tls_server_name, options.tls_server_name);
  take("proxy_url", config.proxy_url, options.proxy_url);
  take("config_path", config.config_path, options.config_path);
  take("config_paths", config.config_paths, options.config_paths);
  take("kubeconfig", config.kubeconfig, options.kubeconfig);
  take("config_context", config.config_context, options.config_context);
  take("config_context_auth_info", config.config_context_auth_info, options.config_context_auth_info);
  take("config_context_cluster", config.config_context_cluster, options.config_context_cluster);
  take("in_cluster", config.in_cluster, options.in_cluster);
  if (config.exec.has_value()) {
    TFSDK_ASSIGN_OR_RETURN(options.exec, ToExecPlugin(*config.exec, options.not_known_yet));
  }
  if (config.impersonate.has_value()) {
    options.impersonate = ToImpersonation(*config.impersonate, options.not_known_yet);
  }
  if (config.headers.HasValue()) {
    for (const auto& [name, value] : config.headers.value()) options.headers.push_back({name, value});
  }
  return options;
}

}  // namespace

tfsdk::ObjectBinding<ProviderConfig> ProviderConfig::Describe() {
  using Config = ProviderConfig;
  return tfsdk::ObjectBinding<Config>(
             "Reads a Kubernetes cluster's OIDC issuer and signing keys. The cluster is named by these "
             "arguments, else by the "
             "`KUBE_*` variables, else by `KUBECONFIG`, else it is the one whose pod this runs in; the first "
             "of these that "
             "names a cluster decides, and nothing is ever guessed.")
      .Optional("host", &Config::host,
                "URL of the API server; a path is kept, and a bare host means https. `KUBE_HOST`. Needs "
                "credentials of its own. To an `http://` URL no credential is ever sent.")
      .Optional("token", &Config::token, "Bearer token. `KUBE_TOKEN`.")
      .Optional("token_file", &Config::token_file, "File with a bearer token, read again for every request.")
      .Optional("username", &Config::username, "User name for basic authentication. `KUBE_USER`.")
      .Optional("password", &Config::password, "Password for basic authentication. `KUBE_PASSWORD`.")
      .Optional("client_certificate", &Config::client_certificate,
                "Client certificate in PEM. `KUBE_CLIENT_CERT_DATA`.")
      .Optional("client_key", &Config::client_key,
                "Key of the client certificate in PEM. `KUBE_CLIENT_KEY_DATA`.")
      .Optional("cluster_ca_certificate", &Config::cluster_ca_certificate,
                "Certificate authorities in PEM; they replace the system's. `KUBE_CLUSTER_CA_CERT_DATA`.")
      .Optional("insecure", &Config::insecure,
                "Do not verify the server: whoever answers decides which keys are trusted. `KUBE_INSECURE`.")
      .Optional("tls_server_name", &Config::tls_server_name,
                "Name asked for and verified in TLS instead of the host's. `KUBE_TLS_SERVER_NAME`.")
      .Optional(
          "proxy_url", &Config::proxy_url,
          "Proxy to reach the server through: `http://`, `https://`, `socks5://` or `socks5h://`, with a "
          "user name and password if it wants them. `KUBE_PROXY_URL`. Wins over the kubeconfig's "
          "`proxy-url`; without either, `HTTPS_PROXY` and `NO_PROXY` count.")
      .Optional("config_path", &Config::config_path, "A kubeconfig file. `KUBE_CONFIG_PATH`.")
      .Optional("config_paths", &Config::config_paths,
                "Kubeconfig files, merged as kubectl does. `KUBE_CONFIG_PATHS`.")
      .Optional("kubeconfig", &Config::kubeconfig, "The text of a kubeconfig.")
      .Optional("config_context", &Config::config_context, "Context of the kubeconfig to use. `KUBE_CTX`.")
      .Optional("config_context_auth_info", &Config::config_context_auth_info,
                "User of the kubeconfig to use instead of the context's. `KUBE_CTX_AUTH_INFO`.")
      .Optional("config_context_cluster", &Config::config_context_cluster,
                "Cluster of the kubeconfig to use instead of the context's. `KUBE_CTX_CLUSTER`.")
      .Optional("in_cluster", &Config::in_cluster,
                "`true`: only the service account of the pod this runs in. `false`: never. Left out: as a "
                "last resort.")
      .Optional("headers", &Config::headers,
                "Further headers of every request to the API server, for a gateway in front of it.")
      .Optional(
          "request_timeout", &Config::request_timeout,
          "For a whole read with its retries; the time an exec plugin takes is not counted, it has its own "
          "`timeout`. Default `30s`.")
      .Optional("connect_timeout", &Config::connect_timeout, "For one connection. Default `5s`.")
      .Optional("max_retries", &Config::max_retries,
                "Further tries when a server is busy or a connection breaks. Default 2.",
                {tfsdk::Between(0, 10)})
      .Block("exec", &Config::exec)
      .Block("impersonate", &Config::impersonate);
}

void Client::WarnOnce(tfsdk::Context& context, const kube::Cluster& found) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& warning : found.warnings) {
    if (warned_.insert(warning).second) context.diagnostics().AddWarning("Kubernetes connection", warning);
  }
}

absl::Status ValidateConfig(tfsdk::Context& context, const ProviderConfig& config) {
  TFSDK_ASSIGN_OR_RETURN(const kube::ConnectionOptions options, ToOptions(config));
  for (const kube::OptionError& error : kube::CheckOptions(options)) {
    tfsdk::Path path;
    for (const absl::string_view name : absl::StrSplit(error.attribute, '.')) path = path.At(name);
    context.diagnostics().AddError("Invalid provider configuration", error.message, path);
  }
  return ParseTimeouts(config).status();
}

absl::StatusOr<std::shared_ptr<Client>> Configure(tfsdk::Context& context, ProviderConfig config) {
  TFSDK_ASSIGN_OR_RETURN(const kube::ClientTimeouts timeouts, ParseTimeouts(config));
  const kube::Environment environment = kube::Environment::OfProcess();
  http::CurlTransportOptions transport_options;
  transport_options.system_roots.ssl_cert_file = environment.Get("SSL_CERT_FILE").value_or("");
  transport_options.system_roots.ssl_cert_dir = environment.Get("SSL_CERT_DIR").value_or("");
  transport_options.proxies = http::ProxyEnvironment([&](const char* name) { return environment.Get(name); });
  transport_options.proxies =
      http::ProxyEnvironment([&environment](const char* name) { return environment.Get(name); });
  http::RetryOptions retry;
  if (config.max_retries.HasValue()) retry.max_retries = static_cast<int>(config.max_retries.value());
  std::shared_ptr<http::Transport> transport =
      http::MakeRetryingTransport(http::MakeCurlTransport(std::move(transport_options)), std::move(retry));

  TFSDK_ASSIGN_OR_RETURN(kube::ConnectionOptions options, ToOptions(config));
  const bool named = options.NamesCluster();
  const bool context_left_open = options.HasKubeconfig() && !options.HasKubeconfigChoice();
  auto client = std::make_shared<Client>(std::move(transport), std::move(options), environment, timeouts);
  if (!named) return client;
  // A block that names a cluster means that one: what is wrong with it is said now. Without a context of its
  // own it leaves the choice to the data sources.
  const absl::StatusOr<std::shared_ptr<const kube::Cluster>> cluster =
      client->cluster.FindCluster(std::nullopt);
  if (context_left_open && absl::IsFailedPrecondition(cluster.status())) return client;
  if (!cluster.ok()) return cluster.status();
  client->WarnOnce(context, **cluster);
  return client;
}

}  // namespace k8soidc
