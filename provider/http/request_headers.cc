#include "http/request_headers.h"

#include <curl/curl.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "json/quote.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxRequestHeaderBytes = size_t{256} << 10;

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

}  // namespace

void WipeList::operator()(curl_slist* list) const {
  for (curl_slist* item = list; item != nullptr; item = item->next) {
    OPENSSL_cleanse(item->data, std::strlen(item->data));
  }
  curl_slist_free_all(list);
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

absl::Status CheckNothingSecretInTheClear(const Request& request, const Url& url) {
  if (url.scheme == Url::Scheme::kHttps) return absl::OkStatus();
  const bool impersonates = std::any_of(
      request.headers.begin(), request.headers.end(),
      [](const Header& header) { return absl::StartsWithIgnoreCase(header.name, "impersonate-"); });
  absl::string_view what;
  if (request.authorization.has_value()) {
    what = "a credential";
  } else if (!request.tls.client_certificate.empty() || !request.tls.client_key.empty()) {
    what = "a client certificate";
  } else if (impersonates) {
    what = "an impersonation";
  } else {
    return absl::OkStatus();
  }
  return ErrorWithReason(
      absl::StatusCode::kInvalidArgument, "bad_request",
      absl::StrCat(RedactUrl(request.url), ": ", what,
                   " is not sent over plain http, where everybody on the way could read it. Use https."));
}

}  // namespace k8soidc::http
