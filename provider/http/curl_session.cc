#include "http/curl_session.h"

#include <curl/curl.h>
#include <openssl/ssl.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/answer_reader.h"
#include "http/curl_error.h"
#include "http/proxy_error.h"
#include "http/request_headers.h"
#include "http/sigpipe_guard.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

constexpr int kPollMilliseconds = 250;
constexpr long kIdleSeconds = 118;
constexpr long kConnectionLifetimeSeconds = 600;  // Then the certificate is looked at again.

// Of the header with which a proxy answers CONNECT: as AnswerReader has it for a server's.
constexpr size_t kMaxConnectBytes = size_t{64} << 10;
constexpr size_t kMaxConnectLines = 500;

// Every byte but the unreserved ones (RFC 3986, 2.3) as an escape.
std::string PercentEncoded(absl::string_view text) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-._~", c)) {
      out.push_back(c);
    } else {
      absl::StrAppend(&out, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return out;
}

// curl_easy_setopt takes anything; these take what the option wants.
void Set(CURL* easy, CURLoption option, long value) {
  TFSDK_CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK, "curl lacks an option");
}
void Set(CURL* easy, CURLoption option, const char* value) {
  TFSDK_CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK, "curl lacks an option");
}
void Set(CURL* easy, CURLoption option, void* value) {
  TFSDK_CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK, "curl lacks an option");
}

curl_off_t TimeOf(CURL* easy, CURLINFO info) {
  curl_off_t microseconds = 0;
  return curl_easy_getinfo(easy, info, &microseconds) == CURLE_OK ? microseconds : 0;
}

long NumberOf(CURL* easy, CURLINFO info) {
  long number = 0;
  return curl_easy_getinfo(easy, info, &number) == CURLE_OK ? number : 0;
}

}  // namespace

// What one request needs while it runs.
struct CurlSession::Transfer {
  Transfer(CurlSession& owner, const tfsdk::CancelToken& cancel_token, const Request& request,
           const Route& route, HeaderList request_headers)
      : session(owner),
        cancel(cancel_token),
        reader(request.max_body_bytes),
        by_http_proxy(route.proxy.has_value() && (route.proxy->scheme == Proxy::Scheme::kHttp ||
                                                  route.proxy->scheme == Proxy::Scheme::kHttps)),
        tunnelled(by_http_proxy && route.url.scheme == Url::Scheme::kHttps),
        connect_timeout(request.connect_timeout),
        deadline(request.deadline),
        headers(std::move(request_headers)) {}
  ~Transfer() {
    curl_easy_reset(session.easy_);  // First: it points to the rest.
    curl_slist_free_all(connect_to);
  }

  static int OnSocket(void* transfer, curl_socket_t, curlsocktype) {
    auto* const self = static_cast<Transfer*>(transfer);
    // A new connection, perhaps after a kept one turned out to be dead.
    self->ready = false;
    self->connect_end = std::min(absl::Now() + self->connect_timeout, self->deadline);
    self->connect_bytes = 0;
    self->connect_lines = 0;
    self->session.server_report_.Forget();
    self->session.proxy_report_.Forget();
    return CURL_SOCKOPT_OK;
  }
  static int OnReady(void* transfer, char*, char*, int, int) {
    static_cast<Transfer*>(transfer)->ready = true;
    return CURL_PREREQFUNC_OK;
  }
  // curl reads a proxy's answer to CONNECT in a loop of its own, which ends only with the answer.
  static int OnProgress(void* transfer, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    const auto* const self = static_cast<const Transfer*>(transfer);
    return !self->ready && (self->cancel.IsCancelled() || absl::Now() > self->connect_end) ? 1 : 0;
  }
  static size_t OnHeader(const char* data, size_t one, size_t size, void* transfer) {
    auto* const self = static_cast<Transfer*>(transfer);
    if (!self->tunnelled || self->WayStands()) {
      return self->reader.OnHeaderLine({data, one * size}) ? one * size : 0;
    }
    // The proxy's answer to CONNECT, of which curl needs only the status.
    self->connect_bytes += one * size;
    ++self->connect_lines;
    return self->connect_bytes > kMaxConnectBytes || self->connect_lines > kMaxConnectLines ? 0 : one * size;
  }
  static size_t OnBody(const char* data, size_t one, size_t size, void* transfer) {
    // Zero bytes taken of zero given would read as success.
    return static_cast<Transfer*>(transfer)->reader.OnBody({data, one * size}) ? one * size : one * size + 1;
  }

