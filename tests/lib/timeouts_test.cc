#include "tfsdk/timeouts.h"

#include "gmock/gmock.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;

using Own = Timeouts<kCreateTimeout | kDeleteTimeout>;

struct AsBlock {
  std::optional<Own> timeouts;
  static ObjectBinding<AsBlock> Describe() {
    return ObjectBinding<AsBlock>("").Block("timeouts", &AsBlock::timeouts);
  }
};
struct AsAttribute {
  std::optional<Own> timeouts;
  static ObjectBinding<AsAttribute> Describe() {
    return ObjectBinding<AsAttribute>("").Optional("timeouts", &AsAttribute::timeouts, "");
  }
};

Value Given(const Value& create, const Value& remove) {
  const Type type = BindingOf<Own>().type();
  return Value::Object(Type::Object({{"timeouts", type}}), {Value::Object(type, {create, remove})});
}
const Value kNull = Value::Null(Type::String());

TEST(TimeoutsTest, HaveAnAttributeForEachOperation) {
  EXPECT_EQ(BindingOf<Own>().type().ToString(), "object({create=string, delete=string})");
  EXPECT_EQ((BindingOf<Timeouts<kReadTimeout>>().type().ToString()), "object({read=string})");
  EXPECT_EQ((BindingOf<Timeouts<kOpenTimeout | kRenewTimeout | kCloseTimeout>>().type().ToString()),
            "object({close=string, open=string, renew=string})");
  EXPECT_EQ(BindingOf<AsBlock>().schema().blocks.size(), 1U);
  EXPECT_TRUE(BindingOf<AsBlock>().schema().FitsProtocol5());
  EXPECT_EQ(BindingOf<AsAttribute>().schema().attributes.size(), 1U);
  EXPECT_THAT(BindingOf<AsAttribute>().schema().Check(ReservedInResources()), IsOk());
}

TEST(TimeoutsTest, FallBackToTheAuthors) {
  const Value config = Given(Value::String("1m30s"), kNull);
  const auto block = BindingOf<AsBlock>().Decode(config, Source::kConfig);
  ASSERT_THAT(block, IsOk());
  EXPECT_EQ(Own::Of<kCreateTimeout>(block->timeouts, absl::Minutes(20)), absl::Seconds(90));
  EXPECT_EQ(Own::Of<kDeleteTimeout>(block->timeouts, absl::Minutes(20)), absl::Minutes(20));
  EXPECT_EQ(Own::Of<kCreateTimeout>(std::nullopt, absl::Minutes(20)), absl::Minutes(20));
  const auto attribute = BindingOf<AsAttribute>().Decode(config, Source::kConfig);
  ASSERT_THAT(attribute, IsOk());
  EXPECT_EQ(BindingOf<AsAttribute>().Encode(*attribute), config);
}

TEST(TimeoutsTest, AreCheckedDuringValidation) {
  for (const Schema* schema : {&BindingOf<AsBlock>().schema(), &BindingOf<AsAttribute>().schema()}) {
    const auto diagnose = [&](const Value& create) {
      Diagnostics diagnostics;
      ValidateConfig(*schema, Given(create, kNull), diagnostics);
      std::vector<std::string> texts;
      for (const Diagnostic& d : diagnostics.all()) texts.push_back(d.path.ToString() + ": " + d.detail);
      return texts;
    };
    EXPECT_THAT(diagnose(Value::String("20m")), ElementsAre());
    EXPECT_THAT(diagnose(Value::Unknown(Type::String())), ElementsAre());
    EXPECT_THAT(diagnose(Value::String("20 minutes")),
                ElementsAre(HasSubstr("timeouts.create: Must be a duration")));
    EXPECT_THAT(diagnose(Value::String("0")), ElementsAre("timeouts.create: Must be longer than 0."));
    EXPECT_THAT(diagnose(Value::String("-1s")), ElementsAre("timeouts.create: Must be longer than 0."));
  }
}

}  // namespace
}  // namespace tfsdk
