#include "crypto/openssl.h"

#include <openssl/err.h>

#include "absl/strings/str_cat.h"

namespace k8soidc::crypto {

absl::Status SslError(absl::string_view doing) {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  absl::Status status =
      absl::InternalError(absl::StrCat(doing, ": ", reason != nullptr ? reason : "OpenSSL failed"));
  ERR_clear_error();
  return status;
}

void ForgetSslErrors() { ERR_clear_error(); }

}  // namespace k8soidc::crypto
