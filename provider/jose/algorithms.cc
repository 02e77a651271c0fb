#include "jose/algorithms.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"

namespace k8soidc::jose {
namespace {

constexpr absl::string_view kRsa[] = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
constexpr absl::string_view kP256[] = {"ES256"};
constexpr absl::string_view kP384[] = {"ES384"};
constexpr absl::string_view kP521[] = {"ES512"};
constexpr absl::string_view kEd25519[] = {"EdDSA", "Ed25519"};

struct Row {
  absl::string_view kty;
  absl::string_view crv;  // Empty: the type has no curves.
  absl::Span<const absl::string_view> algorithms;
};

constexpr Row kRows[] = {
    {"RSA", "", kRsa},      {"EC", "P-256", kP256},       {"EC", "P-384", kP384},
    {"EC", "P-521", kP521}, {"OKP", "Ed25519", kEd25519},
};

}  // namespace

absl::Span<const absl::string_view> AlgorithmsOf(absl::string_view kty, absl::string_view crv) {
  for (const Row& row : kRows) {
    if (row.kty == kty && (row.crv.empty() || row.crv == crv)) return row.algorithms;
  }
  return {};
}

bool BelongsToKnownType(absl::string_view alg) {
  return absl::c_any_of(kRows, [&](const Row& row) { return absl::c_linear_search(row.algorithms, alg); });
}

bool ProvesNothing(absl::string_view alg) {
  return absl::EqualsIgnoreCase(alg, "none") || absl::StartsWithIgnoreCase(alg, "HS");
}

bool IsEncryption(absl::string_view alg) {
  return alg == "RSA1_5" || absl::StartsWith(alg, "RSA-OAEP") || absl::StartsWith(alg, "ECDH-ES");
}

}  // namespace k8soidc::jose
