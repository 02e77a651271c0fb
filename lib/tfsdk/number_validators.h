#pragma once

// Rules for numbers, whole or not. See tfsdk/validators.h. All compare exactly, at any size.

#include <concepts>
#include <cstdint>
#include <vector>

#include "tfsdk/internal/check.h"
#include "tfsdk/number.h"
#include "tfsdk/path_expression.h"
#include "tfsdk/validator.h"

namespace tfsdk {

// A number in a rule: 5, 0.5, or a Number.
class NumberLimit {
 public:
  NumberLimit(Number number) : number_(std::move(number)) {}  // NOLINT(google-explicit-constructor)
  template <std::integral I>
  NumberLimit(I number) : number_(static_cast<int64_t>(number)) {}  // NOLINT(google-explicit-constructor)
  // Requires a finite one.
  NumberLimit(double number) {  // NOLINT(google-explicit-constructor)
    const auto exact = Number::FromDouble(number);
    TFSDK_CHECK(exact.ok(), "no finite number");
    number_ = *exact;
  }
  const Number& number() const { return number_; }

 private:
  Number number_;
};

// From `least` to `most`, both allowed.
Validator Between(NumberLimit least, NumberLimit most);
Validator AtLeast(NumberLimit least);
Validator AtMost(NumberLimit most);
// One of `allowed`, or none of `refused`.
Validator OneOfNumbers(std::vector<NumberLimit> allowed);
Validator NoneOfNumbers(std::vector<NumberLimit> refused);

// Held against the sum of other numbers. Null ones do not count, and the attribute itself never does; one that
// is not known yet makes the rule wait.
Validator AtLeastSumOf(PathExpressions summands);
Validator AtMostSumOf(PathExpressions summands);
Validator EqualToSumOf(PathExpressions summands);

}  // namespace tfsdk
