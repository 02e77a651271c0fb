#pragma once

// What a program wrote about its failure, made fit for a message: its words, not its secrets.

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// `text` on one line, without terminal sequences and control characters, and with "[redacted]" in the place of
//   * every one of `known`, and each of its lines, from four bytes on;
//   * PEM blocks, also where only one end of the block is there;
//   * what follows a word like token, password, bearer, authorization or secret: the whole rest of the line after
//     a colon, an equals sign or a quote, otherwise whatever is no plain English word;
//   * long runs that look random: base64, hexadecimal, JWTs;
//   * user, password, query and fragment of URLs.
// Errs on the side of taking out too much. The result is still foreign text: quote it.
std::string RedactSecrets(absl::string_view text, const std::vector<tfsdk::Secret>& known);

// The same for output of which only the beginning and the end were kept: the broken lines between them are left
// out. Cut to about 1,000 bytes, of which the end gets more: that is where programs say why.
std::string RedactOutput(absl::string_view head, absl::string_view tail, bool is_cut,
                         const std::vector<tfsdk::Secret>& known);

// `text` without terminal sequences (ECMA-48: CSI, OSC and the like), other control characters and invisible or
// bidirectional marks. Line breaks of any kind become \n, tabs spaces. Bytes that are not UTF-8 stay.
std::string StripTerminalControls(absl::string_view text);

}  // namespace k8soidc::kube
