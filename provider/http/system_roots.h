#pragma once

// The certificate authorities this machine trusts, found where Linux distributions and macOS keep them.

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

struct x509_store_st;

namespace k8soidc::http {

// Where to look. The same places in the same order as Go's crypto/x509, so that this program and kubectl
// trust the same.
struct SystemRootPaths {
  // The value of SSL_CERT_FILE: this file instead of `files`. Empty: not set.
  std::string ssl_cert_file;
  // The value of SSL_CERT_DIR: these directories, split at ':', instead of `directories`. Empty: not set.
  std::string ssl_cert_dir;
  // The first that holds a certificate is used.
  std::vector<std::string> files = {
      "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Alpine, Arch
      "/etc/pki/tls/certs/ca-bundle.crt",                   // Fedora, older RHEL
      "/etc/ssl/ca-bundle.pem",                             // openSUSE
      "/etc/pki/tls/cacert.pem",                            // OpenELEC
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // RHEL 7 and later
      "/etc/ssl/cert.pem",                                  // Alpine, macOS
  };
  // Read only when none of `files` holds a certificate.
  std::vector<std::string> directories = {"/etc/ssl/certs", "/etc/pki/tls/certs"};
};

// Trusted certificates, with words for messages.
struct TrustStore {
  std::shared_ptr<x509_store_st> store;
  // "the authorities this machine trusts (/etc/ssl/certs/ca-certificates.crt)".
  std::string description;
};

// A store of every certificate in `pem`. Unlike for the system's files, one that cannot be parsed is an
// error. `what` names the bundle in errors: "the CA certificates". Errors: kInvalidArgument, reason
// "tls_config".
absl::StatusOr<std::shared_ptr<x509_store_st>> StoreFromPem(absl::string_view pem, absl::string_view what);

// Loads the system's roots when they are first asked for, and keeps them. Safe from any thread.
class SystemRoots {
 public:
  explicit SystemRoots(SystemRootPaths paths) : paths_(std::move(paths)) {}

  // Errors: kFailedPrecondition, reason "tls_config", naming the places looked at. Not kept: asked again, it
  // looks again.
  absl::StatusOr<TrustStore> Get() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const SystemRootPaths paths_;
  absl::Mutex mutex_;
  TrustStore loaded_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace k8soidc::http
