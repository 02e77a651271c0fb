// Managed resources over both protocol versions, through a real gRPC channel.

#include <thread>

#include "gmock/gmock.h"
#include "support/notes_provider.h"
#include "support/objects.h"
#include "support/service_fixture.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Obj;

constexpr char kNote[] = "notes_note";

template <class P>
class ResourceServicesTest : public testing::ServiceFixture<P> {
 protected:
  using Stub = typename P::Stub;

  ResourceServicesTest() : testing::ServiceFixture<P>(testing::MakeNotesProvider()) {}

  const AnyResource& note() const { return *this->engine_.provider().resources.at(kNote); }
  std::string Nothing() const { return EncodeMsgpack(Value::Null(note().type())); }
  std::string Config(const std::map<std::string, Value>& attributes) const {
    return EncodeMsgpack(Obj(note().type(), attributes, {"line"}));
  }
  Value ValueIn(const std::string& msgpack) const {
    const absl::StatusOr<Value> value = DecodeMsgpack(msgpack, note().type());
    EXPECT_TRUE(value.ok()) << value.status();
    return value.ok() ? *value : Value::Null(note().type());
  }
  void Configure() {
    this->Call(P::kConfigure,
               this->WithConfig(P::kConfigure, EncodeMsgpack(Obj(this->engine_.provider().type, {})), ""));
  }

  auto PlanRequest(const std::string& config, const std::string& prior, const std::string& proposed) {
    auto request = this->RequestOf(&Stub::PlanResourceChange);
    request.set_type_name(kNote);
    request.mutable_config()->set_msgpack(config);
    request.mutable_prior_state()->set_msgpack(prior);
    request.mutable_proposed_new_state()->set_msgpack(proposed);
    return request;
  }
  // Plans and applies the creation of a note.
  auto Create(const std::string& config) {
    const auto plan = this->Call(&Stub::PlanResourceChange, PlanRequest(config, Nothing(), config));
    EXPECT_THAT(plan.diagnostics(), IsEmpty());
    auto request = this->RequestOf(&Stub::ApplyResourceChange);
    request.set_type_name(kNote);
    request.mutable_config()->set_msgpack(config);
    request.mutable_prior_state()->set_msgpack(Nothing());
    *request.mutable_planned_state() = plan.planned_state();
    request.set_planned_private(plan.planned_private());
    *request.mutable_planned_identity() = plan.planned_identity();
    return this->Call(&Stub::ApplyResourceChange, request);
  }
};

TYPED_TEST_SUITE(ResourceServicesTest, testing::Protocols);

// MUST 47
TYPED_TEST(ResourceServicesTest, TellsTheSchemaAndTheIdentity) {
  const auto schema = this->Call(TypeParam::kSchema);
  const auto& note = schema.resource_schemas().at(kNote);
  EXPECT_EQ(note.version(), 2);
  EXPECT_EQ(note.block().block_types(0).type_name(), "line");
  for (const auto& attribute : note.block().attributes()) {
    EXPECT_EQ(attribute.write_only(), attribute.name() == "password") << attribute.name();
  }
  EXPECT_TRUE(schema.server_capabilities().plan_destroy());
  EXPECT_TRUE(schema.server_capabilities().move_resource_state());
  EXPECT_TRUE(schema.server_capabilities().generate_resource_config());
  const auto identities = this->Call(&TestFixture::Stub::GetResourceIdentitySchemas);
  EXPECT_EQ(identities.identity_schemas().at(kNote).version(), 1);
  EXPECT_TRUE(identities.identity_schemas().at(kNote).identity_attributes(0).required_for_import());
}

