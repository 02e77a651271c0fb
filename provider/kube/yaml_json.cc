#include "kube/yaml_json.h"

#include <cerrno>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"

namespace k8soidc::kube {
namespace {

// Which texts are numbers was decided by yaml_scalar.cc.
nlohmann::json Number(const std::string& written) {
  const std::string text = absl::StrReplaceAll(written, {{"_", ""}});
  absl::string_view digits = text;
  const bool is_negative = absl::ConsumePrefix(&digits, "-");
  absl::ConsumePrefix(&digits, "+");
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char letter = absl::ascii_tolower(static_cast<unsigned char>(digits[1]));
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : letter == 'o' ? 8 : absl::ascii_isdigit(letter) ? 8 : 10;
    if (base != 10 && !absl::ascii_isdigit(letter)) digits.remove_prefix(2);
  }
  if (digits.find_first_not_of(base == 16 ? "0123456789abcdefABCDEF" : "01234567") ==
          absl::string_view::npos ||
      base == 10) {
    char* end = nullptr;
    errno = 0;
    const std::string copy(digits);
    const uint64_t value = std::strtoull(copy.c_str(), &end, base);
    const bool whole = !copy.empty() && *end == '\0' && errno == 0;
    if (whole && !is_negative) return value;
    if (whole && value <= uint64_t{1} << 63) return static_cast<int64_t>(~value + 1);
  }
  double value = 0;
  if (!absl::SimpleAtod(text, &value)) return text;
  constexpr double kExactlyWhole = 1e15;
  if (value == std::floor(value) && std::fabs(value) < kExactlyWhole) return static_cast<int64_t>(value);
  return value;
}

nlohmann::json Convert(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      return nullptr;
    case YamlNode::Kind::kBool:
      return node.boolean;
    case YamlNode::Kind::kNumber:
      return Number(node.text);
    case YamlNode::Kind::kString:
      return node.text;
    case YamlNode::Kind::kSequence: {
      nlohmann::json list = nlohmann::json::array();
      for (const YamlNode& item : node.items) list.push_back(Convert(item));
      return list;
    }
    case YamlNode::Kind::kMapping: {
      nlohmann::json object = nlohmann::json::object();
      for (const auto& [name, member] : node.members) object[name] = Convert(member);
      return object;
    }
  }
  return nullptr;
}

}  // namespace

std::string YamlToJson(const YamlNode& node) {
  return Convert(node).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace k8soidc::kube
