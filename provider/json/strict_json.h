#pragma once

// JSON from a server, a file or a child process, read so that every reader must agree on what it says.
//
// RFC 8259 leaves open what a duplicate member, a byte order mark or a number of 400 digits means; readers
// differ, and an attacker lives in the difference. Here each of them is refused (the I-JSON profile, RFC
// 7493, and more):
//
//   * text over Limits::max_bytes, nesting over Limits::max_depth;
//   * a member that appears twice in one object, compared after unescaping;
//   * a byte order mark, a NUL byte, text that is not UTF-8, half a surrogate pair in \u escapes;
//   * anything after the end of the document;
//   * a number that a 64-bit integer or a double does not hold exactly as written (1e400, 2^70, 0.1 with 30 digits),
//     so that what we pass on is what was there.
//
// A number written as a fraction or with an exponent but of whole value (1.0, 1e2) comes out as that integer.

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::json {

struct Limits {
  size_t max_bytes = size_t{1} << 20;
  size_t max_depth = 32;  // Objects and arrays that may be open at once.
};

// What is wrong with a text, for callers that have a better sentence for one of them.
enum class Defect {
  kEmpty,  // Nothing but white space.
  kHtml,   // Starts with '<': an HTML (or XML) page, perhaps a login page.
  kTooLarge,
  kTooDeep,
  kByteOrderMark,
  kNul,
  kNotUtf8,
  kLoneSurrogate,
  kDuplicateMember,
  kNumber,     // A number that would not survive.
  kTruncated,  // Fine until it ends too early.
  kTrailingData,
  kSyntax,
};

// Parses `text`. Members of objects come out in byte order of their names, whatever their order in the text.
//
// An error is kInvalidArgument; its message starts with the line and column where the reader stopped (both
// from 1; the column counts bytes) and quotes nothing from the text but the name of a duplicate member. The
// caller says which URL or file it was: tfsdk::Annotate.
absl::StatusOr<nlohmann::json> Parse(absl::string_view text, const Limits& limits = {});

// The defect in an error of Parse(), also through Annotate(); nullopt for any other status.
std::optional<Defect> DefectOf(const absl::Status& status);

}  // namespace k8soidc::json
