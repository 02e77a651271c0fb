#include "jose/canonical.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>
#include <variant>

#include "absl/algorithm/container.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "crypto/sha256.h"
#include "jose/private_members.h"
#include "json/quote.h"
#include "json/strict_json.h"
#include "tfsdk/status.h"

namespace k8soidc::jose {
namespace {

using Json = nlohmann::json;

absl::Status NotAJwkSet(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("this is not a JWK Set: ", what, "; check that the address is that of the issuer's keys"));
}

absl::StatusOr<const Json*> FindKeys(const Json& document) {
  if (!document.is_object()) return NotAJwkSet("the document is not an object");
  const auto keys = document.find("keys");
  if (keys == document.end()) {
    if (document.value("kind", Json()) == "Status")
      return NotAJwkSet("it is an error answer of a Kubernetes API server");
    if (document.contains("jwks_uri"))
      return NotAJwkSet("it is the discovery document, which only points to the keys");
    if (document.contains("kty")) return NotAJwkSet("it is a single key, without \"keys\" around it");
    return NotAJwkSet("it has no member \"keys\"");
  }
  if (!keys->is_array()) return NotAJwkSet("its member \"keys\" is not an array");
  if (keys->empty())
    return absl::InvalidArgumentError("the set has no keys; the issuer must publish at least one");
  if (keys->size() > kMaxKeys) {
    return absl::InvalidArgumentError(absl::StrCat("the set has ", keys->size(), " keys, more than ",
                                                   kMaxKeys, "; have the issuer retire old ones"));
  }
  return &*keys;
}

std::string KeyName(const Json& key, size_t index) {
  const std::string position = absl::StrCat("keys[", index, "]");
  const auto kid = key.is_object() ? key.find("kid") : key.end();
  if (!key.is_object() || kid == key.end() || !kid->is_string()) return absl::StrCat("key ", position);
  return absl::StrCat("key ", json::Quoted(kid->get<std::string>()), " (", position, ")");
}

absl::Status Refused(const std::string& what, const absl::Status& why) {
  return tfsdk::Annotate(why, absl::StrCat(what, " is refused"));
}

// Looks at the whole document before anything else, so that a leak is never hidden behind a lesser defect.
absl::Status RefuseLeaks(const Json& document) {
  if (document.is_object() && document.contains("keys") && document["keys"].is_array()) {
    const Json& keys = document["keys"];
    for (size_t i = 0; i < keys.size(); ++i) {
      TFSDK_RETURN_IF_ERROR(Refused(KeyName(keys[i], i), RefusePrivateMembers(keys[i])));
    }
  }
  return Refused("an object beside \"keys\"", RefusePrivateKeysElsewhere(document));
}

bool Precedes(const PublicJwk& a, const PublicJwk& b) {
  return std::tie(a.kid, a.thumbprint, a.jwk) < std::tie(b.kid, b.thumbprint, b.jwk);
}

bool IsSameEntry(const PublicJwk& a, const PublicJwk& b) { return a.jwk == b.jwk; }

// The same kid must mean the same key; the entries may differ in alg or use. Without a thumbprint two entries
// that differ at all are taken for different keys.
absl::Status RefuseAmbiguousKids(const std::vector<PublicJwk>& sorted) {
  const auto clash = absl::c_adjacent_find(sorted, [](const PublicJwk& a, const PublicJwk& b) {
    return a.kid.has_value() && a.kid == b.kid && (!a.thumbprint.has_value() || a.thumbprint != b.thumbprint);
  });
  if (clash == sorted.end()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "two different keys have the kid ", json::Quoted(*clash->kid),
      ", so a token cannot say which one signed it; have the issuer give each key a kid of its own"));
}

absl::Status RefuseEmpty(const std::vector<PublicJwk>& keys, const std::vector<IgnoredKey>& ignored) {
  if (!keys.empty()) return absl::OkStatus();
  std::map<std::string, int> counts;
  for (const IgnoredKey& key : ignored) ++counts[key.reason];
  return absl::InvalidArgumentError(
      absl::StrCat("the set has no usable key; left out: ",
                   absl::StrJoin(counts, ", ",
                                 [](std::string* out, const auto& count) {
                                   absl::StrAppend(out, count.second, " by ", count.first);
                                 }),
                   "; check key_types and algorithms, and that the issuer publishes keys for signatures"));
}

