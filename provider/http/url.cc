#include "http/url.h"

#include <curl/curl.h>

#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "http/http.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxUrlBytes = 8192;
constexpr size_t kMaxHostBytes = 253;  // RFC 1035, 2.3.4, without the length bytes.

absl::Status Refuse(absl::string_view url, absl::string_view why) {
  return ErrorWithReason(absl::StatusCode::kInvalidArgument, "bad_request",
                         absl::StrCat(RedactUrl(url), " cannot be used as a URL: ", why));
}

// The part, or an empty string where the URL has none.
std::string Part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool Has(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return false;
  curl_free(text);
  return true;
}

uint16_t DefaultPort(Url::Scheme scheme) { return scheme == Url::Scheme::kHttps ? 443 : 80; }

absl::StatusOr<Url> Parse(absl::string_view text, bool http_too);

}  // namespace

std::string Url::BracketedHost() const {
  return absl::StrContains(host, ':') ? absl::StrCat("[", host, "]") : host;
}

std::string Url::Authority() const { return absl::StrCat(absl::AsciiStrToLower(BracketedHost()), ":", port); }

std::string Url::Origin() const {
  return absl::StrCat(scheme == Scheme::kHttps ? "https://" : "http://", Authority());
}

std::string Url::HostHeader() const {
  return port == DefaultPort(scheme) ? BracketedHost() : absl::StrCat(BracketedHost(), ":", port);
}

absl::StatusOr<Url> ParseUrl(absl::string_view text) { return Parse(text, /*http_too=*/false); }

absl::StatusOr<Url> ParseHttpOrHttpsUrl(absl::string_view text) { return Parse(text, /*http_too=*/true); }

namespace {

absl::StatusOr<Url> Parse(absl::string_view text, bool http_too) {
  if (text.empty()) return Refuse(text, "it is empty.");
  if (text.size() > kMaxUrlBytes)
    return Refuse(text, absl::StrCat("it is longer than ", kMaxUrlBytes, " bytes."));
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      return Refuse(
          text, "it has characters outside ASCII. Write an international host name in punycode (xn--...).");
    }
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c)) || absl::StrContains("\\\"<>^`{|}", c)) {
      return Refuse(text, "it has a space, control character or other character that no URL may have.");
    }
  }
  Url url;
  if (absl::StartsWithIgnoreCase(text, "http://")) {
    if (!http_too) {
      return Refuse(text, "plain http is not protected, so nothing is read over it. Use https.");
    }
    url.scheme = Url::Scheme::kHttp;
  } else if (!absl::StartsWithIgnoreCase(text, "https://")) {
    return Refuse(
        text, http_too ? "it starts with neither https:// nor http://." : "it does not start with https://.");
  }
  // curl would read a third slash as a slip of the pen.
  if (absl::StartsWith(text.substr(text.find("//") + 2), "/")) return Refuse(text, "it names no host.");

  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), &curl_url_cleanup);
  if (parsed == nullptr) return Refuse(text, "there is no memory left.");
  const CURLUcode code = curl_url_set(parsed.get(), CURLUPART_URL, std::string(text).c_str(),
                                      CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
  if (code == CURLUE_USER_NOT_ALLOWED) {
    return Refuse(text, "it carries a user name. Give credentials in their own arguments.");
  }
  if (code != CURLUE_OK) return Refuse(text, absl::StrCat(curl_url_strerror(code), "."));

  url.host = Part(parsed.get(), CURLUPART_HOST);
  if (Has(parsed.get(), CURLUPART_ZONEID) || absl::StrContains(url.host, '%')) {
    return Refuse(text, "its host has a zone or a percent escape.");
  }
  if (absl::StartsWith(url.host, "[") && absl::EndsWith(url.host, "]")) {
    url.host = url.host.substr(1, url.host.size() - 2);
  }
  if (url.host.empty() || url.host.front() == '.') return Refuse(text, "it names no host.");
  if (url.host.size() > kMaxHostBytes) return Refuse(text, "its host name is longer than 253 bytes.");
  uint32_t port = DefaultPort(url.scheme);
  const std::string port_text = Part(parsed.get(), CURLUPART_PORT);
  if (!port_text.empty() && (!absl::SimpleAtoi(port_text, &port) || port == 0 || port > 65535)) {
    return Refuse(text, "its port is not in 1 to 65535.");
  }
  url.port = static_cast<uint16_t>(port);
  url.path = Part(parsed.get(), CURLUPART_PATH);
  if (url.path.empty()) url.path = "/";
  url.query = Part(parsed.get(), CURLUPART_QUERY);
  // curl reports an empty query or fragment as absent; the text tells.
  const size_t mark = text.find_first_of("?#");
  url.has_query = mark != absl::string_view::npos && text[mark] == '?';
  url.has_fragment = absl::StrContains(text, '#');
  return url;
}

}  // namespace
}  // namespace k8soidc::http
