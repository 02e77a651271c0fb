#pragma once

// Headers that a user asks for: impersonation, and extra ones.

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "http/http.h"
#include "tfsdk/secret.h"

namespace k8soidc::kube {

// Whom the server shall take us for (Impersonate-User and its kin), when it lets us.
struct Impersonation {
  std::string user = {};
  std::string uid = {};
  std::vector<std::string> groups = {};
  std::map<std::string, std::vector<std::string>> extra = {};

  bool empty() const { return user.empty() && uid.empty() && groups.empty() && extra.empty(); }
  friend bool operator==(const Impersonation&, const Impersonation&) = default;
};

// A header that is sent besides our own. Its value may be a credential.
struct ExtraHeader {
  std::string name;
  tfsdk::Secret value;
};

inline constexpr size_t kMaxExtraHeaders = 64;
inline constexpr size_t kMaxHeaderBytes = size_t{8} << 10;  // Of one, name and value together.
inline constexpr size_t kMaxImpersonationHeaders = 256;

// The headers that say it, as client-go writes them (transport/round_trippers.go): groups and the values of an
// extra are repeated, the key of an extra is percent-encoded where it could not stand in a name. Lower-cased
// too, because the server does that anyway.
std::vector<http::Header> ImpersonationHeaders(const Impersonation& impersonation);

// What is wrong with one part of an impersonation. `field` is "user", "uid", "groups" or "extra"; `message`
// completes "<what> …".
struct ImpersonationError {
  std::string field;
  std::string message;
};

// Everything that cannot be sent or that client-go refuses; empty when it is all right. A user is missed only
// when `requires_user`.
std::vector<ImpersonationError> CheckImpersonation(const Impersonation& impersonation, bool requires_user);

// Whether an extra header may be sent: its name is a token (RFC 9110, 5.6.2) and none that this provider sets
// itself, its value can stand in a header, and both are not too long. The message completes "<what> …", and
// names the argument that is meant for it.
absl::Status CheckExtraHeader(absl::string_view name, const tfsdk::Secret& value);

}  // namespace k8soidc::kube
