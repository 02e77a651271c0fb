#include "tfsdk/internal/json_document.h"

#include <cstdint>
#include <unordered_set>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/internal/utf8.h"
#include "tfsdk/status.h"

namespace tfsdk::internal {
namespace {

constexpr int kMaxDepth = 64;

// RFC 8259, by recursive descent. Written out here because no parser at hand keeps the digits of a number
// that a double cannot hold.
class Parser {
 public:
  explicit Parser(absl::string_view json) : json_(json) {}

  absl::StatusOr<JsonNode> Whole() {
    JsonNode root;
    SkipSpace();
    TFSDK_RETURN_IF_ERROR(Any(root, 0));
    SkipSpace();
    if (at_ != json_.size()) return Error();
    return root;
  }

 private:
  absl::Status Error() const {
    return absl::InvalidArgumentError(absl::StrCat("not valid JSON at byte ", at_ + 1));
  }
  char Peek() const { return at_ < json_.size() ? json_[at_] : '\0'; }
  bool Take(char c) {
    if (at_ >= json_.size() || json_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool TakeWord(absl::string_view word) {
    if (json_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void SkipSpace() {
    while (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t') ++at_;
  }
  bool TakeDigits() {
    const size_t start = at_;
    while (absl::ascii_isdigit(static_cast<unsigned char>(Peek()))) ++at_;
    return at_ != start;
  }

  absl::Status Any(JsonNode& node, int depth) {
    if (depth > kMaxDepth) return absl::InvalidArgumentError("the JSON is nested too deeply");
    switch (Peek()) {
      case '{':
        return Object(node, depth);
      case '[':
        return Array(node, depth);
      case '"':
        node.kind = JsonNode::Kind::kString;
        return String(node.text);
      case 'n':
        return TakeWord("null") ? absl::OkStatus() : Error();
      case 't':
      case 'f':
        node.kind = JsonNode::Kind::kBool;
        node.boolean = Peek() == 't';
        return TakeWord(node.boolean ? "true" : "false") ? absl::OkStatus() : Error();
      default:
        node.kind = JsonNode::Kind::kNumber;
        return Number(node.text);
    }
  }

  absl::Status Array(JsonNode& node, int depth) {
    node.kind = JsonNode::Kind::kArray;
    Take('[');
    SkipSpace();
    if (Take(']')) return absl::OkStatus();
    do {
      SkipSpace();
      TFSDK_RETURN_IF_ERROR(Any(node.elements.emplace_back(), depth + 1));
      SkipSpace();
    } while (Take(','));
    return Take(']') ? absl::OkStatus() : Error();
  }

  absl::Status Object(JsonNode& node, int depth) {
    node.kind = JsonNode::Kind::kObject;
    std::unordered_set<std::string> names;
    Take('{');
    SkipSpace();
    if (Take('}')) return absl::OkStatus();
    do {
      SkipSpace();
      std::string name;
      if (Peek() != '"') return Error();
      TFSDK_RETURN_IF_ERROR(String(name));
      if (!names.insert(name).second) return absl::InvalidArgumentError("a member is there twice");
      SkipSpace();
      if (!Take(':')) return Error();
      SkipSpace();
      TFSDK_RETURN_IF_ERROR(Any(node.members.emplace_back(std::move(name), JsonNode()).second, depth + 1));
      SkipSpace();
    } while (Take(','));
    return Take('}') ? absl::OkStatus() : Error();
  }

  absl::Status Number(std::string& text) {
    const size_t start = at_;
    Take('-');
    if (!Take('0') && !TakeDigits()) return Error();
    if (Take('.') && !TakeDigits()) return Error();
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      if (!TakeDigits()) return Error();
    }
    text = std::string(json_.substr(start, at_ - start));
    return absl::OkStatus();
  }

  absl::Status String(std::string& text) {
    Take('"');
    while (!Take('"')) {
      if (at_ >= json_.size() || static_cast<unsigned char>(json_[at_]) < 0x20) return Error();
      const char c = json_[at_++];
      if (c != '\\') {
        text.push_back(c);
      } else {
        TFSDK_RETURN_IF_ERROR(Escape(text));
      }
    }
    return IsUtf8(text) ? absl::OkStatus() : absl::InvalidArgumentError("JSON text must be UTF-8");
  }

  absl::Status Escape(std::string& text) {
    constexpr absl::string_view kLetters = "\"\\/bfnrt";
    constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
    if (const size_t which = kLetters.find(Peek()); Peek() != '\0' && which != absl::string_view::npos) {
      ++at_;
      text.push_back(kMeanings[which]);
      return absl::OkStatus();
    }
    uint32_t character = 0;
    if (!Take('u') || !Hex(character)) return Error();
    if (character >= 0xd800 && character < 0xdc00) {
      uint32_t low = 0;
      if (!TakeWord("\\u") || !Hex(low) || low < 0xdc00 || low > 0xdfff) return Error();
      character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
    } else if (character >= 0xdc00 && character < 0xe000) {
      return Error();
    }
    AppendUtf8(character, text);
    return absl::OkStatus();
  }

  bool Hex(uint32_t& value) {
    value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = Peek();
      if (!absl::ascii_isxdigit(static_cast<unsigned char>(c))) return false;
      value = value * 16 + static_cast<uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return true;
  }

  const absl::string_view json_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<JsonNode> ParseJson(absl::string_view json) { return Parser(json).Whole(); }

}  // namespace tfsdk::internal
