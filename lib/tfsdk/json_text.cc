#include "tfsdk/json_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tfsdk/internal/json_document.h"
#include "tfsdk/number.h"
#include "tfsdk/status.h"

namespace tfsdk {
namespace {

using internal::JsonNode;

constexpr size_t kMaxBytes = 4 << 20;

absl::StatusOr<JsonNode> ParseBounded(absl::string_view text) {
  if (text.size() > kMaxBytes) return absl::InvalidArgumentError("Must be JSON of at most 4 MiB.");
  absl::StatusOr<JsonNode> node = internal::ParseJson(text);
  if (!node.ok()) {
    return absl::InvalidArgumentError(absl::StrCat("Must be valid JSON: ", node.status().message(), "."));
  }
  return node;
}

void AppendString(absl::string_view text, std::string& out) {
  out.push_back('"');
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&out, "\\u%04x", c);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

// 1e2 and 100.0 are one number. "1e99999" would grow to 100,000 digits: what has such an exponent keeps the
// digits that are there.
void AppendNumber(const std::string& digits, std::string& out) {
  constexpr int64_t kMaxExponent = 400;
  int64_t exponent = 0;
  const size_t e = digits.find_first_of("eE");
  const bool moderate = e == std::string::npos || (absl::SimpleAtoi(digits.substr(e + 1), &exponent) &&
                                                   exponent <= kMaxExponent && exponent >= -kMaxExponent);
  const absl::StatusOr<Number> number = moderate ? Number::Parse(digits) : Number();
  out.append(moderate && number.ok() ? number->ToString() : digits);
}

void Append(const JsonNode& node, std::string& out) {
  switch (node.kind) {
    case JsonNode::Kind::kNull:
      out.append("null");
      return;
    case JsonNode::Kind::kBool:
      out.append(node.boolean ? "true" : "false");
      return;
    case JsonNode::Kind::kNumber:
      AppendNumber(node.text, out);
      return;
    case JsonNode::Kind::kString:
      AppendString(node.text, out);
      return;
    case JsonNode::Kind::kArray: {
      absl::string_view separator = "[";
      for (const JsonNode& element : node.elements) {
        absl::StrAppend(&out, separator);
        separator = ",";
        Append(element, out);
      }
      out.append(node.elements.empty() ? "[]" : "]");
      return;
    }
    case JsonNode::Kind::kObject: {
      std::vector<const std::pair<std::string, JsonNode>*> members;
      members.reserve(node.members.size());
      for (const auto& member : node.members) members.push_back(&member);
      std::sort(members.begin(), members.end(),
                [](const auto* a, const auto* b) { return a->first < b->first; });
      absl::string_view separator = "{";
      for (const auto* member : members) {
        absl::StrAppend(&out, separator);
        separator = ",";
        AppendString(member->first, out);
        out.push_back(':');
        Append(member->second, out);
      }
      out.append(node.members.empty() ? "{}" : "}");
      return;
    }
  }
}

}  // namespace

absl::StatusOr<ExactJson> ExactJson::Parse(absl::string_view text) {
  TFSDK_RETURN_IF_ERROR(ParseBounded(text).status());
  return ExactJson(text);
}

absl::StatusOr<NormalizedJson> NormalizedJson::Parse(absl::string_view text) {
  TFSDK_ASSIGN_OR_RETURN(const JsonNode node, ParseBounded(text));
  std::string meaning;
  Append(node, meaning);
  return NormalizedJson(text, std::move(meaning));
}

}  // namespace tfsdk
