#include "jose/jwk.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "crypto/public_key.h"
#include "crypto/sha256.h"
#include "jose/algorithms.h"
#include "jose/base64url.h"
#include "jose/key_material.h"
#include "jose/printable.h"
#include "jose/private_members.h"
#include "json/quote.h"
#include "tfsdk/status.h"

namespace k8soidc::jose {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxNameBytes = 256;
constexpr absl::string_view kAskIssuer = "; ask whoever runs the issuer to publish the key correctly";

template <typename... Parts>
absl::Status Refusal(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

absl::Status CheckName(absl::string_view name, const std::string& text) {
  if (text.empty()) return Refusal("its ", name, " is empty", kAskIssuer);
  if (text.size() > kMaxNameBytes) {
    return Refusal("its ", name, " is longer than ", kMaxNameBytes, " bytes", kAskIssuer);
  }
  if (!IsPrintable(text)) {
    return Refusal("its ", name, " ", json::Quoted(text), " has a character that cannot be seen", kAskIssuer);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadKeyType(const Json& key) {
  const auto member = key.find("kty");
  if (member == key.end()) return Refusal("it has no kty, so it is no JWK", kAskIssuer);
  if (!member->is_string()) return Refusal("its kty is not a string", kAskIssuer);
  const std::string kty = member->get<std::string>();
  TFSDK_RETURN_IF_ERROR(CheckName("kty", kty));
  if (absl::EqualsIgnoreCase(kty, "oct")) {
    return Refusal(
        "its kty is oct, a secret shared by signer and verifier, which must never be published; "
        "have the issuer take it out and replace it");
  }
  for (const char* known : {"RSA", "EC", "OKP", "AKP"}) {
    if (kty != known && absl::EqualsIgnoreCase(kty, known)) {
      return Refusal("its kty is ", json::Quoted(kty), ", but key types are case-sensitive and ", known,
                     " is meant", kAskIssuer);
    }
  }
  return kty;
}

absl::StatusOr<std::optional<std::string>> ReadKid(const Json& key) {
  const auto member = key.find("kid");
  if (member == key.end()) return std::nullopt;
  if (!member->is_string()) return Refusal("its kid is not a string", kAskIssuer);
  TFSDK_RETURN_IF_ERROR(CheckName("kid", member->get_ref<const std::string&>()));
  return member->get<std::string>();
}

// alg or use: absent when null or empty.
absl::StatusOr<std::optional<std::string>> ReadOptionalName(const Json& key, const char* name) {
  const auto member = key.find(name);
  if (member == key.end() || member->is_null() || *member == "") return std::nullopt;
  if (!member->is_string()) return Refusal("its ", name, " is not a string", kAskIssuer);
  TFSDK_RETURN_IF_ERROR(CheckName(name, member->get_ref<const std::string&>()));
  return member->get<std::string>();
}

// Sorted, without repetitions; empty when absent.
absl::StatusOr<std::vector<std::string>> ReadKeyOps(const Json& key) {
  std::vector<std::string> operations;
  const auto member = key.find("key_ops");
  if (member == key.end() || member->is_null()) return operations;
  if (!member->is_array()) return Refusal("its key_ops is not an array", kAskIssuer);
  for (const Json& operation : *member) {
    if (!operation.is_string()) return Refusal("its key_ops has an element that is not a string", kAskIssuer);
    operations.push_back(operation.get<std::string>());
  }
  std::sort(operations.begin(), operations.end());
  operations.erase(std::unique(operations.begin(), operations.end()), operations.end());
  return operations;
}

bool AreForEncryption(const std::vector<std::string>& operations) {
  return !operations.empty() && absl::c_all_of(operations, [](const std::string& operation) {
    return absl::c_linear_search(
        std::initializer_list<absl::string_view>{"encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey",
                                                 "deriveBits"},
        operation);
  });
}

bool IsStandardMember(absl::string_view name) {
  return IsMaterial(name) ||
         absl::c_linear_search(
             std::initializer_list<absl::string_view>{"alg", "key_ops", "kid", "kty", "use"}, name);
}

bool IsWanted(const std::vector<std::string>& wanted, absl::string_view value) {
  return wanted.empty() || absl::c_linear_search(wanted, value);
}

// Whether the key is fit for an algorithm of the list; see CanonicalOptions::algorithms.
bool IsFitForOneOf(const std::vector<std::string>& wanted, const PublicJwk& jwk) {
  if (wanted.empty()) return true;
  if (jwk.alg.has_value()) return IsWanted(wanted, *jwk.alg);
  return absl::c_any_of(AlgorithmsOf(jwk.kty, jwk.crv.value_or("")),
                        [&](absl::string_view alg) { return IsWanted(wanted, alg); });
}

absl::Status CheckAlgorithm(const PublicJwk& jwk) {
  const absl::Span<const absl::string_view> possible = AlgorithmsOf(jwk.kty, jwk.crv.value_or(""));
  if (!jwk.alg.has_value() || absl::c_linear_search(possible, *jwk.alg)) return absl::OkStatus();
  return Refusal("its alg ", json::Quoted(*jwk.alg, 40), " contradicts the key, which can do ",
                 absl::StrJoin(possible, ", "), kAskIssuer);
}

// Fills in what the numbers of a key of a known type say, and writes them into `canonical`.
absl::Status AddMaterial(const Json& key, const CanonicalOptions& options, PublicJwk& jwk, Json& canonical) {
  TFSDK_ASSIGN_OR_RETURN(const crypto::PublicKey numbers, ReadMaterial(jwk.kty, key, canonical));
  TFSDK_RETURN_IF_ERROR(CheckAlgorithm(jwk));
  if (jwk.kty == "RSA" && numbers.bits() < options.minimum_rsa_bits) {
    return Refusal("it is an RSA key of ", numbers.bits(), " bits, fewer than minimum_rsa_bits (",
                   options.minimum_rsa_bits, "); have the issuer use a longer key");
  }
  const auto text = [&](const char* name) -> std::optional<std::string> {
    const auto member = canonical.find(name);
    if (member == canonical.end()) return std::nullopt;
    return member->get<std::string>();
  };
  jwk.n = text("n");
  jwk.e = text("e");
  jwk.x = text("x");
  jwk.y = text("y");
  jwk.bits = numbers.bits();
  jwk.pem = numbers.ToPem();
  const std::string digest = crypto::Sha256(numbers.spki());
  jwk.spki_sha256 = absl::BytesToHexString(digest);
  if (jwk.kid == EncodeBase64Url(digest)) jwk.kid_derivation = "kubernetes";
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::variant<PublicJwk, IgnoredKey>> ReadJwk(const Json& key,
                                                            const CanonicalOptions& options) {
  TFSDK_RETURN_IF_ERROR(RefusePrivateMembers(key));
  PublicJwk jwk;
  TFSDK_ASSIGN_OR_RETURN(jwk.kty, ReadKeyType(key));
  TFSDK_ASSIGN_OR_RETURN(jwk.kid, ReadKid(key));
  TFSDK_ASSIGN_OR_RETURN(jwk.use, ReadOptionalName(key, "use"));
  TFSDK_ASSIGN_OR_RETURN(jwk.alg, ReadOptionalName(key, "alg"));
  TFSDK_ASSIGN_OR_RETURN(const std::vector<std::string> operations, ReadKeyOps(key));
  if (jwk.alg.has_value() && ProvesNothing(*jwk.alg)) {
    return Refusal("its alg ", json::Quoted(*jwk.alg, 40), " is no public-key signature", kAskIssuer);
  }
  if (const auto crv = key.find("crv"); crv != key.end() && crv->is_string() && *crv != "") jwk.crv = *crv;

  const bool is_for_encryption = jwk.alg.has_value() && IsEncryption(*jwk.alg);
  if (jwk.use == "enc" || (!jwk.use.has_value() && (is_for_encryption || AreForEncryption(operations)))) {
    return IgnoredKey{jwk.kid, "use_enc"};
  }
  if (!IsWanted(options.key_types, jwk.kty)) return IgnoredKey{jwk.kid, "key_type_filtered"};
  if (!IsFitForOneOf(options.algorithms, jwk)) return IgnoredKey{jwk.kid, "algorithm_filtered"};
  if (!operations.empty() && !absl::c_linear_search(operations, "verify")) {
    return Refusal("its key_ops does not allow \"verify\"", kAskIssuer);
  }

  const bool is_known = IsKnownKeyType(jwk.kty);
  Json canonical = Json::object();
  for (const auto& member : key.items()) {
    if (IsStandardMember(member.key()) && (is_known || !IsMaterial(member.key()))) continue;
    const bool is_certificate = absl::StartsWith(member.key(), "x5");
    if (options.extra_members || (!is_known && !is_certificate)) canonical[member.key()] = member.value();
  }
  canonical["kty"] = jwk.kty;
  if (jwk.kid.has_value()) canonical["kid"] = *jwk.kid;
  if (jwk.use.has_value()) canonical["use"] = *jwk.use;
  if (jwk.alg.has_value()) canonical["alg"] = *jwk.alg;
  if (!operations.empty()) canonical["key_ops"] = operations;

  jwk.kid_derivation = jwk.kid.has_value() ? "other" : "missing";
  if (is_known) {
    TFSDK_RETURN_IF_ERROR(AddMaterial(key, options, jwk, canonical));
  } else if (jwk.alg.has_value() && BelongsToKnownType(*jwk.alg)) {
    return Refusal("its alg ", json::Quoted(*jwk.alg, 40), " contradicts its kty ", json::Quoted(jwk.kty, 40),
                   kAskIssuer);
  }
  jwk.thumbprint = Thumbprint(canonical);
  jwk.jwk = canonical.dump();
  return jwk;
}

}  // namespace k8soidc::jose
