#include "tfsdk/internal/json_document.h"

#include <algorithm>
#include <unordered_set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace tfsdk::internal {
namespace {

constexpr size_t kMaxDepth = 64;

// Builds the tree from the parser's events. Returning false ends the parse.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return Add({JsonNode::Kind::kNull}); }
  bool boolean(bool value) override { return Add({JsonNode::Kind::kBool, value}); }
  bool number_integer(number_integer_t value) override { return Number(absl::StrCat(value)); }
  bool number_unsigned(number_unsigned_t value) override { return Number(absl::StrCat(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return Number(digits); }
  bool string(string_t& value) override { return Add({JsonNode::Kind::kString, false, std::move(value)}); }
  bool binary(binary_t&) override { return false; }
  bool start_object(size_t) override { return Open({JsonNode::Kind::kObject}); }
  bool end_object() override { return Close(); }
  bool start_array(size_t) override { return Open({JsonNode::Kind::kArray}); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    if (!open_.back().names.insert(name).second) return Fail("a member is there twice");
    open_.back().node.members.emplace_back(std::move(name), JsonNode());
    return true;
  }
  bool parse_error(size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return Fail(absl::StrCat("not valid JSON at byte ", position));
  }

  absl::StatusOr<JsonNode> Take(bool complete) && {
    if (!error_.ok()) return error_;
    if (!complete) return absl::InvalidArgumentError("not valid JSON");
    return std::move(root_);
  }

 private:
  struct Container {
    JsonNode node;
    std::unordered_set<std::string> names;
  };

  bool Fail(std::string message) {
    if (error_.ok()) error_ = absl::InvalidArgumentError(message);
    return false;
  }
  bool Number(std::string digits) { return Add({JsonNode::Kind::kNumber, false, std::move(digits)}); }
  bool Open(JsonNode node) {
    if (open_.size() >= kMaxDepth) return Fail("the JSON is nested too deeply");
    open_.push_back({std::move(node), {}});
    return true;
  }
  bool Close() {
    JsonNode node = std::move(open_.back().node);
    open_.pop_back();
    return Add(std::move(node));
  }
  bool Add(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (JsonNode& parent = open_.back().node; parent.kind == JsonNode::Kind::kArray) {
      parent.elements.push_back(std::move(node));
    } else {
      parent.members.back().second = std::move(node);
    }
    return true;
  }

  JsonNode root_;
  std::vector<Container> open_;
  absl::Status error_;
};

}  // namespace

absl::StatusOr<JsonNode> ParseJson(absl::string_view json) {
  // The parser takes a NUL for the end of its input.
  if (json.find('\0') != absl::string_view::npos)
    return absl::InvalidArgumentError("JSON must not have NUL bytes");
  TreeBuilder builder;
  const bool complete = nlohmann::json::sax_parse(json.begin(), json.end(), &builder);
  return std::move(builder).Take(complete);
}

}  // namespace tfsdk::internal
