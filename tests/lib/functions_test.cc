// Provider functions over both protocol versions, from the author's header to the wire.

#include <stdexcept>
#include <thread>

#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "support/service_fixture.h"
#include "tfsdk/function.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/validators.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;

// What it does depends on the text it is given.
class Repeat final : public Function<std::string(std::string, int64_t)> {
 public:
  Repeat()
      : Function({"Repeats.", "Repeats a **text**.", "Use concat instead."},
                 Parameter{"text", "What.", {NotEmpty(), PlainDescription()}},
                 Parameter{"times", "How often.", {Between(0, 9)}}) {}

  absl::StatusOr<std::string> Call(Context& context, std::string text, int64_t times) const override {
    if (text == "thrower") throw std::runtime_error("a secret that must not be shown");
    if (text == "number thrower") throw 42;
    if (text == "nobody") return At(Path().AtIndex(0), absl::NotFoundError("There is nobody."));
    if (text == "lost") return absl::InternalError("Lost the way.");
    if (text == "far") return At(Path().AtIndex(7), absl::InternalError("There is no such argument."));
    if (text == "loud") context.diagnostics().AddWarning("Loud", "Speak softly.");
    if (text == "wrong twice") {
      context.diagnostics().AddError("Wrong", "Too wrong.", Path().AtIndex(1));
      return At(Path().AtIndex(0), absl::InvalidArgumentError("Not right."));
    }
    std::string result;
    for (int64_t i = 0; i < times; ++i) result += text;
    return result;
  }
};

class Join final : public Function<std::string(std::string, Variadic<std::optional<std::string>>)> {
 public:
  Join() : Function({"Joins."}, Parameter{"separator", ""}, Parameter{"parts", "", {NotEmpty()}}) {}

  absl::StatusOr<std::string> Call(Context&, std::string separator,
                                   Variadic<std::optional<std::string>> parts) const override {
    std::string result;
    for (const std::optional<std::string>& part : parts.arguments) {
      result += (result.empty() ? "" : separator) + part.value_or("(null)");
    }
    return result;
  }
};

class State final : public Function<Maybe<std::string>(Maybe<std::string>)> {
 public:
  State() : Function({"Says what is known."}, Parameter{"it", ""}) {}
  absl::StatusOr<Maybe<std::string>> Call(Context&, Maybe<std::string> it) const override {
    if (!it.IsKnown()) return Maybe<std::string>("not known yet");
    if (it.IsNull()) return Maybe<std::string>();
    if (it.value() == "forget") return Maybe<std::string>::Unknown();
    return it;
  }
};

struct Point {
  std::string name;
  int64_t x = 0;

  static ObjectBinding<Point> Describe() {
    return ObjectBinding<Point>("A point.").Required("name", &Point::name, "").Computed("x", &Point::x, "");
  }
};

class Move final : public Function<std::vector<Point>(std::vector<Point>)> {
 public:
  Move() : Function({"Moves."}, Parameter{"points", ""}) {}
  absl::StatusOr<std::vector<Point>> Call(Context&, std::vector<Point> points) const override {
    for (Point& point : points) ++point.x;
    return points;
  }
};

class Same final : public Function<Value(Value)> {
 public:
  Same() : Function({"The same."}, Parameter{"any", ""}) {}
  absl::StatusOr<Value> Call(Context&, Value any) const override { return any; }
};

class Answer final : public Function<Number()> {
 public:
  Answer() : Function({"Answers."}) {}
  absl::StatusOr<Number> Call(Context&) const override { return Number(42); }
};

Provider MakeProvider() {
  return ProviderBuilder<testing::GreeterConfig, testing::Greeter>(
             "greeter",
             +[](Context&, testing::GreeterConfig) -> absl::StatusOr<std::shared_ptr<testing::Greeter>> {
               return absl::InternalError("Functions need no client.");
             })
      .Add<Repeat>("repeat")
      .Add<Join>("join")
      .Add<State>("state")
      .Add<Move>("move")
      .Add<Same>("same")
      .Add<Answer>("answer")
      .Build();
}

const Value kUnknown = Value::Unknown(Type::String());
const Value kNull = Value::Null(Type::String());

template <class P>
class FunctionsTest : public testing::ServiceFixture<P> {
 protected:
  using typename testing::ServiceFixture<P>::Stub;
  FunctionsTest() : testing::ServiceFixture<P>(MakeProvider()) {}

