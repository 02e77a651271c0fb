#include "json/strict_json.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "json/quote.h"
#include "json/text_checks.h"

namespace k8soidc::json {
namespace {

using nlohmann::json;

constexpr absl::string_view kDefectPayload = "k8soidc/json-defect";
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

absl::Status Error(Defect defect, absl::string_view message) {
  absl::Status status = absl::InvalidArgumentError(message);
  status.SetPayload(kDefectPayload, absl::Cord(absl::StrCat(static_cast<int>(defect))));
  return status;
}

absl::Status ErrorAt(absl::string_view text, size_t offset, Defect defect, absl::string_view what) {
  size_t line = 1;
  size_t column = 1;
  for (const char c : text.substr(0, offset)) {
    ++column;
    if (c == '\n') {
      ++line;
      column = 1;
    }
  }
  return Error(defect, absl::StrCat("line ", line, ", column ", column, ": ", what));
}

// Reads a text and tells how far it was read: nlohmann's events carry no position.
class TracedIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  TracedIterator(const char* at, const char** furthest) : at_(at), furthest_(furthest) {}
  reference operator*() const { return *at_; }
  TracedIterator& operator++() {
    *furthest_ = ++at_;
    return *this;
  }
  bool operator==(const TracedIterator& other) const { return at_ == other.at_; }
  bool operator!=(const TracedIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** furthest_;
};

// A number without what two spellings of it may differ in: 0.0150, 15e-3 and 1.5E-02 are all {"15", -3}.
struct Decimal {
  std::string digits;  // No zero at either end; empty for zero.
  int64_t exponent = 0;
  friend bool operator==(const Decimal&, const Decimal&) = default;
};

std::optional<Decimal> ToDecimal(absl::string_view text) {
  absl::ConsumePrefix(&text, "-");
  Decimal decimal;
  if (const size_t e = text.find_first_of("eE"); e != text.npos) {
    absl::string_view exponent = text.substr(e + 1);
    absl::ConsumePrefix(&exponent, "+");
    if (!absl::SimpleAtoi(exponent, &decimal.exponent) || std::abs(decimal.exponent) > 1'000'000) return {};
    text = text.substr(0, e);
  }
  if (const size_t point = text.find('.'); point != text.npos) {
    decimal.exponent -= static_cast<int64_t>(text.size() - point - 1);
    decimal.digits = absl::StrCat(text.substr(0, point), text.substr(point + 1));
  } else {
    decimal.digits = std::string(text);
  }
  while (!decimal.digits.empty() && decimal.digits.back() == '0') {
    decimal.digits.pop_back();
    ++decimal.exponent;
  }
  decimal.digits.erase(0, decimal.digits.find_first_not_of('0'));
  if (decimal.digits.empty()) decimal.exponent = 0;
  return decimal;
}

// Whether the shortest text of `value` is the number that was written.
bool Survives(double value, absl::string_view written) {
  char shortest[64];
  const auto end = std::to_chars(std::begin(shortest), std::end(shortest), value).ptr;
  const std::optional<Decimal> before = ToDecimal(written);
  return before.has_value() && before == ToDecimal(absl::string_view(shortest, end - shortest));
}

// Builds the document from nlohmann's events and stops at the first defect. nlohmann's parser keeps its own
// stack on the heap, so depth costs nothing before it is checked here.
class Builder {
 public:
  Builder(absl::string_view text, const Limits& limits)
      : text_(text), limits_(limits), furthest_(text.data()) {}

  absl::StatusOr<json> Run() {
    const char* end = text_.data() + text_.size();
    json::sax_parse(TracedIterator(text_.data(), &furthest_), TracedIterator(end, &furthest_), this);
    if (!status_.ok()) return status_;
    return std::move(root_);
  }

  bool null() { return Add(nullptr) != nullptr; }
  bool boolean(bool value) { return Add(value) != nullptr; }
  bool number_integer(int64_t value) { return Add(value) != nullptr; }
  bool number_unsigned(uint64_t value) { return Add(value) != nullptr; }
  bool number_float(double value, const std::string& written) {
    if (!Survives(value, written))
      return Fail(Defect::kNumber, "a number too large or too precise to be kept exactly");
    constexpr double kWhole = 9007199254740992.0;  // 2^53
    if (std::trunc(value) == value && std::abs(value) <= kWhole)
      return number_integer(static_cast<int64_t>(value));
    return Add(value) != nullptr;
  }
  bool string(std::string& value) { return Add(std::move(value)) != nullptr; }
  bool binary(json::binary_t&) { return Fail(Defect::kSyntax, "not valid JSON"); }

