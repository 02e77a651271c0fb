#include "types/pem_text.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace k8soidc::types {
namespace {

constexpr size_t kMaxBytes = 1 << 20;
constexpr size_t kMaxLabel = 64;
constexpr absl::string_view kBegin = "-----BEGIN ";
constexpr absl::string_view kEnd = "-----END ";
constexpr absl::string_view kDashes = "-----";

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("Must be PEM text: ", why));
}

}  // namespace

absl::StatusOr<PemText> PemText::Parse(absl::string_view text) {
  if (text.size() > kMaxBytes) return Wrong("it is longer than 1 MiB.");
  std::string meaning;
  absl::string_view rest = text;
  for (size_t begin; (begin = rest.find(kBegin)) != absl::string_view::npos;) {
    rest.remove_prefix(begin + kBegin.size());
    const size_t label_end = rest.find(kDashes);
    if (label_end > kMaxLabel) return Wrong("a -----BEGIN line is damaged.");
    const absl::string_view label = rest.substr(0, label_end);
    rest.remove_prefix(label_end + kDashes.size());
    const size_t end = rest.find(kDashes);
    if (end == absl::string_view::npos) return Wrong("a -----BEGIN line has no -----END line.");
    const absl::string_view body = rest.substr(0, end);
    rest.remove_prefix(end);
    if (!absl::ConsumePrefix(&rest, absl::StrCat(kEnd, label, kDashes))) {
      return Wrong("a -----BEGIN line is not followed by its own -----END line.");
    }
    std::string bytes;
    if (!absl::Base64Unescape(body, &bytes) || bytes.empty()) {
      return Wrong("what stands between BEGIN and END is not base64.");
    }
    absl::StrAppend(&meaning, label, ":", absl::Base64Escape(bytes), "\n");
  }
  if (meaning.empty()) return Wrong("it has no -----BEGIN line.");
  return PemText(text, std::move(meaning));
}

}  // namespace k8soidc::types
