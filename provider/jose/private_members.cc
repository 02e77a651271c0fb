#include "jose/private_members.h"

#include <nlohmann/json.hpp>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace k8soidc::jose {
namespace {

using Json = nlohmann::json;

bool IsPrivate(absl::string_view name) {
  constexpr absl::string_view kPrivate[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"};
  return absl::c_linear_search(kPrivate, name);
}

// The name of a private member in `value`, or empty. Recursion is bounded by the depth the document was
// parsed with.
std::string Find(const Json& value, bool inside_key) {
  if (!value.is_structured()) return "";
  if (value.is_object() && (inside_key || value.contains("kty"))) {
    for (const auto& member : value.items()) {
      if (IsPrivate(member.key())) return member.key();
    }
  }
  for (const Json& inner : value) {
    if (std::string found = Find(inner, inside_key); !found.empty()) return found;
  }
  return "";
}

absl::Status Refusal(absl::string_view name) {
  if (name.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "its member \"", name,
      "\" is private, so whoever could read this set can sign in the issuer's name; have the issuer "
      "replace the key and publish the public members only, and trust nothing signed with it"));
}

}  // namespace

absl::Status RefusePrivateMembers(const Json& key) { return Refusal(Find(key, true)); }

absl::Status RefusePrivateKeysElsewhere(const Json& document) { return Refusal(Find(document, false)); }

}  // namespace k8soidc::jose
