#pragma once

// The Transport that really fetches. curl stays behind this header.

#include <memory>
#include <string>

#include "http/http.h"
#include "http/proxy.h"
#include "http/system_roots.h"

namespace k8soidc::http {

struct CurlTransportOptions {
  // Where the system's certificate authorities are. The environment's SSL_CERT_FILE and SSL_CERT_DIR are
  // filled in by whoever reads the environment: nothing below reads it.
  SystemRootPaths system_roots = {};
  // Which proxy a request goes through that names none. Filled in by whoever reads the environment.
  ProxyEnvironment proxies = {};
  // Servers log it. Name and version of the program.
  std::string user_agent = "terraform-provider-k8soidc";
};

// HTTP/1.1 and HTTP/2 over TLS 1.2 or later, and plain HTTP/1.1 for an http URL. At most 8 connections are in use
// at once per origin, TLS identity and proxy; further requests wait. Up to 128 idle ones are kept for reuse; one
// made for a client certificate, CA, server name or proxy is never used for another. It reads no environment
// variable, and no file but the system's certificates. Safe from any thread; requests may be in flight in any
// number.
std::unique_ptr<Transport> MakeCurlTransport(CurlTransportOptions options);

}  // namespace k8soidc::http