  auto CallRaw(const std::string& name, const std::vector<std::string>& arguments) {
    auto request = this->RequestOf(&Stub::CallFunction);
    request.set_name(name);
    for (const std::string& argument : arguments) request.add_arguments()->set_msgpack(argument);
    return this->Call(&Stub::CallFunction, request);
  }
  auto Invoke(const std::string& name, const std::vector<Value>& arguments) {
    std::vector<std::string> bytes;
    const FunctionSignature& signature = this->engine_.provider().functions.at(name)->signature();
    for (const Value& argument : arguments) {
      const FunctionParameter* parameter = signature.ParameterAt(bytes.size());
      bytes.push_back(EncodeMsgpack(argument, parameter ? parameter->attribute.type : argument.type()));
    }
    return CallRaw(name, bytes);
  }
  // The result of a call that must succeed.
  Value Result(const std::string& name, const std::vector<Value>& arguments) {
    const auto response = Invoke(name, arguments);
    EXPECT_FALSE(response.has_error()) << response.error().text();
    const absl::StatusOr<Value> result = DecodeMsgpack(
        response.result().msgpack(), this->engine_.provider().functions.at(name)->signature().result);
    EXPECT_THAT(result, IsOk());
    return result.ok() ? *result : Value::Null(Type::Dynamic());
  }
};

using testing::Protocols;
TYPED_TEST_SUITE(FunctionsTest, Protocols);

// MUST 41, MUST 42
TYPED_TEST(FunctionsTest, AreDescribedWholly) {
  const auto schema = this->Call(TypeParam::kSchema);
  ASSERT_EQ(schema.functions_size(), 6);
  const auto& repeat = schema.functions().at("repeat");
  EXPECT_EQ(repeat.return_().type(), "\"string\"");
  EXPECT_EQ(repeat.summary(), "Repeats.");
  EXPECT_EQ(repeat.description(), "Repeats a **text**.");
  EXPECT_EQ(repeat.description_kind(), TypeParam::kMarkdown);
  EXPECT_EQ(repeat.deprecation_message(), "Use concat instead.");
  ASSERT_EQ(repeat.parameters_size(), 2);
  EXPECT_EQ(repeat.parameters(0).name(), "text");
  EXPECT_EQ(repeat.parameters(0).type(), "\"string\"");
  EXPECT_EQ(repeat.parameters(0).description(), "What.");
  EXPECT_EQ(repeat.parameters(0).description_kind(), TypeParam::kPlain);
  EXPECT_FALSE(repeat.parameters(0).allow_null_value());
  EXPECT_FALSE(repeat.parameters(0).allow_unknown_values());
  EXPECT_FALSE(repeat.has_variadic_parameter());

  const auto& join = schema.functions().at("join");
  EXPECT_EQ(join.parameters_size(), 1);
  EXPECT_EQ(join.variadic_parameter().name(), "parts");
  EXPECT_EQ(join.variadic_parameter().type(), "\"string\"");
  EXPECT_TRUE(join.variadic_parameter().allow_null_value());
  EXPECT_FALSE(join.variadic_parameter().allow_unknown_values());

  const auto& state = schema.functions().at("state");
  EXPECT_TRUE(state.parameters(0).allow_null_value());
  EXPECT_TRUE(state.parameters(0).allow_unknown_values());

  EXPECT_EQ(schema.functions().at("move").return_().type(),
            R"(["list",["object",{"name":"string","x":"number"}]])");
  EXPECT_EQ(schema.functions().at("same").parameters(0).type(), "\"dynamic\"");
  EXPECT_EQ(schema.functions().at("answer").parameters_size(), 0);
}

TYPED_TEST(FunctionsTest, AreTheSameInGetFunctionsAndNamedInTheMetadata) {
  using Rpcs = typename TypeParam::Stub;
  const auto schema = this->Call(TypeParam::kSchema);
  const auto functions = this->Call(&Rpcs::GetFunctions);
  ASSERT_EQ(functions.functions_size(), schema.functions_size());
  for (const auto& [name, function] : functions.functions()) {
    EXPECT_EQ(function.SerializeAsString(), schema.functions().at(name).SerializeAsString());
  }
  EXPECT_EQ(this->Call(&Rpcs::GetMetadata).functions(0).name(), "answer");
}

// MUST 63: nothing here has been configured.
TYPED_TEST(FunctionsTest, CallWithoutAConfiguredProvider) {
  EXPECT_EQ(this->Result("repeat", {Value::String("ab"), Value::Number(2)}), Value::String("abab"));
  EXPECT_EQ(this->Result("answer", {}), Value::Number(42));
}

