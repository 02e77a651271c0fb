#include "http/curl_session.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/answer_reader.h"
#include "http/curl_error.h"
#include "http/sigpipe_guard.h"
#include "json/quote.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

constexpr int kPollMilliseconds = 250;
constexpr long kIdleSeconds = 118;
constexpr long kConnectionLifetimeSeconds = 600;  // Then the certificate is looked at again.
constexpr size_t kMaxRequestHeaderBytes = size_t{256} << 10;

// A header list whose text is overwritten before it is freed: it may hold a credential.
struct WipeList {
  void operator()(curl_slist* list) const {
    for (curl_slist* item = list; item != nullptr; item = item->next) {
      OPENSSL_cleanse(item->data, std::strlen(item->data));
    }
    curl_slist_free_all(list);
  }
};
using HeaderList = std::unique_ptr<curl_slist, WipeList>;

// RFC 9110, 5.6.2.
bool IsToken(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("!#$%&'*+-.^_`|~", c);
  });
}

absl::Status RefuseHeader(const Request& request, absl::string_view name, absl::string_view why) {
  return ErrorWithReason(
      absl::StatusCode::kInvalidArgument, "bad_request",
      absl::StrCat(RedactUrl(request.url), ": the request header ", json::Quoted(name), " ", why));
}

// `list` with one more header. Never says what its value is: it may be a secret.
absl::Status Append(const Request& request, absl::string_view name, const std::string& value,
                    HeaderList* list) {
  if (!IsToken(name)) return RefuseHeader(request, name, "has a name that no header may have.");
  for (const char c : value) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\t') {
      return RefuseHeader(request, name,
                          "has a line break or another control character in its value. Remove it.");
    }
  }
  if (value.size() > kMaxRequestHeaderBytes) return RefuseHeader(request, name, "is larger than 256 KiB.");
  // To curl, "Name:" means to leave the header out and "Name;" to send it empty.
  std::string line = value.empty() ? absl::StrCat(name, ";") : absl::StrCat(name, ": ", value);
  curl_slist* const longer = curl_slist_append(list->get(), line.c_str());
  OPENSSL_cleanse(line.data(), line.size());
  TFSDK_CHECK(longer != nullptr, "out of memory");
  if (list->get() == nullptr) list->reset(longer);
  return absl::OkStatus();
}

absl::StatusOr<HeaderList> HeadersOf(const Request& request, const Url& url) {
  HeaderList list;
  if (!request.accept.empty()) TFSDK_RETURN_IF_ERROR(Append(request, "Accept", request.accept, &list));
  TFSDK_RETURN_IF_ERROR(Append(request, "Accept-Encoding", "identity", &list));
  // With a server name of its own, the URL curl sees is made of that name.
  if (!request.tls.server_name.empty())
    TFSDK_RETURN_IF_ERROR(Append(request, "Host", url.HostHeader(), &list));
  if (request.authorization.has_value()) {
    TFSDK_RETURN_IF_ERROR(Append(request, "Authorization", request.authorization->Reveal(), &list));
  }
  for (const Header& header : request.headers) {
    TFSDK_RETURN_IF_ERROR(Append(request, header.name, header.value, &list));
  }
  return list;
}

size_t OnHeader(const char* data, size_t one, size_t size, void* reader) {
  return static_cast<AnswerReader*>(reader)->OnHeaderLine({data, one * size}) ? one * size : 0;
}

size_t OnBody(const char* data, size_t one, size_t size, void* reader) {
  // Zero bytes taken of zero given would read as success.
  return static_cast<AnswerReader*>(reader)->OnBody({data, one * size}) ? one * size : one * size + 1;
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

TransferOutcome OutcomeOf(CURL* easy, int code, const char* text, const AnswerReader& reader) {
  TransferOutcome outcome;
  outcome.curl_code = code;
  outcome.curl_text = text;
  long os_error = 0;
  long connections = 0;
  curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &os_error);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
  outcome.os_error = static_cast<int>(os_error);
  outcome.answer_started = TimeOf(easy, CURLINFO_STARTTRANSFER_TIME_T) > 0;
  outcome.tls_done = outcome.answer_started || TimeOf(easy, CURLINFO_PRETRANSFER_TIME_T) > 0 ||
                     TimeOf(easy, CURLINFO_APPCONNECT_TIME_T) > 0;
  outcome.connected = outcome.tls_done || TimeOf(easy, CURLINFO_CONNECT_TIME_T) > 0;
  outcome.name_resolved = outcome.connected || TimeOf(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0;
  outcome.body_bytes = reader.body_bytes();
  outcome.elapsed = absl::Microseconds(TimeOf(easy, CURLINFO_TOTAL_TIME_T));
  return outcome;
}

}  // namespace

// What one request needs while it runs. Freed in reverse order: first the easy handle, then what it points
// to.
struct CurlSession::Transfer {
  Transfer(size_t max_body_bytes, HeaderList request_headers)
      : reader(max_body_bytes), headers(std::move(request_headers)), easy(curl_easy_init()) {
    TFSDK_CHECK(easy != nullptr, "out of memory");
  }
  ~Transfer() {
    curl_easy_cleanup(easy);
    curl_slist_free_all(connect_to);
  }

  AnswerReader reader;
  HeaderList headers;
  curl_slist* connect_to = nullptr;
  char error_text[CURL_ERROR_SIZE] = {};
  CURL* easy;
};

