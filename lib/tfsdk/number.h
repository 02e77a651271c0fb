#pragma once

// Number: Terraform's number type, kept exactly.

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tfsdk {

// Any decimal number, of any length. Terraform's numbers have 512 bits of mantissa and 0.1 travels as text,
// so a number must never pass through a double on its way from a configuration into a state: the plan would
// be rejected.
//
// Immutable; copy freely between threads.
class Number {
 public:
  // Zero.
  Number() : rep_(int64_t{0}) {}
  explicit Number(int64_t value) : rep_(value) {}

  // The number a double stands for. InvalidArgument for NaN and the infinities, which Terraform cannot hold.
  static absl::StatusOr<Number> FromDouble(double value);
  // Reads "12", "-0.5", "1e23": JSON's grammar, with leading zeros, a sign and a bare point allowed as
  // Terraform does. InvalidArgument for anything else, and for an exponent beyond ±100,000.
  static absl::StatusOr<Number> Parse(absl::string_view decimal);

  // OutOfRange when it is no whole number or does not fit.
  absl::StatusOr<int64_t> ToInt64() const;
  // The nearest double.
  double ToDouble() const;
  // True, and sets `value`, when a double holds this very number.
  bool IsExactDouble(double* value) const;
  // Plain decimal text without an exponent: "0.1", "100000000000000000000000".
  std::string ToString() const;

  // Compares the numbers, however they arrived: 1 == 1.0. A double equals the shortest decimal that reads
  // back as that double, which is Terraform's rule (0.1 as a double equals "0.1").
  friend bool operator==(const Number& a, const Number& b);
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);
  // Exact.
  friend Number operator+(const Number& a, const Number& b);

 private:
  // ±digits × 10^exponent; digits without leading or trailing zeros, never empty.
  struct Decimal {
    bool negative;
    std::string digits;
    int64_t exponent;
    friend bool operator==(const Decimal&, const Decimal&) = default;
  };

  static Number FromDecimal(Decimal decimal);
  static std::string Text(const Decimal& decimal);
  Decimal ToDecimal() const;

  // Always the first alternative that fits, so that equal numbers are mostly equal representations: int64_t
  // for whole numbers in range, double for what arrived as a fraction in binary, Decimal for the rest.
  std::variant<int64_t, double, Decimal> rep_;
};

}  // namespace tfsdk