  bool start_object(size_t) { return Open(json::object()); }
  bool start_array(size_t) { return Open(json::array()); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    const auto [member, is_new] = open_.back()->get_ref<json::object_t&>().emplace(name, nullptr);
    if (!is_new) {
      return Fail(Defect::kDuplicateMember,
                  absl::StrCat("member ", Quoted(name), " appears twice in one object"));
    }
    member_ = &member->second;
    return true;
  }

  // `position` counts the end of the text as one more character read.
  bool parse_error(size_t position, const std::string&, const json::exception& error) {
    constexpr int kNumberOverflow = 406;
    if (error.id == kNumberOverflow) return Fail(Defect::kNumber, "a number too large to be kept exactly");
    if (position > text_.size())
      return Fail(Defect::kTruncated, "the text ends in the middle of the document");
    if (complete_) return Fail(Defect::kTrailingData, "more text after the end of the document");
    return Fail(Defect::kSyntax, "not valid JSON");
  }

 private:
  // Puts `value` where the next one belongs. Pointers into open containers stay good: only the innermost
  // grows.
  json* Add(json value) {
    json* place = &root_;
    if (!open_.empty()) {
      if (open_.back()->is_array()) {
        open_.back()->push_back(nullptr);
        place = &open_.back()->back();
      } else {
        place = member_;
      }
    }
    *place = std::move(value);
    complete_ = open_.empty();
    return place;
  }

  bool Open(json container) {
    if (open_.size() == limits_.max_depth) {
      return Fail(Defect::kTooDeep, absl::StrCat("nested deeper than ", limits_.max_depth, " levels"));
    }
    open_.push_back(Add(std::move(container)));
    complete_ = false;
    return true;
  }

  bool Close() {
    open_.pop_back();
    complete_ = open_.empty();
    return true;
  }

  bool Fail(Defect defect, absl::string_view what) {
    const size_t read = furthest_ - text_.data();
    status_ = ErrorAt(text_, read == 0 ? 0 : read - 1, defect, what);
    return false;
  }

  absl::string_view text_;
  Limits limits_;
  const char* furthest_;
  absl::Status status_;
  json root_;
  std::vector<json*> open_;
  json* member_ = nullptr;
  bool complete_ = false;
};

}  // namespace

absl::StatusOr<nlohmann::json> Parse(absl::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return Error(Defect::kTooLarge, absl::StrCat("the text is larger than ", limits.max_bytes, " bytes"));
  }
  const bool has_mark = absl::StartsWith(text, kByteOrderMark);
  const size_t start = text.find_first_not_of(" \t\r\n", has_mark ? kByteOrderMark.size() : 0);
  if (start == text.npos) return Error(Defect::kEmpty, "the text is empty");
  if (text[start] == '<') {
    return Error(Defect::kHtml, "this is an HTML page, perhaps a login page, instead of JSON");
  }
  if (has_mark)
    return Error(Defect::kByteOrderMark, "the text starts with a byte order mark, which JSON forbids");
  if (const size_t nul = text.find('\0'); nul != text.npos) {
    return ErrorAt(text, nul, Defect::kNul, "a NUL byte");
  }
  if (const size_t bad = FirstInvalidUtf8(text); bad != text.npos) {
    return ErrorAt(text, bad, Defect::kNotUtf8, "the text is not UTF-8");
  }
  if (const size_t half = FirstLoneSurrogate(text); half != text.npos) {
    return ErrorAt(text, half, Defect::kLoneSurrogate, "a \\u escape that is half of a surrogate pair");
  }
  return Builder(text, limits).Run();
}

std::optional<Defect> DefectOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kDefectPayload);
  int defect = 0;
  if (!payload.has_value() || !absl::SimpleAtoi(std::string(*payload), &defect)) return std::nullopt;
  return static_cast<Defect>(defect);
}

}  // namespace k8soidc::json
