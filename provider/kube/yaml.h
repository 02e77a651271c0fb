#pragma once

// YAML as kubectl reads it: text in, one tree out, every node with its place in the text.
//
//   TFSDK_ASSIGN_OR_RETURN(const YamlNode root, ParseYaml(text));
//   if (const YamlNode* clusters = root.Find("clusters")) …
//
// The one place with libyaml, from whose parser client-go's descends. What kubectl does, where YAML leaves a
// choice or is read in different ways:
//   - plain scalars get their type by the rules of YAML 1.1 (yaml_scalar.h);
//   - only the first document counts, nothing behind it is read;
//   - a plain `<<` key merges a mapping, or a list of mappings of which the first wins; keys that follow it
//     win over it, and it wins over keys before it;
//   - JSON is YAML, and keys are case-sensitive.
// Stricter than kubectl, which lets the last one win: a key that is there twice is refused.
//
// Everything is bounded, and aliases count as what they expand to. A message has the line and column and
// never the text of a value: the text is somebody's kubeconfig.

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace k8soidc::kube {

// Both count from 1. A node that came in through an alias or a merge is where its anchor is.
struct YamlPosition {
  size_t line = 0;
  size_t column = 0;
};

// One value. Which members mean something is said by `kind`; the others are empty.
struct YamlNode {
  enum class Kind { kNull, kBool, kNumber, kString, kSequence, kMapping };

  Kind kind = Kind::kNull;
  YamlPosition position;
  bool boolean = false;
  std::string text;  // A string's value. A number as written: nothing in a kubeconfig is counted with.
  std::vector<YamlNode> items;
  std::vector<std::pair<std::string, YamlNode>> members;  // In the order of the text; names are unique.

  // The member of that name, or null; null also when this is no mapping.
  const YamlNode* Find(absl::string_view name) const;
};

// "a string", "a number", "a list" …, for messages.
absl::string_view KindName(YamlNode::Kind kind);

inline constexpr size_t kYamlMaxBytes = size_t{4} << 20;      // Of the text.
inline constexpr size_t kYamlMaxDepth = 64;                   // Collections within collections.
inline constexpr size_t kYamlMaxNodes = 200'000;              // After expanding aliases and merges.
inline constexpr size_t kYamlMaxExpanded = size_t{16} << 20;  // Bytes of scalars and keys after expanding.

// The first document of `text`; null for an empty one. kInvalidArgument, "line 3, column 7: …", when it is
// not YAML, or is YAML that is refused; kResourceExhausted when it exceeds a limit.
absl::StatusOr<YamlNode> ParseYaml(absl::string_view text);

}  // namespace k8soidc::kube
