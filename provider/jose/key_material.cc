#include "jose/key_material.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "crypto/sha256.h"
#include "jose/base64url.h"
#include "json/quote.h"
#include "tfsdk/status.h"

namespace k8soidc::jose {
namespace {

using crypto::PublicKey;
using Json = nlohmann::json;

constexpr absl::string_view kAskIssuer = "; ask whoever runs the issuer to publish the key correctly";

absl::StatusOr<std::string> RequiredString(const Json& key, const char* name) {
  const auto member = key.find(name);
  if (member == key.end()) {
    return absl::InvalidArgumentError(absl::StrCat("it has no member \"", name, "\"", kAskIssuer));
  }
  if (!member->is_string()) {
    return absl::InvalidArgumentError(absl::StrCat("its member \"", name, "\" is not a string", kAskIssuer));
  }
  return member->get<std::string>();
}

absl::StatusOr<std::string> RequiredBytes(const Json& key, const char* name) {
  TFSDK_ASSIGN_OR_RETURN(const std::string text, RequiredString(key, name));
  absl::StatusOr<std::string> bytes = DecodeBase64Url(text);
  if (!bytes.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("its member \"", name, "\" ", bytes.status().message(), kAskIssuer));
  }
  return bytes;
}

// Big-endian, without leading zero bytes.
absl::StatusOr<std::string> RequiredNumber(const Json& key, const char* name) {
  TFSDK_ASSIGN_OR_RETURN(std::string number, RequiredBytes(key, name));
  number.erase(0, number.find_first_not_of('\0'));
  return number;
}

absl::StatusOr<std::string> RequiredCoordinate(const Json& key, const char* name, size_t width,
                                               absl::string_view crv) {
  TFSDK_ASSIGN_OR_RETURN(const std::string number, RequiredNumber(key, name));
  if (number.size() > width) {
    return absl::InvalidArgumentError(absl::StrCat("its member \"", name, "\" is longer than the ", width,
                                                   " bytes of a coordinate on ", crv, kAskIssuer));
  }
  return std::string(width - number.size(), '\0') + number;
}

absl::Status RefuseMembersOfOtherTypes(const Json& key, absl::string_view kty,
                                       std::initializer_list<absl::string_view> own) {
  for (const auto& member : key.items()) {
    const bool is_empty = member.value().is_null() || member.value() == "";
    if (is_empty || !IsMaterial(member.key()) || absl::c_linear_search(own, member.key())) continue;
    return absl::InvalidArgumentError(absl::StrCat("its kty is ", kty, ", which has no member \"",
                                                   member.key(), "\", so it is not clear which key it is",
                                                   kAskIssuer));
  }
  return absl::OkStatus();
}

absl::Status UnsupportedCurve(absl::string_view crv, absl::string_view kty, absl::string_view supported) {
  return absl::InvalidArgumentError(absl::StrCat("its crv ", json::Quoted(crv, 40), " is not one that kty ",
                                                 kty, " is supported with (", supported,
                                                 "); set key_types to leave ", kty, " keys out"));
}

// A verdict on the numbers, with what to do about it.
absl::StatusOr<PublicKey> Checked(absl::StatusOr<PublicKey> key) {
  if (!absl::IsInvalidArgument(key.status())) return key;
  return absl::InvalidArgumentError(
      absl::StrCat(key.status().message(), "; have the issuer replace this key"));
}

absl::StatusOr<PublicKey> ReadRsa(const Json& key, Json& canonical) {
  TFSDK_RETURN_IF_ERROR(RefuseMembersOfOtherTypes(key, "RSA", {"n", "e"}));
  TFSDK_ASSIGN_OR_RETURN(const std::string n, RequiredNumber(key, "n"));
  TFSDK_ASSIGN_OR_RETURN(const std::string e, RequiredNumber(key, "e"));
  canonical["n"] = EncodeBase64Url(n);
  canonical["e"] = EncodeBase64Url(e);
  return Checked(PublicKey::Rsa(n, e));
}

absl::StatusOr<PublicKey> ReadEc(const Json& key, Json& canonical) {
  TFSDK_RETURN_IF_ERROR(RefuseMembersOfOtherTypes(key, "EC", {"crv", "x", "y"}));
  TFSDK_ASSIGN_OR_RETURN(const std::string crv, RequiredString(key, "crv"));
  PublicKey::Type curve = PublicKey::Type::kP256;
  if (crv == "P-384") {
    curve = PublicKey::Type::kP384;
  } else if (crv == "P-521") {
    curve = PublicKey::Type::kP521;
  } else if (crv != "P-256") {
    return UnsupportedCurve(crv, "EC", "P-256, P-384, P-521");
  }
  const size_t width = PublicKey::CoordinateBytes(curve);
  TFSDK_ASSIGN_OR_RETURN(const std::string x, RequiredCoordinate(key, "x", width, crv));
  TFSDK_ASSIGN_OR_RETURN(const std::string y, RequiredCoordinate(key, "y", width, crv));
  canonical["crv"] = crv;
  canonical["x"] = EncodeBase64Url(x);
  canonical["y"] = EncodeBase64Url(y);
  return Checked(PublicKey::Ec(curve, x, y));
}

absl::StatusOr<PublicKey> ReadOkp(const Json& key, Json& canonical) {
  TFSDK_RETURN_IF_ERROR(RefuseMembersOfOtherTypes(key, "OKP", {"crv", "x"}));
  TFSDK_ASSIGN_OR_RETURN(const std::string crv, RequiredString(key, "crv"));
  if (crv != "Ed25519") return UnsupportedCurve(crv, "OKP", "Ed25519");
  TFSDK_ASSIGN_OR_RETURN(const std::string x, RequiredBytes(key, "x"));
  canonical["crv"] = crv;
  canonical["x"] = EncodeBase64Url(x);
  return Checked(PublicKey::Ed25519(x));
}

}  // namespace

bool IsMaterial(absl::string_view name) {
  return absl::c_linear_search(std::initializer_list<absl::string_view>{"crv", "e", "n", "pub", "x", "y"},
                               name);
}

bool IsKnownKeyType(absl::string_view kty) { return kty == "RSA" || kty == "EC" || kty == "OKP"; }

absl::StatusOr<PublicKey> ReadMaterial(absl::string_view kty, const Json& key, Json& canonical) {
  if (kty == "RSA") return ReadRsa(key, canonical);
  return kty == "EC" ? ReadEc(key, canonical) : ReadOkp(key, canonical);
}

std::optional<std::string> Thumbprint(const Json& canonical) {
  const std::string kty = canonical.value("kty", "");
  std::vector<const char*> required;
  if (kty == "RSA") {
    required = {"e", "kty", "n"};
  } else if (kty == "EC") {
    required = {"crv", "kty", "x", "y"};
  } else if (kty == "OKP") {
    required = {"crv", "kty", "x"};
  } else if (kty == "AKP") {
    required = {"alg", "kty", "pub"};
  } else {
    return std::nullopt;
  }
  Json members = Json::object();
  for (const char* name : required) {
    const auto member = canonical.find(name);
    if (member == canonical.end() || !member->is_string()) return std::nullopt;
    members[name] = *member;
  }
  return EncodeBase64Url(crypto::Sha256(members.dump()));
}

}  // namespace k8soidc::jose
