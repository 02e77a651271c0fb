#include "crypto/rsa_modulus.h"

#include <algorithm>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"

namespace k8soidc::crypto {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr uint32_t kPrimeLimit = 1u << 16;
constexpr uint32_t kLastRocaPrime = 167;  // The primes of ROCA's generator that every key size has in common.

std::vector<uint32_t> OddPrimes() {
  std::vector<bool> composite(kPrimeLimit);
  std::vector<uint32_t> primes;
  for (uint32_t p = 3; p < kPrimeLimit; p += 2) {
    if (composite[p]) continue;
    primes.push_back(p);
    for (uint64_t multiple = uint64_t{p} * p; multiple < kPrimeLimit; multiple += p)
      composite[multiple] = true;
  }
  return primes;
}

// The inverse of an odd number modulo 2^64. Each step of Newton's iteration doubles the bits that are right,
// and an odd number is its own inverse in the lowest three.
uint64_t InverseModWord(uint64_t odd) {
  uint64_t inverse = odd;
  for (int bits = 3; bits < 64; bits *= 2) inverse *= 2 - odd * inverse;
  return inverse;
}

// An odd prime, and what tells without a division whether it divides a word: exactly the multiples m of p
// have m * p^-1 mod 2^64 no greater than (2^64 - 1) / p.
struct Divisor {
  explicit Divisor(uint32_t prime)
      : inverse(InverseModWord(prime)), largest_quotient(std::numeric_limits<uint64_t>::max() / prime) {}
  bool Divides(uint64_t word) const { return word * inverse <= largest_quotient; }
  uint64_t inverse;
  uint64_t largest_quotient;
};

// As many primes as have a product below 2^64: the long number is reduced once for all of them.
struct PrimeGroup {
  uint64_t product = 1;
  uint64_t negated_inverse = 0;  // -product^-1 mod 2^64
  std::vector<Divisor> divisors;
};

std::vector<PrimeGroup> GroupPrimes() {
  std::vector<PrimeGroup> groups(1);
  for (const uint32_t prime : OddPrimes()) {
    if (groups.back().product > std::numeric_limits<uint64_t>::max() / prime) groups.emplace_back();
    groups.back().product *= prime;
    groups.back().divisors.emplace_back(prime);
  }
  for (PrimeGroup& group : groups) group.negated_inverse = ~InverseModWord(group.product) + 1;
  return groups;
}

// Little-endian words of a big-endian number.
std::vector<uint64_t> ToWords(absl::string_view n) {
  std::vector<uint64_t> words((n.size() + 7) / 8);
  for (size_t i = 0; i < n.size(); ++i) {
    words[i / 8] |= uint64_t{static_cast<uint8_t>(n[n.size() - 1 - i])} << (i % 8 * 8);
  }
  return words;
}

// n * 2^(-64 * words) modulo the group's product (Montgomery reduction). The power of two is prime to the
// product, so a prime of the group divides this if and only if it divides n.
uint64_t Reduce(const std::vector<uint64_t>& words, const PrimeGroup& group) {
  uint64_t rest = 0;
  for (const uint64_t word : words) {
    const Wide sum = Wide{rest} + word;
    const uint64_t factor = static_cast<uint64_t>(sum) * group.negated_inverse;
    rest = static_cast<uint64_t>((sum + Wide{factor} * group.product) >> 64);
  }
  return rest;
}

bool HasSmallFactor(absl::string_view n) {
  static const std::vector<PrimeGroup>& groups = *new std::vector<PrimeGroup>(GroupPrimes());
  const std::vector<uint64_t> words = ToWords(n);
  return std::any_of(groups.begin(), groups.end(), [&](const PrimeGroup& group) {
    const uint64_t rest = Reduce(words, group);
    return std::any_of(group.divisors.begin(), group.divisors.end(),
                       [&](const Divisor& divisor) { return divisor.Divides(rest); });
  });
}

uint32_t Remainder(absl::string_view n, uint32_t divisor) {
  uint32_t rest = 0;
  for (const char byte : n) rest = (rest * 256 + static_cast<uint8_t>(byte)) % divisor;
  return rest;
}

// Modulo each of the first primes, ROCA's moduli are powers of 65537. A random number leaves this loop early.
bool HasRocaFingerprint(absl::string_view n) {
  for (uint32_t prime = 3; prime <= kLastRocaPrime; prime += 2) {
    bool is_prime = true;
    for (uint32_t d = 3; d * d <= prime; d += 2) is_prime = is_prime && prime % d != 0;
    if (!is_prime) continue;
    std::bitset<kLastRocaPrime> powers;
    for (uint32_t power = 1; !powers.test(power); power = power * 65537 % prime) powers.set(power);
    if (!powers.test(Remainder(n, prime))) return false;
  }
  return true;
}

}  // namespace

absl::Status CheckRsaModulus(absl::string_view n) {
  if (n.size() > kMaxRsaBits / 8) {
    return absl::InvalidArgumentError(absl::StrCat("its modulus is longer than ", kMaxRsaBits, " bits"));
  }
  if (n.empty() || n.back() % 2 == 0) {
    return absl::InvalidArgumentError("its modulus is even, so it is no product of two large primes");
  }
  if (HasSmallFactor(n)) {
    return absl::InvalidArgumentError(
        "its modulus has a factor below 65536, so anyone can find its private key");
  }
  if (HasRocaFingerprint(n)) {
    return absl::InvalidArgumentError(
        "its modulus comes from the flawed generator of CVE-2017-15361 (ROCA), so its private key can be "
        "computed");
  }
  return absl::OkStatus();
}

}  // namespace k8soidc::crypto
