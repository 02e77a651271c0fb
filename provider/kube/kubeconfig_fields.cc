#include "kube/kubeconfig_fields.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "json/quote.h"
#include "kube/file.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using Kind = YamlNode::Kind;

// RFC 4648, section 4, with padding; line breaks are skipped, as Go does.
std::optional<std::string> DecodeBase64(absl::string_view text) {
  std::string digits;
  digits.reserve(text.size());
  size_t padding = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    const bool is_digit = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '+' || c == '/';
    if (c == '=' ? ++padding > 2 : (!is_digit || padding > 0)) return std::nullopt;
    digits.push_back(c);
  }
  std::string decoded;
  if (digits.size() % 4 != 0 || !absl::Base64Unescape(digits, &decoded)) return std::nullopt;
  return decoded;
}

}  // namespace

absl::Status FieldReader::Error(const YamlNode& node, absl::string_view message) const {
  return absl::InvalidArgumentError(absl::StrCat("kubeconfig ", Origin(node), ": ", message));
}

absl::Status FieldReader::WrongKind(const YamlNode& node, absl::string_view field,
                                    absl::string_view wanted) const {
  const bool quote = wanted == "a string" && (node.kind == Kind::kNumber || node.kind == Kind::kBool);
  return Error(node, absl::StrCat(field, " must be ", wanted, " and is ", KindName(node.kind),
                                  quote ? "; put it in quotes" : ""));
}

std::string FieldReader::Origin(const YamlNode& node) const {
  return absl::StrCat(source_.name, ", line ", node.position.line, ", column ", node.position.column);
}

void FieldReader::AddOrigins(const YamlNode& mapping, absl::string_view prefix, FieldOrigins& origins) const {
  for (const auto& [name, node] : mapping.members) origins.Add(absl::StrCat(prefix, name), Origin(node));
}

const YamlNode* FieldReader::Find(const YamlNode& parent, absl::string_view field) {
  const YamlNode* const node = parent.Find(field);
  return node == nullptr || node->kind == Kind::kNull ? nullptr : node;
}

absl::Status FieldReader::String(const YamlNode& parent, absl::string_view field, std::string& value) const {
  const YamlNode* const node = Find(parent, field);
  if (node == nullptr) return absl::OkStatus();
  if (node->kind != Kind::kString) return WrongKind(*node, field, "a string");
  value = node->text;
  return absl::OkStatus();
}

absl::Status FieldReader::Secret(const YamlNode& parent, absl::string_view field,
                                 tfsdk::Secret& value) const {
  std::string text;
  TFSDK_RETURN_IF_ERROR(String(parent, field, text));
  value = tfsdk::Secret(std::move(text));
  return absl::OkStatus();
}

absl::Status FieldReader::Bool(const YamlNode& parent, absl::string_view field, bool& value) const {
  const YamlNode* const node = Find(parent, field);
  if (node == nullptr) return absl::OkStatus();
  if (node->kind != Kind::kBool) return WrongKind(*node, field, "true or false, without quotes,");
  value = node->boolean;
  return absl::OkStatus();
}

absl::Status FieldReader::ResolveFrom(const YamlNode& node, absl::string_view field,
                                      std::string& value) const {
  if (value.empty() || value.front() == '/') return absl::OkStatus();
  if (source_.directory.empty()) {
    const std::string way_out = field == "command"     ? std::string("use a bare name that is in PATH")
                                : field == "tokenFile" ? std::string("use tokenFile's content as token")
                                                       : absl::StrCat("use ", field, "-data");
    return Error(node,
                 absl::StrCat(field, " is a relative path, and this text is in no file that it could be ",
                              "relative to: write the whole path, or ", way_out));
  }
  value = ResolvePath(value, source_.directory);
  return absl::OkStatus();
}

absl::Status FieldReader::File(const YamlNode& parent, absl::string_view field, std::string& value) const {
  TFSDK_RETURN_IF_ERROR(String(parent, field, value));
  return value.empty() ? absl::OkStatus() : ResolveFrom(*parent.Find(field), field, value);
}

absl::Status FieldReader::Command(const YamlNode& parent, absl::string_view field, std::string& value) const {
  TFSDK_RETURN_IF_ERROR(String(parent, field, value));
  if (!absl::StrContains(value, '/')) return absl::OkStatus();
  return ResolveFrom(*parent.Find(field), field, value);
}

absl::Status FieldReader::Data(const YamlNode& parent, absl::string_view field, std::string& value) const {
  TFSDK_RETURN_IF_ERROR(String(parent, field, value));
  if (value.empty()) return absl::OkStatus();
  std::optional<std::string> decoded = DecodeBase64(value);
  if (!decoded.has_value()) {
    return Error(*parent.Find(field),
                 absl::StrCat(field, " is not base64 (standard alphabet, with padding); a file's ",
                              "name belongs in the field without -data"));
  }
  value = *std::move(decoded);
  return absl::OkStatus();
}

// A null among strings is the empty one, as in Go.
absl::Status FieldReader::ListOf(const YamlNode& node, absl::string_view field,
                                 std::vector<std::string>& value) const {
  if (node.kind != Kind::kSequence) return WrongKind(node, field, "a list");
  for (const YamlNode& item : node.items) {
    if (item.kind != Kind::kString && item.kind != Kind::kNull) {
      return WrongKind(item, absl::StrCat("an entry of ", field), "a string");
    }
    value.push_back(item.text);
  }
  return absl::OkStatus();
}

absl::Status FieldReader::Strings(const YamlNode& parent, absl::string_view field,
                                  std::vector<std::string>& value) const {
  const YamlNode* const node = Find(parent, field);
  return node == nullptr ? absl::OkStatus() : ListOf(*node, field, value);
}

absl::Status FieldReader::StringLists(const YamlNode& parent, absl::string_view field,
                                      std::map<std::string, std::vector<std::string>>& value) const {
  const YamlNode* mapping = nullptr;
  TFSDK_RETURN_IF_ERROR(Mapping(parent, field, mapping));
  if (mapping == nullptr) return absl::OkStatus();
  for (const auto& [name, node] : mapping->members) {
    std::vector<std::string>& list = value[name];
    if (node.kind == Kind::kNull) continue;
    TFSDK_RETURN_IF_ERROR(ListOf(node, absl::StrCat(json::Quoted(name), " of ", field), list));
  }
  return absl::OkStatus();
}

absl::Status FieldReader::Mappings(const YamlNode& parent, absl::string_view field, bool skip_null,
                                   const std::function<absl::Status(const YamlNode&)>& read) const {
  const YamlNode* const list = Find(parent, field);
  if (list == nullptr) return absl::OkStatus();
  if (list->kind != Kind::kSequence) return WrongKind(*list, field, "a list");
  for (const YamlNode& node : list->items) {
    if (node.kind == Kind::kNull && skip_null) continue;
    if (node.kind != Kind::kNull && node.kind != Kind::kMapping) {
      return WrongKind(node, absl::StrCat("an entry of ", field), "a mapping");
    }
    TFSDK_RETURN_IF_ERROR(read(node));
  }
  return absl::OkStatus();
}

absl::Status FieldReader::Mapping(const YamlNode& parent, absl::string_view field,
                                  const YamlNode*& node) const {
  node = Find(parent, field);
  if (node == nullptr || node->kind == Kind::kMapping) return absl::OkStatus();
  return WrongKind(*node, field, "a mapping");
}

}  // namespace k8soidc::kube