  // From here on it is the server that answers.
  bool WayStands() const { return ready || session.server_report_.started; }
  TransferOutcome OutcomeOf(int code) const;

  CurlSession& session;
  const tfsdk::CancelToken& cancel;
  AnswerReader reader;
  const bool by_http_proxy;
  const bool tunnelled;
  const absl::Duration connect_timeout;
  const absl::Time deadline;
  absl::Time connect_end = absl::InfiniteFuture();
  size_t connect_bytes = 0;
  size_t connect_lines = 0;
  // The connection stands, its TLS too: the request is sent.
  bool ready = false;
  HeaderList headers;
  curl_slist* connect_to = nullptr;
  char error_text[CURL_ERROR_SIZE] = {};
};

TransferOutcome CurlSession::Transfer::OutcomeOf(int code) const {
  CURL* const easy = session.easy_;
  TransferOutcome outcome;
  outcome.curl_code = code;
  outcome.curl_text = error_text;
  outcome.os_error = static_cast<int>(NumberOf(easy, CURLINFO_OS_ERRNO));
  outcome.connect_status = static_cast<int>(NumberOf(easy, CURLINFO_HTTP_CONNECTCODE));
  outcome.socks_code = static_cast<int>(NumberOf(easy, CURLINFO_PROXY_ERROR));
  outcome.connect_bytes = connect_bytes;
  outcome.answer_started = ready && TimeOf(easy, CURLINFO_STARTTRANSFER_TIME_T) > 0;
  outcome.tls_done = ready;
  // To curl a connection stands when the way through the proxy does; its own end of TCP is there before.
  long port = 0;
  curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port);
  outcome.connected =
      WayStands() || session.proxy_report_.started || TimeOf(easy, CURLINFO_CONNECT_TIME_T) > 0 || port > 0;
  outcome.name_resolved = outcome.connected || TimeOf(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0;
  outcome.body_bytes = reader.body_bytes();
  outcome.elapsed = absl::Microseconds(TimeOf(easy, CURLINFO_TOTAL_TIME_T));
  return outcome;
}

CurlSession::CurlSession(RouteTls tls, uint64_t generation)
    : tls_(std::move(tls)), generation_(generation), multi_(curl_multi_init()), easy_(curl_easy_init()) {
  TFSDK_CHECK(multi_ != nullptr && easy_ != nullptr, "out of memory");
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 1L);
}

CurlSession::~CurlSession() {
  const SigpipeGuard guard;
  curl_easy_cleanup(easy_);
  curl_multi_cleanup(multi_);
}

bool CurlSession::Install(ssl_ctx_st* context) {
  // SetProxy() gives the proxy's contexts, and no others, a highest TLS version.
  if (SSL_CTX_get_max_proto_version(context) == TLS1_3_VERSION) {
    return tls_.proxy != nullptr && tls_.proxy->Install(context, &proxy_report_);
  }
  // Behind an https proxy, TLS with the proxy comes first. Anything else would be a mix-up.
  if (tls_.proxy != nullptr && !proxy_report_.done) return false;
  return tls_.server != nullptr && tls_.server->Install(context, &server_report_);
}

