#pragma once

#include "absl/strings/string_view.h"

namespace k8soidc::jose {

// Whether every character of `text`, valid UTF-8, can be seen or is a plain space: no control, no line or
// paragraph separator, nothing that is invisible or reorders what is around it (zero-width and bidirectional
// marks, variation selectors, tags), no private use, no code point that is not a character. Look-alikes pass:
// which letters a name may have is not ours to say.
bool IsPrintable(absl::string_view text);

}  // namespace k8soidc::jose
