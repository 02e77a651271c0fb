#include "tfsdk/schema.h"

#include "gtest/gtest.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/validators.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

constexpr auto kWrong = absl::StatusCode::kFailedPrecondition;

Attribute Named(std::string name, Type type = Type::String()) { return {std::move(name), std::move(type)}; }

TEST(SchemaTest, ImpliesAnObjectOfAttributesAndBlocks) {
  Schema schema;
  schema.attributes = {Named("url")};
  schema.blocks = {{"exec", Nesting::kSingle, 0, 1, {}}, {"rule", Nesting::kList, 0, 0, {}}};
  schema.blocks[1].schema.attributes = {Named("kid")};
  EXPECT_EQ(schema.type().ToString(),
            "object({exec=object({}), rule=list(object({kid=string})), url=string})");
}

// MUST 43, MUST 44
TEST(SchemaTest, RefusesWhatTerraformWould) {
  const auto check = [](const Schema& schema) { return schema.Check(ReservedInResources()); };
  EXPECT_THAT(check({.attributes = {Named("Url")}}), StatusIs(kWrong, HasSubstr("a-z")));
  EXPECT_THAT(check({.attributes = {Named("")}}), StatusIs(kWrong, HasSubstr("a-z")));
  EXPECT_THAT(check({.attributes = {Named("count")}}), StatusIs(kWrong, HasSubstr("reserves")));
  EXPECT_THAT(check({.attributes = {Named("a"), Named("a")}}), StatusIs(kWrong, HasSubstr("twice")));
  EXPECT_THAT(check({.attributes = {Named("a")}, .blocks = {{"a"}}}), StatusIs(kWrong, HasSubstr("twice")));
  EXPECT_THAT(check({.attributes = {Named("a", Type::Set(Type::Dynamic()))}}),
              StatusIs(kWrong, HasSubstr("dynamic")));
  EXPECT_THAT(check({.blocks = {{"a", Nesting::kList, 2, 1, {}}}}), StatusIs(kWrong, HasSubstr("min_items")));
  EXPECT_THAT(check({.blocks = {{"a", Nesting::kSingle, 0, 2, {}}}}), StatusIs(kWrong, HasSubstr("once")));
  EXPECT_THAT(check({.blocks = {{"a", Nesting::kList, 0, 0, {.attributes = {Named("x", Type::Dynamic())}}}}}),
              StatusIs(kWrong, HasSubstr("dynamic")));
  EXPECT_THAT(check({.version = -1}), StatusIs(kWrong, HasSubstr("negative")));
  EXPECT_THAT(check({.attributes = {Named("url"), Named("ca_certificate")}}), IsOk());
  EXPECT_THAT(Schema{.attributes = {Named("alias")}}.Check(ReservedInProviders()),
              StatusIs(kWrong, HasSubstr("reserves")));
}

TEST(SchemaTest, KnowsWhatProtocol5CannotSay) {
  Attribute nested = Named("keys", Type::List(Type::Object({})));
  nested.nested = std::make_shared<NestedObject>(NestedObject{Nesting::kList, {}});
  nested.mode = Mode::kComputed;
  EXPECT_TRUE(Schema{.attributes = {nested}}.FitsProtocol5());
  nested.mode = Mode::kOptional;
  EXPECT_FALSE(Schema{.attributes = {nested}}.FitsProtocol5());
}

TEST(DiagnosticsTest, SaysEachThingOnce) {
  Diagnostics diagnostics;
  diagnostics.AddError("a", "b", Path("x"));
  diagnostics.AddError("a", "b", Path("x"));
  diagnostics.AddWarning("a", "b", Path("x"));
  EXPECT_EQ(diagnostics.all().size(), 2U);
  EXPECT_TRUE(diagnostics.HasErrors());
}

// MUST 60, TRAP 35
TEST(DiagnosticsTest, IsAlwaysFitToBeSent) {
  Diagnostics diagnostics;
  diagnostics.AddError("bad \xff", "esc \x1b[0m");
  EXPECT_EQ(diagnostics.all().front().summary, "bad \xef\xbf\xbd");
  EXPECT_EQ(diagnostics.all().front().detail, "esc \xef\xbf\xbd[0m");
  diagnostics.AddError("long", std::string(1 << 20, 'x'));
  EXPECT_LT(diagnostics.all().back().detail.size(), 20000U);
}

