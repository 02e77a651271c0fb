// Every RPC over both protocol versions, through a real gRPC channel, from one list of tests.

#include "tfsdk/protocol/services.h"

#include <thread>

#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "support/service_fixture.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;

template <class P>
class ServicesTest : public testing::ServiceFixture<P> {
 protected:
  using typename testing::ServiceFixture<P>::Stub;
  ServicesTest() : testing::ServiceFixture<P>(testing::MakeGreeterProvider()) {}

  static std::string Block(Value greeting) {
    return EncodeMsgpack(Value::Object(BlockType(), {std::move(greeting), Value::Null(Type::String())}));
  }
  static Type BlockType() {
    return Type::Object({{"greeting", Type::String()}, {"password", Type::String()}});
  }

  std::string Config(Value name, Value times = Value::Null(Type::Number())) {
    const Type type = testing::GreetingDataSource().type();
    std::vector<Value> values;
    for (const auto& [attribute, inner] : type.attributes()) {
      values.push_back(attribute == "name" ? name : attribute == "times" ? times : Value::Null(inner));
    }
    return EncodeMsgpack(Value::Object(type, std::move(values)));
  }

  void Configure() {
    this->Call(P::kConfigure, this->WithConfig(P::kConfigure, Block(Value::String("Hi")), ""));
  }
  auto Read(const std::string& config, const std::string& type_name = "greeter_greeting") {
    return this->Call(&Stub::ReadDataSource, this->WithConfig(&Stub::ReadDataSource, config, type_name));
  }
};

using testing::Protocols;
TYPED_TEST_SUITE(ServicesTest, Protocols);

// MUST 40, MUST 42, MUST 45, MUST 46, TRAP 26
TYPED_TEST(ServicesTest, TellsTheSameSchemaEachTime) {
  const auto schema = this->Call(TypeParam::kSchema);
  EXPECT_EQ(schema.SerializeAsString(), this->Call(TypeParam::kSchema).SerializeAsString());
  ASSERT_TRUE(schema.provider().has_block());
  EXPECT_TRUE(schema.server_capabilities().get_provider_schema_optional());
  const auto& block = schema.data_source_schemas().at("greeter_greeting").block();
  ASSERT_EQ(block.attributes_size(), 4);
  EXPECT_TRUE(block.attributes(0).required());
  EXPECT_EQ(block.attributes(0).type(), "\"string\"");
  EXPECT_TRUE(block.attributes(3).computed());
  if constexpr (TypeParam::kNested) {
    EXPECT_EQ(block.attributes(3).nested_type().attributes(0).name(), "text");
    EXPECT_EQ(block.attributes(3).type(), "");
  } else {
    EXPECT_EQ(block.attributes(3).type(), "[\"list\",[\"object\",{\"text\":\"string\"}]]");
  }
  EXPECT_TRUE(schema.provider().block().attributes(1).sensitive());
}

// MUST 64, MUST 51
TYPED_TEST(ServicesTest, ReadsAndEchoesTheConfiguration) {
  this->Configure();
  const auto response =
      this->Read(this->Config(Value::String("Ada"), Value::Number(*Number::Parse("0.1234567890123456789"))));
  ASSERT_EQ(response.diagnostics_size(), 0);
  const absl::StatusOr<Value> state =
      DecodeMsgpack(response.state().msgpack(), testing::GreetingDataSource().type());
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_EQ(state->attribute("text"), Value::String("Hi, Ada"));
  EXPECT_EQ(state->attribute("times").AsNumber().ToString(), "0.1234567890123456789");
  EXPECT_EQ(state->attribute("letters").elements().size(), 3U);
  EXPECT_FALSE(response.has_deferred());
}

TYPED_TEST(ServicesTest, AcceptsJsonValuesToo) {
  typename std::decay_t<decltype(this->WithConfig(TypeParam::kConfigure, "", ""))> request;
  request.mutable_config()->set_json("{\"greeting\":\"Hey\"}");
  EXPECT_EQ(this->Call(TypeParam::kConfigure, request).diagnostics_size(), 0);
  EXPECT_THAT(this->Read(this->Config(Value::String("x"))).state().msgpack(), HasSubstr("Hey, x"));
}

// MUST 85, MUST 86, TRAP 36
TYPED_TEST(ServicesTest, SaysErrorsAtTheirAttribute) {
  this->Configure();
  const auto response = this->Read(this->Config(Value::String("nobody")));
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_EQ(response.diagnostics(0).severity(), TypeParam::kError);
  EXPECT_EQ(response.diagnostics(0).summary(), "Cannot read greeter_greeting");
  ASSERT_EQ(response.diagnostics(0).attribute().steps_size(), 1);
  EXPECT_EQ(response.diagnostics(0).attribute().steps(0).attribute_name(), "name");
  EXPECT_FALSE(response.has_state());
}

TYPED_TEST(ServicesTest, LeavesOutThePathOfWhatConcernsTheWhole) {
  const auto response = this->Read(this->Config(Value::String("x")));  // never configured
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_FALSE(response.diagnostics(0).has_attribute());
}

// MUST 62, MUST 63, TRAP 25, TRAP 26
TYPED_TEST(ServicesTest, ValidatesUnknownsWithoutBeingConfigured) {
  const auto provider = this->Call(
      TypeParam::kValidateProvider,
      this->WithConfig(TypeParam::kValidateProvider, this->Block(Value::Unknown(Type::String())), ""));
  EXPECT_EQ(provider.diagnostics_size(), 0);
  const auto data =
      this->Call(TypeParam::kValidateData,
                 this->WithConfig(TypeParam::kValidateData, this->Config(Value::Unknown(Type::String())),
                                  "greeter_greeting"));
  EXPECT_EQ(data.diagnostics_size(), 0);
}

