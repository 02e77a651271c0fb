#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tfsdk::internal {

// A JSON text as a tree that keeps each number's digits, which a double would lose.
struct JsonNode {
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  bool boolean = false;
  std::string text = {};  // kString: its content; kNumber: its digits
  std::vector<JsonNode> elements = {};
  std::vector<std::pair<std::string, JsonNode>> members = {};
};

// InvalidArgument for what is no JSON, for repeated members, and beyond 64 levels.
absl::StatusOr<JsonNode> ParseJson(absl::string_view json);

}  // namespace tfsdk::internal
