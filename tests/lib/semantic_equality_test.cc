#include "tfsdk/engine/semantic_equality.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tfsdk/binding.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {

// A word whose case means nothing: by its canonical form.
struct Word {
  std::string text;
};
template <>
struct Codec<Word> {
  static Type type() { return Type::String(); }
  static absl::StatusOr<Word> Decode(const Value& value, Source) { return Word{value.AsString()}; }
  static Value Encode(const Word& word) { return Value::String(word.text); }
  static Value Canonical(const Value& value) {
    return Value::String(absl::AsciiStrToLower(value.AsString()));
  }
};

// The same, by comparing pairs.
int64_t compared = 0;
struct SlowWord {
  std::string text;
};
template <>
struct Codec<SlowWord> {
  static Type type() { return Type::String(); }
  static absl::StatusOr<SlowWord> Decode(const Value& value, Source) { return SlowWord{value.AsString()}; }
  static Value Encode(const SlowWord& word) { return Value::String(word.text); }
  static bool SameMeaning(const Value& prior, const Value& now) {
    ++compared;
    return absl::AsciiStrToLower(prior.AsString()) == absl::AsciiStrToLower(now.AsString());
  }
};

namespace {

// Keeps the bytes of one attribute of type T.
template <class T>
struct Holder {
  T member;
  static ObjectBinding<Holder> Describe() {
    return ObjectBinding<Holder>("").Computed("member", &Holder::member, "");
  }
};

template <class T>
Value Kept(const T& prior, const T& now) {
  const ObjectBinding<Holder<T>>& binding = BindingOf<Holder<T>>();
  return KeepSameMeaning(binding.schema(), binding.Encode({prior}), binding.Encode({now}));
}
template <class T>
Value Of(const T& value) {
  return BindingOf<Holder<T>>().Encode({value});
}

struct Part {
  Word word;
  std::string exact;

  static ObjectBinding<Part> Describe() {
    return ObjectBinding<Part>("").Required("word", &Part::word, "").Required("exact", &Part::exact, "");
  }
};

struct Blocks {
  std::optional<Part> single;
  std::vector<Part> list;
  SetOf<Part> set;