// MUST 66, MUST 76, TRAP 24, TRAP 43
TYPED_TEST(ResourceServicesTest, ANoteLivesFromPlanToDestruction) {
  using Rpc = typename TestFixture::Stub;
  this->Configure();
  const std::string config = this->Config({{"name", Value::String("a")}, {"text", Value::String("x")}});
  const auto applied = this->Create(config);
  ASSERT_THAT(applied.diagnostics(), IsEmpty());
  EXPECT_FALSE(applied.legacy_type_system());
  EXPECT_EQ(this->ValueIn(applied.new_state().msgpack()).attribute("hash"), Value::String("hash of x"));
  EXPECT_THAT(applied.private_(), HasSubstr("revision"));
  EXPECT_TRUE(applied.has_new_identity());

  auto read = this->RequestOf(&Rpc::ReadResource);
  read.set_type_name(kNote);
  *read.mutable_current_state() = applied.new_state();
  read.set_private_(applied.private_());
  *read.mutable_current_identity() = applied.new_identity();
  const auto now = this->Call(&Rpc::ReadResource, read);
  EXPECT_EQ(now.new_state().msgpack(), applied.new_state().msgpack());
  EXPECT_EQ(now.private_(), applied.private_());
  EXPECT_EQ(now.new_identity().SerializeAsString(), applied.new_identity().SerializeAsString());

  const std::string renamed = this->Config({{"name", Value::String("b")}, {"text", Value::String("x")}});
  const Value proposed =
      this->ValueIn(applied.new_state().msgpack()).WithAttribute("name", Value::String("b"));
  auto replacing = this->PlanRequest(renamed, applied.new_state().msgpack(), EncodeMsgpack(proposed));
  replacing.set_prior_private(applied.private_());
  const auto replacement = this->Call(&Rpc::PlanResourceChange, replacing);
  ASSERT_EQ(replacement.requires_replace_size(), 1);
  EXPECT_EQ(replacement.requires_replace(0).steps(0).attribute_name(), "name");
  EXPECT_EQ(replacement.planned_private(), applied.private_());
  EXPECT_FALSE(replacement.legacy_type_system());

  const auto farewell =
      this->Call(&Rpc::PlanResourceChange,
                 this->PlanRequest(this->Nothing(), applied.new_state().msgpack(), this->Nothing()));
  EXPECT_TRUE(this->ValueIn(farewell.planned_state().msgpack()).IsNull());
  auto destroy = this->RequestOf(&Rpc::ApplyResourceChange);
  destroy.set_type_name(kNote);
  *destroy.mutable_prior_state() = applied.new_state();
  destroy.mutable_planned_state()->set_msgpack(this->Nothing());
  destroy.mutable_config()->set_msgpack(this->Nothing());
  destroy.set_planned_private(applied.private_());
  const auto gone = this->Call(&Rpc::ApplyResourceChange, destroy);
  EXPECT_TRUE(this->ValueIn(gone.new_state().msgpack()).IsNull());
  EXPECT_EQ(gone.private_(), "");
}

TYPED_TEST(ResourceServicesTest, AnExceptionLosesNothing) {
  this->Configure();
  const auto applied =
      this->Create(this->Config({{"name", Value::String("a")}, {"text", Value::String("throws")}}));
  ASSERT_EQ(applied.diagnostics_size(), 1);
  EXPECT_EQ(applied.diagnostics(0).severity(), TypeParam::kError);
  EXPECT_THAT(applied.diagnostics(0).detail(), ::testing::Not(HasSubstr("secret")));
  EXPECT_EQ(this->ValueIn(applied.new_state().msgpack()).attribute("id"), Value::String("1"));
  EXPECT_THAT(applied.private_(), HasSubstr("revision"));
}

// MUST 63
TYPED_TEST(ResourceServicesTest, WhatNeedsNoClientWorksWithoutOne) {
  using Rpc = typename TestFixture::Stub;
  auto upgrade = this->RequestOf(&Rpc::UpgradeResourceState);
  upgrade.set_type_name(kNote);
  upgrade.set_version(1);
  upgrade.mutable_raw_state()->set_json(R"({"title":"a"})");
  EXPECT_EQ(this->ValueIn(this->Call(&Rpc::UpgradeResourceState, upgrade).upgraded_state().msgpack())
                .attribute("name"),
            Value::String("a"));
  upgrade.mutable_raw_state()->Clear();
  (*upgrade.mutable_raw_state()->mutable_flatmap())["title"] = "a";
  EXPECT_THAT(this->Call(&Rpc::UpgradeResourceState, upgrade).diagnostics(0).detail(),
              HasSubstr("Terraform 0.11"));

  auto move = this->RequestOf(&Rpc::MoveResourceState);
  move.set_target_type_name(kNote);
  move.set_source_type_name("other_memo");
  move.set_source_provider_address("registry.terraform.io/x/other");
  move.mutable_source_state()->set_json(R"({"title":"a"})");
  const auto moved = this->Call(&Rpc::MoveResourceState, move);
  EXPECT_THAT(moved.diagnostics(), IsEmpty());
  EXPECT_THAT(moved.target_private(), HasSubstr("came_from"));

  auto identity = this->RequestOf(&Rpc::UpgradeResourceIdentity);
  identity.set_type_name(kNote);
  EXPECT_FALSE(this->Call(&Rpc::UpgradeResourceIdentity, identity).has_upgraded_identity());

  const std::string config = this->Config({{"name", Value::String("a")}});
  const auto plan = this->Call(&Rpc::PlanResourceChange, this->PlanRequest(config, this->Nothing(), config));
  EXPECT_THAT(plan.diagnostics(), IsEmpty());
  auto apply = this->RequestOf(&Rpc::ApplyResourceChange);
  apply.set_type_name(kNote);
  apply.mutable_config()->set_msgpack(config);
  *apply.mutable_planned_state() = plan.planned_state();
  EXPECT_EQ(this->Call(&Rpc::ApplyResourceChange, apply).diagnostics(0).detail(),
            "The provider is not configured.");
}

