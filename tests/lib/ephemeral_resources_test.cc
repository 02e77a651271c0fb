// Ephemeral resources over both protocol versions, from the author's header to the wire.

#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "support/service_fixture.h"
#include "tfsdk/ephemeral_resource.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/validators.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;

struct LeaseModel {
  std::string name;
  std::optional<int64_t> seconds;
  std::optional<Secret> token;

  static ObjectBinding<LeaseModel> Describe() {
    return ObjectBinding<LeaseModel>("A lease.")
        .Required("name", &LeaseModel::name, "Whose.", {NotEmpty()})
        .Optional("seconds", &LeaseModel::seconds, "How long.", {Between(1, 100)})
        .Computed("token", &LeaseModel::token, "What opens the door.");
  }
};

const std::string kBytes("\0\xff\xfe private", 11);

// What it does depends on the name it is given, and later on the private data.
class LeaseResource final : public EphemeralResource<LeaseModel, testing::Greeter> {
 public:
  absl::Status Validate(Context&, const LeaseModel& config) const override {
    if (config.name == "Boo") return At("name", absl::InvalidArgumentError("Be friendly."));
    return absl::OkStatus();
  }

  absl::StatusOr<Lease> Open(Context& context, testing::Greeter& greeter, LeaseModel config) const override {
    if (config.name == "nobody") return At("name", absl::NotFoundError("There is nobody."));
    if (config.name == "thrower") throw std::runtime_error("a secret that must not be shown");
    if (config.name == "sleeper" && !context.cancel().SleepFor(std::chrono::minutes(1))) {
      return absl::CancelledError("The call was cancelled.");
    }
    if (config.name == "liar") config.name = "somebody else";
    if (config.name == "meddler") config.seconds = 5;
    config.token = Secret(absl::StrCat(greeter.greeting, ", ", config.name));
    if (config.name == "plain") return Lease{config};
    if (config.name == "forever") return Lease{config, absl::InfiniteFuture(), "x"};
    if (config.name == "long ago") return Lease{config, absl::InfinitePast(), "x"};
    return Lease{config, absl::FromUnixSeconds(1000) + absl::Nanoseconds(7), kBytes + config.name};
  }

  absl::StatusOr<Renewal> Renew(Context&, testing::Greeter&, const std::string& data) const override {
    if (data == "last") return Renewal{};
    if (data == "next") return Renewal{absl::FromUnixSeconds(2000), "after " + data};
    if (data == "thrower") throw std::runtime_error("a secret that must not be shown");
    return absl::NotFoundError("It has ended.");
  }

  absl::Status Close(Context& context, testing::Greeter&, const std::string& data) const override {
    if (context.cancel().IsCancelled()) return absl::CancelledError("Too late.");
    if (data == kBytes + "Ada" || data == "after next") return absl::OkStatus();
    return absl::NotFoundError(absl::StrCat("There is no lease of ", data.size(), " bytes."));
  }
};

struct Name {
  Maybe<std::string> name;
  static ObjectBinding<Name> Describe() { return ObjectBinding<Name>("").Optional("name", &Name::name, ""); }
};

// Sees unknowns when it validates, gives a time to renew at and cannot renew.
class Careless final : public EphemeralResource<Name, testing::Greeter> {
 public:
  absl::Status Validate(Context&, const Name& config) const override {
    return config.name.IsKnown() ? absl::OkStatus() : Warning("Not known yet.");
  }
  absl::StatusOr<Lease> Open(Context&, testing::Greeter&, Name config) const override {
    if (config.name.HasValue() && config.name.value() == "forget")
      config.name = Maybe<std::string>::Unknown();
    return Lease{config, absl::FromUnixSeconds(1)};
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
      .Add<LeaseResource>("lease")
      .Add<Careless>("careless")
      .Build();
}

template <class P>
class EphemeralResourcesTest : public testing::ServiceFixture<P> {
 protected:
  using typename testing::ServiceFixture<P>::Stub;
  EphemeralResourcesTest() : testing::ServiceFixture<P>(MakeProvider()) {}

  void Configure(Value greeting = Value::String("Hi")) {
    const Type type = this->engine_.provider().type;
    const std::string block =
        EncodeMsgpack(Value::Object(type, {std::move(greeting), Value::Null(Type::String())}));
    EXPECT_EQ(this->Call(P::kConfigure, this->WithConfig(P::kConfigure, block, "")).diagnostics_size(), 0);
  }

