#include "data_sources/jwks.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "data_sources/origin.h"
#include "jose/canonical.h"
#include "json/quote.h"
#include "tfsdk/status.h"
#include "tfsdk/validators.h"

namespace k8soidc {
namespace {

using tfsdk::Between;
using tfsdk::ConflictsWith;
using tfsdk::NotEmpty;
using tfsdk::OneOf;
using tfsdk::AlsoRequires;

jose::CanonicalOptions ToOptions(const JwksModel& config) {
  jose::CanonicalOptions options;
  options.key_types = config.key_types.value_or(std::vector<std::string>());
  options.algorithms = config.algorithms.value_or(std::vector<std::string>());
  options.minimum_rsa_bits = static_cast<int>(config.minimum_rsa_bits.value_or(options.minimum_rsa_bits));
  options.extra_members = config.extra_members.value_or(false);
  return options;
}

std::string DescribeKids(const jose::Jwks& jwks) {
  return absl::StrJoin(jwks.keys, ", ", [](std::string* out, const jose::PublicJwk& key) {
    absl::StrAppend(out, key.kid.has_value() ? json::Quoted(*key.kid) : "one without kid");
  });
}

// Holds the answers of several reads against one another: the replicas of an API server that is being given
// new keys disagree, and a single read is then a coin toss.
absl::StatusOr<jose::Jwks> Agree(const std::vector<std::string>& answers, bool unite,
                                 const jose::CanonicalOptions& options) {
  std::vector<jose::Jwks> sets;
  for (const std::string& answer : answers) {
    TFSDK_ASSIGN_OR_RETURN(jose::Jwks set, jose::Canonicalize(answer, options));
    sets.push_back(std::move(set));
  }
  if (std::all_of(sets.begin(), sets.end(),
                  [&](const jose::Jwks& set) { return set.json == sets.front().json; })) {
    return std::move(sets.front());
  }
  if (unite) return jose::CanonicalUnion(answers, options);
  std::string message = absl::StrCat("the ", sets.size(),
                                     " reads disagree, as they do while the API servers are being given "
                                     "new keys: ");
  for (size_t i = 0; i < sets.size(); ++i) {
    absl::StrAppend(&message, i == 0 ? "" : "; ", "read ", i + 1, " has ", DescribeKids(sets[i]));
  }
  return absl::FailedPreconditionError(absl::StrCat(
      message,
      ". Wait until all API servers serve the same keys and plan again, or set on_disagreement = "
      "\"union\" to take the keys of all of them."));
}

JwkModel ToModel(const jose::PublicJwk& key) {
  JwkModel model;
  model.kid = key.kid;
  model.kty = key.kty;
  model.alg = key.alg;
  model.use = key.use;
  model.crv = key.crv;
  model.bits = key.bits;
  model.n = key.n;
  model.e = key.e;
  model.x = key.x;
  model.y = key.y;
  model.pem = key.pem;
  model.jwk = key.jwk;
  model.thumbprint = key.thumbprint;
  model.spki_sha256 = key.spki_sha256;
  model.kid_derivation = key.kid_derivation;
  return model;
}

}  // namespace

tfsdk::ObjectBinding<JwkModel> JwkModel::Describe() {
  return tfsdk::ObjectBinding<JwkModel>("A public key (RFC 7517).")
      .Computed("kid", &JwkModel::kid, "Key ID; null when the key has none.")
      .Computed("kty", &JwkModel::kty, "Key type: `RSA`, `EC`, `OKP`, or one this provider does not know.")
      .Computed("alg", &JwkModel::alg, "Signature algorithm, when the issuer names it.")
      .Computed("use", &JwkModel::use, "Intended use, when the issuer names it.")
      .Computed("crv", &JwkModel::crv, "Curve of an `EC` or `OKP` key.")
      .Computed("bits", &JwkModel::bits, "Size of the modulus or the curve.")
      .Computed("n", &JwkModel::n, "Modulus of an RSA key, base64url.")
      .Computed("e", &JwkModel::e, "Exponent of an RSA key, base64url.")
      .Computed("x", &JwkModel::x, "First coordinate, base64url.")
      .Computed("y", &JwkModel::y, "Second coordinate, base64url.")
      .Computed("pem", &JwkModel::pem, "The key in PEM (SubjectPublicKeyInfo).")
      .Computed("jwk", &JwkModel::jwk, "The key in canonical JSON.")
      .Computed("thumbprint", &JwkModel::thumbprint, "RFC 7638 thumbprint with SHA-256, base64url.")
      .Computed("spki_sha256", &JwkModel::spki_sha256,
                "SHA-256 of the SubjectPublicKeyInfo in DER, hexadecimal.")
      .Computed(
          "kid_derivation", &JwkModel::kid_derivation,
          "`kubernetes` when the kid is the one an API server derives from the key, `other`, or `missing`.");
}

tfsdk::ObjectBinding<IgnoredKeyModel> IgnoredKeyModel::Describe() {
  return tfsdk::ObjectBinding<IgnoredKeyModel>("A key that was left out.")
      .Computed("kid", &IgnoredKeyModel::kid, "Key ID; null when the key has none.")
      .Computed("reason", &IgnoredKeyModel::reason,
                "`use_enc`, `key_type_filtered`, `algorithm_filtered` or `duplicate`.");
}

tfsdk::ObjectBinding<JwksModel> JwksModel::Describe() {
  return tfsdk::ObjectBinding<JwksModel>(
             "The public keys a cluster signs service account tokens with, read from the API server itself. "
             "The same keys "
             "always give the same `json`, whichever API server answers and however it orders and spaces "
             "them.")
      .Optional("config_context", &JwksModel::config_context, kConfigContextDoc,
                {NotEmpty(), ConflictsWith("url")})
      .Optional("url", &JwksModel::url, kUrlDoc, {NotEmpty()})
      .Optional("ca_certificate", &JwksModel::ca_certificate, kCaCertificateDoc,
                {NotEmpty(), AlsoRequires("url")})
      .Optional("key_types", &JwksModel::key_types,
                "Keep only keys of these types, such as `[\"RSA\", \"EC\"]`.", {NotEmpty()})
      .Optional("algorithms", &JwksModel::algorithms,
                "Keep only keys fit for one of these algorithms, such as `[\"RS256\"]`.", {NotEmpty()})
      .Optional("consistency_reads", &JwksModel::consistency_reads,
                "Read the keys this often, each time over a new connection, and compare. Default 1; 3 is "
                "good advice where "
                "several API servers share an address.",
                {Between(1, 10)})
      .Optional("on_disagreement", &JwksModel::on_disagreement,
                "When the reads disagree: `error` (default), or `union` for the keys of all of them.",
                {OneOf({"error", "union"})})
      .Optional("minimum_rsa_bits", &JwksModel::minimum_rsa_bits,
                "Refuse RSA keys below this size. Default 2048.", {Between(1024, 16384)})
      .Optional("extra_members", &JwksModel::extra_members,
                "Keep members of keys beyond the standard ones. Default false.")
      .Computed("json", &JwksModel::json, "The canonical JWK Set. Feed this to whoever trusts the cluster.")
      .Computed("raw", &JwksModel::raw,
                "The set as served. Not stable: another API server may order it differently.")
      .Computed("sha256", &JwksModel::sha256, "SHA-256 of `json`, hexadecimal: for triggers and names.")
      .Computed("key_count", &JwksModel::key_count, "Number of keys.")
      .Computed("key_ids", &JwksModel::key_ids, "Key IDs, sorted.")
      .Computed("keys", &JwksModel::keys, "The keys, in the order of `json`.")
      .Computed("pem_keys", &JwksModel::pem_keys, "The keys in PEM, in the same order.")
      .Computed("ignored_keys", &JwksModel::ignored_keys, "What was left out, and why.")
      .Computed("id", &JwksModel::id, "The same as `sha256`.");
}

absl::StatusOr<JwksModel> JwksDataSource::Read(tfsdk::Context& context, Client& client,
                                               JwksModel config) const {
  const int64_t reads = config.consistency_reads.value_or(1);
  TFSDK_ASSIGN_OR_RETURN(
      Origin origin, FindOrigin(context, client, config.config_context, config.url, config.ca_certificate));
  std::vector<std::string> answers;
  for (int64_t i = 0; i < reads; ++i) {
    TFSDK_ASSIGN_OR_RETURN(std::string answer,
                           ReadKeys(context, client, origin, /*fresh_connection=*/reads > 1));
    answers.push_back(std::move(answer));
  }
  const absl::StatusOr<jose::Jwks> jwks =
      Agree(answers, config.on_disagreement == "union", ToOptions(config));
  if (!jwks.ok()) return tfsdk::Annotate(jwks.status(), origin.keys_url);
  for (const std::string& warning : jwks->warnings) {
    context.diagnostics().AddWarning("Unusual signing keys", absl::StrCat(origin.keys_url, ": ", warning));
  }

  config.json = jwks->json;
  config.raw = answers.front();
  config.sha256 = jwks->sha256;
  config.key_count = static_cast<int64_t>(jwks->keys.size());
  for (const jose::PublicJwk& key : jwks->keys) {
    if (key.kid.has_value()) config.key_ids.push_back(*key.kid);
    if (key.pem.has_value()) config.pem_keys.push_back(*key.pem);
    config.keys.push_back(ToModel(key));
  }
  for (const jose::IgnoredKey& key : jwks->ignored_keys) config.ignored_keys.push_back({key.kid, key.reason});
  config.id = jwks->sha256;
  return config;
}

}  // namespace k8soidc
