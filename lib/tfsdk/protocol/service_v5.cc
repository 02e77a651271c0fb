#include "tfplugin5.grpc.pb.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/protocol/action_handlers.h"
#include "tfsdk/protocol/data_source_handlers.h"
#include "tfsdk/protocol/ephemeral_handlers.h"
#include "tfsdk/protocol/function_handlers.h"
#include "tfsdk/protocol/list_handlers.h"
#include "tfsdk/protocol/provider_handlers.h"
#include "tfsdk/protocol/resource_handlers.h"
#include "tfsdk/protocol/services.h"

namespace tfsdk::protocol {
namespace {

namespace pb = ::tfplugin5;

struct V5 {
  using Schema = pb::Schema;
  using Block = pb::Schema::Block;
  using Attribute = pb::Schema::Attribute;
  static constexpr int kVersion = 5;
  static constexpr bool kNestedAttributes = false;
  static constexpr auto kMarkdown = pb::MARKDOWN;
  static constexpr auto kPlain = pb::PLAIN;
  static pb::Deferred::Reason Reason(DeferredReason reason) {
    switch (reason) {
      case DeferredReason::kResourceConfigUnknown:
        return pb::Deferred::RESOURCE_CONFIG_UNKNOWN;
      case DeferredReason::kProviderConfigUnknown:
        return pb::Deferred::PROVIDER_CONFIG_UNKNOWN;
      case DeferredReason::kAbsentPrerequisite:
        return pb::Deferred::ABSENT_PREREQ;
    }
    TFSDK_CHECK(false, "a reason that does not exist");
  }

  static pb::Schema::NestedBlock::NestingMode BlockNesting(Nesting nesting) {
    switch (nesting) {
      case Nesting::kSingle:
        return pb::Schema::NestedBlock::SINGLE;
      case Nesting::kList:
        return pb::Schema::NestedBlock::LIST;
      case Nesting::kSet:
        return pb::Schema::NestedBlock::SET;
      case Nesting::kMap:
        return pb::Schema::NestedBlock::MAP;
    }
    TFSDK_CHECK(false, "a nesting that does not exist");
  }
};

class ServiceV5 final : public pb::Provider::Service {
 public:
  explicit ServiceV5(Engine& engine)
      : provider_(engine),
        data_sources_(engine),
        resources_(engine),
        ephemeral_resources_(engine),
        list_resources_(engine),
        actions_(engine),
        functions_(engine) {}

 private:
  using Rpc = grpc::ServerContext;

