#pragma once

// The header of a request as curl takes it.

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "http/http.h"
#include "http/url.h"

struct curl_slist;

namespace k8soidc::http {

// Overwrites the text before it frees it: it may hold a credential.
struct WipeList {
  void operator()(curl_slist* list) const;
};
using HeaderList = std::unique_ptr<curl_slist, WipeList>;

// All that `request` sends besides Host and User-Agent. Errors: kInvalidArgument, reason "bad_request", for a
// name that is no token (RFC 9110, 5.6.2), a control character in a value, and a value over 256 KiB. They never
// say what a value is.
absl::StatusOr<HeaderList> HeadersOf(const Request& request, const Url& url);

// The last line of defence: kInvalidArgument, reason "bad_request", when `request` would show a credential
// (authorization, client certificate, impersonation) to everybody on the way, `url` being plain http.
absl::Status CheckNothingSecretInTheClear(const Request& request, const Url& url);

}  // namespace k8soidc::http
