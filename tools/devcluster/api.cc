#include "api.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "bodies.h"

namespace devcluster {
namespace {

constexpr char kNames[] =
    "IP:127.0.0.1,DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,"
    "DNS:kubernetes.default.svc.cluster.local";
constexpr char kDiscoveryPath[] = "/.well-known/openid-configuration";
constexpr char kKeysPath[] = "/openid/v1/jwks";
constexpr char kPublicDiscoveryPath[] = "/public/.well-known/openid-configuration";
constexpr char kPublicKeysPath[] = "/public/keys";

void Pause(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

// The number of a connection, kept with its SSL object.
int ConnectionIndex() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int ConnectionOf(const SSL* ssl) {
  return static_cast<int>(reinterpret_cast<intptr_t>(SSL_get_ex_data(ssl, ConnectionIndex())));
}

// Whether an Accept header lets the server answer with `type`. Like kube-apiserver, which knows no partial
// wildcard.
bool Accepts(absl::string_view accept, absl::string_view type) {
  if (accept.empty()) return true;
  for (absl::string_view range : absl::StrSplit(accept, ',')) {
    range = absl::StripAsciiWhitespace(range.substr(0, range.find(';')));
    if (range == "*/*" || range == type) return true;
  }
  return false;
}

std::string StatusBody(int code, const std::string& reason, const std::string& message, bool details) {
  Json status = {{"kind", "Status"},    {"apiVersion", "v1"}, {"metadata", Json::object()},
                 {"status", "Failure"}, {"message", message}, {"reason", reason}};
  if (details) status["details"] = Json::object();
  status["code"] = code;
  return absl::StrCat(status.dump(), "\n");
}

}  // namespace

ApiServer::ApiServer(Cluster& cluster, const Authority& authority, const Authority& other, int workers)
    : cluster_(cluster),
      authority_(authority),
      good_(authority.Issue({.common_name = "kube-apiserver", .alternative_names = kNames})),
      other_ca_(other.Issue({.common_name = "kube-apiserver", .alternative_names = kNames})),
      expired_(authority.Issue({.common_name = "kube-apiserver",
                                .alternative_names = kNames,
                                .valid_from_days = -30,
                                .valid_until_days = -2})),
      not_yet_valid_(authority.Issue({.common_name = "kube-apiserver",
                                      .alternative_names = kNames,
                                      .valid_from_days = 2,
                                      .valid_until_days = 30})),
      wrong_name_(
          authority.Issue({.common_name = "other.example", .alternative_names = "DNS:other.example"})),
      cn_only_(authority.Issue({.common_name = "localhost"})) {
  server_ = std::make_unique<httplib::SSLServer>([this](SSL_CTX& context) { return SetUpTls(context); });
  server_->new_task_queue = [workers] { return new httplib::ThreadPool(workers); };
  server_->set_keep_alive_max_count(1000);
  server_->set_keep_alive_timeout(60);
  server_->set_tcp_nodelay(true);
  server_->set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    Handle(request, response);
    return httplib::Server::HandlerResponse::Handled;
  });
}

int ApiServer::Bind(int port) {
  if (port == 0) return server_->bind_to_any_port("127.0.0.1");
  return server_->bind_to_port("127.0.0.1", port) ? port : -1;
}

bool ApiServer::SetUpTls(SSL_CTX& context) {
  SSL_CTX_set_min_proto_version(&context, TLS1_2_VERSION);
  // Every connection shakes hands in full, so that a fault counts for the next one.
  SSL_CTX_set_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_OFF);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(&context), authority_.identity().certificate.get());
  SSL_CTX_add_client_CA(&context, authority_.identity().certificate.get());
  // A client certificate is asked for and looked at in Authenticate; none is required for the handshake.
  SSL_CTX_set_verify(&context, SSL_VERIFY_PEER, [](int, X509_STORE_CTX*) { return 1; });
  SSL_CTX_set_cert_cb(&context, &ApiServer::ChooseCertificate, this);
  return true;
}