CurlSession::CurlSession(std::string key, std::shared_ptr<const TlsContext> tls)
    : key_(std::move(key)), tls_(std::move(tls)), multi_(curl_multi_init()) {
  TFSDK_CHECK(multi_ != nullptr, "out of memory");
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 2L);
}

CurlSession::~CurlSession() {
  const SigpipeGuard guard;
  curl_multi_cleanup(multi_);
}

absl::StatusOr<Response> CurlSession::Get(const tfsdk::CancelToken& cancel, const Request& request,
                                          const Url& url, const std::string& user_agent) {
  TFSDK_ASSIGN_OR_RETURN(HeaderList headers, HeadersOf(request, url));
  const absl::Duration left = std::min(request.deadline - absl::Now(), absl::Minutes(15));
  if (left <= absl::ZeroDuration()) {
    return ErrorWithReason(
        absl::StatusCode::kDeadlineExceeded, "timeout",
        absl::StrCat(RedactUrl(request.url), ": the time allowed was over before it was asked."));
  }
  const auto milliseconds = [&](absl::Duration duration) {
    return std::max<long>(1, absl::ToInt64Milliseconds(std::min(duration, left)));
  };

  const SigpipeGuard guard;
  Transfer transfer(request.max_body_bytes, std::move(headers));
  CURL* const easy = transfer.easy;

  // Where to.
  Url asked = url;
  if (!request.tls.server_name.empty()) {
    asked.host = request.tls.server_name;
    transfer.connect_to =
        curl_slist_append(nullptr, absl::StrCat("::", url.BracketedHost(), ":", url.port).c_str());
    TFSDK_CHECK(transfer.connect_to != nullptr, "out of memory");
    Set(easy, CURLOPT_CONNECT_TO, static_cast<void*>(transfer.connect_to));
  }
  const std::string target =
      absl::StrCat("https://", asked.Authority(), url.path, url.has_query ? "?" : "", url.query);
  Set(easy, CURLOPT_URL, target.c_str());
  Set(easy, CURLOPT_PATH_AS_IS, 1L);
  Set(easy, CURLOPT_PROTOCOLS_STR, "https");
  Set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // The environment names no proxy here.
  Set(easy, CURLOPT_PROXY, "");
  Set(easy, CURLOPT_NOPROXY, "*");
  Set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));

  // What is asked.
  Set(easy, CURLOPT_HTTPGET, 1L);
  Set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  Set(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  Set(easy, CURLOPT_USERAGENT, user_agent.c_str());
  Set(easy, CURLOPT_HTTPHEADER, static_cast<void*>(transfer.headers.get()));
  Set(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);

  // TLS: TlsContext sets the rules on the SSL_CTX; curl's own are laxer, and stay on.
  Set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(easy, CURLOPT_CAINFO, static_cast<const char*>(nullptr));
  Set(easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  Set(easy, CURLOPT_SSL_VERIFYPEER, tls_->verifies() ? 1L : 0L);
  Set(easy, CURLOPT_SSL_VERIFYHOST, tls_->verifies() ? 2L : 0L);
  // Left alone, curl makes a root of any intermediate among the trusted certificates.
  Set(easy, CURLOPT_SSL_OPTIONS, static_cast<long>(CURLSSLOPT_NO_PARTIALCHAIN));
  Set(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  const curl_ssl_ctx_callback install = [](CURL*, void* context, void* session) {
    auto* const self = static_cast<CurlSession*>(session);
    return self->tls_->Install(static_cast<ssl_ctx_st*>(context), &self->report_) ? CURLE_OK
                                                                                  : CURLE_SSL_CERTPROBLEM;
  };
  TFSDK_CHECK(curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, install) == CURLE_OK,
              "curl was built without OpenSSL");
  Set(easy, CURLOPT_SSL_CTX_DATA, static_cast<void*>(this));

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

  // What comes back.
  Set(easy, CURLOPT_ERRORBUFFER, static_cast<void*>(transfer.error_text));
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  Set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&transfer.reader));
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &OnBody);
  Set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&transfer.reader));

  report_.Forget();
  TFSDK_CHECK(curl_multi_add_handle(multi_, easy) == CURLM_OK, "curl refuses a handle");
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
  curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &kept);
  TransferOutcome outcome = OutcomeOf(easy, code, transfer.error_text, transfer.reader);
  curl_multi_remove_handle(multi_, easy);

  if (cancelled) {
    return ErrorWithReason(absl::StatusCode::kCancelled, "cancelled",
                           absl::StrCat(RedactUrl(request.url), ": the read was cancelled."));
  }
  if (!transfer.reader.failure().ok()) {
    return tfsdk::Annotate(transfer.reader.failure(), RedactUrl(request.url));
  }
  if (transfer.reader.HasOtherStatus()) return transfer.reader.TakeResponse();
  // curl takes any end of a connection for the end of such a body, but it may have been cut.
  if (code == CURLE_OK && transfer.reader.EndsWithConnection() && !report_.closed)
    outcome.curl_code = CURLE_PARTIAL_FILE;
  // Nor does curl mind a connection that ends properly within the header, or a broken HTTP/2 session; after the
  // latter it does not keep the connection.
  const bool broken_off = transfer.reader.EndsWithStream() && kept == CURL_SOCKET_BAD;
  if (code == CURLE_OK && (!transfer.reader.HasWholeHeader() || broken_off))
    outcome.curl_code = CURLE_PARTIAL_FILE;
  if (outcome.curl_code == CURLE_OK) return transfer.reader.TakeResponse();
  return CurlError(outcome, report_, request.url, url.Authority(), tls_->has_client_certificate());
}

}  // namespace k8soidc::http