  static Type LeaseType() { return BindingOf<LeaseModel>().type(); }
  static std::string Config(Value name, Value seconds = Value::Null(Type::Number())) {
    return EncodeMsgpack(
        Value::Object(LeaseType(), {std::move(name), std::move(seconds), Value::Null(Type::String())}));
  }
  auto Validate(const std::string& config, const std::string& type_name = "greeter_lease") {
    const auto method = &Stub::ValidateEphemeralResourceConfig;
    return this->Call(method, this->WithConfig(method, config, type_name));
  }
  auto Open(const std::string& config, const std::string& type_name = "greeter_lease",
            bool deferral = false) {
    auto request = this->WithConfig(&Stub::OpenEphemeralResource, config, type_name);
    request.mutable_client_capabilities()->set_deferral_allowed(deferral);
    return this->Call(&Stub::OpenEphemeralResource, request);
  }
  auto Open(const char* name) { return Open(Config(Value::String(name))); }
  auto Renew(const std::string& data, const std::string& type_name = "greeter_lease") {
    auto request = this->RequestOf(&Stub::RenewEphemeralResource);
    request.set_type_name(type_name);
    request.set_private_(data);
    return this->Call(&Stub::RenewEphemeralResource, request);
  }
  auto Close(const std::string& data, const std::string& type_name = "greeter_lease") {
    auto request = this->RequestOf(&Stub::CloseEphemeralResource);
    request.set_type_name(type_name);
    request.set_private_(data);
    return this->Call(&Stub::CloseEphemeralResource, request);
  }
};

using testing::Protocols;
TYPED_TEST_SUITE(EphemeralResourcesTest, Protocols);

TYPED_TEST(EphemeralResourcesTest, AreInTheSchemaAndTheMetadata) {
  const auto schema = this->Call(TypeParam::kSchema);
  const auto& block = schema.ephemeral_resource_schemas().at("greeter_lease").block();
  ASSERT_EQ(block.attributes_size(), 3);
  EXPECT_TRUE(block.attributes(2).sensitive());
  const auto metadata = this->Call(&TypeParam::Stub::GetMetadata);
  ASSERT_EQ(metadata.ephemeral_resources_size(), 2);
  EXPECT_EQ(metadata.ephemeral_resources(1).type_name(), "greeter_lease");
}

// MUST 62, MUST 63
TYPED_TEST(EphemeralResourcesTest, AreValidatedWithUnknownsWithoutBeingConfigured) {
  EXPECT_EQ(this->Validate(this->Config(Value::Unknown(Type::String()))).diagnostics_size(), 0);
  const auto boo = this->Validate(this->Config(Value::String("Boo")));
  ASSERT_EQ(boo.diagnostics_size(), 1);
  EXPECT_EQ(boo.diagnostics(0).summary(), "Invalid greeter_lease");
  EXPECT_EQ(boo.diagnostics(0).attribute().steps(0).attribute_name(), "name");
  const auto many = this->Validate(this->Config(Value::String("x"), Value::Number(101)));
  ASSERT_EQ(many.diagnostics_size(), 1);
  EXPECT_EQ(many.diagnostics(0).attribute().steps(0).attribute_name(), "seconds");
  const auto unknown =
      this->Validate(EncodeMsgpack(Value::Object(BindingOf<Name>().type(), {Value::Unknown(Type::String())})),
                     "greeter_careless");
  ASSERT_EQ(unknown.diagnostics_size(), 1);
  EXPECT_EQ(unknown.diagnostics(0).detail(), "Not known yet.");
}

// MUST 82
TYPED_TEST(EphemeralResourcesTest, OpenWithAResultThatEchoesTheConfiguration) {
  this->Configure();
  const auto response = this->Open(this->Config(Value::String("Ada"), Value::Number(9)));
  ASSERT_EQ(response.diagnostics_size(), 0) << response.DebugString();
  const absl::StatusOr<Value> result = DecodeMsgpack(response.result().msgpack(), this->LeaseType());
  ASSERT_THAT(result, IsOk());
  EXPECT_EQ(result->attribute("name"), Value::String("Ada"));
  EXPECT_EQ(result->attribute("seconds"), Value::Number(9));
  EXPECT_EQ(result->attribute("token"), Value::String("Hi, Ada"));
  EXPECT_EQ(response.renew_at().seconds(), 1000);
  EXPECT_EQ(response.renew_at().nanos(), 7);
  EXPECT_EQ(response.private_(), kBytes + "Ada");
  EXPECT_FALSE(response.has_deferred());
}

TYPED_TEST(EphemeralResourcesTest, NeedNeitherRenewalNorPrivateData) {
  this->Configure();
  const auto plain = this->Open("plain");
  EXPECT_EQ(plain.diagnostics_size(), 0);
  EXPECT_FALSE(plain.has_renew_at());
  EXPECT_FALSE(plain.has_private_());
  EXPECT_FALSE(this->Open("forever").has_renew_at());
  EXPECT_EQ(this->Open("long ago").renew_at().seconds(), -62135596800);
}

// MUST 82
TYPED_TEST(EphemeralResourcesTest, MayNotAnswerOtherThanConfigured) {
  this->Configure();
  for (const auto& [name, attribute] : {std::pair("liar", "name"), std::pair("meddler", "seconds")}) {
    const auto response = this->Open(name);
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_EQ(response.diagnostics(0).summary(), "Cannot open greeter_lease");
    EXPECT_THAT(response.diagnostics(0).detail(), HasSubstr("This is a mistake in the provider"));
    EXPECT_EQ(response.diagnostics(0).attribute().steps(0).attribute_name(), attribute);
    EXPECT_FALSE(response.has_result());
    EXPECT_FALSE(response.has_private_());
  }
  const auto forget = this->Open(
      EncodeMsgpack(Value::Object(BindingOf<Name>().type(), {Value::String("forget")})), "greeter_careless");
  ASSERT_EQ(forget.diagnostics_size(), 1);
  EXPECT_THAT(forget.diagnostics(0).detail(), HasSubstr("The provider left name unknown."));
}

// MUST 86
TYPED_TEST(EphemeralResourcesTest, SayErrorsAtTheirAttribute) {
  this->Configure();
  const auto response = this->Open("nobody");
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_EQ(response.diagnostics(0).severity(), TypeParam::kError);
  EXPECT_EQ(response.diagnostics(0).detail(), "There is nobody.");
  EXPECT_EQ(response.diagnostics(0).attribute().steps(0).attribute_name(), "name");
  EXPECT_FALSE(response.has_result());
  // Other hosts may not validate first.
  EXPECT_EQ(this->Open("Boo").diagnostics(0).detail(), "Be friendly.");
}

// MUST 83
TYPED_TEST(EphemeralResourcesTest, AreRenewedAndAlwaysGivePrivateDataBack) {
  this->Configure();
  const auto next = this->Renew("next");
  EXPECT_EQ(next.diagnostics_size(), 0);
  EXPECT_EQ(next.renew_at().seconds(), 2000);
  EXPECT_EQ(next.private_(), "after next");
  const auto last = this->Renew("last");
  EXPECT_EQ(last.diagnostics_size(), 0);
  EXPECT_FALSE(last.has_renew_at());
  ASSERT_TRUE(last.has_private_());
  EXPECT_EQ(last.private_(), "last");
  const auto ended = this->Renew("other");
  ASSERT_EQ(ended.diagnostics_size(), 1);
  EXPECT_EQ(ended.diagnostics(0).summary(), "Cannot renew greeter_lease");
  EXPECT_FALSE(ended.has_private_());
}

TYPED_TEST(EphemeralResourcesTest, SayWhenTheyCannotBeRenewed) {
  this->Configure();
  const auto response = this->Renew("", "greeter_careless");
  ASSERT_EQ(response.diagnostics_size(), 1);
  EXPECT_THAT(response.diagnostics(0).detail(), HasSubstr("It cannot be renewed"));
}

// MUST 83, TRAP 33
TYPED_TEST(EphemeralResourcesTest, CloseWithTheDataOfOpenOrOfRenew) {
  this->Configure();
  EXPECT_EQ(this->Close(this->Open("Ada").private_()).diagnostics_size(), 0);
  EXPECT_EQ(this->Close(this->Renew("next").private_()).diagnostics_size(), 0);
  const auto lost = this->Close("");
  ASSERT_EQ(lost.diagnostics_size(), 1);
  EXPECT_EQ(lost.diagnostics(0).summary(), "Cannot close greeter_lease");
  EXPECT_EQ(this->Close("", "greeter_careless").diagnostics_size(), 0);
}

// MUST 28: Terraform closes after it has stopped the provider. MUST 87
TYPED_TEST(EphemeralResourcesTest, StopOpeningButCloseAfterAStop) {
  this->Configure();
  std::thread sleeper([&] {
    const auto response = this->Open("sleeper");
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_EQ(response.diagnostics(0).detail(), "The call was cancelled.");
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  this->Call(TypeParam::kStop);
  sleeper.join();
  EXPECT_EQ(this->Close(kBytes + "Ada").diagnostics_size(), 0);
}

// MUST 77, TRAP 29
TYPED_TEST(EphemeralResourcesTest, AreDeferredWhenTheProviderBlockIsUnknownAndTheClientAllowsIt) {
  this->Configure(Value::Unknown(Type::String()));
  const std::string config = this->Config(Value::String("Ada"));
  const auto deferred = this->Open(config, "greeter_lease", true);
  EXPECT_EQ(deferred.diagnostics_size(), 0);
  EXPECT_EQ(deferred.deferred().reason(), TypeParam::kProviderConfigUnknown);
  EXPECT_EQ(deferred.result().msgpack(), std::string("\xd4\0\0", 3));
  const auto refused = this->Open(config);
  EXPECT_FALSE(refused.has_deferred());
  ASSERT_EQ(refused.diagnostics_size(), 1);
  EXPECT_THAT(refused.diagnostics(0).detail(), HasSubstr("The argument greeting of the greeter provider"));
}

// MUST 77, TRAP 28
TYPED_TEST(EphemeralResourcesTest, AreNotDeferredOtherwise) {
  this->Configure();
  const auto response = this->Open(this->Config(Value::String("Ada")), "greeter_lease", true);
  EXPECT_FALSE(response.has_deferred());
  EXPECT_TRUE(response.has_result());
}

TYPED_TEST(EphemeralResourcesTest, SayThatTheProviderIsNotConfigured) {
  for (const auto& diagnostics : {this->Open("Ada").diagnostics(), this->Renew("next").diagnostics(),
                                  this->Close("next").diagnostics()}) {
    ASSERT_EQ(diagnostics.size(), 1);
    EXPECT_EQ(diagnostics.at(0).detail(), "The provider is not configured.");
  }
  EXPECT_FALSE(this->Open(this->Config(Value::String("Ada")), "greeter_lease", true).has_deferred());
}

// MUST 86
TYPED_TEST(EphemeralResourcesTest, SurviveAnExceptionAndShowNoneOfIt) {
  this->Configure();
  const auto open = this->Open("thrower");
  const auto renew = this->Renew("thrower");
  for (const auto& diagnostics : {open.diagnostics(), renew.diagnostics()}) {
    ASSERT_EQ(diagnostics.size(), 1);
    EXPECT_EQ(diagnostics.at(0).summary(), "Internal error in the provider");
  }
  EXPECT_EQ((open.DebugString() + renew.DebugString()).find("secret"), std::string::npos);
}

TYPED_TEST(EphemeralResourcesTest, RefuseBytesTheyCannotDecode) {
  this->Configure();
  for (const std::string& bytes :
       {std::string("\x91", 1), std::string("\xc1"), std::string("\x80"), std::string("hello"),
        std::string("\xdd\xff\xff\xff\xff", 5), std::string(1, '\xc0'), std::string()}) {
    EXPECT_EQ(this->Validate(bytes).diagnostics_size(), 1);
    const auto response = this->Open(bytes);
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_FALSE(response.has_result());
  }
}

TYPED_TEST(EphemeralResourcesTest, AreUnknownByAnyOtherName) {
  for (const auto& diagnostics :
       {this->Validate("", "greeter_x").diagnostics(), this->Open("", "greeter_x").diagnostics(),
        this->Renew("", "greeter_x").diagnostics(), this->Close("", "greeter_x").diagnostics()}) {
    ASSERT_EQ(diagnostics.size(), 1);
    EXPECT_EQ(diagnostics.at(0).detail(),
              "Not offered by this provider: greeter has no ephemeral resource greeter_x.");
  }
}

// MUST 26
TYPED_TEST(EphemeralResourcesTest, ServeManyCallsAtOnce) {
  this->Configure();
  std::vector<std::thread> callers;
  std::atomic<int> right = 0;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back([this, i, &right] {
      const std::string name = std::to_string(i);
      const auto response = this->Open(this->Config(Value::String(name)));
      const auto result = DecodeMsgpack(response.result().msgpack(), this->LeaseType());
      right += result.ok() && result->attribute("token") == Value::String("Hi, " + name) &&
               response.private_() == kBytes + name;
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(right, 64);
}

}  // namespace
}  // namespace tfsdk