std::vector<std::string> Warnings(const std::vector<PublicJwk>& keys) {
  std::vector<std::string> warnings;
  const auto without_kid = absl::c_count_if(keys, [](const PublicJwk& key) { return !key.kid.has_value(); });
  if (without_kid > 1) {
    warnings.push_back(absl::StrCat(without_kid,
                                    " keys have no kid. A token cannot say which of them signed it, and "
                                    "some consumers take only one; have the issuer name its keys."));
  }
  if (absl::c_none_of(keys, [](const PublicJwk& key) { return key.bits.has_value(); })) {
    warnings.push_back(
        "All keys are of types this provider does not know. They are passed on unchecked, and a consumer "
        "may not know them either.");
  }
  return warnings;
}

// Makes the set of `keys`, which are sorted and no two the same.
absl::StatusOr<Jwks> Assemble(std::vector<PublicJwk> keys, std::vector<IgnoredKey> ignored) {
  TFSDK_RETURN_IF_ERROR(RefuseEmpty(keys, ignored));
  TFSDK_RETURN_IF_ERROR(RefuseAmbiguousKids(keys));
  Jwks set;
  set.json = absl::StrCat(
      "{\"keys\":[",
      absl::StrJoin(keys, ",", [](std::string* out, const PublicJwk& key) { *out += key.jwk; }), "]}");
  set.sha256 = absl::BytesToHexString(crypto::Sha256(set.json));
  set.warnings = Warnings(keys);
  set.keys = std::move(keys);
  set.ignored_keys = std::move(ignored);
  return set;
}

}  // namespace

absl::StatusOr<Jwks> Canonicalize(absl::string_view text, const CanonicalOptions& options) {
  TFSDK_ASSIGN_OR_RETURN(const Json document, json::Parse(text));
  TFSDK_RETURN_IF_ERROR(RefuseLeaks(document));
  TFSDK_ASSIGN_OR_RETURN(const Json* elements, FindKeys(document));

  std::vector<PublicJwk> sorted;
  std::vector<IgnoredKey> ignored;
  for (size_t i = 0; i < elements->size(); ++i) {
    const Json& element = (*elements)[i];
    if (!element.is_object()) return NotAJwkSet(absl::StrCat(KeyName(element, i), " is not an object"));
    auto key = ReadJwk(element, options);
    if (!key.ok()) return Refused(KeyName(element, i), key.status());
    if (auto* jwk = std::get_if<PublicJwk>(&*key)) {
      sorted.push_back(std::move(*jwk));
    } else {
      ignored.push_back(std::get<IgnoredKey>(*std::move(key)));
    }
  }
  absl::c_sort(sorted, Precedes);

  std::vector<PublicJwk> keys;
  for (PublicJwk& key : sorted) {
    if (!keys.empty() && IsSameEntry(keys.back(), key)) {
      ignored.push_back({key.kid, "duplicate"});
    } else {
      keys.push_back(std::move(key));
    }
  }
  absl::c_sort(ignored);
  return Assemble(std::move(keys), std::move(ignored));
}

absl::StatusOr<Jwks> CanonicalUnion(absl::Span<const std::string> texts, const CanonicalOptions& options) {
  std::vector<PublicJwk> keys;
  std::vector<IgnoredKey> ignored;
  for (size_t i = 0; i < texts.size(); ++i) {
    absl::StatusOr<Jwks> set = Canonicalize(texts[i], options);
    if (!set.ok()) return tfsdk::Annotate(set.status(), absl::StrCat("answer ", i + 1, " of ", texts.size()));

    std::vector<PublicJwk> all_keys;
    std::merge(keys.begin(), keys.end(), set->keys.begin(), set->keys.end(), std::back_inserter(all_keys),
               Precedes);
    all_keys.erase(std::unique(all_keys.begin(), all_keys.end(), IsSameEntry), all_keys.end());
    keys = std::move(all_keys);

    std::vector<IgnoredKey> all_ignored;
    absl::c_set_union(ignored, set->ignored_keys, std::back_inserter(all_ignored));
    ignored = std::move(all_ignored);
  }
  if (keys.size() > kMaxKeys) {
    return absl::InvalidArgumentError(
        absl::StrCat("the answers together have ", keys.size(), " keys, more than ", kMaxKeys));
  }
  return Assemble(std::move(keys), std::move(ignored));
}

}  // namespace k8soidc::jose