// MUST 78
TYPED_TEST(ResourceServicesTest, AnImportIsExactlyOneObject) {
  using Rpc = typename TestFixture::Stub;
  this->Configure();
  auto request = this->RequestOf(&Rpc::ImportResourceState);
  request.set_type_name(kNote);
  request.set_id("a");
  const auto imported = this->Call(&Rpc::ImportResourceState, request);
  ASSERT_EQ(imported.imported_resources_size(), 1);
  EXPECT_EQ(imported.imported_resources(0).type_name(), kNote);
  request.clear_id();
  request.mutable_identity()->mutable_identity_data()->set_msgpack(
      EncodeMsgpack(Obj(this->note().identity_schema()->type(), {{"name", Value::String("a")}})));
  EXPECT_TRUE(this->Call(&Rpc::ImportResourceState, request).imported_resources(0).has_identity());
}

// MUST 59, MUST 86
TYPED_TEST(ResourceServicesTest, WhatCannotBeDecodedIsADiagnosticAndNothingIsLost) {
  using Rpc = typename TestFixture::Stub;
  this->Configure();
  const std::string good = this->Config({{"name", Value::String("a")}});
  for (const std::string& bad : {std::string("\xc1"), std::string("\xdf\xff\xff\xff\xff"), good.substr(0, 20),
                                 std::string("\x81\xa1x\x01"), good + "x"}) {
    EXPECT_GE(this->Call(&Rpc::PlanResourceChange, this->PlanRequest(bad, this->Nothing(), good))
                  .diagnostics_size(),
              1);
    EXPECT_GE(this->Call(&Rpc::PlanResourceChange, this->PlanRequest(good, bad, good)).diagnostics_size(),
              1);
    auto read = this->RequestOf(&Rpc::ReadResource);
    read.set_type_name(kNote);
    read.mutable_current_state()->set_msgpack(bad);
    EXPECT_EQ(this->Call(&Rpc::ReadResource, read).diagnostics_size(), 1);
    auto apply = this->RequestOf(&Rpc::ApplyResourceChange);
    apply.set_type_name(kNote);
    apply.mutable_prior_state()->set_msgpack(good);
    apply.mutable_planned_state()->set_msgpack(bad);
    apply.set_planned_private(R"({"a":"Nw=="})");
    const auto kept = this->Call(&Rpc::ApplyResourceChange, apply);
    EXPECT_GE(kept.diagnostics_size(), 1);
    EXPECT_EQ(kept.new_state().msgpack(), good);
    EXPECT_EQ(kept.private_(), R"({"a":"Nw=="})");
  }
  auto request = this->PlanRequest(good, this->Nothing(), good);
  request.set_prior_private("no JSON");
  EXPECT_THAT(this->Call(&Rpc::PlanResourceChange, request).diagnostics(0).detail(),
              HasSubstr("private data"));
  request.set_type_name("notes_other");
  EXPECT_THAT(this->Call(&Rpc::PlanResourceChange, request).diagnostics(0).detail(),
              HasSubstr("no resource notes_other"));
  auto raw = this->RequestOf(&Rpc::UpgradeResourceState);
  raw.set_type_name(kNote);
  raw.set_version(2);
  for (const char* json : {"{", "[]", R"({"name":{}})", R"({"name":"a","name":"b"})", ""}) {
    raw.mutable_raw_state()->set_json(json);
    EXPECT_EQ(this->Call(&Rpc::UpgradeResourceState, raw).diagnostics_size(), 1) << json;
  }
}

// MUST 77
TYPED_TEST(ResourceServicesTest, DefersWhenTheProviderIsNotKnownAndThatIsAllowed) {
  using Rpc = typename TestFixture::Stub;
  this->Call(TypeParam::kConfigure,
             this->WithConfig(TypeParam::kConfigure,
                              EncodeMsgpack(Obj(this->engine_.provider().type,
                                                {{"folder", Value::Unknown(Type::String())}})),
                              ""));
  const std::string config = this->Config({{"name", Value::String("a")}});
  auto request = this->PlanRequest(config, this->Nothing(), config);
  EXPECT_FALSE(this->Call(&Rpc::PlanResourceChange, request).has_deferred());
  request.mutable_client_capabilities()->set_deferral_allowed(true);
  EXPECT_EQ(this->Call(&Rpc::PlanResourceChange, request).deferred().reason(),
            TypeParam::kProviderConfigUnknown);
}

// MUST 26
TYPED_TEST(ResourceServicesTest, SixtyFourPlansAtOnceAreKeptApart) {
  using Rpc = typename TestFixture::Stub;
  this->Configure();
  std::vector<std::thread> threads;
  for (int i = 0; i < 64; ++i) {
    threads.emplace_back([this, i] {
      const Value name = Value::String(absl::StrCat("note ", i));
      const std::string config = this->Config({{"name", name}});
      const auto plan =
          this->Call(&Rpc::PlanResourceChange, this->PlanRequest(config, this->Nothing(), config));
      EXPECT_EQ(this->ValueIn(plan.planned_state().msgpack()).attribute("name"), name);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tfsdk
