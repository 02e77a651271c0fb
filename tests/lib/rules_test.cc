// Rules about several values, and how the engine runs rules: tfsdk/relation_validators.h, engine/validate.h.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "tfsdk/binding.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/validators.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Texts = std::vector<std::string>;

// "path: message" of each diagnostic.
Texts Diagnose(const Schema& schema, const Value& config, bool write_only_allowed = false) {
  Diagnostics diagnostics;
  ValidateConfig(schema, config, diagnostics, write_only_allowed);
  Texts texts;
  for (const Diagnostic& d : diagnostics.all()) texts.push_back(d.path.ToString() + ": " + d.detail);
  return texts;
}

// Pairs with one rule, at the line of `a` or of the whole block.
template <int kCase>
struct With {
  Maybe<std::string> a, b;
  static ObjectBinding<With> Describe();
};
template <int kCase>
Texts Judge(Maybe<std::string> a, Maybe<std::string> b) {
  With<kCase> pair;
  pair.a = std::move(a);
  pair.b = std::move(b);
  const auto& binding = BindingOf<With<kCase>>();
  return Diagnose(binding.schema(), binding.Encode(pair));
}
template <class T>
ObjectBinding<T> AtLine(Validator rule) {
  return ObjectBinding<T>("").Optional("a", &T::a, "", {std::move(rule)}).Optional("b", &T::b, "");
}
template <class T>
ObjectBinding<T> OfBlock(Validator rule) {
  return ObjectBinding<T>("").Optional("a", &T::a, "").Optional("b", &T::b, "").Rule(std::move(rule));
}
template <int kCase>
ObjectBinding<With<kCase>> With<kCase>::Describe() {
  using T = With<kCase>;
  switch (kCase) {
    case 0:
      return AtLine<T>(AlsoRequires("b"));
    case 1:
      return AtLine<T>(ConflictsWith("b"));
    case 2:
      return AtLine<T>(ExactlyOneOf("b"));
    case 3:
      return AtLine<T>(AtLeastOneOf({"a", "b"}));
    case 4:
      return OfBlock<T>(ExactlyOneOf({"a", "b"}));
    case 5:
      return OfBlock<T>(AtLeastOneOf({"a", "b"}));
    case 6:
      return OfBlock<T>(Conflicting({"a", "b"}));
    case 7:
      return OfBlock<T>(RequiredTogether({"a", "b"}));
    case 9:
      return OfBlock<T>(Any({ExactlyOneOf({"a", "b"}), Not(AtLeastOneOf({"a", "b"}), "Not both.")}));
    default:
      return OfBlock<T>(ExactlyOneOf({"a", "nope"}));
  }
}

const Maybe<std::string> kSet = Maybe<std::string>("x");
const Maybe<std::string> kUnset = Maybe<std::string>();
const Maybe<std::string> kLater = Maybe<std::string>::Unknown();

TEST(RulesTest, AlsoRequires) {
  EXPECT_THAT(Judge<0>(kSet, kUnset), ElementsAre("a: Has no meaning without b: set that as well."));
  EXPECT_THAT(Judge<0>(kSet, kSet), IsEmpty());
  EXPECT_THAT(Judge<0>(kSet, kLater), IsEmpty());
  EXPECT_THAT(Judge<0>(kUnset, kUnset), IsEmpty());
  EXPECT_THAT(Judge<0>(kLater, kUnset), IsEmpty());
}

TEST(RulesTest, ConflictsWith) {
  EXPECT_THAT(Judge<1>(kSet, kSet), ElementsAre("a: Cannot be set together with b: give one of them."));
  EXPECT_THAT(Judge<1>(kSet, kUnset), IsEmpty());
  EXPECT_THAT(Judge<1>(kSet, kLater), IsEmpty());
  EXPECT_THAT(Judge<1>(kLater, kSet), IsEmpty());
}

TEST(RulesTest, ARuleAtALineCountsItsAttributeOnceNamedOrNot) {
  EXPECT_THAT(Judge<2>(kUnset, kUnset), ElementsAre("a: Set one of b."));
  EXPECT_THAT(Judge<2>(kSet, kSet), ElementsAre("a: Only one of b can be set."));
  EXPECT_THAT(Judge<2>(kSet, kUnset), IsEmpty());
  EXPECT_THAT(Judge<3>(kUnset, kUnset), ElementsAre("a: Set at least one of a, b."));
  EXPECT_THAT(Judge<3>(kUnset, kSet), IsEmpty());
}

TEST(RulesTest, RulesOfAWholeBlock) {
  EXPECT_THAT(Judge<4>(kUnset, kUnset), ElementsAre(": Set one of a, b."));
  EXPECT_THAT(Judge<4>(kSet, kSet), ElementsAre(": Only one of a, b can be set."));
  EXPECT_THAT(Judge<4>(kUnset, kSet), IsEmpty());
  EXPECT_THAT(Judge<5>(kUnset, kUnset), ElementsAre(": Set at least one of a, b."));
  EXPECT_THAT(Judge<5>(kSet, kSet), IsEmpty());
  EXPECT_THAT(Judge<6>(kSet, kSet), ElementsAre(": Only one of a, b can be set."));
  EXPECT_THAT(Judge<6>(kUnset, kUnset), IsEmpty());
  EXPECT_THAT(Judge<7>(kSet, kUnset), ElementsAre(": Set all of a, b, or none."));
  EXPECT_THAT(Judge<7>(kUnset, kUnset), IsEmpty());
  EXPECT_THAT(Judge<7>(kSet, kSet), IsEmpty());
}

