// What a configuration is told before anything is done with it: see engine/validate.h and engine/deprecations.h.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tfsdk/binding.h"
#include "tfsdk/engine/deprecations.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Port {
  int64_t number = 0;
  std::optional<std::string> old_name = {};

  static ObjectBinding<Port> Describe() {
    return ObjectBinding<Port>("A port.")
        .Required("number", &Port::number, "Its number.")
        .Optional("old_name", &Port::old_name, "Its name.", {Deprecated("Leave it out.")});
  }
};

struct OldBlock {
  std::optional<std::string> text = {};
  static ObjectBinding<OldBlock> Describe() {
    return ObjectBinding<OldBlock>("Old.").Optional("text", &OldBlock::text, "").Deprecated("Use port.");
  }
};

struct Model {
  std::optional<std::string> id = {};
  std::optional<std::string> old = {};
  SetOf<Port> ports = {};
  std::vector<OldBlock> blocks = {};

  static ObjectBinding<Model> Describe() {
    return ObjectBinding<Model>("A model.")
        .Computed("id", &Model::id, "Its id.")
        .Optional("old", &Model::old, "Old.", {Deprecated("Use new.")})
        .Blocks("port", &Model::ports)
        .Blocks("block", &Model::blocks)
        .Deprecated("Use another.");
  }
};

std::vector<std::string> Told(const Value& config) {
  Diagnostics diagnostics;
  ValidateConfig(BindingOf<Model>().schema(), config, diagnostics);
  WarnOfDeprecated(BindingOf<Model>().schema(), config, diagnostics);
  std::vector<std::string> told;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    told.push_back(absl::StrCat(diagnostic.severity == Severity::kError ? "error" : "warning", " at ",
                                diagnostic.path.ToString()));
  }
  return told;
}

Value Config(const Model& model) { return BindingOf<Model>().Encode(model); }

TEST(ValidateConfigTest, WarnsOfWhatIsDeprecatedAndSet) {
  EXPECT_THAT(Told(Config({})), ElementsAre("warning at "));
  EXPECT_THAT(Told(Config({.old = "x", .ports = {{{1, "y"}}}, .blocks = {{"z"}}})),
              ElementsAre("warning at ", "warning at old", "warning at port", "warning at block"));
  const Value unknown = Config({}).WithAttribute("old", Value::Unknown(Type::String()));
  EXPECT_THAT(Told(unknown), ElementsAre("warning at "));
}

// MUST 85
TEST(ValidateConfigTest, SaysOfTheSetWhatIsWrongInsideOfIt) {
  const Value port =
      Value::Object(BindingOf<Port>().type(), {Value::Null(Type::Number()), Value::Null(Type::String())});
  const Value config = Config({}).WithAttribute("port", Value::Sequence(Type::Set(port.type()), {port}));
  EXPECT_THAT(Told(config), ElementsAre("error at port", "warning at "));

  const auto decoded = BindingOf<Model>().Decode(config, Source::kConfig);
  EXPECT_EQ(PathOf(decoded.status()).ToString(), "port");
}

TEST(ValidateConfigTest, FindsTheUnknownNoDeeperThanItsSet) {
  const Value config = Value::Sequence(Type::Set(Type::String()), {Value::Unknown(Type::String())});
  ASSERT_TRUE(FirstUnknown(config).has_value());
  EXPECT_THAT(FirstUnknown(config)->steps(), IsEmpty());
}

TEST(ValidateConfigTest, RefusesWhatOnlyTheProviderDecidesAlsoWhenItIsNotKnownYet) {
  EXPECT_THAT(Told(Config({.id = "i"})), ElementsAre("error at id", "warning at "));
  const Value unknown = Config({}).WithAttribute("id", Value::Unknown(Type::String()));
  EXPECT_THAT(Told(unknown), ElementsAre("error at id", "warning at "));
}

}  // namespace
}  // namespace tfsdk
