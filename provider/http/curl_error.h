#pragma once

// What a curl code means to a person: the one place where curl's errors become statuses.

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "http/tls.h"

namespace k8soidc::http {

// What is known about a transfer that ended in an error.
struct TransferOutcome {
  // A CURLcode. Not 0.
  int curl_code = 0;
  // errno of the failed system call, or 0.
  int os_error = 0;
  // curl's own words. Only searched, never shown: they may hold anything.
  std::string curl_text;
  // How far it got.
  bool name_resolved = false;
  bool connected = false;
  bool tls_done = false;
  bool answer_started = false;
  size_t body_bytes = 0;
  absl::Duration elapsed;
  // What the proxy said: the status of its answer to CONNECT, or 0; how many bytes of answer came; and a
  // CURLproxycode of SOCKS.
  int connect_status = 0;
  size_t connect_bytes = 0;
  int socks_code = 0;
};

// What an outcome means: the status it becomes, without the URL.
struct Meaning {
  absl::StatusCode code;
  absl::string_view reason;  // A literal; see ErrorReason().
  std::string sentence;
};

// "2.5s": to a tenth of a second, for sentences.
std::string ToTenths(absl::Duration duration);

// One status with a reason and a sentence, starting with the redacted `url`. The table of codes is closed: a
// code that is not in it is "unexpected", which nobody retries. `host` is the authority, for the words;
// `has_client_certificate` too.
absl::Status CurlError(const TransferOutcome& outcome, const TlsReport& tls, absl::string_view url,
                       absl::string_view host, bool has_client_certificate);

}  // namespace k8soidc::http