void CurlSession::SetProxy(const Route& route) {
  CURL* const easy = easy_;
  // An empty text, so that curl does not look into the environment by itself.
  Set(easy, CURLOPT_NOPROXY, "");
  Set(easy, CURLOPT_PROXY, "");
  if (!route.proxy.has_value()) return;
  const Proxy& proxy = *route.proxy;
  const bool socks = proxy.scheme == Proxy::Scheme::kSocks5 || proxy.scheme == Proxy::Scheme::kSocks5h;
  Proxy named = proxy;
  // To curl, socks5 means that the name is looked up here; to Go, both mean that the proxy does it.
  if (socks) named.scheme = Proxy::Scheme::kSocks5h;
  std::string url = named.Url();
  if (!proxy.username.empty() || !proxy.password.empty()) {
    // In the URL, because curl unescapes CURLOPT_PROXYUSERNAME and CURLOPT_PROXYPASSWORD once more each time it
    // connects anew.
    url.insert(url.find("://") + 3, absl::StrCat(PercentEncoded(proxy.username), ":",
                                                 PercentEncoded(proxy.password.Reveal()), "@"));
  }
  Set(easy, CURLOPT_PROXY, url.c_str());
  OPENSSL_cleanse(url.data(), url.size());
  Set(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
  Set(easy, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
  // The server's headers are none of the proxy's business.
  Set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
  Set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 0L);
  Set(easy, CURLOPT_PROXY_SSLVERSION,
      static_cast<long>(CURL_SSLVERSION_TLSv1_2) | CURL_SSLVERSION_MAX_TLSv1_3);
  Set(easy, CURLOPT_PROXY_CAINFO, static_cast<const char*>(nullptr));
  Set(easy, CURLOPT_PROXY_CAPATH, static_cast<const char*>(nullptr));
  Set(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  Set(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  Set(easy, CURLOPT_PROXY_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NO_PARTIALCHAIN));
}

void CurlSession::SetOptions(Transfer& transfer, const Request& request, const Route& route,
                             absl::Duration left, const std::string& user_agent) {
  CURL* const easy = easy_;
  const bool secure = route.url.scheme == Url::Scheme::kHttps;
  const auto milliseconds = [&](absl::Duration duration) {
    return std::max<long>(1, absl::ToInt64Milliseconds(std::min(duration, left)));
  };

  // Where to.
  Url asked = route.url;
  if (secure && !request.tls.server_name.empty()) {
    asked.host = request.tls.server_name;
    transfer.connect_to = curl_slist_append(
        nullptr, absl::StrCat("::", route.url.BracketedHost(), ":", route.url.port).c_str());
    TFSDK_CHECK(transfer.connect_to != nullptr, "out of memory");
    Set(easy, CURLOPT_CONNECT_TO, static_cast<void*>(transfer.connect_to));
  }
  const std::string target =
      absl::StrCat(asked.Origin(), asked.path, asked.has_query ? "?" : "", asked.query);
  Set(easy, CURLOPT_URL, target.c_str());
  Set(easy, CURLOPT_PATH_AS_IS, 1L);
  Set(easy, CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
  Set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  Set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  SetProxy(route);

  // What is asked.
  Set(easy, CURLOPT_HTTPGET, 1L);
  Set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  Set(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  Set(easy, CURLOPT_USERAGENT, user_agent.c_str());
  Set(easy, CURLOPT_HTTPHEADER, static_cast<void*>(transfer.headers.get()));
  Set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);

  // TLS: TlsContext sets the rules on the SSL_CTX; curl's own are laxer, and stay on.
  const bool verifies = tls_.server != nullptr && tls_.server->verifies();
  Set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(easy, CURLOPT_CAINFO, static_cast<const char*>(nullptr));
  Set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  Set(easy, CURLOPT_SSL_VERIFYPEER, verifies ? 1L : 0L);
  Set(easy, CURLOPT_SSL_VERIFYHOST, verifies ? 2L : 0L);
  // Left alone, curl makes a root of any intermediate among the trusted certificates.
  Set(easy, CURLOPT_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NO_PARTIALCHAIN));
  Set(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  Set(easy, CURLOPT_CA_CACHE_TIMEOUT, 0L);

  // How long, and over which connection.
  Set(easy, CURLOPT_TIMEOUT_MS, milliseconds(left));
  Set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connect_timeout));
  Set(easy, CURLOPT_FRESH_CONNECT, request.fresh_connection ? 1L : 0L);
  Set(easy, CURLOPT_MAXAGE_CONN, kIdleSeconds);
  Set(easy, CURLOPT_MAXLIFETIME_CONN, kConnectionLifetimeSeconds);
  Set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  Set(easy, CURLOPT_NOSIGNAL, 1L);
  // Giving up does not wait for a resolver thread that hangs.
  Set(easy, CURLOPT_QUICK_EXIT, 1L);
}

void CurlSession::SetCallbacks(Transfer& transfer) {
  CURL* const easy = easy_;
  const curl_ssl_ctx_callback install = [](CURL*, void* context, void* session) {
    return static_cast<CurlSession*>(session)->Install(static_cast<ssl_ctx_st*>(context))
               ? CURLE_OK
               : CURLE_SSL_CERTPROBLEM;
  };
  TFSDK_CHECK(curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, install) == CURLE_OK,
              "curl was built without OpenSSL");
  Set(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));
  curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, &Transfer::OnSocket);
  Set(easy, CURLOPT_SOCKOPTDATA, static_cast<void*>(&transfer));
  curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &Transfer::OnReady);
  Set(easy, CURLOPT_PREREQDATA, static_cast<void*>(&transfer));
  Set(easy, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &Transfer::OnProgress);
  Set(easy, CURLOPT_XFERINFODATA, static_cast<void*>(&transfer));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  Set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  Set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer));
  Set(easy, CURLOPT_ERRORBUFFER, static_cast<void*>(transfer.error_text));
}

