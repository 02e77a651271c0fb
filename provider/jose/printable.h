#pragma once

#include "absl/strings/string_view.h"

namespace k8soidc::jose {

// Whether every character of `text`, valid UTF-8, can be seen: no control, no line or paragraph separator,
// nothing that is invisible or reorders what is around it (zero-width and bidirectional marks, tags), no code
// point that is not a character. Two names that look alike in a plan may still differ; two that differ in
// nothing visible may not pass.
bool IsPrintable(absl::string_view text);

}  // namespace k8soidc::jose