// MUST 62
TEST(RulesTest, WaitForWhatIsNotKnownYet) {
  EXPECT_THAT(Judge<4>(kLater, kUnset), IsEmpty());
  EXPECT_THAT(Judge<4>(kLater, kSet), IsEmpty());
  EXPECT_THAT(Judge<5>(kLater, kUnset), IsEmpty());
  EXPECT_THAT(Judge<6>(kLater, kSet), IsEmpty());
  EXPECT_THAT(Judge<7>(kLater, kSet), IsEmpty());
}

TEST(RulesTest, ARuleOfABlockMayBeMadeOfRules) {
  EXPECT_THAT(Judge<9>(kSet, kUnset), IsEmpty());
  EXPECT_THAT(Judge<9>(kUnset, kUnset), IsEmpty());
  EXPECT_THAT(Judge<9>(kSet, kSet),
              ElementsAre(": One of these must hold: Only one of a, b can be set. Or: Not both."));
  EXPECT_THAT(Judge<9>(kSet, kLater), IsEmpty());
}

TEST(RulesTest, ANameThatIsNoneIsADiagnosticForTheAuthor) {
  EXPECT_THAT(Judge<8>(kSet, kUnset),
              ElementsAre(::testing::HasSubstr("an attribute nope, which cannot be there")));
}

// A block and a nested attribute in each nesting, each with a rule, and a rule that looks out of a set.
struct Inner {
  std::optional<std::string> a, b, c;
  static ObjectBinding<Inner> Describe() {
    return ObjectBinding<Inner>("")
        .Optional("a", &Inner::a, "")
        .Optional("b", &Inner::b, "")
        .Optional("c", &Inner::c, "",
                  {ConflictsWith(PathExpression::Here().Parent().Parent().Parent().At("top"))})
        .Rule(Conflicting({"a", "b"}));
  }
};
struct Outer {
  std::optional<std::string> top;
  std::optional<int64_t> count;
  std::optional<std::vector<int32_t>> counts;
  std::vector<Inner> block;
  SetOf<Inner> set;
  std::optional<std::map<std::string, Inner>> map;
  static ObjectBinding<Outer> Describe() {
    return ObjectBinding<Outer>("")
        .Optional("top", &Outer::top, "")
        .Optional("count", &Outer::count, "")
        .Optional("counts", &Outer::counts, "")
        .Optional("map", &Outer::map, "")
        .Blocks("block", &Outer::block)
        .With({IsRequired()})
        .Blocks("set", &Outer::set);
  }
};

TEST(RulesTest, HoldInEveryNesting) {
  const auto& binding = BindingOf<Outer>();
  const Inner good{"x", std::nullopt, std::nullopt};
  const Inner bad{"x", "y", std::nullopt};
  const auto judge = [&](const Outer& outer) { return Diagnose(binding.schema(), binding.Encode(outer)); };
  EXPECT_THAT(judge({.block = {good}, .set = {{good}}, .map = {{{"k", good}}}}), IsEmpty());
  EXPECT_THAT(judge({.block = {good, bad}, .set = {{bad}}, .map = {{{"k", bad}}}}),
              ElementsAre("map[\"k\"]: Only one of a, b can be set.",
                          "block[1]: Only one of a, b can be set.", "set: Only one of a, b can be set."));
  EXPECT_THAT(judge({}), ElementsAre("block: It is required."));
}

TEST(RulesTest, LookOutOfASet) {
  const auto& binding = BindingOf<Outer>();
  const Inner inner{"x", std::nullopt, "z"};
  EXPECT_THAT(Diagnose(binding.schema(), binding.Encode({.top = "t", .block = {{}}, .set = {{inner}}})),
              ElementsAre("set: Cannot be set together with top: give one of them."));
  EXPECT_THAT(Diagnose(binding.schema(), binding.Encode({.block = {{}}, .set = {{inner}}})), IsEmpty());
}

TEST(RulesTest, TheTypeOfANumberIsCheckedDuringValidation) {
  const auto& binding = BindingOf<Outer>();
  std::vector<Value> values;
  for (const auto& [name, type] : binding.type().attributes()) {
    const Value half = Value::Number(*Number::Parse("1.5"));
    values.push_back(name == "count"    ? half
                     : name == "counts" ? Value::Sequence(type, {Value::Unknown(Type::Number()), half})
                     : name == "block"  ? binding.Encode({.block = {{}}}).attribute("block")
                                        : Value::Null(type));
  }
  EXPECT_THAT(Diagnose(binding.schema(), Value::Object(binding.type(), values)),
              ElementsAre("count: Must be a whole number that fits into 64 bits.",
                          "counts[1]: Must be a whole number that fits into 32 bits."));
}

struct Password {
  std::optional<std::string> password, password_wo;
  static ObjectBinding<Password> Describe() {
    return ObjectBinding<Password>("")
        .Optional("password", &Password::password, "", {PreferWriteOnlyAttribute("password_wo")})
        .Optional("password_wo", &Password::password_wo, "", {WriteOnly()});
  }
};

TEST(RulesTest, PreferWriteOnlyWarnsWhereTerraformHasThem) {
  const auto& binding = BindingOf<Password>();
  const Value config = binding.Encode({"x", std::nullopt});
  EXPECT_THAT(
      Diagnose(binding.schema(), config, true),
      ElementsAre("password: Its value is stored in the state. Set password_wo instead, which is not."));
  EXPECT_THAT(Diagnose(binding.schema(), config, false), IsEmpty());
  EXPECT_THAT(Diagnose(binding.schema(), binding.Encode({"x", "y"}), true), IsEmpty());
  EXPECT_THAT(Diagnose(binding.schema(), binding.Encode({std::nullopt, std::nullopt}), true), IsEmpty());
}

}  // namespace
}  // namespace tfsdk
