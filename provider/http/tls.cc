#include "http/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "http/openssl_pem.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace k8soidc::http {

struct TlsContext::ClientIdentity {
  std::vector<OpenSslPtr<X509>> chain;
  OpenSslPtr<EVP_PKEY> key;
};

namespace {

// Where a context keeps its TlsReport.
int ReportIndex() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int VerifyChain(X509_STORE_CTX* context, void* report) {
  auto* const tls_report = static_cast<TlsReport*>(report);
  const int verified = X509_verify_cert(context);
  if (verified != 1) {
    tls_report->verification =
        DescribeVerifyFailure(context, tls_report->peer, tls_report->verified_name, tls_report->trust);
  }
  ERR_clear_error();
  return verified == 1 ? 1 : 0;
}

void NoteProgress(const SSL* ssl, int where, int value) {
  auto* const report = static_cast<TlsReport*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), ReportIndex()));
  if (report == nullptr) return;
  if ((where & SSL_CB_HANDSHAKE_DONE) != 0) report->done = true;
  if ((where & SSL_CB_READ_ALERT) != SSL_CB_READ_ALERT) return;
  const int alert = value & 0xff;
  if (alert == SSL_AD_CLOSE_NOTIFY) {
    report->closed = true;
  } else {
    report->alert = alert;
  }
}

void AddCertificatesOf(X509_STORE* from, X509_STORE* to) {
  X509_STORE_lock(from);
  STACK_OF(X509_OBJECT)* const objects = X509_STORE_get0_objects(from);
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    X509* const certificate = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i));
    if (certificate != nullptr) X509_STORE_add_cert(to, certificate);
  }
  X509_STORE_unlock(from);
}

bool IsAddress(const std::string& name) {
  unsigned char buffer[sizeof(in6_addr)];
  return inet_pton(AF_INET, name.c_str(), buffer) == 1 || inet_pton(AF_INET6, name.c_str(), buffer) == 1;
}

absl::Status Refuse(absl::string_view message) {
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "tls_config", message);
}

}  // namespace

std::string TlsIdentity(const Tls& tls, const std::optional<Proxy>& proxy) {
  const OpenSslPtr<EVP_MD_CTX> digest(EVP_MD_CTX_new());
  TFSDK_CHECK(digest != nullptr && EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr) == 1, "no SHA-256");
  const unsigned char insecure = tls.insecure ? 1 : 0;
  EVP_DigestUpdate(digest.get(), &insecure, 1);
  const auto add = [&](const std::string& field) {
    const uint64_t size = field.size();  // So that two fields cannot lend each other bytes.
    EVP_DigestUpdate(digest.get(), &size, sizeof(size));
    EVP_DigestUpdate(digest.get(), field.data(), field.size());
  };
  for (const std::string* field :
       {&tls.ca_certificates, &tls.server_name, &tls.client_certificate, &tls.client_key.Reveal()}) {
    add(*field);
  }
  if (proxy.has_value()) {
    add(proxy->Url());
    add(proxy->username);
    add(proxy->password.Reveal());
  }
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_DigestFinal_ex(digest.get(), out, &size);
  return std::string(reinterpret_cast<const char*>(out), size);
}

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::Make(const Tls& tls, absl::string_view host,
                                                                   SystemRoots& roots) {
  const auto context = std::make_shared<TlsContext>();
  // "host." and "host" are one name; certificates carry it without the dot.
  context->verified_name_ =
      std::string(absl::StripSuffix(tls.server_name.empty() ? host : tls.server_name, "."));

  if (tls.insecure && !tls.ca_certificates.empty()) {
    return Refuse(
        "CA certificates are given, and also that nothing is to be verified. Remove one of the two.");
  }
  if (!tls.ca_certificates.empty()) {
    TFSDK_ASSIGN_OR_RETURN(context->store_, StoreFromPem(tls.ca_certificates, "The CA certificates"));
    context->partial_chain_ = true;
    context->trust_ = "the CA certificates given for this server";
  } else if (!tls.insecure) {
    TFSDK_ASSIGN_OR_RETURN(const TrustStore trusted, roots.Get());
    context->store_ = trusted.store;
    context->trust_ = trusted.description;
  }

  if (tls.client_certificate.empty() != tls.client_key.empty()) {
    return Refuse(tls.client_key.empty() ? "A client certificate is given without its key."
                                         : "A client key is given without its certificate.");
  }
  if (!tls.client_certificate.empty()) {
    const auto client = std::make_shared<ClientIdentity>();
    TFSDK_ASSIGN_OR_RETURN(client->chain, CertificatesFromPem(tls.client_certificate,
                                                              "The client certificates", /*lenient=*/false));
    TFSDK_ASSIGN_OR_RETURN(client->key, PrivateKeyFromPem(tls.client_key, "The client key"));
    if (X509_check_private_key(client->chain.front().get(), client->key.get()) != 1) {
      ERR_clear_error();
      return Refuse(
          "The client key does not belong to the client certificate (the first one in its PEM text).");
    }
    context->client_ = client;
  }
  return context;
}

