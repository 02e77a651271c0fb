// List resources over both protocol versions, from the author's header to the wire.

#include <atomic>
#include <stdexcept>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "support/service_fixture.h"
#include "tfsdk/list_resource.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/testing/value_matchers.h"
#include "tfsdk/validators.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;

struct Guest {
  std::string name;
  std::optional<Secret> code;
  Maybe<int64_t> seat;

  static ObjectBinding<Guest> Describe() {
    return ObjectBinding<Guest>("A guest.")
        .Required("name", &Guest::name, "Who.")
        .Optional("code", &Guest::code, "Never stored.", {WriteOnly()})
        .Computed("seat", &Guest::seat, "Where.");
  }
};

struct GuestIdentity {
  std::optional<std::string> name;
  static ObjectBinding<GuestIdentity> Describe() {
    return ObjectBinding<GuestIdentity>("").Optional("name", &GuestIdentity::name, "");
  }
};

class GuestResource final : public Resource<Guest, testing::Greeter, GuestIdentity> {
 public:
  absl::StatusOr<Guest> Create(ResourceContext&, testing::Greeter&, Guest planned) const override {
    return planned;
  }
  absl::StatusOr<std::optional<Guest>> Read(ResourceContext&, testing::Greeter&, Guest state) const override {
    return state;
  }
  absl::Status Delete(ResourceContext&, testing::Greeter&, Guest) const override { return absl::OkStatus(); }
  GuestIdentity IdentityOf(const Guest& state) const override { return {state.name}; }
};

struct Search {
  std::string what;
  Maybe<int64_t> guests;

  static ObjectBinding<Search> Describe() {
    return ObjectBinding<Search>("What to look for.")
        .Required("what", &Search::what, "Whom.", {NotEmpty()})
        .Optional("guests", &Search::guests, "How many there are.", {Between(1, 1000)});
  }
};

std::atomic<int> g_found = 0;           // how many guests the last listing came to
std::atomic<bool> g_cancelled = false;  // whether a listing saw that its caller had gone

// What it does depends on what it looks for.
class GuestList final : public ListResource<Search, testing::Greeter, GuestResource> {
 public:
  absl::Status Validate(Context&, const Search& config) const override {
    if (config.what == "Boo") return At("what", absl::InvalidArgumentError("Be friendly."));
    return absl::OkStatus();
  }

  absl::Status List(Context& context, testing::Greeter& greeter, Search config, const ListRequest& request,
                    const Sink& sink) const override {
    if (config.what == "nothing") return At("what", absl::NotFoundError("There is nothing."));
    g_found = 0;
    for (int64_t i = 0; i < config.guests.known().value_or(3); ++i) {
      const std::string name = absl::StrCat(greeter.greeting, " ", i);
      Found found{{name}, absl::StrCat("Guest ", name)};
      if (request.include_object && config.what != "bare") {
        found.object = Guest{name, Secret("hush"), Maybe<int64_t>(i)};
      }
      if (config.what == "eager") found.object = Guest{name, std::nullopt, Maybe<int64_t>(i)};
      if (config.what == "unknown") found.object->seat = Maybe<int64_t>::Unknown();
      if (config.what == "nameless") found.identity.name.reset();
      if (config.what == "latin") found.display_name = "caf\xe9";
      if (config.what == "warned") found.diagnostics.AddWarning("Shy", "Speak softly.");
      if (config.what == "broken" && i == 1) found.diagnostics.AddError("Broken", "It is broken.");
      ++g_found;
      const bool more = sink(std::move(found));
      if (!more && config.what == "sleeper") g_cancelled = true;
      if (!more && config.what != "deaf") return absl::OkStatus();
      if (config.what == "thrower") throw std::runtime_error("a secret that must not be shown");
      if (config.what == "sleeper" && !context.cancel().SleepFor(std::chrono::minutes(1))) {
        g_cancelled = true;
        return absl::CancelledError("The listing was cancelled.");
      }
    }
    if (config.what == "tired") {
      context.diagnostics().AddWarning("Tired", "There may be more.");
      return At("what", absl::UnavailableError("Too many."));
    }
    return absl::OkStatus();
  }
};