TEST(DiagnosticsTest, TakesThePathFromTheStatus) {
  Diagnostics diagnostics;
  diagnostics.AddStatus("Cannot read x", absl::OkStatus());
  EXPECT_FALSE(diagnostics.HasErrors());
  diagnostics.AddStatus("Cannot read x", At(Path("keys").AtIndex(2).At("kid"), absl::NotFoundError("no")));
  EXPECT_EQ(diagnostics.all().front().path.ToString(), "keys[2].kid");
  EXPECT_EQ(diagnostics.all().front().detail, "no");
}

TEST(PathTest, TheInnermostPathWins) {
  const absl::Status inner = At("kid", absl::NotFoundError("no"));
  EXPECT_EQ(PathOf(At("keys", inner)), Path("kid"));
  EXPECT_EQ(PathOf(Inside(Path("keys").AtIndex(0), inner)).ToString(), "keys[0].kid");
  EXPECT_EQ(PathOf(Inside(Path("tags").AtKey("a:b\n"), inner)).ToString(), "tags[\"a:b\n\"].kid");
  EXPECT_TRUE(At("x", absl::OkStatus()).ok());
}

class ValidatorsTest : public ::testing::Test {
 protected:
  static Value Config(Value url, Value context) {
    return Value::Object(Type::Object({{"url", Type::String()}, {"context", Type::String()}}),
                         {std::move(context), std::move(url)});
  }
  static Surroundings In(const Value& config) { return {config, config}; }

  const Value none_ = Value::Null(Type::String());
  const Value some_ = Value::String("x");
  const Value unknown_ = Value::Unknown(Type::String());
};

TEST_F(ValidatorsTest, OneOfNamesWhatIsAllowed) {
  EXPECT_THAT(OneOf({"error", "union"})(Value::String("union"), In(none_)), IsOk());
  EXPECT_THAT(OneOf({"error", "union"})(Value::String("Union\n"), In(none_)),
              StatusIs(absl::StatusCode::kInvalidArgument, "\"Union\\n\" is not one of error, union."));
}

TEST_F(ValidatorsTest, EachOneOfPointsAtTheElement) {
  const Value list =
      Value::Sequence(Type::List(Type::String()), {Value::String("RSA"), Value::String("DSA")});
  EXPECT_EQ(PathOf(EachOneOf({"RSA", "EC"})(list, In(none_))).ToString(), "[1]");
}

TEST_F(ValidatorsTest, BetweenIncludesItsEnds) {
  for (const char* good : {"1", "10", "5.5", "1.0"})
    EXPECT_THAT(Between(1, 10)(Value::Number(*Number::Parse(good)), In(none_)), IsOk()) << good;
  for (const char* bad : {"0", "10.01", "0.999", "1e30", "-1"}) {
    EXPECT_THAT(Between(1, 10)(Value::Number(*Number::Parse(bad)), In(none_)),
                StatusIs(absl::StatusCode::kInvalidArgument, "Must be from 1 to 10."))
        << bad;
  }
}

TEST_F(ValidatorsTest, RulesAcrossAttributesLetTheUnknownPass) {
  EXPECT_THAT(ConflictsWith("url")(some_, In(Config(some_, some_))),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("together with url")));
  EXPECT_THAT(ConflictsWith("url")(some_, In(Config(none_, some_))), IsOk());
  EXPECT_THAT(ConflictsWith("url")(some_, In(Config(unknown_, some_))), IsOk());
  EXPECT_THAT(AlsoRequires("url")(some_, In(Config(none_, some_))),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("without url")));
  EXPECT_THAT(AlsoRequires("url")(some_, In(Config(unknown_, some_))), IsOk());
  EXPECT_THAT(AlsoRequires("url")(some_, In(Config(some_, some_))), IsOk());
}

TEST_F(ValidatorsTest, NotEmptyKnowsTextAndCollections) {
  EXPECT_THAT(NotEmpty()(Value::String(""), In(none_)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("leave it out")));
  EXPECT_THAT(NotEmpty()(Value::Sequence(Type::List(Type::String()), {}), In(none_)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("leave it out")));
  EXPECT_THAT(NotEmpty()(some_, In(none_)), IsOk());
}

}  // namespace
}  // namespace tfsdk
