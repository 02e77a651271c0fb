#include "http/proxy.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "http/http.h"

namespace k8soidc::http {
namespace {

constexpr size_t kMaxProxyUrlBytes = 8192;
constexpr size_t kMaxCredentialBytes = 1024;
constexpr size_t kMaxSocksCredentialBytes = 255;  // RFC 1929, 2: a length of one byte.

struct SchemeRow {
  absl::string_view name;
  Proxy::Scheme scheme;
  uint16_t port;
};
constexpr SchemeRow kSchemes[] = {
    {"http", Proxy::Scheme::kHttp, 80},
    {"https", Proxy::Scheme::kHttps, 443},
    {"socks5", Proxy::Scheme::kSocks5, 1080},
    {"socks5h", Proxy::Scheme::kSocks5h, 1080},
};

absl::Status Refuse(absl::string_view url, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("is no proxy URL (", RedactUrl(url), "): ", why));
}

// Nothing when a percent sign is not followed by two hexadecimal digits.
std::optional<std::string> PercentDecoded(absl::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    const absl::string_view digits = text.substr(i + 1, 2);
    if (digits.size() != 2 || !std::all_of(digits.begin(), digits.end(), absl::ascii_isxdigit)) {
      return std::nullopt;
    }
    out += absl::HexStringToBytes(digits);
    i += 2;
  }
  return out;
}

absl::Status ReadCredential(absl::string_view url, absl::string_view userinfo, Proxy* proxy) {
  const size_t colon = userinfo.find(':');
  std::optional<std::string> username = PercentDecoded(userinfo.substr(0, colon));
  std::optional<std::string> password =
      PercentDecoded(colon == absl::string_view::npos ? "" : userinfo.substr(colon + 1));
  if (!username.has_value() || !password.has_value()) {
    return Refuse(url, "its user name or password has a % that is no escape; write %25");
  }
  const auto unfit = [](const std::string& text) {
    return std::any_of(text.begin(), text.end(),
                       [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
  };
  if (unfit(*username) || unfit(*password)) {
    return Refuse(url, "its user name or password has a control character");
  }
  const bool socks = proxy->scheme == Proxy::Scheme::kSocks5 || proxy->scheme == Proxy::Scheme::kSocks5h;
  const size_t longest = socks ? kMaxSocksCredentialBytes : kMaxCredentialBytes;
  if (username->size() > longest || password->size() > longest) {
    return Refuse(url, absl::StrCat("its user name or password is longer than ", longest, " bytes"));
  }
  if (socks && username->empty() && !password->empty()) {
    return Refuse(url, "it has a password without a user name, which SOCKS does not know");
  }
  proxy->username = *std::move(username);
  proxy->password = tfsdk::Secret(*std::move(password));
  return absl::OkStatus();
}

}  // namespace

std::string Proxy::Url() const {
  const auto row = std::find_if(std::begin(kSchemes), std::end(kSchemes),
                                [&](const SchemeRow& one) { return one.scheme == scheme; });
  return absl::StrCat(row->name, "://", absl::StrContains(host, ':') ? absl::StrCat("[", host, "]") : host,
                      ":", port);
}

std::string Proxy::Describe() const {
  return absl::StrCat("the proxy ", Url(), origin.empty() ? "" : absl::StrCat(" (", origin, ")"));
}

absl::StatusOr<Proxy> ParseProxyUrl(absl::string_view url, absl::string_view origin) {
  if (url.size() > kMaxProxyUrlBytes) return Refuse(url, "it is longer than 8192 bytes");
  const size_t scheme_end = url.find("://");
  const std::string scheme = absl::AsciiStrToLower(url.substr(0, scheme_end));
  const auto row = std::find_if(std::begin(kSchemes), std::end(kSchemes),
                                [&](const SchemeRow& one) { return one.name == scheme; });
  if (scheme_end == absl::string_view::npos || row == std::end(kSchemes)) {
    // Nothing of it is shown: what is no scheme may be part of a password.
    return absl::InvalidArgumentError(
        "is no proxy URL: it must start with http://, https://, socks5:// or socks5h://");
  }
  Proxy proxy{.scheme = row->scheme, .origin = std::string(origin)};

  // A path, query or fragment says nothing to a proxy; client-go skips them as well.
  absl::string_view authority = url.substr(scheme_end + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  const size_t at = authority.rfind('@');
  if (at != absl::string_view::npos) {
    const absl::Status read = ReadCredential(url, authority.substr(0, at), &proxy);
    if (!read.ok()) return read;
    authority.remove_prefix(at + 1);
  }
  const absl::StatusOr<::k8soidc::http::Url> parsed =
      ParseHttpOrHttpsUrl(absl::StrCat("http://", authority, "/"));
  if (!parsed.ok()) {
    return Refuse(url, "host or port cannot be used (host:port, an IPv6 address in brackets)");
  }
  proxy.host = parsed->host;
  const absl::string_view after_host = authority.substr(authority.rfind(']') + 1);  // All, without a bracket.
  const size_t colon = after_host.find(':');
  const bool has_port = colon != absl::string_view::npos && colon + 1 < after_host.size();
  proxy.port = has_port ? parsed->port : row->port;
  return proxy;
}

ProxyEnvironment::ProxyEnvironment(
    const std::function<std::optional<std::string>(const char* name)>& getenv) {
  // The first of the two that is set. An empty variable counts as not set.
  const auto first = [&](const char* upper, const char* lower) {
    for (const char* const name : {upper, lower}) {
      std::string value = getenv(name).value_or("");
      if (!value.empty()) return std::pair(std::string(name), std::move(value));
    }
    return std::pair(std::string(), std::string());
  };
  const auto parse = [&](const char* upper, const char* lower) -> absl::StatusOr<std::optional<Proxy>> {
    const auto [name, value] = first(upper, lower);
    if (value.empty()) return std::nullopt;
    // As Go does it: what has no scheme, or reads as one by accident ("user:password@host"), is http.
    const absl::StatusOr<Proxy> proxy =
        ParseProxyUrl(absl::StrContains(value, "://") ? value : absl::StrCat("http://", value), name);
    if (proxy.ok()) return *proxy;
    return ErrorWithReason(
        absl::StatusCode::kInvalidArgument, "proxy_config",
        absl::StrCat("the variable ", name, " ", proxy.status().message(),
                     ". Correct it, or list the server in NO_PROXY to reach it without a proxy."));
  };
  https_ = parse("HTTPS_PROXY", "https_proxy");
  http_ = parse("HTTP_PROXY", "http_proxy");
  // In a CGI program HTTP_PROXY is what a request's header "Proxy" says. Go refuses it there too.
  if (!getenv("REQUEST_METHOD").value_or("").empty() && http_.ok() && http_->has_value()) {
    http_ = ErrorWithReason(
        absl::StatusCode::kInvalidArgument, "proxy_config",
        absl::StrCat("the variable ", (*http_)->origin,
                     " is not used where REQUEST_METHOD is set too (a CGI program), because there anybody "
                     "who sends a request may set it. Unset one of the two, or name the proxy itself."));
  }
  no_proxy_ = NoProxyList(first("NO_PROXY", "no_proxy").second);
}

absl::StatusOr<std::optional<Proxy>> ProxyEnvironment::ProxyFor(const Url& url) const {
  const absl::StatusOr<std::optional<Proxy>>& proxy = url.scheme == Url::Scheme::kHttps ? https_ : http_;
  if (no_proxy_.Covers(url)) return std::nullopt;
  return proxy;
}

}  // namespace k8soidc::http