auto Begin() {
  return ProviderBuilder<testing::GreeterConfig, testing::Greeter>(
      "greeter",
      +[](Context&, testing::GreeterConfig config) -> absl::StatusOr<std::shared_ptr<testing::Greeter>> {
        return std::make_shared<testing::Greeter>(
            testing::Greeter{config.greeting.known().value_or("Hello")});
      });
}
Provider MakeProvider() { return Begin().Add<GuestResource>("guest").Add<GuestList>("guest").Build(); }

template <class P>
class ListResourcesTest : public testing::ServiceFixture<P> {
 protected:
  using typename testing::ServiceFixture<P>::Stub;
  ListResourcesTest() : testing::ServiceFixture<P>(MakeProvider()) {}

  void Configure(Value greeting = Value::String("Hi")) {
    const Type type = this->engine_.provider().type;
    const std::string block =
        EncodeMsgpack(Value::Object(type, {std::move(greeting), Value::Null(Type::String())}));
    EXPECT_EQ(this->Call(P::kConfigure, this->WithConfig(P::kConfigure, block, "")).diagnostics_size(), 0);
  }

  static std::string Config(Value what, Value guests = Value::Null(Type::Number())) {
    return EncodeMsgpack(Value::Object(BindingOf<Search>().type(), {std::move(guests), std::move(what)}));
  }
  static std::string Config(const char* what) { return Config(Value::String(what)); }

  auto Validate(const std::string& config, const std::string& name = "greeter_guest") {
    const auto method = &Stub::ValidateListResourceConfig;
    return this->Call(method, this->WithConfig(method, config, name));
  }
  auto Request(const std::string& config, bool include_object, int64_t limit,
               const std::string& name = "greeter_guest") {
    auto request = this->RequestOf(&Stub::ListResource);
    request.set_type_name(name);
    request.mutable_config()->set_msgpack(config);
    request.set_include_resource_object(include_object);
    request.set_limit(limit);
    return request;
  }
  auto List(const std::string& config, bool include_object = false, int64_t limit = 0,
            const std::string& name = "greeter_guest") {
    return this->Events(&Stub::ListResource, Request(config, include_object, limit, name));
  }
};

using testing::Protocols;
TYPED_TEST_SUITE(ListResourcesTest, Protocols);

TYPED_TEST(ListResourcesTest, AreInTheSchemaAndTheMetadata) {
  const auto schema = this->Call(TypeParam::kSchema);
  EXPECT_EQ(schema.list_resource_schemas().at("greeter_guest").block().attributes_size(), 2);
  EXPECT_EQ(this->Call(&TypeParam::Stub::GetMetadata).list_resources(0).type_name(), "greeter_guest");
}

// MUST 62, MUST 63
TYPED_TEST(ListResourcesTest, AreValidatedWithUnknownsWithoutBeingConfigured) {
  EXPECT_EQ(this->Validate(this->Config(Value::Unknown(Type::String()))).diagnostics_size(), 0);
  for (const auto& [config, attribute] :
       {std::pair(this->Config("Boo"), "what"), std::pair(this->Config(""), "what"),
        std::pair(this->Config(Value::String("x"), Value::Number(0)), "guests")}) {
    const auto response = this->Validate(config);
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_EQ(response.diagnostics(0).attribute().steps(0).attribute_name(), attribute);
  }
}

TYPED_TEST(ListResourcesTest, FindIdentitiesAndNames) {
  this->Configure();
  const auto events = this->List(this->Config("all"));
  ASSERT_EQ(events.size(), 3U);
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].display_name(), absl::StrCat("Guest Hi ", i));
    const auto identity =
        DecodeMsgpack(events[i].identity().identity_data().msgpack(), BindingOf<GuestIdentity>().type());
    ASSERT_TRUE(identity.ok());
    EXPECT_EQ(identity->attribute("name"), Value::String(absl::StrCat("Hi ", i)));
    EXPECT_FALSE(events[i].has_resource_object());
    EXPECT_EQ(events[i].diagnostic_size(), 0);
  }
}

