#include "tfsdk/engine/engine.h"

#include <thread>

#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "tfsdk/engine/data_sources.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::MakeGreeterProvider;

constexpr char kGreeting[] = "greeter_greeting";

class EngineTest : public ::testing::Test {
 protected:
  static Value Block(Value greeting, Value password = Value::Null(Type::String())) {
    return Value::Object(Type::Object({{"greeting", Type::String()}, {"password", Type::String()}}),
                         {std::move(greeting), std::move(password)});
  }
  Value Config(Value name) const {
    const Type& type = data_source_->type();
    std::vector<Value> values;
    for (const auto& [attribute, inner] : type.attributes())
      values.push_back(attribute == "name" ? name : Value::Null(inner));
    return Value::Object(type, std::move(values));
  }
  DataSourceRead Read(Context& context, Value name, bool deferral_allowed = false) {
    return ReadDataSource(engine_, context, kGreeting, *data_source_, Config(std::move(name)),
                          deferral_allowed);
  }
  void Configure(const Value& block) {
    Context context;
    engine_.ConfigureProvider(context, block);
    ASSERT_FALSE(context.diagnostics().HasErrors());
  }
  static const Diagnostic& Only(Context& context) {
    EXPECT_EQ(context.diagnostics().all().size(), 1U);
    return context.diagnostics().all().front();
  }

  Engine engine_{MakeGreeterProvider()};
  std::unique_ptr<AnyDataSource> data_source_ = std::make_unique<testing::GreetingDataSource>();
};

TEST_F(EngineTest, ReadsWithTheConfiguredClient) {
  Configure(Block(Value::String("Ahoy")));
  Context context;
  const auto result = Read(context, Value::String("Ada"));
  ASSERT_TRUE(result.state.has_value());
  EXPECT_EQ(result.state->attribute("text"), Value::String("Ahoy, Ada"));
  EXPECT_EQ(result.state->attribute("name"), Value::String("Ada"));
}

// TRAP 27
TEST_F(EngineTest, ConfiguresAgain) {
  Configure(Block(Value::String("One")));
  Configure(Block(Value::String("Two")));
  Context context;
  EXPECT_EQ(Read(context, Value::String("x")).state->attribute("text"), Value::String("Two, x"));
}

TEST_F(EngineTest, AConfigurationThatFailsLeavesNoOlderOneInItsPlace) {
  Configure(Block(Value::String("One")));
  Context failed;
  engine_.ConfigureProvider(failed, Block(Value::String("Boo")));
  EXPECT_TRUE(failed.diagnostics().HasErrors());
  Context context;
  EXPECT_FALSE(Read(context, Value::String("x")).state.has_value());
  EXPECT_EQ(Only(context).detail, "The provider is not configured.");
}

TEST_F(EngineTest, SaysThatItIsNotConfigured) {
  Context context;
  EXPECT_FALSE(Read(context, Value::String("x")).state.has_value());
  EXPECT_EQ(Only(context).detail, "The provider is not configured.");
}

// MUST 62, TRAP 25
TEST_F(EngineTest, LetsUnknownValuesPassValidation) {
  Context context;
  engine_.ValidateProviderConfig(context, Block(Value::Unknown(Type::String())));
  ValidateConfig(data_source_->schema(), Config(Value::Unknown(Type::String())), context.diagnostics());
  EXPECT_TRUE(context.diagnostics().all().empty());
}

TEST_F(EngineTest, NamesTheProviderArgumentThatIsNotKnownYet) {
  Configure(Block(Value::String("x"), Value::Unknown(Type::String())));
  Context context;
  EXPECT_FALSE(Read(context, Value::String("x")).state.has_value());
  EXPECT_THAT(Only(context).detail,
              HasSubstr("The argument password of the greeter provider block is not known"));
  EXPECT_THAT(Only(context).detail, HasSubstr("-target"));
}

