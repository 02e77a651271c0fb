#pragma once

// The Transport that really fetches. curl stays behind this header.

#include <memory>
#include <string>

#include "http/http.h"
#include "http/system_roots.h"

namespace k8soidc::http {

struct CurlTransportOptions {
  // Where the system's certificate authorities are. The environment's SSL_CERT_FILE and SSL_CERT_DIR are
  // filled in by whoever reads the environment: nothing below reads it.
  SystemRootPaths system_roots;
  // Servers log it. Name and version of the program.
  std::string user_agent = "terraform-provider-k8soidc";
};

// HTTP/1.1 and HTTP/2 over TLS 1.2 or later. Keeps up to 16 idle connections for reuse; one made for a client
// certificate, CA or server name is never used for another. Environment variables name no proxy to it, and no
// file but the system's certificates is read. Safe from any thread; requests may be in flight in any number.
std::unique_ptr<Transport> MakeCurlTransport(CurlTransportOptions options);

}  // namespace k8soidc::http
