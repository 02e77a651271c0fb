#pragma once

// Quoted: how text from outside (a kid, a member name, a context name) may appear in a message.

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace k8soidc::json {

// `text` between double quotes, on one line: printable ASCII as it is, everything else as \xNN, cut after
// `limit` bytes of input with three dots. So a hostile name can neither forge a line of a log nor reorder
// what a terminal shows. For names only: a token, a key or a body never goes into a message, quoted or not.
std::string Quoted(absl::string_view text, size_t limit = 120);

}  // namespace k8soidc::json