int ApiServer::ChooseCertificate(SSL* ssl, void* self) {
  auto* server = static_cast<ApiServer*>(self);
  // The callback may run again for the same handshake; the number is set once.
  if (SSL_get_ex_data(ssl, ConnectionIndex()) == nullptr) {
    const intptr_t number = ++server->connections_;
    SSL_set_ex_data(ssl, ConnectionIndex(), reinterpret_cast<void*>(number));
  }
  const std::string fault = server->cluster_.TakeTlsFault();
  const Identity* identity = &server->good_;
  if (fault == "other-ca") identity = &server->other_ca_;
  if (fault == "expired") identity = &server->expired_;
  if (fault == "not-yet-valid") identity = &server->not_yet_valid_;
  if (fault == "wrong-name") identity = &server->wrong_name_;
  if (fault == "cn-only") identity = &server->cn_only_;
  if (fault == "fail") return 0;
  if (fault == "close") {
    shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    return 0;
  }
  if (fault == "stall") Pause(600'000);
  return SSL_use_certificate(ssl, identity->certificate.get()) == 1 &&
         SSL_use_PrivateKey(ssl, identity->key.get()) == 1;
}

const User* ApiServer::Authenticate(const httplib::Request& request, SeenRequest& seen, bool& valid) const {
  const std::string authorization = request.get_header_value("Authorization");
  const User* user = nullptr;
  valid = true;
  seen.credential = "none";
  if (absl::StartsWithIgnoreCase(authorization, "Bearer ")) {
    seen.credential = "bearer";
    user = cluster_.FindByToken(absl::StripAsciiWhitespace(absl::string_view(authorization).substr(7)));
    valid = user != nullptr;
  } else if (absl::StartsWithIgnoreCase(authorization, "Basic ")) {
    seen.credential = "basic";
    std::string decoded;
    if (absl::Base64Unescape(absl::string_view(authorization).substr(6), &decoded)) {
      const std::pair<std::string, std::string> pair = absl::StrSplit(decoded, absl::MaxSplits(':', 1));
      user = cluster_.FindByPassword(pair.first, pair.second);
    }
    valid = user != nullptr;
  } else if (const CertificatePtr certificate(SSL_get1_peer_certificate(request.ssl));
             certificate != nullptr) {
    seen.credential = "certificate";
    char name[256] = "";
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name, sizeof name);
    if (SSL_get_verify_result(request.ssl) == X509_V_OK) user = cluster_.FindByName(name);
    valid = user != nullptr;
  } else if (!authorization.empty()) {
    seen.credential = "other";
    valid = false;
  }
  if (user != nullptr) seen.user = user->name;
  return user;
}

// What a request without rights is told, as kube-apiserver words it.
ApiServer::Answer ApiServer::Forbid(const std::string& what) {
  return {403, "application/json", StatusBody(403, "Forbidden", what, true)};
}

ApiServer::Answer ApiServer::Normal(const httplib::Request& request, SeenRequest& seen) const {
  const int replica = cluster_.ReplicaOf(seen.connection);
  bool valid = true;
  const User* user = Authenticate(request, seen, valid);
  std::string path = request.path;
  if (path == kPublicDiscoveryPath) return {200, "application/json", cluster_.PublicDiscovery(replica)};
  if (path == kPublicKeysPath) return {200, "application/jwk-set+json", cluster_.Keys(replica)};

  const std::string anonymous = cluster_.Anonymous();
  if (!valid || (user == nullptr && anonymous == "off")) {
    return {401, "application/json", StatusBody(401, "Unauthorized", "Unauthorized", false)};
  }
  const std::string self = user == nullptr ? "system:anonymous" : user->name;
  std::string name = self;
  std::string group = user == nullptr ? "" : user->group;
  bool may_read = user == nullptr ? anonymous == "allowed" : user->may_read;
  if (const std::string other = request.get_header_value("Impersonate-User"); !other.empty()) {
    if (group != "system:masters") {
      return Forbid(
          absl::StrCat("users \"", other, "\" is forbidden: User \"", self,
                       "\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"));
    }
    const User* const known = cluster_.FindByName(other);
    name = other;
    group = request.get_header_value("Impersonate-Group");
    may_read = known != nullptr && known->may_read;
  }
  constexpr absl::string_view kRancher = "/k8s/clusters/";
  if (absl::StartsWith(path, kRancher)) {
    const size_t end = path.find('/', kRancher.size());
    path = end == std::string::npos ? "/" : path.substr(end);
  }
  const bool known = path == kDiscoveryPath || path == kKeysPath;
  if (group != "system:masters" && !(may_read && known)) {
    return Forbid(absl::StrCat("forbidden: User \"", name, "\" cannot ",
                               request.method == "GET" ? "get" : "post", " path \"", path, "\""));
  }
  if (!known) {
    return {404, "application/json",
            StatusBody(404, "NotFound", "the server could not find the requested resource", true)};
  }
  const std::string type = path == kKeysPath ? "application/jwk-set+json" : "application/json";
  if (!Accepts(request.get_header_value("Accept"), type)) {
    return {406, "application/json",
            StatusBody(406, "NotAcceptable",
                       absl::StrCat("406: Not Acceptable\n\nAvailable representations: ", type), true)};
  }
  return {200, type, path == kKeysPath ? cluster_.Keys(replica) : cluster_.Discovery(replica), true};
}

