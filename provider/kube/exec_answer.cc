#include "kube/exec_answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "json/quote.h"
#include "json/strict_json.h"
#include "kube/options_check.h"
#include "kube/pem.h"
#include "kube/yaml.h"
#include "tfsdk/status.h"

namespace k8soidc::kube {
namespace {

using tfsdk::Secret;

absl::Status Refuse(absl::string_view what) { return absl::InvalidArgumentError(what); }

// `status` completes a sentence that starts with the member's name.
absl::Status RefuseUnlessOk(absl::string_view name, const absl::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return Refuse(absl::StrCat("the ", name, " in its answer ", status.message()));
}

// The tree holds secrets in plain strings; they are not left behind in freed memory.
void Wipe(YamlNode& node) {
  Secret(std::move(node.text));
  for (YamlNode& item : node.items) Wipe(item);
  for (auto& [name, value] : node.members) Wipe(value);
}

// JSON as the same kind of tree.
YamlNode FromJson(nlohmann::json& value) {
  YamlNode node;
  if (value.is_object()) {
    node.kind = YamlNode::Kind::kMapping;
    for (auto& [name, member] : value.items()) node.members.emplace_back(name, FromJson(member));
  } else if (value.is_array()) {
    node.kind = YamlNode::Kind::kSequence;
    for (nlohmann::json& item : value) node.items.push_back(FromJson(item));
  } else if (value.is_string()) {
    node.kind = YamlNode::Kind::kString;
    node.text = std::move(value.get_ref<std::string&>());
  } else if (value.is_boolean()) {
    node.kind = YamlNode::Kind::kBool;
  } else if (value.is_number()) {
    node.kind = YamlNode::Kind::kNumber;
  }
  return node;
}

// As client-go decides: what starts with a brace is JSON and must be it to its end; everything else is YAML.
absl::StatusOr<YamlNode> ParseTree(absl::string_view text) {
  if (!absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "{")) {
    absl::StatusOr<YamlNode> tree = ParseYaml(text);
    if (tree.ok()) return tree;
    return Refuse(absl::StrCat("its answer is neither JSON nor YAML: ", tree.status().message()));
  }
  absl::StatusOr<nlohmann::json> tree = json::Parse(text);
  if (tree.ok()) return FromJson(*tree);
  return Refuse(absl::StrCat("its answer is not the JSON that it starts as: ", tree.status().message()));
}

class WipedTree {
 public:
  explicit WipedTree(YamlNode root) : root_(std::move(root)) {}
  WipedTree(const WipedTree&) = delete;
  WipedTree& operator=(const WipedTree&) = delete;
  ~WipedTree() { Wipe(root_); }
  const YamlNode& root() const { return root_; }

 private:
  YamlNode root_;
};

// A string member; empty when it is absent or null. `where` is "its answer's status" or the like.
absl::StatusOr<absl::string_view> Text(const YamlNode& node, const char* name, absl::string_view where) {
  const YamlNode* const member = node.Find(name);
  if (member == nullptr || member->kind == YamlNode::Kind::kNull) return absl::string_view();
  if (member->kind == YamlNode::Kind::kString) return absl::string_view(member->text);
  return Refuse(absl::StrCat("the ", name, " in ", where, " is ", KindName(member->kind), ", not a string"));
}

// RFC 3339 as Go's time.Parse takes it: capital T and Z, seconds below 60, an offset with a colon.
absl::StatusOr<absl::Time> ParseExpiry(absl::string_view text) {
  const absl::Status refused = Refuse(
      "the expirationTimestamp in its answer's status is not a time as RFC 3339 writes it, for example "
      "2030-01-31T12:00:00Z");
  constexpr absl::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kShape.size() + 1 || text.size() > 64) return refused;
  for (size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !absl::ascii_isdigit(text[i]) : text[i] != kShape[i]) return refused;
  }
  if (text[17] > '5') return refused;
  absl::string_view rest = text.substr(kShape.size());
  if (absl::ConsumePrefix(&rest, ".")) {
    const size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0) return refused;
    rest.remove_prefix(digits);
  }
  const bool is_offset = rest.size() == 6 && (rest[0] == '+' || rest[0] == '-') && rest[3] == ':';
  if (rest != "Z" && !is_offset) return refused;
  absl::Time time;
  std::string ignored;
  if (!absl::ParseTime(absl::RFC3339_full, text, &time, &ignored)) return refused;
  return time;
}