TYPED_TEST(FunctionsTest, TakeAnyNumberOfVariadicArguments) {
  EXPECT_EQ(this->Result("join", {Value::String("-")}), Value::String(""));
  EXPECT_EQ(this->Result("join", {Value::String("-"), Value::String("a"), kNull, Value::String("c")}),
            Value::String("a-(null)-c"));
}

TYPED_TEST(FunctionsTest, SeeNullAndUnknownWhereTheyAllowThem) {
  EXPECT_EQ(this->Result("state", {kNull}), kNull);
  EXPECT_EQ(this->Result("state", {kUnknown}), Value::String("not known yet"));
  EXPECT_EQ(this->Result("state", {Value::String("x")}), Value::String("x"));
}

// TRAP 34, MUST 59
TYPED_TEST(FunctionsTest, TakeAnEmptyMessageForNull) {
  const auto response = this->CallRaw("state", {""});
  EXPECT_FALSE(response.has_error());
  EXPECT_EQ(response.result().msgpack(), "\xc0");
  EXPECT_EQ(this->CallRaw("join", {"\xa1-", "", "\xa1x"}).result().msgpack(), "\xa8(null)-x");
}

TYPED_TEST(FunctionsTest, CarryObjectsAndDynamicValues) {
  const Type type = Codec<std::vector<Point>>::type();
  const auto points = [&](int64_t x) {
    return Value::Sequence(type, {Value::Object(type.element(), {Value::String("a"), Value::Number(x)})});
  };
  EXPECT_EQ(this->Result("move", {points(1)}), points(2));
  const Value tuple =
      Value::Sequence(Type::Tuple({Type::Bool(), Type::String()}), {Value::Bool(true), Value::String("x")});
  EXPECT_EQ(this->Result("same", {tuple}), tuple);
}

TYPED_TEST(FunctionsTest, AcceptJsonArguments) {
  auto request = this->RequestOf(&TypeParam::Stub::CallFunction);
  request.set_name("repeat");
  request.add_arguments()->set_json("\"ab\"");
  request.add_arguments()->set_json("2");
  EXPECT_EQ(this->Call(&TypeParam::Stub::CallFunction, request).result().msgpack(),
            "\xa4"
            "abab");
}

// MUST 84
TYPED_TEST(FunctionsTest, BlameOneArgument) {
  const auto response = this->Invoke("repeat", {Value::String("nobody"), Value::Number(1)});
  EXPECT_EQ(response.error().text(), "There is nobody.");
  ASSERT_TRUE(response.error().has_function_argument());
  EXPECT_EQ(response.error().function_argument(), 0);
  EXPECT_FALSE(response.has_result());
}

// TRAP 34: without an argument where none is to blame, or none that is there.
TYPED_TEST(FunctionsTest, BlameNoArgumentWhenNoneIsAtFault) {
  const auto lost = this->Invoke("repeat", {Value::String("lost"), Value::Number(1)});
  EXPECT_EQ(lost.error().text(), "Lost the way.");
  EXPECT_FALSE(lost.error().has_function_argument());
  const auto far = this->Invoke("repeat", {Value::String("far"), Value::Number(1)});
  EXPECT_EQ(far.error().text(), "[7]: There is no such argument.");
  EXPECT_FALSE(far.error().has_function_argument());
}

TYPED_TEST(FunctionsTest, JoinSeveralErrorsAndDropWarnings) {
  const auto twice = this->Invoke("repeat", {Value::String("wrong twice"), Value::Number(1)});
  EXPECT_EQ(twice.error().text(), "Too wrong.\nargument 1: Not right.");
  EXPECT_EQ(twice.error().function_argument(), 1);
  EXPECT_EQ(this->Result("repeat", {Value::String("loud"), Value::Number(1)}), Value::String("loud"));
}

// MUST 84: variadic arguments count singly.
TYPED_TEST(FunctionsTest, ValidateTheirArguments) {
  const auto many = this->Invoke("repeat", {Value::String("x"), Value::Number(10)});
  EXPECT_EQ(many.error().text(), "Must be from 0 to 9.");
  EXPECT_EQ(many.error().function_argument(), 1);
  const auto rest = this->Invoke("join", {Value::String("-"), Value::String("a"), kNull, Value::String("")});
  EXPECT_EQ(rest.error().text(), "Must not be empty: leave it out instead.");
  EXPECT_EQ(rest.error().function_argument(), 3);
}