void ApiServer::Handle(const httplib::Request& request, httplib::Response& response) {
  SeenRequest seen;
  seen.method = request.method;
  seen.path = request.path;
  seen.accept = request.get_header_value("Accept");
  seen.connection = ConnectionOf(request.ssl);
  if (const char* name = SSL_get_servername(request.ssl, TLSEXT_NAMETYPE_host_name)) seen.server_name = name;

  seen.note = request.get_header_value("X-Note");
  for (const auto& [name, value] : request.headers) {
    if (absl::StartsWithIgnoreCase(name, "Impersonate-")) {
      seen.impersonated[absl::AsciiStrToLower(name)].push_back(value);
    }
  }

  Answer answer = Normal(request, seen);
  const bool about_keys = absl::EndsWith(request.path, "jwks") || request.path == kPublicKeysPath;
  const Fault fault = cluster_.TakeFault(about_keys ? "keys" : "discovery");
  if (!fault.body.empty() && fault.body != "posted") {
    answer = {200, answer.content_type, MakeBody(fault.body, cluster_, cluster_.ReplicaOf(seen.connection))};
    if (const std::string type = BodyContentType(fault.body); !type.empty()) answer.content_type = type;
  }
  if (fault.has_text) answer = {200, answer.content_type, fault.text};
  if (fault.status != 0 && fault.body.empty() && !fault.has_text) {
    answer = {
        fault.status, "application/json",
        StatusBody(fault.status, "", absl::StrCat("this is status ", fault.status, ", as ordered"), true)};
  }
  if (fault.status != 0) answer.status = fault.status;
  seen.status = answer.status;
  cluster_.Record(std::move(seen));
  Send(fault, std::move(answer), request, response);
}

void ApiServer::Send(const Fault& fault, Answer answer, const httplib::Request& request,
                     httplib::Response& response) {
  Pause(fault.delay_ms);
  const int socket = SSL_get_fd(request.ssl);
  if (fault.close) {
    shutdown(socket, SHUT_RDWR);
    return;
  }
  if (!fault.content_type.empty()) answer.content_type = fault.content_type;
  if (static_cast<long>(answer.body.size()) < fault.size) answer.body.resize(fault.size, ' ');
  response.status = answer.status;
  if (answer.cacheable) response.set_header("Cache-Control", "public, max-age=3600");
  if (!fault.encoding.empty()) response.set_header("Content-Encoding", fault.encoding);
  if (!fault.header.empty()) {
    const std::pair<std::string, std::string> header = absl::StrSplit(fault.header, absl::MaxSplits(": ", 1));
    response.set_header(header.first, header.second);
  }
  if (!fault.redirect.empty()) {
    response.set_redirect(fault.redirect);
    return;
  }
  const size_t size = answer.body.size();
  if (size == 0) {
    response.set_header("Content-Type", answer.content_type);
    return;
  }
  // A provider of content, not content: the library would compress the latter when a client lets it.
  const auto send = [body = std::move(answer.body), fault, socket](size_t offset, httplib::DataSink& sink) {
    size_t end = body.size();
    if (fault.truncate >= 0) end = std::min<size_t>(end, fault.truncate);
    if (offset >= end && end < body.size()) {
      shutdown(socket, SHUT_RDWR);
      return false;
    }
    size_t part = end - offset;
    if (fault.drip_ms > 0) {
      part = std::min<size_t>(part, 16);
      if (offset > 0) Pause(fault.drip_ms);
    }
    sink.write(body.data() + offset, part);
    if (fault.chunked && offset + part == body.size()) sink.done();
    return true;
  };
  if (fault.chunked) {
    response.set_chunked_content_provider(answer.content_type, send);
  } else {
    response.set_content_provider(
        size, answer.content_type,
        [send](size_t offset, size_t, httplib::DataSink& sink) { return send(offset, sink); });
  }
}

}  // namespace devcluster