// MUST 75: also without what is never stored.
TYPED_TEST(ListResourcesTest, GiveTheObjectsWhenTheyAreAskedFor) {
  this->Configure();
  const auto events = this->List(this->Config("all"), /*include_object=*/true);
  ASSERT_EQ(events.size(), 3U);
  const auto object = DecodeMsgpack(events[2].resource_object().msgpack(), BindingOf<Guest>().type());
  ASSERT_TRUE(object.ok());
  EXPECT_EQ(object->attribute("name"), Value::String("Hi 2"));
  EXPECT_EQ(object->attribute("seat"), Value::Number(2));
  EXPECT_EQ(object->attribute("code"), Value::Null(Type::String()));
  EXPECT_FALSE(this->List(this->Config("eager"))[0].has_resource_object());
  const auto bare = this->List(this->Config("bare"), true);
  ASSERT_EQ(bare.size(), 3U);
  EXPECT_THAT(bare[0].diagnostic(0).detail(), HasSubstr("itself was asked for, but not given"));
  EXPECT_NE(bare[0].diagnostic(0).severity(), TypeParam::kError);
  EXPECT_TRUE(bare[0].has_identity());
}

TYPED_TEST(ListResourcesTest, KeepToTheLimit) {
  this->Configure();
  EXPECT_EQ(this->List(this->Config("all"), false, 2).size(), 2U);
  EXPECT_EQ(g_found, 2);
  EXPECT_EQ(this->List(this->Config("all"), false, 3).size(), 3U);
  EXPECT_EQ(this->List(this->Config("all"), false, 4).size(), 3U);
  EXPECT_EQ(this->List(this->Config("deaf"), false, 1).size(), 1U);
  EXPECT_EQ(g_found, 3);
  EXPECT_EQ(this->List(this->Config(Value::String("all"), Value::Number(1000))).size(), 1000U);
}

// MUST 86
TYPED_TEST(ListResourcesTest, SayWhatIsWrongWithTheWhole) {
  this->Configure();
  const auto nothing = this->List(this->Config("nothing"));
  ASSERT_EQ(nothing.size(), 1U);
  EXPECT_FALSE(nothing[0].has_identity());
  ASSERT_EQ(nothing[0].diagnostic_size(), 1);
  EXPECT_EQ(nothing[0].diagnostic(0).severity(), TypeParam::kError);
  EXPECT_EQ(nothing[0].diagnostic(0).summary(), "Cannot list greeter_guest");
  EXPECT_EQ(nothing[0].diagnostic(0).attribute().steps(0).attribute_name(), "what");
  // After what was found before.
  const auto tired = this->List(this->Config("tired"));
  ASSERT_EQ(tired.size(), 4U);
  EXPECT_EQ(tired[3].diagnostic(0).detail(), "There may be more.");
  EXPECT_EQ(tired[3].diagnostic(1).detail(), "Too many.");
  EXPECT_EQ(this->List(this->Config("Boo"))[0].diagnostic(0).detail(), "Be friendly.");
  const auto unknown = this->List(this->Config(Value::String("all"), Value::Unknown(Type::Number())));
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_EQ(unknown[0].diagnostic(0).detail(), "The value is not known yet.");
}

TYPED_TEST(ListResourcesTest, SayWhatIsWrongWithOneObject) {
  this->Configure();
  const auto warned = this->List(this->Config("warned"));
  ASSERT_EQ(warned.size(), 3U);
  EXPECT_EQ(warned[1].diagnostic(0).detail(), "Speak softly.");
  EXPECT_TRUE(warned[1].has_identity());
  const auto broken = this->List(this->Config("broken"));
  ASSERT_EQ(broken.size(), 2U);
  EXPECT_EQ(broken[1].diagnostic(0).detail(), "It is broken.");
  EXPECT_FALSE(broken[1].has_identity());
  const auto nameless = this->List(this->Config("nameless"));
  ASSERT_EQ(nameless.size(), 1U);
  EXPECT_THAT(nameless[0].diagnostic(0).detail(), HasSubstr("without a complete identity"));
  const auto unknown = this->List(this->Config("unknown"), true);
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_THAT(unknown[0].diagnostic(0).detail(), HasSubstr("The provider left seat unknown."));
  EXPECT_FALSE(unknown[0].has_resource_object());
}

// MUST 60, TRAP 35
TYPED_TEST(ListResourcesTest, SendOnlyTextThatCanBeShown) {
  this->Configure();
  EXPECT_EQ(this->List(this->Config("latin"))[0].display_name(), "caf\xef\xbf\xbd");
}

// MUST 86
TYPED_TEST(ListResourcesTest, SurviveAnExceptionAndShowNoneOfIt) {
  this->Configure();
  const auto events = this->List(this->Config("thrower"));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].diagnostic(0).summary(), "Internal error in the provider");
  EXPECT_EQ(events[1].DebugString().find("secret"), std::string::npos);
}