TYPED_TEST(FunctionsTest, NameTheArgumentThatDoesNotFitItsCppType) {
  const Type type = Codec<std::vector<Point>>::type();
  const auto response = this->Invoke(
      "move",
      {Value::Sequence(type, {Value::Object(type.element(),
                                            {Value::String("a"), Value::Number(*Number::Parse("0.5"))})})});
  EXPECT_THAT(response.error().text(), HasSubstr("[0].x: "));
  EXPECT_EQ(response.error().function_argument(), 0);
}

// What the host promises: other hosts may not keep it.
TYPED_TEST(FunctionsTest, RefuseWhatTheHostPromisesNotToSend) {
  const auto null = this->Invoke("repeat", {kNull, Value::Number(1)});
  EXPECT_EQ(null.error().text(), "A value for text is required: it was null.");
  EXPECT_EQ(null.error().function_argument(), 0);
  const auto few = this->Invoke("repeat", {Value::String("x")});
  EXPECT_EQ(few.error().text(), "The function takes 2 arguments, but was given 1.");
  EXPECT_FALSE(few.error().has_function_argument());
  const auto many = this->Invoke("answer", {kNull});
  EXPECT_EQ(many.error().text(), "The function takes 0 arguments, but was given 1.");
  const auto none = this->Invoke("join", {});
  EXPECT_EQ(none.error().text(), "The function takes at least 1 argument, but was given 0.");
}

TYPED_TEST(FunctionsTest, AreUnknownWhenAnArgumentTheyNeedIs) {
  EXPECT_EQ(this->Result("repeat", {kUnknown, Value::Number(1)}), kUnknown);
  EXPECT_EQ(this->Result("join", {Value::String("-"), Value::String("a"), kUnknown}), kUnknown);
  const Type type = Codec<std::vector<Point>>::type();
  const Value inside = Value::Sequence(
      type, {Value::Object(type.element(), {Value::String("a"), Value::Unknown(Type::Number())})});
  EXPECT_EQ(this->Result("move", {inside}), Value::Unknown(type));
  EXPECT_FALSE(this->Result("same", {Value::Unknown(Type::Dynamic())}).IsKnown());
  // A null is an error even beside an unknown.
  EXPECT_EQ(this->Invoke("repeat", {kUnknown, Value::Null(Type::Number())}).error().function_argument(), 1);
}

TYPED_TEST(FunctionsTest, MayNotForgetWhatTheyWereGiven) {
  EXPECT_THAT(this->Invoke("state", {Value::String("forget")}).error().text(),
              HasSubstr("left its result unknown"));
}

// MUST 86
TYPED_TEST(FunctionsTest, SurviveAnExceptionAndShowNoneOfIt) {
  for (const char* text : {"thrower", "number thrower"}) {
    const auto response = this->Invoke("repeat", {Value::String(text), Value::Number(1)});
    EXPECT_THAT(response.error().text(), HasSubstr("failed in a way it did not foresee"));
    EXPECT_EQ(response.DebugString().find("secret"), std::string::npos);
    EXPECT_FALSE(response.has_result());
  }
}

// MUST 84, MUST 86
TYPED_TEST(FunctionsTest, RefuseBytesTheyCannotDecode) {
  for (const std::string& bytes :
       {std::string("\x91", 1), std::string("\xc1"), std::string("\x80"), std::string("hello"),
        std::string("\xdd\xff\xff\xff\xff", 5), std::string("\xa5he"), std::string("\xc7\xff\x0c", 3)}) {
    const auto response = this->CallRaw("repeat", {"\xa1x", bytes});
    EXPECT_NE(response.error().text(), "");
    EXPECT_EQ(response.error().function_argument(), 1);
    EXPECT_FALSE(response.has_result());
  }
}

TYPED_TEST(FunctionsTest, AreUnknownByAnyOtherName) {
  const auto response = this->CallRaw("greeter_repeat", {"\xa1x"});
  EXPECT_EQ(response.error().text(), "Not offered by this provider: greeter has no function greeter_repeat.");
  EXPECT_FALSE(response.error().has_function_argument());
}

// MUST 26, MUST 84: every call has its own answer, and the same one each time.
TYPED_TEST(FunctionsTest, ServeManyCallsAtOnce) {
  std::vector<std::thread> callers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back([this, i, &right] {
      const std::string text = "<" + std::to_string(i) + ">";
      for (int round = 0; round < 5; ++round) {
        right +=
            this->Result("repeat", {Value::String(text), Value::Number(2)}) == Value::String(text + text);
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 64 * 5);
}

}  // namespace
}  // namespace tfsdk
