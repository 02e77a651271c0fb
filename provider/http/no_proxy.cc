#include "http/no_proxy.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace k8soidc::http {
namespace {

constexpr uint8_t kMappedPrefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};  // RFC 4291, 2.5.5.2.
constexpr int kMappedBits = 96;

bool IsMapped(const std::array<uint8_t, 16>& address) {
  return std::memcmp(address.data(), kMappedPrefix, sizeof(kMappedPrefix)) == 0;
}

// Go's net.SplitHostPort. Nothing when there is no port, or the brackets are not where they belong.
std::optional<std::pair<std::string, std::string>> SplitHostPort(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return std::nullopt;
  absl::string_view host = text.substr(0, colon);
  const absl::string_view port = text.substr(colon + 1);
  if (absl::ConsumePrefix(&host, "[")) {
    if (!absl::ConsumeSuffix(&host, "]")) return std::nullopt;
  } else if (absl::StrContains(host, ':')) {
    return std::nullopt;
  }
  if (host.find_first_of("[]") != absl::string_view::npos ||
      port.find_first_of("[]") != absl::string_view::npos) {
    return std::nullopt;
  }
  return std::pair(std::string(host), std::string(port));
}

}  // namespace

std::optional<NoProxyList::Address> NoProxyList::ParseAddress(const std::string& text) {
  Address address = {};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return address;
  std::copy(std::begin(kMappedPrefix), std::end(kMappedPrefix), address.begin());
  if (inet_pton(AF_INET, text.c_str(), address.data() + sizeof(kMappedPrefix)) == 1) return address;
  return std::nullopt;
}

std::optional<NoProxyList::Network> NoProxyList::ParseNetwork(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos) return std::nullopt;
  const std::string written(text.substr(0, slash));
  const absl::string_view bits = text.substr(slash + 1);
  Network network;
  const std::optional<Address> address = ParseAddress(written);
  if (!address.has_value() || bits.empty() || bits.size() > 8 ||
      !std::all_of(bits.begin(), bits.end(), absl::ascii_isdigit) || !absl::SimpleAtoi(bits, &network.bits)) {
    return std::nullopt;
  }
  if (!absl::StrContains(written, ':')) network.bits += kMappedBits;
  if (network.bits > 128) return std::nullopt;
  network.address = *address;
  return network;
}

NoProxyList::NoProxyList(absl::string_view text) {
  for (const absl::string_view piece : absl::StrSplit(text, ',')) {
    const std::string entry = absl::AsciiStrToLower(absl::StripAsciiWhitespace(piece));
    if (entry == "*") {
      everything_ = true;
    } else if (!entry.empty()) {
      Add(entry);
    }
  }
}

void NoProxyList::Add(const std::string& entry) {
  if (std::optional<Network> network = ParseNetwork(entry)) {
    networks_.push_back(*std::move(network));
    return;
  }
  auto [host, port] = SplitHostPort(entry).value_or(std::pair(entry, std::string()));
  if (host.empty()) return;
  if (const std::optional<Address> address = ParseAddress(host)) {
    networks_.push_back({.address = *address, .port = port});
    return;
  }
  if (absl::StartsWith(host, "*.")) host.erase(0, 1);
  const bool itself = host.front() != '.';
  domains_.push_back({.suffix = itself ? absl::StrCat(".", host) : host, .itself = itself, .port = port});
}

bool NoProxyList::Covers(const Url& url) const {
  if (url.host == "localhost" || everything_) return true;
  const auto port_fits = [port = absl::StrCat(url.port)](const std::string& wanted) {
    return wanted.empty() || wanted == port;
  };
  if (const std::optional<Address> address = ParseAddress(url.host)) {
    static const Network ipv4_loopback = *ParseNetwork("127.0.0.0/8");
    static const Network ipv6_loopback = *ParseNetwork("::1/128");
    const auto contains = [&](const Network& network) {
      // To Go an IPv4 address, mapped or not, is in no network that is wider than all of IPv4.
      if (IsMapped(*address) && network.bits < kMappedBits) return false;
      const size_t whole = static_cast<size_t>(network.bits) / 8;
      if (std::memcmp(address->data(), network.address.data(), whole) != 0) return false;
      const int rest = network.bits % 8;
      return rest == 0 || ((*address)[whole] ^ network.address[whole]) >> (8 - rest) == 0;
    };
    return contains(ipv4_loopback) || contains(ipv6_loopback) ||
           std::any_of(networks_.begin(), networks_.end(),
                       [&](const Network& network) { return contains(network) && port_fits(network.port); });
  }
  const std::string host = absl::AsciiStrToLower(url.host);
  return std::any_of(domains_.begin(), domains_.end(), [&](const Domain& domain) {
    return (absl::EndsWith(host, domain.suffix) ||
            (domain.itself && host == absl::string_view(domain.suffix).substr(1))) &&
           port_fits(domain.port);
  });
}

}  // namespace k8soidc::http
