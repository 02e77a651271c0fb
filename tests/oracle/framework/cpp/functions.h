#pragma once

// The functions: variadic, with null and unknown, dynamic, and with errors.

#include "absl/strings/str_join.h"
#include "collections.h"
#include "tfsdk/function.h"

namespace twin {

class Join final : public tfsdk::Function<std::string(std::string, tfsdk::Variadic<std::string>)> {
 public:
  Join()
      : Function({"Joins words", "Joins *words*."}, tfsdk::Parameter{"separator", "What is between."},
                 tfsdk::Parameter{"words", "The words."}) {}
  absl::StatusOr<std::string> Call(tfsdk::Context&, std::string separator,
                                   tfsdk::Variadic<std::string> words) const override {
    return absl::StrJoin(words.arguments, separator);
  }
};

class OrElse final : public tfsdk::Function<std::string(std::optional<std::string>, std::string)> {
 public:
  OrElse()
      : Function({"A default", "A default for null."}, tfsdk::Parameter{"value", "May be null."},
                 tfsdk::Parameter{"otherwise", "Instead of null.", {tfsdk::PlainDescription()}}) {}
  absl::StatusOr<std::string> Call(tfsdk::Context&, std::optional<std::string> value,
                                   std::string otherwise) const override {
    return value.value_or(otherwise);
  }
};

class IsKnown final : public tfsdk::Function<bool(tfsdk::Maybe<std::string>)> {
 public:
  IsKnown()
      : Function({"Whether it is known", "Whether it is known."},
                 tfsdk::Parameter{"value", "May be unknown."}) {}
  absl::StatusOr<bool> Call(tfsdk::Context&, tfsdk::Maybe<std::string> value) const override {
    return value.IsKnown();
  }
};

class Same final : public tfsdk::Function<tfsdk::Value(tfsdk::Value)> {
 public:
  Same() : Function({"The same", "What it is given."}, tfsdk::Parameter{"value", "Anything."}) {}
  absl::StatusOr<tfsdk::Value> Call(tfsdk::Context&, tfsdk::Value value) const override { return value; }
};

class Sum final : public tfsdk::Function<int64_t(std::vector<int64_t>)> {
 public:
  Sum()
      : Function({"A sum", "The sum.", "Use the one that is built in."},
                 tfsdk::Parameter{"numbers", "The numbers."}) {}
  absl::StatusOr<int64_t> Call(tfsdk::Context&, std::vector<int64_t> numbers) const override {
    int64_t sum = 0;
    for (const int64_t number : numbers) sum += number;
    return sum;
  }
};

class Swap final : public tfsdk::Function<Pair(Pair)> {
 public:
  Swap()
      : Function({"The other way round", "Doubles the number of an object."},
                 tfsdk::Parameter{"pair", "The pair."}) {}
  absl::StatusOr<Pair> Call(tfsdk::Context&, Pair pair) const override {
    if (!pair.left.has_value() || !pair.right.has_value()) {
      return tfsdk::At(tfsdk::Path().AtIndex(0), absl::InvalidArgumentError("Both parts are needed."));
    }
    pair.right = *pair.right * 2;
    return pair;
  }
};

class Half final : public tfsdk::Function<int64_t(int32_t, int64_t)> {
 public:
  Half()
      : Function({"Half of it", "Half of an even number."}, tfsdk::Parameter{"by", "1 or 2."},
                 tfsdk::Parameter{"number", "An even number."}) {}
  absl::StatusOr<int64_t> Call(tfsdk::Context&, int32_t by, int64_t number) const override {
    if (by == 0) return absl::InvalidArgumentError("That is not possible.");
    if (number % 2 != 0)
      return tfsdk::At(tfsdk::Path().AtIndex(1), absl::InvalidArgumentError("The number is odd."));
    return number / 2;
  }
};

class Lengths final
    : public tfsdk::Function<std::map<std::string, int64_t>(tfsdk::Variadic<tfsdk::SetOf<std::string>>)> {
 public:
  Lengths() : Function({"Lengths", "The length of each word."}, tfsdk::Parameter{"words", "The words."}) {}
  absl::StatusOr<std::map<std::string, int64_t>> Call(
      tfsdk::Context&, tfsdk::Variadic<tfsdk::SetOf<std::string>> sets) const override {
    std::map<std::string, int64_t> lengths;
    for (const tfsdk::SetOf<std::string>& words : sets.arguments) {
      for (const std::string& word : words.elements) lengths[word] = static_cast<int64_t>(word.size());
    }
    return lengths;
  }
};

}  // namespace twin