// MUST 86
TYPED_TEST(ServicesTest, SurvivesAnExceptionAndShowsNoneOfIt) {
  this->Configure();
  const auto response = this->Read(this->Config(Value::String("thrower")));
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_EQ(response.diagnostics(0).summary(), "Internal error in the provider");
  EXPECT_EQ(response.DebugString().find("secret"), std::string::npos);
}

TYPED_TEST(ServicesTest, RefusesBytesItCannotDecode) {
  this->Configure();
  for (const std::string& bytes :
       {std::string("\x91", 1), std::string("\xc1"), std::string("\x80"), std::string("hello"),
        std::string("\xdd\xff\xff\xff\xff", 5), std::string(1, '\xc0')}) {
    const auto response = this->Read(bytes);
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_FALSE(response.has_state());
  }
}

TYPED_TEST(ServicesTest, KnowsWhatItDoesNotOffer) {
  const auto read = this->Read("", "greeter_other");
  ASSERT_EQ(read.diagnostics_size(), 1);
  EXPECT_THAT(read.diagnostics(0).detail(), HasSubstr("no data source greeter_other"));
  const auto resource = this->Call(TypeParam::kValidateResource,
                                   this->WithConfig(TypeParam::kValidateResource, "", "greeter_thing"));
  ASSERT_EQ(resource.diagnostics_size(), 1);
  EXPECT_THAT(resource.diagnostics(0).detail(),
              HasSubstr("Not offered by this provider: greeter has no resource greeter_thing."));
}

// MUST 47
TYPED_TEST(ServicesTest, HasNoIdentitiesAndNoFunctions) {
  using Rpcs = typename TypeParam::Stub;
  EXPECT_EQ(this->Call(&Rpcs::GetResourceIdentitySchemas).diagnostics_size(), 0);
  EXPECT_EQ(this->Call(&Rpcs::GetFunctions).functions_size(), 0);
  EXPECT_EQ(this->Call(&Rpcs::GetMetadata).data_sources(0).type_name(), "greeter_greeting");
  EXPECT_THAT(this->Call(&Rpcs::CallFunction).error().text(), HasSubstr("has no function"));
}

// TRAP 29
TYPED_TEST(ServicesTest, SaysWhyItDefers) {
  this->Call(TypeParam::kConfigure,
             this->WithConfig(TypeParam::kConfigure, this->Block(Value::Unknown(Type::String())), ""));
  auto request = this->WithConfig(&TypeParam::Stub::ReadDataSource, this->Config(Value::String("x")),
                                  "greeter_greeting");
  request.mutable_client_capabilities()->set_deferral_allowed(true);
  const auto response = this->Call(&TypeParam::Stub::ReadDataSource, request);
  ASSERT_TRUE(response.has_deferred());
  EXPECT_EQ(response.deferred().reason(), 2) << "the provider's configuration is unknown";
}

// TRAP 40
TYPED_TEST(ServicesTest, TakesAnyTextForTheVersionOfTheHost) {
  auto request = this->WithConfig(TypeParam::kConfigure, this->Block(Value::String("Hi")), "");
  for (const char* version : {"", "1.13.0", "1.17.0-alpha20260812+x", "v1", "of tomorrow"}) {
    request.set_terraform_version(version);
    EXPECT_EQ(this->Call(TypeParam::kConfigure, request).diagnostics_size(), 0) << version;
  }
}

// MUST 24: the one part of the protocol that this library leaves out.
TYPED_TEST(ServicesTest, LeavesStateStoresUnimplemented) {
  if constexpr (requires { &TypeParam::Stub::GetStates; }) {
    grpc::ClientContext context;
    tfplugin6::GetStates::Response response;
    EXPECT_EQ(this->stub_->GetStates(&context, {}, &response).error_code(), grpc::StatusCode::UNIMPLEMENTED);
  }
}

// MUST 26, MUST 28
TYPED_TEST(ServicesTest, StopsReadsInFlightAndServesOn) {
  this->Configure();
  std::vector<std::thread> readers;
  std::atomic<int> cancelled = 0;
  for (int i = 0; i < 12; ++i) {
    readers.emplace_back([&] {
      const auto response = this->Read(this->Config(Value::String("sleeper")));
      cancelled +=
          response.diagnostics_size() == 1 && response.diagnostics(0).detail() == "The read was cancelled.";
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  this->Call(TypeParam::kStop);
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(cancelled, 12);
  EXPECT_EQ(this->Read(this->Config(Value::String("x"))).diagnostics_size(), 0);
}

TYPED_TEST(ServicesTest, EndsAReadWhoseCallerHasGone) {
  this->Configure();
  using Rpcs = typename TypeParam::Stub;
  auto request =
      this->WithConfig(&Rpcs::ReadDataSource, this->Config(Value::String("sleeper")), "greeter_greeting");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
  std::decay_t<decltype(this->Read(""))> response;
  EXPECT_EQ(this->stub_->ReadDataSource(&context, request, &response).error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
  // The server's side of the call must end as well: shutting down waits for it.
  this->server_->Shutdown();
}

}  // namespace
}  // namespace tfsdk