// MUST 77
TEST_F(EngineTest, DefersOnlyWhereThatIsAllowed) {
  Configure(Block(Value::Unknown(Type::String())));
  Context context;
  const auto result = Read(context, Value::String("x"), /*deferral_allowed=*/true);
  EXPECT_TRUE(result.deferred);
  ASSERT_TRUE(result.state.has_value());
  EXPECT_FALSE(result.state->IsKnown());
  Configure(Block(Value::String("known")));
  Context again;
  EXPECT_FALSE(Read(again, Value::String("x"), true).deferred);
}

TEST_F(EngineTest, RunsTheAuthorsRulesOnTheProviderBlock) {
  Context context;
  engine_.ValidateProviderConfig(context, Block(Value::String("Boo")));
  EXPECT_EQ(Only(context), (Diagnostic{Severity::kError, "Invalid provider configuration", "Be friendly.",
                                       Path("greeting")}));
  Context empty;
  engine_.ValidateProviderConfig(empty, Block(Value::String("")));
  EXPECT_EQ(Only(empty).path, Path("greeting"));
}

TEST_F(EngineTest, RefusesToConfigureWhatDoesNotValidate) {
  Context context;
  engine_.ConfigureProvider(context, Block(Value::String("Boo")));
  EXPECT_EQ(Only(context).detail, "Be friendly.");
}

TEST_F(EngineTest, PutsErrorsAtTheAttribute) {
  Configure(Block(Value::Null(Type::String())));
  Context context;
  Read(context, Value::String("nobody"));
  EXPECT_EQ(Only(context),
            (Diagnostic{Severity::kError, "Cannot read greeter_greeting", "There is nobody.", Path("name")}));
}

TEST_F(EngineTest, MissesWhatIsRequired) {
  Configure(Block(Value::Null(Type::String())));
  Context context;
  Read(context, Value::Null(Type::String()));
  EXPECT_EQ(Only(context).path, Path("name"));
  EXPECT_EQ(Only(context).summary, "Missing required argument");
}

TEST_F(EngineTest, SendsWarningsAlong) {
  Configure(Block(Value::Null(Type::String())));
  Context context;
  EXPECT_TRUE(Read(context, Value::String("shy")).state.has_value());
  EXPECT_EQ(Only(context).severity, Severity::kWarning);
}

// MUST 28
TEST_F(EngineTest, StopsWhatRunsAndThenServesOn) {
  Configure(Block(Value::Null(Type::String())));
  Context sleeping(engine_.NewCancelToken({}));
  std::thread reader([&] { Read(sleeping, Value::String("sleeper")); });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  engine_.Stop();
  reader.join();
  EXPECT_EQ(Only(sleeping).detail, "The read was cancelled.");
  Context next(engine_.NewCancelToken({}));
  EXPECT_TRUE(Read(next, Value::String("x")).state.has_value());
}

TEST(ValidateTest, CountsBlocksAndLooksInside) {
  Schema rule;
  rule.attributes = {{"kid", Type::String(), Mode::kRequired}};
  Schema schema;
  schema.blocks = {{"rule", Nesting::kList, 1, 2, rule}};
  const auto diagnose = [&](std::vector<Value> rules) {
    Diagnostics diagnostics;
    ValidateConfig(schema,
                   Value::Object(schema.type(), {Value::Sequence(Type::List(rule.type()), std::move(rules))}),
                   diagnostics);
    return diagnostics.all();
  };
  const Value good = Value::Object(rule.type(), {Value::String("a")});
  const Value bad = Value::Object(rule.type(), {Value::Null(Type::String())});
  EXPECT_TRUE(diagnose({good}).empty());
  EXPECT_EQ(diagnose({}).at(0).summary, "Missing block");
  EXPECT_EQ(diagnose({good, good, good}).at(0).summary, "Too many blocks");
  EXPECT_EQ(diagnose({good, bad}).at(0).path.ToString(), "rule[1].kid");
}

TEST(ValidateTest, RefusesANullConfiguration) {
  Diagnostics diagnostics;
  ValidateConfig(Schema(), Value::Null(Type::Object({})), diagnostics);
  EXPECT_TRUE(diagnostics.HasErrors());
}

}  // namespace
}  // namespace tfsdk
