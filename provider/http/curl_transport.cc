#include "http/curl_transport.h"

#include <curl/curl.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "http/curl_session.h"
#include "http/tls.h"
#include "http/url.h"
#include "json/quote.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxIdleSessions = 16;

// A name that may stand for the host in a URL and be sent as SNI.
absl::Status CheckServerName(const Request& request) {
  const std::string& name = request.tls.server_name;
  if (name.empty()) return absl::OkStatus();
  const absl::StatusOr<Url> as_url = ParseUrl(
      absl::StrCat("https://", absl::StrContains(name, ':') ? absl::StrCat("[", name, "]") : name, "/"));
  if (as_url.ok() && as_url->port == 443 && as_url->path == "/" &&
      absl::EqualsIgnoreCase(as_url->host, name)) {
    return absl::OkStatus();
  }
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "bad_request",
                         absl::StrCat(RedactUrl(request.url), ": the TLS server name ", json::Quoted(name),
                                      " is neither a host name nor an address."));
}

class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(CurlTransportOptions options)
      : user_agent_(std::move(options.user_agent)), roots_(std::move(options.system_roots)) {}

  absl::StatusOr<Response> Get(const tfsdk::CancelToken& cancel, const Request& request) override {
    TFSDK_ASSIGN_OR_RETURN(const Url url, ParseUrl(request.url));
    TFSDK_RETURN_IF_ERROR(CheckServerName(request));
    absl::StatusOr<std::unique_ptr<CurlSession>> session = Take(request, url);
    if (!session.ok()) return tfsdk::Annotate(session.status(), RedactUrl(request.url));
    absl::StatusOr<Response> response = (*session)->Get(cancel, request, url, user_agent_);
    if (response.ok()) GiveBack(*std::move(session));
    return response;
  }

 private:
  absl::StatusOr<std::unique_ptr<CurlSession>> Take(const Request& request, const Url& url)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    std::string key = absl::StrCat(url.Authority(), " ", TlsIdentity(request.tls));
    {
      absl::MutexLock lock(&mutex_);
      for (auto session = idle_.rbegin(); session != idle_.rend(); ++session) {
        if ((*session)->key() != key) continue;
        std::unique_ptr<CurlSession> taken = std::move(*session);
        idle_.erase(std::next(session).base());
        return taken;
      }
    }
    TFSDK_ASSIGN_OR_RETURN(std::shared_ptr<const TlsContext> tls,
                           TlsContext::Make(request.tls, url.host, roots_));
    return std::make_unique<CurlSession>(std::move(key), std::move(tls));
  }

  void GiveBack(std::unique_ptr<CurlSession> session) ABSL_LOCKS_EXCLUDED(mutex_) {
    std::unique_ptr<CurlSession> oldest;  // Closed outside the lock.
    absl::MutexLock lock(&mutex_);
    idle_.push_back(std::move(session));
    if (idle_.size() <= kMaxIdleSessions) return;
    oldest = std::move(idle_.front());
    idle_.erase(idle_.begin());
  }

  const std::string user_agent_;
  SystemRoots roots_;
  absl::Mutex mutex_;
  // Oldest first.
  std::vector<std::unique_ptr<CurlSession>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<Transport> MakeCurlTransport(CurlTransportOptions options) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  TFSDK_CHECK(ready == CURLE_OK, "curl cannot start");
  return std::make_unique<CurlTransport>(std::move(options));
}

}  // namespace k8soidc::http