// MUST 77: the protocol has no way to defer a listing.
TYPED_TEST(ListResourcesTest, NeedAConfiguredProvider) {
  const auto unconfigured = this->List(this->Config("all"));
  ASSERT_EQ(unconfigured.size(), 1U);
  EXPECT_EQ(unconfigured[0].diagnostic(0).detail(), "The provider is not configured.");
  this->Configure(Value::Unknown(Type::String()));
  const auto unknown = this->List(this->Config("all"));
  ASSERT_EQ(unknown.size(), 1U);
  EXPECT_THAT(unknown[0].diagnostic(0).detail(), HasSubstr("The argument greeting of the greeter provider"));
}

TYPED_TEST(ListResourcesTest, AreUnknownByAnyOtherName) {
  const std::string detail = "Not offered by this provider: greeter has no list resource greeter_x.";
  EXPECT_EQ(this->Validate("", "greeter_x").diagnostics(0).detail(), detail);
  const auto events = this->List("", false, 0, "greeter_x");
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].diagnostic(0).detail(), detail);
}

TYPED_TEST(ListResourcesTest, RefuseBytesTheyCannotDecode) {
  this->Configure();
  for (const std::string& bytes :
       {std::string("\x91", 1), std::string("\xc1"), std::string("\x80"), std::string("hello"),
        std::string("\xdd\xff\xff\xff\xff", 5), std::string(1, '\xc0'), std::string()}) {
    EXPECT_EQ(this->Validate(bytes).diagnostics_size(), 1);
    const auto events = this->List(bytes);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].diagnostic_size(), 1);
  }
}

// The host stops reading when it has enough.
TYPED_TEST(ListResourcesTest, EndQuietlyWhenTheCallerHasGone) {
  this->Configure();
  g_cancelled = false;
  grpc::ClientContext context;
  const auto reader = this->stub_->ListResource(&context, this->Request(this->Config("sleeper"), false, 0));
  typename std::decay_t<decltype(this->List(""))>::value_type event;
  ASSERT_TRUE(reader->Read(&event));
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  // Waits for the server's side of the call.
  this->server_->Shutdown();
  EXPECT_TRUE(g_cancelled);
}

// MUST 87
TYPED_TEST(ListResourcesTest, EndWhenTheProviderIsStopped) {
  this->Configure();
  std::thread lister([&] {
    const auto events = this->List(this->Config("sleeper"));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].diagnostic(0).detail(), "The listing was cancelled.");
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  this->Call(TypeParam::kStop);
  lister.join();
}

// MUST 26
TYPED_TEST(ListResourcesTest, ServeManyCallsAtOnce) {
  this->Configure();
  std::vector<std::thread> callers;
  for (int i = 0; i < 64; ++i) {
    callers.emplace_back([this, i] {
      EXPECT_EQ(this->List(this->Config(Value::String("all"), Value::Number(i + 1))).size(),
                static_cast<size_t>(i + 1));
    });
  }
  for (std::thread& caller : callers) caller.join();
}

class Nameless final : public Resource<Guest, testing::Greeter> {
 public:
  absl::StatusOr<Guest> Create(ResourceContext&, testing::Greeter&, Guest planned) const override {
    return planned;
  }
  absl::StatusOr<std::optional<Guest>> Read(ResourceContext&, testing::Greeter&, Guest state) const override {
    return state;
  }
  absl::Status Delete(ResourceContext&, testing::Greeter&, Guest) const override { return absl::OkStatus(); }
};

TEST(ListResourceCheckTest, NeedsTheManagedResourceThatItLists) {
  EXPECT_TRUE(MakeProvider().Check().ok());
  const std::string message =
      "list resource greeter_other: needs the managed resource that it lists, of the same name and with an "
      "identity";
  Provider provider = MakeProvider();
  provider.list_resources.emplace("greeter_other", std::make_unique<GuestList>());
  EXPECT_EQ(provider.Check().message(), message);
  provider.resources.emplace("greeter_other", std::make_unique<Nameless>());
  EXPECT_EQ(provider.Check().message(), message);
  provider.resources["greeter_other"] = std::make_unique<GuestResource>();
  EXPECT_TRUE(provider.Check().ok());
}

}  // namespace
}  // namespace tfsdk
