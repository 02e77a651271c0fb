#include "json/quote.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace k8soidc::json {

std::string Quoted(absl::string_view text, size_t limit) {
  const bool cut = text.size() > limit;
  return absl::StrCat("\"", absl::CHexEscape(text.substr(0, limit)), cut ? "..." : "", "\"");
}

}  // namespace k8soidc::json
