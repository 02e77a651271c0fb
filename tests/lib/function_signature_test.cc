// What Terraform would refuse of a function, found when the provider is put together.

#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "tfsdk/function.h"
#include "tfsdk/testing/status_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

template <class T>
class Odd final : public Function<std::string(T, T)> {
 public:
  Odd(Parameter first, Parameter second)
      : Function<std::string(T, T)>({"Odd."}, std::move(first), std::move(second)) {}
  absl::StatusOr<std::string> Call(Context&, T, T) const override { return ""; }
};

TEST(FunctionSignatureTest, RefusesWhatTerraformWould) {
  using Strings = Odd<std::string>;
  EXPECT_THAT(Strings({"a", ""}, {"b", ""}).signature().Check(), IsOk());
  const auto code = absl::StatusCode::kFailedPrecondition;
  EXPECT_THAT(Strings({"a", ""}, {"a", ""}).signature().Check(),
              StatusIs(code, "parameter a: declared twice"));
  for (const char* name : {"", "2a", "a-b", "a b", "\xc3\xa4"}) {
    EXPECT_THAT(Strings({"a", ""}, {name, ""}).signature().Check(),
                StatusIs(code, HasSubstr("a name consists of letters, digits and _")));
  }
  EXPECT_THAT(Strings({"a", ""}, {"b", "", {Sensitive()}}).signature().Check(),
              StatusIs(code, HasSubstr("parameter b: of all options")));
  EXPECT_THAT(Odd<SetOf<Value>>({"a", ""}, {"b", ""}).signature().Check(),
              StatusIs(code, HasSubstr("a set cannot hold")));
}

TEST(FunctionSignatureTest, IsCheckedWithTheProvider) {
  Provider provider = testing::MakeGreeterProvider();
  provider.functions.emplace("good", std::make_unique<Odd<bool>>(Parameter{"a", ""}, Parameter{"b", ""}));
  EXPECT_THAT(provider.Check(), IsOk());
  EXPECT_TRUE(provider.FitsProtocol5());
  provider.functions.emplace("bad-name", std::make_unique<Odd<bool>>(Parameter{"a", ""}, Parameter{"b", ""}));
  EXPECT_THAT(provider.Check(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                         HasSubstr("function bad-name: a name consists of")));
  provider.functions.erase("bad-name");
  provider.functions.emplace("odd", std::make_unique<Odd<bool>>(Parameter{"a", ""}, Parameter{"a", ""}));
  EXPECT_THAT(provider.Check(),
              StatusIs(absl::StatusCode::kFailedPrecondition, "function odd: parameter a: declared twice"));
}

}  // namespace
}  // namespace tfsdk
