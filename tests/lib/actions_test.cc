// Actions over both protocol versions, from the author's header to the wire.

#include <atomic>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "support/service_fixture.h"
#include "tfsdk/action.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/validators.h"

namespace tfsdk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Message {
  std::string to;
  Maybe<int64_t> times;

  static ObjectBinding<Message> Describe() {
    return ObjectBinding<Message>("A message.")
        .Required("to", &Message::to, "Whom.", {NotEmpty()})
        .Optional("times", &Message::times, "How often.", {Between(1, 100)});
  }
};

// The callback of an invocation that kept it beyond its end.
Progress& Kept() {
  static auto* const progress = new Progress;
  return *progress;
}
std::atomic<bool> g_seen_cancelled = false;

// What it does depends on whom it writes to.
class Send final : public Action<Message, testing::Greeter> {
 public:
  absl::Status Validate(Context&, const Message& config) const override {
    if (config.to == "Boo") return At("to", absl::InvalidArgumentError("Be friendly."));
    return absl::OkStatus();
  }

  absl::Status Plan(Context& context, testing::Greeter& greeter, const Message& config) const override {
    if (config.to == "nobody") return At("to", absl::NotFoundError("There is nobody."));
    if (config.to == "thrower") throw std::runtime_error("a secret that must not be shown");
    if (config.to == "shy") context.diagnostics().AddWarning("Shy", greeter.greeting, "to");
    return absl::OkStatus();
  }

  absl::Status Invoke(Context& context, testing::Greeter& greeter, Message config,
                      const Progress& progress) const override {
    if (config.to == "nobody") return At("to", absl::NotFoundError("There is nobody."));
    for (int64_t i = 0; i < config.times.known().value_or(1); ++i) {
      progress(absl::StrCat(greeter.greeting, ", ", config.to, " ", i));
    }
    if (config.to == "thrower") throw std::runtime_error("a secret that must not be shown");
    if (config.to == "latin") progress("caf\xe9\x07");
    if (config.to == "silent") progress("");
    if (config.to == "shy") context.diagnostics().AddWarning("Shy", "Speak softly.", "to");
    if (config.to == "keeper") Kept() = progress;
    if (config.to == "crowd") {
      std::vector<std::thread> threads;
      for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
          for (int k = 0; k < 50; ++k) progress("together");
        });
      }
      for (std::thread& thread : threads) thread.join();
    }
    if (config.to == "sleeper" && !context.cancel().SleepFor(std::chrono::minutes(1))) {
      g_seen_cancelled = true;
      return absl::CancelledError("The action was cancelled.");
    }
    return absl::OkStatus();
  }
};

Provider MakeProvider() {
  return ProviderBuilder<testing::GreeterConfig, testing::Greeter>(
             "greeter",
             +[](Context&,
                 testing::GreeterConfig config) -> absl::StatusOr<std::shared_ptr<testing::Greeter>> {
               return std::make_shared<testing::Greeter>(
                   testing::Greeter{config.greeting.known().value_or("Hello")});
             })
      .Add<Send>("send")
      .Build();
}

template <class P>
class ActionsTest : public testing::ServiceFixture<P> {
 protected:
  using typename testing::ServiceFixture<P>::Stub;
  ActionsTest() : testing::ServiceFixture<P>(MakeProvider()) {}

  void Configure(Value greeting = Value::String("Hi")) {
    const Type type = this->engine_.provider().type;
    const std::string block =
        EncodeMsgpack(Value::Object(type, {std::move(greeting), Value::Null(Type::String())}));
    EXPECT_EQ(this->Call(P::kConfigure, this->WithConfig(P::kConfigure, block, "")).diagnostics_size(), 0);
  }

  static std::string Config(Value to, Value times = Value::Null(Type::Number())) {
    return EncodeMsgpack(Value::Object(BindingOf<Message>().type(), {std::move(times), std::move(to)}));
  }
  static std::string Config(const char* to) { return Config(Value::String(to)); }