absl::StatusOr<Response> CurlSession::Get(const tfsdk::CancelToken& cancel, const Request& request,
                                          const Route& route, const std::string& user_agent) {
  TFSDK_ASSIGN_OR_RETURN(HeaderList headers, HeadersOf(request, route.url));
  const absl::Duration left = std::min(request.deadline - absl::Now(), absl::Minutes(15));
  if (left <= absl::ZeroDuration()) {
    return ErrorWithReason(
        absl::StatusCode::kDeadlineExceeded, "timeout",
        absl::StrCat(RedactUrl(request.url), ": the time allowed was over before it was asked."));
  }

  const SigpipeGuard guard;
  Transfer transfer(*this, cancel, request, route, std::move(headers));
  SetOptions(transfer, request, route, left, user_agent);
  SetCallbacks(transfer);
  server_report_.Forget();
  proxy_report_.Forget();
  TFSDK_CHECK(curl_multi_add_handle(multi_, easy_) == CURLM_OK, "curl refuses a handle");
  int running = 1;
  bool cancelled = false;
  while (running > 0 && !cancelled) {
    const CURLMcode performed = curl_multi_perform(multi_, &running);
    if (performed != CURLM_OK) break;
    cancelled = cancel.IsCancelled();
    if (running > 0 && !cancelled) curl_multi_poll(multi_, nullptr, 0, kPollMilliseconds, nullptr);
  }
  int code = CURLE_FAILED_INIT;
  int queued = 0;
  while (const CURLMsg* const message = curl_multi_info_read(multi_, &queued)) {
    if (message->msg == CURLMSG_DONE) code = message->data.result;
  }
  curl_socket_t kept = CURL_SOCKET_BAD;
  curl_easy_getinfo(easy_, CURLINFO_ACTIVESOCKET, &kept);
  // OnProgress() stopped it, and not because of a cancellation.
  if (code == CURLE_ABORTED_BY_CALLBACK) code = CURLE_OPERATION_TIMEDOUT;
  TransferOutcome outcome = transfer.OutcomeOf(code);
  curl_multi_remove_handle(multi_, easy_);

  if (cancelled) {
    return ErrorWithReason(absl::StatusCode::kCancelled, "cancelled",
                           absl::StrCat(RedactUrl(request.url), ": the read was cancelled."));
  }
  if (!transfer.reader.failure().ok()) {
    return tfsdk::Annotate(transfer.reader.failure(), RedactUrl(request.url));
  }
  const std::string host = route.url.Authority();
  std::optional<ProxyCase> by_proxy;
  if (route.proxy.has_value()) {
    by_proxy.emplace(ProxyCase{*route.proxy, route.proxy_from_environment, host, request.url});
  }
  if (by_proxy.has_value() && !transfer.WayStands() && code != CURLE_OK) {
    return ProxyError(outcome, proxy_report_, *by_proxy);
  }
  if (transfer.reader.HasOtherStatus()) {
    Response response = transfer.reader.TakeResponse();
    const bool asked_the_proxy = transfer.by_http_proxy && !transfer.tunnelled;
    if (asked_the_proxy && response.status == 407) return ProxyAuthenticationError(*by_proxy);
    return response;
  }
  // curl takes any end of a connection for the end of such a body, but it may have been cut. Only TLS can tell.
  if (code == CURLE_OK && tls_.server != nullptr && transfer.reader.EndsWithConnection() &&
      !server_report_.closed) {
    outcome.curl_code = CURLE_PARTIAL_FILE;
  }
  // Nor does curl mind a connection that ends properly within the header, or a broken HTTP/2 session. It does not keep
  // the connection of the latter; nor one whose server takes its leave (GOAWAY), which is then asked about again.
  const bool broken_off = transfer.reader.EndsWithStream() && kept == CURL_SOCKET_BAD;
  if (code == CURLE_OK && (!transfer.reader.HasWholeHeader() || broken_off)) {
    outcome.curl_code = CURLE_PARTIAL_FILE;
  }
  if (outcome.curl_code == CURLE_OK) return transfer.reader.TakeResponse();
  const bool has_client_certificate = tls_.server != nullptr && tls_.server->has_client_certificate();
  const absl::Status failure = CurlError(outcome, server_report_, request.url, host, has_client_certificate);
  return by_proxy.has_value() ? MentionProxy(failure, *by_proxy) : failure;
}

}  // namespace k8soidc::http
