#pragma once

// Is a number fit to be an RSA modulus? What can be told without factoring it, and cheaply enough to ask of a
// thousand keys: some 100 microseconds for 2048 bits, growing linearly with the bits.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace k8soidc::crypto {

inline constexpr int kMaxRsaBits = 16384;

// Refuses (kInvalidArgument, a clause about "its modulus") a modulus that
//   * is over kMaxRsaBits, so that nothing after this meets a huge number (CVE-2023-6237);
//   * is even, or divisible by any other prime below 2^16;
//   * carries the fingerprint of ROCA (CVE-2017-15361): primes built from powers of 65537, which can be
//   factored.
//     One good modulus in about 2^27 looks the same.
// `n` is big-endian and starts with a byte that is not zero. Safe from any thread.
absl::Status CheckRsaModulus(absl::string_view n);

}  // namespace k8soidc::crypto