  auto Validate(const std::string& config, const std::string& name = "greeter_send") {
    return this->Call(&Stub::ValidateActionConfig,
                      this->WithConfig(&Stub::ValidateActionConfig, config, name));
  }
  auto Plan(const std::string& config, bool deferral = false, const std::string& name = "greeter_send") {
    auto request = this->RequestOf(&Stub::PlanAction);
    request.set_action_type(name);
    request.mutable_config()->set_msgpack(config);
    request.mutable_client_capabilities()->set_deferral_allowed(deferral);
    return this->Call(&Stub::PlanAction, request);
  }
  auto InvokeRequest(const std::string& config, const std::string& name = "greeter_send") {
    auto request = this->RequestOf(&Stub::InvokeAction);
    request.set_action_type(name);
    request.mutable_config()->set_msgpack(config);
    request.mutable_client_capabilities()->set_deferral_allowed(true);
    return request;
  }

  struct Outcome {
    std::vector<std::string> progress;
    std::vector<std::string> details;  // of the diagnostics at the end
    std::string all;                   // everything, as text
  };
  // What an invocation said. Every event is of a kind, and the last one, and no other, ends it.
  Outcome Invoke(const std::string& config, const std::string& name = "greeter_send") {
    const auto events = this->Events(&Stub::InvokeAction, InvokeRequest(config, name));
    Outcome outcome;
    EXPECT_FALSE(events.empty());
    for (size_t i = 0; i < events.size(); ++i) {
      EXPECT_EQ(events[i].has_completed(), i + 1 == events.size());
      EXPECT_NE(events[i].has_completed(), events[i].has_progress());
      if (events[i].has_progress()) outcome.progress.push_back(events[i].progress().message());
      for (const auto& diagnostic : events[i].completed().diagnostics()) {
        outcome.details.push_back(diagnostic.detail());
      }
      outcome.all += events[i].DebugString();
    }
    return outcome;
  }
};

using testing::Protocols;
TYPED_TEST_SUITE(ActionsTest, Protocols);

// MUST 40
TYPED_TEST(ActionsTest, AreInTheSchemaAndTheMetadata) {
  const auto schema = this->Call(TypeParam::kSchema);
  ASSERT_TRUE(schema.action_schemas().at("greeter_send").has_schema());
  EXPECT_EQ(schema.action_schemas().at("greeter_send").schema().block().attributes_size(), 2);
  EXPECT_EQ(this->Call(&TypeParam::Stub::GetMetadata).actions(0).type_name(), "greeter_send");
}

// MUST 62, MUST 63
TYPED_TEST(ActionsTest, AreValidatedWithUnknownsWithoutBeingConfigured) {
  EXPECT_EQ(this->Validate(this->Config(Value::Unknown(Type::String()))).diagnostics_size(), 0);
  for (const auto& [config, attribute] :
       {std::pair(this->Config("Boo"), "to"), std::pair(this->Config(""), "to"),
        std::pair(this->Config(Value::String("x"), Value::Number(101)), "times")}) {
    const auto response = this->Validate(config);
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_EQ(response.diagnostics(0).attribute().steps(0).attribute_name(), attribute);
  }
}

TYPED_TEST(ActionsTest, LookAheadWhenPlanned) {
  this->Configure();
  EXPECT_EQ(this->Plan(this->Config("Ada")).diagnostics_size(), 0);
  const auto nobody = this->Plan(this->Config("nobody"));
  ASSERT_EQ(nobody.diagnostics_size(), 1);
  EXPECT_EQ(nobody.diagnostics(0).severity(), TypeParam::kError);
  EXPECT_EQ(nobody.diagnostics(0).summary(), "Cannot plan greeter_send");
  EXPECT_EQ(nobody.diagnostics(0).attribute().steps(0).attribute_name(), "to");
  EXPECT_EQ(this->Plan(this->Config("shy")).diagnostics(0).detail(), "Hi");
  // What is unknown now is looked at when it is known.
  EXPECT_EQ(this->Plan(this->Config(Value::Unknown(Type::String()))).diagnostics_size(), 0);
  EXPECT_EQ(
      this->Plan(this->Config(Value::String("nobody"), Value::Unknown(Type::Number()))).diagnostics_size(),
      1);
}

