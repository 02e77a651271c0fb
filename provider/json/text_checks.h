#pragma once

// Checks of JSON text as bytes, before any parser sees it. Both run once over the text.

#include <cstddef>

#include "absl/strings/string_view.h"

namespace k8soidc::json {

// The offset of the first byte that cannot belong to well-formed UTF-8 (RFC 3629: no overlong forms, no
// surrogates, nothing above U+10FFFF), or npos.
size_t FirstInvalidUtf8(absl::string_view text);

// The offset of the first \uD800-\uDFFF escape that is not part of a high-low pair (RFC 8259, section 7), or
// npos. `text` is JSON text; escapes that are malformed in another way are left for the parser to find.
size_t FirstLoneSurrogate(absl::string_view text);

}  // namespace k8soidc::json
