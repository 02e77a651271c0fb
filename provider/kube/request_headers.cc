#include "kube/request_headers.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace k8soidc::kube {
namespace {

// RFC 9110, 5.6.2.
bool IsTokenCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         absl::string_view("!#$%&'*+-.^_`|~").find(c) != absl::string_view::npos;
}

bool IsToken(absl::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), IsTokenCharacter);
}

// RFC 9110, 5.5, without the tab: nothing that ends or hides a header.
bool IsHeaderValue(absl::string_view value) {
  return std::none_of(value.begin(), value.end(),
                      [](char c) { return absl::ascii_iscntrl(static_cast<unsigned char>(c)); });
}

std::string EscapeExtraKey(absl::string_view key) {
  std::string escaped;
  for (const char c : absl::AsciiStrToLower(key)) {
    if (IsTokenCharacter(c) && c != '%') {
      escaped.push_back(c);
    } else {
      absl::StrAppendFormat(&escaped, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return escaped;
}

// Headers of ours, and what to use instead.
struct Reserved {
  absl::string_view name;
  absl::string_view instead;
};
constexpr Reserved kReserved[] = {
    {"authorization", "use token, token_file, username and password, or exec"},
    {"proxy-authorization", "write user name and password into proxy_url"},
    {"host", "it follows from the server; use host, or tls_server_name"},
    {"accept", "the provider sets it"},
    {"accept-encoding", "the provider sets it"},
    {"content-length", "the provider sets it"},
    {"connection", "the provider sets it"},
    {"transfer-encoding", "the provider sets it"},
};

}  // namespace

std::vector<http::Header> ImpersonationHeaders(const Impersonation& impersonation) {
  std::vector<http::Header> headers;
  if (impersonation.user.empty()) return headers;
  headers.push_back({"Impersonate-User", impersonation.user});
  if (!impersonation.uid.empty()) headers.push_back({"Impersonate-Uid", impersonation.uid});
  for (const std::string& group : impersonation.groups) headers.push_back({"Impersonate-Group", group});
  for (const auto& [key, values] : impersonation.extra) {
    const std::string name = absl::StrCat("Impersonate-Extra-", EscapeExtraKey(key));
    for (const std::string& value : values) headers.push_back({name, value});
  }
  return headers;
}

std::vector<ImpersonationError> CheckImpersonation(const Impersonation& impersonation, bool requires_user) {
  std::vector<ImpersonationError> errors;
  const auto check = [&](const char* field, absl::string_view value) {
    if (!IsHeaderValue(value)) {
      errors.push_back({field, "has control characters, which cannot be sent in a header"});
    } else if (value.size() > kMaxHeaderBytes) {
      errors.push_back({field, absl::StrCat("is longer than ", kMaxHeaderBytes, " bytes")});
    } else if (value != absl::StripAsciiWhitespace(value)) {
      errors.push_back({field, "has white space around it, which a header would lose"});
    }
  };
  if (impersonation.user.empty() && !impersonation.empty() && requires_user) {
    errors.push_back({"user", "is missing: uid, groups and extra belong to a user who is impersonated"});
  }
  check("user", impersonation.user);
  check("uid", impersonation.uid);
  for (const std::string& group : impersonation.groups) {
    if (group.empty()) errors.push_back({"groups", "has a group without a name"});
    check("groups", group);
  }
  size_t count = impersonation.groups.size();
  for (const auto& [key, values] : impersonation.extra) {
    if (key.empty()) errors.push_back({"extra", "has a key without a name"});
    if (key.size() > 253) errors.push_back({"extra", "has a key that is longer than 253 bytes"});
    for (const std::string& value : values) check("extra", value);
    count += values.size();
  }
  if (count > kMaxImpersonationHeaders) {
    errors.push_back(
        {"groups", absl::StrCat("and extra have more than ", kMaxImpersonationHeaders, " values")});
  }
  return errors;
}

absl::Status CheckExtraHeader(absl::string_view name, const tfsdk::Secret& value) {
  if (!IsToken(name)) {
    return absl::InvalidArgumentError("is no name of a header: letters, digits and !#$%&'*+-.^_`|~");
  }
  for (const Reserved& reserved : kReserved) {
    if (absl::EqualsIgnoreCase(name, reserved.name)) {
      return absl::InvalidArgumentError(absl::StrCat("cannot be set here; ", reserved.instead));
    }
  }
  if (absl::StartsWithIgnoreCase(name, "impersonate-")) {
    return absl::InvalidArgumentError("cannot be set here; use the block impersonate");
  }
  if (!IsHeaderValue(value.Reveal())) {
    return absl::InvalidArgumentError("has a value with control characters, perhaps a line break at its end");
  }
  if (name.size() + value.Reveal().size() > kMaxHeaderBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("is longer than ", kMaxHeaderBytes, " bytes, name and value together"));
  }
  return absl::OkStatus();
}

}  // namespace k8soidc::kube
