#include "kube/pem.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

constexpr absl::string_view kBegin = "-----BEGIN ";
constexpr absl::string_view kDashes = "-----";

// Counts the blocks whose label ends in `label`.
absl::StatusOr<int> CountBlocks(absl::string_view text, absl::string_view label) {
  int count = 0;
  if (!absl::StrContains(text, kBegin)) {
    return absl::InvalidArgumentError("is not PEM text: it has no -----BEGIN line");
  }
  while (true) {
    const size_t begin = text.find(kBegin);
    if (begin == absl::string_view::npos) return count;
    text.remove_prefix(begin + kBegin.size());
    const size_t label_end = text.find(kDashes);
    if (label_end == absl::string_view::npos || label_end > 64) {
      return absl::InvalidArgumentError("has a damaged -----BEGIN line");
    }
    const absl::string_view found = text.substr(0, label_end);
    text.remove_prefix(label_end + kDashes.size());
    const std::string end_line = absl::StrCat("-----END ", found, kDashes);
    const size_t end = text.find(end_line);
    if (end == absl::string_view::npos) {
      return absl::InvalidArgumentError(
          "has a -----BEGIN line without its -----END line: it is cut off or damaged");
    }
    const absl::string_view body = text.substr(0, end);
    text.remove_prefix(end + end_line.size());
    if (!absl::EndsWith(found, label)) continue;
    if (absl::StartsWith(found, "ENCRYPTED") || absl::StrContains(body, "ENCRYPTED")) {
      return absl::InvalidArgumentError(
          "has a passphrase, which nobody can be asked for here; give the key without one");
    }
    std::string decoded;
    if (!absl::Base64Unescape(body, &decoded) || decoded.empty()) {
      return absl::InvalidArgumentError("is damaged PEM: what stands between BEGIN and END is not base64");
    }
    ++count;
  }
}

}  // namespace

absl::Status CheckCertificatePem(absl::string_view text) {
  TFSDK_ASSIGN_OR_RETURN(const int count, CountBlocks(text, "CERTIFICATE"));
  return count > 0 ? absl::OkStatus() : absl::InvalidArgumentError("is PEM, but has no CERTIFICATE in it");
}

absl::Status CheckPrivateKeyPem(absl::string_view text) {
  TFSDK_ASSIGN_OR_RETURN(const int count, CountBlocks(text, "PRIVATE KEY"));
  return count > 0 ? absl::OkStatus() : absl::InvalidArgumentError("is PEM, but has no PRIVATE KEY in it");
}

}  // namespace k8soidc::kube
