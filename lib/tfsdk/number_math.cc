// Order and sum of numbers of any length, on their decimal digits.

#include <algorithm>
#include <string>
#include <utility>

#include "tfsdk/number.h"

namespace tfsdk {
namespace {

// a + b for whole numbers of the same length.
std::string Add(std::string a, const std::string& b) {
  int carry = 0;
  for (size_t i = a.size(); i-- > 0;) {
    const int digit = (a[i] - '0') + (b[i] - '0') + carry;
    carry = digit / 10;
    a[i] = static_cast<char>('0' + digit % 10);
  }
  return carry == 0 ? a : "1" + a;
}

// a - b for whole numbers of the same length, where a >= b.
std::string Subtract(std::string a, const std::string& b) {
  int borrow = 0;
  for (size_t i = a.size(); i-- > 0;) {
    const int digit = (a[i] - '0') - (b[i] - '0') - borrow;
    borrow = digit < 0 ? 1 : 0;
    a[i] = static_cast<char>('0' + (digit + 10) % 10);
  }
  return a;
}

}  // namespace

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  const auto* x = std::get_if<int64_t>(&a.rep_);
  const auto* y = std::get_if<int64_t>(&b.rep_);
  if (x != nullptr && y != nullptr) return *x <=> *y;
  if (a == b) return std::strong_ordering::equal;
  const Number::Decimal p = a.ToDecimal();
  const Number::Decimal q = b.ToDecimal();
  if (p.negative != q.negative) return q.negative <=> p.negative;
  const bool p_is_zero = p.digits == "0";
  const bool q_is_zero = q.digits == "0";
  // Where the first digit stands says most; after that, digits compare as text.
  std::strong_ordering magnitude = q_is_zero <=> p_is_zero;
  if (!p_is_zero && !q_is_zero) {
    magnitude = p.exponent + static_cast<int64_t>(p.digits.size()) <=>
                q.exponent + static_cast<int64_t>(q.digits.size());
    if (magnitude == 0) magnitude = p.digits.compare(q.digits) <=> 0;
  }
  return p.negative ? (magnitude < 0 ? std::strong_ordering::greater : std::strong_ordering::less)
                    : magnitude;
}

Number operator+(const Number& a, const Number& b) {
  const auto* x = std::get_if<int64_t>(&a.rep_);
  const auto* y = std::get_if<int64_t>(&b.rep_);
  int64_t small = 0;
  if (x != nullptr && y != nullptr && !__builtin_add_overflow(*x, *y, &small)) return Number(small);
  Number::Decimal p = a.ToDecimal();
  Number::Decimal q = b.ToDecimal();
  const int64_t exponent = std::min(p.exponent, q.exponent);
  p.digits.append(static_cast<size_t>(p.exponent - exponent), '0');
  q.digits.append(static_cast<size_t>(q.exponent - exponent), '0');
  const size_t length = std::max(p.digits.size(), q.digits.size());
  p.digits.insert(0, length - p.digits.size(), '0');
  q.digits.insert(0, length - q.digits.size(), '0');
  Number::Decimal sum{p.negative, "", exponent};
  if (p.negative == q.negative) {
    sum.digits = Add(std::move(p.digits), q.digits);
  } else if (p.digits >= q.digits) {
    sum.digits = Subtract(std::move(p.digits), q.digits);
  } else {
    sum.negative = q.negative;
    sum.digits = Subtract(std::move(q.digits), p.digits);
  }
  sum.digits.erase(0, sum.digits.find_first_not_of('0'));
  return Number::FromDecimal(std::move(sum));
}

}  // namespace tfsdk