absl::StatusOr<std::shared_ptr<const TlsContext>> TlsContext::MakeForProxy(const Tls& tls,
                                                                           absl::string_view host,
                                                                           SystemRoots& roots) {
  const auto context = std::make_shared<TlsContext>();
  context->peer_ = TlsPeer::kProxy;
  context->verified_name_ = std::string(absl::StripSuffix(host, "."));
  const absl::StatusOr<TrustStore> system = roots.Get();
  if (tls.ca_certificates.empty()) {
    TFSDK_RETURN_IF_ERROR(system.status());
    context->store_ = system->store;
    context->trust_ = system->description;
    return context;
  }
  TFSDK_ASSIGN_OR_RETURN(context->store_, StoreFromPem(tls.ca_certificates, "The CA certificates"));
  context->partial_chain_ = true;
  context->trust_ = "the CA certificates given for the server";
  if (!system.ok()) return context;
  absl::StrAppend(&context->trust_, " and ", system->description);
  AddCertificatesOf(system->store.get(), context->store_.get());
  return context;
}

bool TlsContext::Install(ssl_ctx_st* context, TlsReport* report) const {
  report->peer = peer_;
  report->verified_name = verified_name_;
  report->trust = trust_;
  report->started = true;
  SSL_CTX_set_ex_data(context, ReportIndex(), report);
  SSL_CTX_set_info_callback(context, &NoteProgress);
  SSL_CTX_set_security_level(context, 2);
  // A resumed session would skip verification; connections are reused instead.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);

  bool ok = SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
  if (store_ == nullptr) {
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  } else {
    // Not SSL_CTX_set1_cert_store: that place is curl's, which fills it after the handshake has begun, with the
    // store of the connection before.
    ok = ok && SSL_CTX_set1_verify_cert_store(context, store_.get()) == 1;
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, &VerifyChain, report);
    X509_VERIFY_PARAM* const rules = SSL_CTX_get0_param(context);
    if (partial_chain_) ok = ok && X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_PARTIAL_CHAIN) == 1;
    X509_VERIFY_PARAM_set_hostflags(
        rules, X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    ok = ok && !verified_name_.empty() &&
         (IsAddress(verified_name_)
              ? X509_VERIFY_PARAM_set1_ip_asc(rules, verified_name_.c_str())
              : X509_VERIFY_PARAM_set1_host(rules, verified_name_.data(), verified_name_.size())) == 1;
  }
  if (client_ != nullptr) {
    ok = ok && SSL_CTX_use_certificate(context, client_->chain.front().get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, client_->key.get()) == 1;
    for (size_t i = 1; ok && i < client_->chain.size(); ++i) {
      ok = SSL_CTX_add1_chain_cert(context, client_->chain[i].get()) == 1;
    }
  }
  ERR_clear_error();
  return ok;
}

}  // namespace k8soidc::http
