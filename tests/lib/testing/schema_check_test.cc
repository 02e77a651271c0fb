#include "tfsdk/testing/schema_check.h"

#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "support/notes_provider.h"

namespace tfsdk::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Nothing {};

struct BadConfig {
  std::string alias;
  std::optional<std::string> good;
  std::optional<std::string> Bad;

  static ObjectBinding<BadConfig> Describe() {
    return ObjectBinding<BadConfig>("")
        .Required("alias", &BadConfig::alias, "")
        .Optional("good", &BadConfig::good, "")
        .Optional("Bad", &BadConfig::Bad, "");
  }
};

struct BadAction final : Action<BadConfig, Nothing> {
  absl::Status Invoke(Context&, Nothing&, BadConfig, const Progress&) const override {
    return absl::OkStatus();
  }
};

Provider MakeBadProvider() {
  return ProviderBuilder<BadConfig, Nothing>(
             "bad",
             +[](Context&, BadConfig) -> absl::StatusOr<std::shared_ptr<Nothing>> {
               return std::make_shared<Nothing>();
             })
      .Add<BadAction>("act")
      .Build();
}

TEST(SchemaCheckTest, SaysNothingAboutAGoodProvider) {
  EXPECT_THAT(SchemaMistakes([] { return MakeNotesProvider(); }), IsEmpty());
}

TEST(SchemaCheckTest, SaysEachMistakeInALineOfItsOwn) {
  EXPECT_THAT(SchemaMistakes(&MakeBadProvider),
              ElementsAre("provider bad: schema: alias: Terraform reserves this name",
                          "provider bad: schema: Bad: a name consists of a-z, 0-9 and _",
                          "action bad_act: schema: Bad: a name consists of a-z, 0-9 and _"));
}

TEST(SchemaCheckTest, SurvivesWhatIsThrown) {
  EXPECT_THAT(SchemaMistakes([]() -> Provider { throw std::runtime_error("no"); }),
              ElementsAre("thrown: no"));
}

TEST(SchemaCheckTest, FailsTheTest) {
  EXPECT_NONFATAL_FAILURE(ExpectValidSchemas([]() -> Provider { throw std::runtime_error("no"); }),
                          "thrown: no");
}

}  // namespace
}  // namespace tfsdk::testing
