#include "greeting.h"

#include <gmock/gmock.h>

#include "provider.h"
#include "tfsdk/testing/status_matchers.h"

namespace {

using ::testing::Field;
using tfsdk::testing::IsOkAndHolds;
using tfsdk::testing::StatusIs;

absl::StatusOr<Greeting> Read(const std::string& name) {
  Client client{.greeting = "Hello"};
  tfsdk::Context context;
  return GreetingDataSource().Read(context, client, {.name = name, .text = ""});
}

TEST(GreetingTest, GreetsByName) { EXPECT_THAT(Read("Ada"), IsOkAndHolds(Field(&Greeting::text, "Hello, Ada!"))); }

TEST(GreetingTest, PointsAtTheNameThatIsEmpty) {
  const absl::StatusOr<Greeting> greeting = Read("");
  EXPECT_THAT(greeting, StatusIs(absl::StatusCode::kInvalidArgument, "Nobody to greet."));
  EXPECT_EQ(tfsdk::PathOf(greeting.status()).ToString(), "name");
}

TEST(ProviderTest, HasNothingThatTerraformWouldRefuse) {
  EXPECT_EQ(MakeProvider().Check(), absl::OkStatus());
}

}  // namespace