  // clang-format off
  grpc::Status GetMetadata(Rpc* rpc, const pb::GetMetadataRpc::Request* in, pb::GetMetadataRpc::Response* out) override { return provider_.GetMetadata(rpc, *in, out); }
  grpc::Status GetSchema(Rpc* rpc, const pb::GetProviderSchema::Request* in, pb::GetProviderSchema::Response* out) override { return provider_.GetProviderSchema(rpc, *in, out); }
  grpc::Status PrepareProviderConfig(Rpc* rpc, const pb::PrepareProviderConfig::Request* in, pb::PrepareProviderConfig::Response* out) override { return provider_.ValidateProviderConfig(rpc, *in, out); }
  grpc::Status Configure(Rpc* rpc, const pb::Configure::Request* in, pb::Configure::Response* out) override { return provider_.ConfigureProvider(rpc, *in, out); }
  grpc::Status ValidateDataSourceConfig(Rpc* rpc, const pb::ValidateDataSourceConfig::Request* in, pb::ValidateDataSourceConfig::Response* out) override { return data_sources_.ValidateDataSourceConfig(rpc, *in, out); }
  grpc::Status ReadDataSource(Rpc* rpc, const pb::ReadDataSource::Request* in, pb::ReadDataSource::Response* out) override { return data_sources_.ReadDataSource(rpc, *in, out); }
  grpc::Status Stop(Rpc* rpc, const pb::Stop::Request* in, pb::Stop::Response* out) override { return provider_.Stop(rpc, *in, out); }
  grpc::Status GetResourceIdentitySchemas(Rpc* rpc, const pb::GetResourceIdentitySchemas::Request* in, pb::GetResourceIdentitySchemas::Response* out) override { return resources_.GetResourceIdentitySchemas(rpc, *in, out); }
  grpc::Status GetFunctions(Rpc* rpc, const pb::GetFunctions::Request* in, pb::GetFunctions::Response* out) override { return functions_.GetFunctions(rpc, *in, out); }
  grpc::Status ValidateResourceTypeConfig(Rpc* rpc, const pb::ValidateResourceTypeConfig::Request* in, pb::ValidateResourceTypeConfig::Response* out) override { return resources_.ValidateResourceConfig(rpc, *in, out); }
  grpc::Status UpgradeResourceState(Rpc* rpc, const pb::UpgradeResourceState::Request* in, pb::UpgradeResourceState::Response* out) override { return resources_.UpgradeResourceState(rpc, *in, out); }
  grpc::Status UpgradeResourceIdentity(Rpc* rpc, const pb::UpgradeResourceIdentity::Request* in, pb::UpgradeResourceIdentity::Response* out) override { return resources_.UpgradeResourceIdentity(rpc, *in, out); }
  grpc::Status ReadResource(Rpc* rpc, const pb::ReadResource::Request* in, pb::ReadResource::Response* out) override { return resources_.ReadResource(rpc, *in, out); }
  grpc::Status PlanResourceChange(Rpc* rpc, const pb::PlanResourceChange::Request* in, pb::PlanResourceChange::Response* out) override { return resources_.PlanResourceChange(rpc, *in, out); }
  grpc::Status ApplyResourceChange(Rpc* rpc, const pb::ApplyResourceChange::Request* in, pb::ApplyResourceChange::Response* out) override { return resources_.ApplyResourceChange(rpc, *in, out); }
  grpc::Status ImportResourceState(Rpc* rpc, const pb::ImportResourceState::Request* in, pb::ImportResourceState::Response* out) override { return resources_.ImportResourceState(rpc, *in, out); }
  grpc::Status GenerateResourceConfig(Rpc* rpc, const pb::GenerateResourceConfig::Request* in, pb::GenerateResourceConfig::Response* out) override { return resources_.GenerateResourceConfig(rpc, *in, out); }
  grpc::Status MoveResourceState(Rpc* rpc, const pb::MoveResourceState::Request* in, pb::MoveResourceState::Response* out) override { return resources_.MoveResourceState(rpc, *in, out); }
  grpc::Status ValidateEphemeralResourceConfig(Rpc* rpc, const pb::ValidateEphemeralResourceConfig::Request* in, pb::ValidateEphemeralResourceConfig::Response* out) override { return ephemeral_resources_.ValidateEphemeralResourceConfig(rpc, *in, out); }
  grpc::Status OpenEphemeralResource(Rpc* rpc, const pb::OpenEphemeralResource::Request* in, pb::OpenEphemeralResource::Response* out) override { return ephemeral_resources_.OpenEphemeralResource(rpc, *in, out); }
  grpc::Status RenewEphemeralResource(Rpc* rpc, const pb::RenewEphemeralResource::Request* in, pb::RenewEphemeralResource::Response* out) override { return ephemeral_resources_.RenewEphemeralResource(rpc, *in, out); }
  grpc::Status CloseEphemeralResource(Rpc* rpc, const pb::CloseEphemeralResource::Request* in, pb::CloseEphemeralResource::Response* out) override { return ephemeral_resources_.CloseEphemeralResource(rpc, *in, out); }
  grpc::Status ValidateListResourceConfig(Rpc* rpc, const pb::ValidateListResourceConfig::Request* in, pb::ValidateListResourceConfig::Response* out) override { return list_resources_.ValidateListResourceConfig(rpc, *in, out); }
  grpc::Status CallFunction(Rpc* rpc, const pb::CallFunction::Request* in, pb::CallFunction::Response* out) override { return functions_.CallFunction(rpc, *in, out); }
  grpc::Status ValidateActionConfig(Rpc* rpc, const pb::ValidateActionConfig::Request* in, pb::ValidateActionConfig::Response* out) override { return actions_.ValidateActionConfig(rpc, *in, out); }
  grpc::Status PlanAction(Rpc* rpc, const pb::PlanAction::Request* in, pb::PlanAction::Response* out) override { return actions_.PlanAction(rpc, *in, out); }
  grpc::Status ListResource(Rpc* rpc, const pb::ListResource::Request* in, grpc::ServerWriter<pb::ListResource::Event>* out) override { return list_resources_.ListResource(rpc, *in, out); }
  grpc::Status InvokeAction(Rpc* rpc, const pb::InvokeAction::Request* in, grpc::ServerWriter<pb::InvokeAction::Event>* out) override { return actions_.InvokeAction(rpc, *in, out); }
  // clang-format on

  ProviderHandlers<V5> provider_;
  DataSourceHandlers<V5> data_sources_;
  ResourceHandlers<V5> resources_;
  EphemeralHandlers<V5> ephemeral_resources_;
  ListHandlers<V5> list_resources_;
  ActionHandlers<V5> actions_;
  FunctionHandlers<V5> functions_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeServiceV5(Engine& engine) { return std::make_unique<ServiceV5>(engine); }

}  // namespace tfsdk::protocol
