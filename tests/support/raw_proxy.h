#pragma once

// Proxies as scripts for a RawServer: it is the proxy, requests() is what the proxy saw.
//
//   RawServer proxy({.plain = true}, HttpProxy({}));
//   RawServer tls_proxy({.identity = proxy_certificate}, HttpProxy({.username = "u", .password = "p"}));
//   RawServer socks({.plain = true}, Socks5Proxy({}));
//
// Whatever host they are asked for, they connect to loopback, so that any name can be tested. Misbehaving proxies
// are scripts of the tests' own.

#include <string>

#include "support/raw_server.h"

namespace k8soidc {

struct RawProxyOptions {
  // What a client must present; empty: nothing.
  std::string username = {};
  std::string password = {};
};

// CONNECT, and requests in absolute form (one for each connection), both recorded as they came. Wrong credentials
// are answered with 407, a port where nothing listens with 502.
RawServer::Script HttpProxy(RawProxyOptions options);

// RFC 1928 with no authentication or that of RFC 1929. Recorded as "SOCKS5 name HOST:PORT" ("ipv4", "ipv6" for
// addresses), after "SOCKS5 user USERNAME PASSWORD".
RawServer::Script Socks5Proxy(RawProxyOptions options);

}  // namespace k8soidc