// MUST 77, TRAP 29
TYPED_TEST(ActionsTest, AreDeferredWhenTheProviderBlockIsUnknownAndTheClientAllowsIt) {
  this->Configure(Value::Unknown(Type::String()));
  const auto deferred = this->Plan(this->Config("nobody"), /*deferral=*/true);
  EXPECT_EQ(deferred.diagnostics_size(), 0);
  EXPECT_EQ(deferred.deferred().reason(), TypeParam::kProviderConfigUnknown);
  // Not allowed: then it is planned unseen, because it will not run before the block is known.
  const auto unseen = this->Plan(this->Config("nobody"));
  EXPECT_FALSE(unseen.has_deferred());
  EXPECT_EQ(unseen.diagnostics_size(), 0);
  EXPECT_EQ(this->Plan(this->Config("Boo")).diagnostics_size(), 1);
  // Running is never put off.
  const auto outcome = this->Invoke(this->Config("Ada"));
  ASSERT_EQ(outcome.details.size(), 1U);
  EXPECT_THAT(outcome.details[0], HasSubstr("The argument greeting of the greeter provider block"));
}

// MUST 77, TRAP 28
TYPED_TEST(ActionsTest, AreNotDeferredOtherwise) {
  EXPECT_FALSE(this->Plan(this->Config("Ada"), true).has_deferred());
  this->Configure();
  EXPECT_FALSE(this->Plan(this->Config("Ada"), true).has_deferred());
}

// MUST 88
TYPED_TEST(ActionsTest, TellTheirProgressAndThenEnd) {
  this->Configure();
  const auto outcome = this->Invoke(this->Config(Value::String("Ada"), Value::Number(3)));
  EXPECT_THAT(outcome.progress, ElementsAre("Hi, Ada 0", "Hi, Ada 1", "Hi, Ada 2"));
  EXPECT_THAT(outcome.details, ElementsAre());
}

// MUST 88: with warnings, with errors, before and after progress, and when everything goes wrong.
TYPED_TEST(ActionsTest, EndOnceHoweverTheyEnd) {
  this->Configure();
  EXPECT_THAT(this->Invoke(this->Config("shy")).details, ElementsAre("Speak softly."));
  const auto nobody = this->Invoke(this->Config("nobody"));
  EXPECT_THAT(nobody.progress, ElementsAre());
  EXPECT_THAT(nobody.details, ElementsAre("There is nobody."));
  EXPECT_THAT(nobody.all, HasSubstr("attribute_name: \"to\""));
  EXPECT_THAT(this->Invoke(this->Config("Boo")).details, ElementsAre("Be friendly."));
  const auto unknown = this->Invoke(this->Config(Value::String("x"), Value::Unknown(Type::Number())));
  EXPECT_THAT(unknown.details, ElementsAre("The value is not known yet."));
  EXPECT_THAT(unknown.all, HasSubstr("attribute_name: \"times\""));
}

// MUST 86, MUST 88
TYPED_TEST(ActionsTest, SurviveAnExceptionAndShowNoneOfIt) {
  this->Configure();
  const auto plan = this->Plan(this->Config("thrower"));
  ASSERT_EQ(plan.diagnostics_size(), 1);
  EXPECT_EQ(plan.diagnostics(0).summary(), "Internal error in the provider");
  const auto outcome = this->Invoke(this->Config("thrower"));
  EXPECT_THAT(outcome.progress, ElementsAre("Hi, thrower 0"));
  ASSERT_EQ(outcome.details.size(), 1U);
  EXPECT_EQ((plan.DebugString() + outcome.all).find("secret"), std::string::npos);
}

// MUST 60, TRAP 35
TYPED_TEST(ActionsTest, SendOnlyTextThatCanBeShown) {
  this->Configure();
  EXPECT_THAT(this->Invoke(this->Config("latin")).progress,
              ElementsAre("Hi, latin 0", "caf\xef\xbf\xbd\xef\xbf\xbd"));
  EXPECT_THAT(this->Invoke(this->Config("silent")).progress, ElementsAre("Hi, silent 0", ""));
}

// MUST 88
TYPED_TEST(ActionsTest, SayNothingAfterTheirEnd) {
  this->Configure();
  EXPECT_THAT(this->Invoke(this->Config("keeper")).details, ElementsAre());
  Kept()("too late");
  Kept() = nullptr;
}