  static ObjectBinding<Blocks> Describe() {
    return ObjectBinding<Blocks>("")
        .Block("single", &Blocks::single)
        .Blocks("list", &Blocks::list)
        .Blocks("set", &Blocks::set);
  }
};

// TRAP 32
TEST(SemanticEqualityTest, KeepsThePriorBytesOfWhatMeansTheSame) {
  EXPECT_EQ(Kept<Word>({"Ada"}, {"ADA"}), Of<Word>({"Ada"}));
  EXPECT_EQ(Kept<SlowWord>({"Ada"}, {"ADA"}), Of<SlowWord>({"Ada"}));
}

TEST(SemanticEqualityTest, TakesTheNewBytesOfWhatMeansSomethingElse) {
  EXPECT_EQ(Kept<Word>({"Ada"}, {"Bob"}), Of<Word>({"Bob"}));
  EXPECT_EQ(Kept<std::string>("Ada", "ADA"), Of<std::string>("ADA"));
}

TEST(SemanticEqualityTest, LeavesNullAndUnknownAlone) {
  using Perhaps = std::optional<Word>;
  EXPECT_EQ(Kept<Perhaps>(std::nullopt, Word{"a"}), Of<Perhaps>(Word{"a"}));
  EXPECT_EQ(Kept<Perhaps>(Word{"a"}, std::nullopt), Of<Perhaps>(std::nullopt));
  const auto unknown = Maybe<Word>::Unknown();
  EXPECT_EQ(Kept<Maybe<Word>>(unknown, Maybe<Word>(Word{"a"})), Of<Maybe<Word>>(Maybe<Word>(Word{"a"})));
  EXPECT_EQ(Kept<Maybe<Word>>(Maybe<Word>(Word{"a"}), unknown), Of<Maybe<Word>>(unknown));
}

TEST(SemanticEqualityTest, NothingOfWhatIsCreatedOrGoneIsKept) {
  const Schema& schema = BindingOf<Holder<Word>>().schema();
  const Value null = Value::Null(schema.type());
  EXPECT_EQ(KeepSameMeaning(schema, null, Of<Word>({"a"})), Of<Word>({"a"}));
  EXPECT_EQ(KeepSameMeaning(schema, Of<Word>({"a"}), null), null);
}

TEST(SemanticEqualityTest, ListsGoByIndex) {
  using List = std::vector<Word>;
  EXPECT_EQ(Kept<List>({{"a"}, {"b"}}, {{"A"}, {"c"}, {"B"}}), Of<List>({{"a"}, {"c"}, {"B"}}));
  EXPECT_EQ(Kept<List>({{"a"}, {"b"}}, {{"A"}}), Of<List>({{"a"}}));
}

TEST(SemanticEqualityTest, MapsGoByKey) {
  using Map = std::map<std::string, Word>;
  EXPECT_EQ(Kept<Map>({{"k", {"a"}}, {"l", {"b"}}}, {{"j", {"A"}}, {"l", {"B"}}}),
            Of<Map>({{"j", {"A"}}, {"l", {"b"}}}));
}

TEST(SemanticEqualityTest, SetsGoWithoutOrder) {
  using Set = SetOf<Word>;
  EXPECT_EQ(Kept<Set>({{{"a"}, {"b"}}}, {{{"B"}, {"c"}, {"A"}}}), Of<Set>({{{"b"}, {"c"}, {"a"}}}));
  using Slow = SetOf<SlowWord>;
  EXPECT_EQ(Kept<Slow>({{{"a"}, {"b"}}}, {{{"B"}, {"c"}, {"A"}}}), Of<Slow>({{{"b"}, {"c"}, {"a"}}}));
}

TEST(SemanticEqualityTest, WhatIsEqualToTheByteInASetIsNotTakenByAnother) {
  using Set = SetOf<Word>;
  EXPECT_EQ(Kept<Set>({{{"A"}}}, {{{"a"}, {"A"}}}), Of<Set>({{{"a"}, {"A"}}}));
}

TEST(SemanticEqualityTest, OneElementOfASetStandsForOneOther) {
  using Set = SetOf<Word>;
  EXPECT_EQ(Kept<Set>({{{"ab"}}}, {{{"AB"}, {"aB"}}}), Of<Set>({{{"ab"}, {"aB"}}}));
}

TEST(SemanticEqualityTest, CollectionsInsideCollections) {
  using Nested = std::map<std::string, std::vector<std::optional<Word>>>;
  EXPECT_EQ(Kept<Nested>({{"k", {std::nullopt, Word{"b"}}}}, {{"k", {Word{"a"}, Word{"B"}}}}),
            Of<Nested>({{"k", {Word{"a"}, Word{"b"}}}}));
}

TEST(SemanticEqualityTest, NestedAttributes) {
  EXPECT_EQ(Kept<Part>({{"a"}, "x"}, {{"A"}, "y"}), Of<Part>({{"a"}, "y"}));
  using List = std::vector<Part>;
  EXPECT_EQ(Kept<List>({{{"a"}, "x"}}, {{{"A"}, "y"}, {{"B"}, "z"}}), Of<List>({{{"a"}, "y"}, {{"B"}, "z"}}));
  using Map = std::map<std::string, Part>;
  EXPECT_EQ(Kept<Map>({{"k", {{"a"}, "x"}}}, {{"k", {{"A"}, "x"}}}), Of<Map>({{"k", {{"a"}, "x"}}}));
}

TEST(SemanticEqualityTest, AnElementOfASetIsKeptOnlyAsAWhole) {
  using Set = SetOf<Part>;
  EXPECT_EQ(Kept<Set>({{{{"a"}, "x"}, {{"b"}, "y"}}}, {{{{"B"}, "y"}, {{"A"}, "other"}}}),
            Of<Set>({{{{"b"}, "y"}, {{"A"}, "other"}}}));
}

TEST(SemanticEqualityTest, NestedBlocks) {
  const ObjectBinding<Blocks>& binding = BindingOf<Blocks>();
  const Value prior = binding.Encode({Part{{"a"}, "1"}, {{{"b"}, "2"}}, {{{{"c"}, "3"}, {{"d"}, "4"}}}});
  const Value now = binding.Encode({Part{{"A"}, "1"}, {{{"B"}, "2"}}, {{{{"D"}, "4"}, {{"C"}, "3"}}}});
  EXPECT_EQ(KeepSameMeaning(binding.schema(), prior, now), prior);
}

struct ByAttribute {
  std::string text;
  std::string form;
  static ObjectBinding<ByAttribute> Describe() {
    return ObjectBinding<ByAttribute>("")
        .Computed("text", &ByAttribute::text, "", {SameMeaning([](const Value& a, const Value& b) {
                    return a.AsString().size() == b.AsString().size();
                  })})
        .Computed("form", &ByAttribute::form, "", {SameCanonicalForm(&Codec<Word>::Canonical)});
  }
};

TEST(SemanticEqualityTest, AnAttributeMaySayItWithoutATypeOfItsOwn) {
  const ObjectBinding<ByAttribute>& binding = BindingOf<ByAttribute>();
  const auto keep = [&](const ByAttribute& prior, const ByAttribute& now) {
    return KeepSameMeaning(binding.schema(), binding.Encode(prior), binding.Encode(now));
  };
  EXPECT_EQ(keep({"abc", "x"}, {"xyz", "X"}), binding.Encode({"abc", "x"}));
  EXPECT_EQ(keep({"abc", "x"}, {"wxyz", "y"}), binding.Encode({"wxyz", "y"}));
}

TEST(SemanticEqualityTest, LeavesElementsThatAreNotWhollyKnownAlone) {
  const Schema& schema = BindingOf<Holder<SetOf<Part>>>().schema();
  const Type part = BindingOf<Part>().type();
  const auto make = [&](const Value& exact, const char* word) {
    return Value::Object(
        schema.type(),
        {Value::Sequence(Type::Set(part), {Value::Object(part, {exact, Value::String(word)})})});
  };
  const Value now = make(Value::Unknown(Type::String()), "A");
  EXPECT_EQ(KeepSameMeaning(schema, make(Value::Unknown(Type::String()), "a"), now), now);
}

// A hundred thousand in an order of their own: pair by pair the test would not end. The time itself is measured in
// tests/bench.
TEST(SemanticEqualityTest, ASetOfAHundredThousandIsNotComparedPairByPair) {
  constexpr int kCount = 100'000;
  SetOf<Part> prior, now;
  for (int i = 0; i < kCount; ++i) {
    prior.elements.push_back({{absl::StrCat("w", i)}, "x"});
    now.elements.push_back({{absl::StrCat("W", kCount - 1 - i)}, "x"});
  }
  const Value before = Of(prior);
  EXPECT_EQ(KeepSameMeaning(BindingOf<Holder<SetOf<Part>>>().schema(), before, Of(now)), before);
}

TEST(SemanticEqualityTest, ASetThatCanOnlyBeComparedPairByPairHasABound) {
  constexpr int kCount = 20'000;
  SetOf<SlowWord> prior, now;
  for (int i = 0; i < kCount; ++i) {
    prior.elements.push_back({absl::StrCat("w", i)});
    now.elements.push_back({absl::StrCat("other", i)});
  }
  compared = 0;
  EXPECT_EQ(Kept(prior, now), Of(now));
  EXPECT_LE(compared, 1'000'001);
}

}  // namespace
}  // namespace tfsdk
