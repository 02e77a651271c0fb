#pragma once

// NO_PROXY: which servers the environment wants reached directly.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "http/url.h"

namespace k8soidc::http {

// The rules of one NO_PROXY variable, as golang.org/x/net/http/httpproxy reads them: a comma-separated list of
// addresses, networks (CIDR) and names, each but a network with a port or without. A name stands for itself and
// what is below it, ".name" and "*.name" only for what is below; "*" is everything. An entry that is none of
// these matches nothing. Immutable.
class NoProxyList {
 public:
  NoProxyList() = default;
  explicit NoProxyList(absl::string_view text);

  // Whether `url` is to be reached without a proxy. Always for localhost and loopback addresses.
  bool Covers(const Url& url) const;

 private:
  // An IPv4 address is kept as the IPv6 address it is mapped to.
  using Address = std::array<uint8_t, 16>;
  struct Network {
    Address address = {};
    int bits = 128;
    std::string port;  // Empty: any.
  };
  struct Domain {
    std::string suffix;  // With its leading dot.
    bool itself = false;
    std::string port;  // Empty: any.
  };

  static std::optional<Address> ParseAddress(const std::string& text);
  static std::optional<Network> ParseNetwork(absl::string_view text);
  void Add(const std::string& entry);

  bool everything_ = false;
  std::vector<Network> networks_;
  std::vector<Domain> domains_;
};

}  // namespace k8soidc::http
