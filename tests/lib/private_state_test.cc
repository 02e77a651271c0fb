#include "tfsdk/private_state.h"

#include "gmock/gmock.h"
#include "tfsdk/testing/status_matchers.h"

namespace tfsdk {
namespace {

using testing::StatusIs;

TEST(PrivateStateTest, ComesBackAsItWas) {
  PrivateState state;
  state.Set("etag", "\"ä\"");
  state.SetMark("mark", true);
  const auto again = PrivateState::Parse(state.Serialize());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->Get("etag"), "\"ä\"");
  EXPECT_TRUE(again->HasMark("mark"));
  EXPECT_EQ(PrivateState().Serialize(), "");
}

TEST(PrivateStateTest, IsWhatTheGoFrameworkWrites) {
  PrivateState state;
  state.Set("etag", "7");
  EXPECT_EQ(state.Serialize(), R"({"etag":"Nw=="})");
}

TEST(PrivateStateTest, DropsWhatOlderGoProvidersLeft) {
  const auto state = PrivateState::Parse(R"({"schema_version":"1","e2bfb730":{"create":60}})");
  ASSERT_TRUE(state.ok());
  EXPECT_EQ(state->Serialize(), "");
}

TEST(PrivateStateTest, RefusesWhatIsNoJson) {
  for (const char* bytes : {"x", "[1]", "7", "{", "{\"a\":\"/w==\"}"}) {
    EXPECT_THAT(PrivateState::Parse(bytes).status(), StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("private data"))) << bytes;
  }
}

}  // namespace
}  // namespace tfsdk