TYPED_TEST(ActionsTest, MayTellProgressFromManyThreads) {
  this->Configure();
  EXPECT_EQ(this->Invoke(this->Config("crowd")).progress.size(), 1U + 8 * 50);
}

TYPED_TEST(ActionsTest, SayThatTheProviderIsNotConfigured) {
  EXPECT_EQ(this->Plan(this->Config("Ada")).diagnostics(0).detail(), "The provider is not configured.");
  EXPECT_THAT(this->Invoke(this->Config("Ada")).details, ElementsAre("The provider is not configured."));
}

// MUST 88
TYPED_TEST(ActionsTest, AreUnknownByAnyOtherName) {
  const std::string detail = "Not offered by this provider: greeter has no action greeter_x.";
  EXPECT_EQ(this->Validate("", "greeter_x").diagnostics(0).detail(), detail);
  EXPECT_EQ(this->Plan("", false, "greeter_x").diagnostics(0).detail(), detail);
  EXPECT_THAT(this->Invoke("", "greeter_x").details, ElementsAre(detail));
}

// MUST 88
TYPED_TEST(ActionsTest, RefuseBytesTheyCannotDecode) {
  this->Configure();
  for (const std::string& bytes :
       {std::string("\x91", 1), std::string("\xc1"), std::string("\x80"), std::string("hello"),
        std::string("\xdd\xff\xff\xff\xff", 5), std::string(1, '\xc0'), std::string()}) {
    EXPECT_EQ(this->Validate(bytes).diagnostics_size(), 1);
    EXPECT_EQ(this->Plan(bytes).diagnostics_size(), 1);
    EXPECT_EQ(this->Invoke(bytes).details.size(), 1U);
  }
}

// MUST 87, MUST 88: a stop ends the action, and the stream still ends as it must.
TYPED_TEST(ActionsTest, EndWhenTheProviderIsStopped) {
  this->Configure();
  std::thread invoker([&] {
    const auto outcome = this->Invoke(this->Config("sleeper"));
    EXPECT_THAT(outcome.progress, ElementsAre("Hi, sleeper 0"));
    EXPECT_THAT(outcome.details, ElementsAre("The action was cancelled."));
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  this->Call(TypeParam::kStop);
  invoker.join();
}

TYPED_TEST(ActionsTest, EndQuietlyWhenTheCallerHasGone) {
  this->Configure();
  g_seen_cancelled = false;
  grpc::ClientContext context;
  const auto reader = this->stub_->InvokeAction(&context, this->InvokeRequest(this->Config("sleeper")));
  typename std::decay_t<decltype(this->Events(&TypeParam::Stub::InvokeAction, {}))>::value_type event;
  ASSERT_TRUE(reader->Read(&event));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Waits for the server's side of the call.
  this->server_->Shutdown();
  EXPECT_TRUE(g_seen_cancelled);
}

// MUST 26
TYPED_TEST(ActionsTest, ServeManyCallsAtOnce) {
  this->Configure();
  std::vector<std::thread> callers;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back([this, i] {
      const auto outcome = this->Invoke(this->Config(Value::String(absl::StrCat("#", i)), Value::Number(2)));
      EXPECT_THAT(outcome.progress,
                  ElementsAre(absl::StrCat("Hi, #", i, " 0"), absl::StrCat("Hi, #", i, " 1")));
    });
  }
  for (std::thread& caller : callers) caller.join();
}

struct Made {
  std::string text;
  static ObjectBinding<Made> Describe() { return ObjectBinding<Made>("").Computed("text", &Made::text, ""); }
};
class Maker final : public Action<Made, testing::Greeter> {
 public:
  absl::Status Invoke(Context&, testing::Greeter&, Made, const Progress&) const override {
    return absl::OkStatus();
  }
};

TEST(ActionCheckTest, RefusesWhatHasNothingToHoldIt) {
  Provider provider = MakeProvider();
  EXPECT_TRUE(provider.Check().ok());
  provider.actions.emplace("greeter_make", std::make_unique<Maker>());
  EXPECT_EQ(provider.Check().message(),
            "action greeter_make: nothing can be computed here, as it has no state to hold it");
}

}  // namespace
}  // namespace tfsdk