absl::Status CheckType(const YamlNode& root, absl::string_view api_version) {
  TFSDK_ASSIGN_OR_RETURN(const absl::string_view kind, Text(root, "kind", "its answer"));
  // Left out, it is that, to kubectl too.
  if (!kind.empty() && kind != "ExecCredential") {
    return Refuse(absl::StrCat("its answer is of kind ", json::Quoted(kind), ", not ExecCredential"));
  }
  TFSDK_ASSIGN_OR_RETURN(const absl::string_view answered, Text(root, "apiVersion", "its answer"));
  if (answered.empty()) {
    return Refuse(absl::StrCat("its answer has no apiVersion; it should be ", api_version));
  }
  if (answered == api_version) return absl::OkStatus();
  return Refuse(absl::StrCat("it was asked in ", api_version, " and answered in ", json::Quoted(answered),
                             "; configure the API version that the plugin speaks"));
}

absl::StatusOr<ExecCredential> ReadStatus(const YamlNode& status) {
  constexpr absl::string_view kWhere = "its answer's status";
  TFSDK_ASSIGN_OR_RETURN(const absl::string_view token, Text(status, "token", kWhere));
  TFSDK_ASSIGN_OR_RETURN(const absl::string_view certificate, Text(status, "clientCertificateData", kWhere));
  TFSDK_ASSIGN_OR_RETURN(const absl::string_view key, Text(status, "clientKeyData", kWhere));
  if (certificate.empty() && !key.empty()) {
    return Refuse("its answer has a clientKeyData without the clientCertificateData that belongs to it");
  }
  if (!certificate.empty() && key.empty()) {
    return Refuse("its answer has a clientCertificateData without the clientKeyData that belongs to it");
  }
  if (token.empty() && certificate.empty()) {
    return Refuse("its answer has neither a token nor a client certificate");
  }
  ExecCredential credential;
  credential.token = Secret(std::string(token));
  if (!CheckBearerToken(credential.token).ok()) {
    return Refuse(
        "the token in its answer has white space, control characters or characters outside ASCII, so it is "
        "no "
        "bearer token");
  }
  if (!certificate.empty()) {
    TFSDK_RETURN_IF_ERROR(RefuseUnlessOk("clientCertificateData", CheckCertificatePem(certificate)));
    TFSDK_RETURN_IF_ERROR(RefuseUnlessOk("clientKeyData", CheckPrivateKeyPem(key)));
    credential.client_certificate = std::string(certificate);
    credential.client_key = Secret(std::string(key));
  }
  const YamlNode* const expiry = status.Find("expirationTimestamp");
  if (expiry == nullptr || expiry->kind == YamlNode::Kind::kNull) return credential;
  TFSDK_ASSIGN_OR_RETURN(const absl::string_view time, Text(status, "expirationTimestamp", kWhere));
  TFSDK_ASSIGN_OR_RETURN(credential.expires, ParseExpiry(time));
  return credential;
}

}  // namespace

absl::StatusOr<ExecCredential> ParseExecAnswer(const Secret& output, absl::string_view api_version) {
  if (absl::StripAsciiWhitespace(output.Reveal()).empty())
    return Refuse("it wrote nothing to its standard output, where its answer should be");
  TFSDK_ASSIGN_OR_RETURN(YamlNode parsed, ParseTree(output.Reveal()));
  const WipedTree tree(std::move(parsed));
  if (tree.root().kind != YamlNode::Kind::kMapping) {
    return Refuse(
        absl::StrCat("its answer is ", KindName(tree.root().kind), ", not an ExecCredential object"));
  }
  TFSDK_RETURN_IF_ERROR(CheckType(tree.root(), api_version));
  const YamlNode* const status = tree.root().Find("status");
  if (status == nullptr || status->kind == YamlNode::Kind::kNull) {
    return Refuse("its answer has no status, which is where the credential should be");
  }
  if (status->kind != YamlNode::Kind::kMapping) {
    return Refuse(absl::StrCat("the status of its answer is ", KindName(status->kind), ", not an object"));
  }
  return ReadStatus(*status);
}

}  // namespace k8soidc::kube
