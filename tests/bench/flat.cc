// Whether memory stays flat: plans and applies the same change over and over, and prints the resident size at 10 %, 50 %
// and 100 % of the calls. Ends with 1 when it grew after the first tenth.
//
//   bench_flat ROUNDS GRPC_ROUNDS
//
// A round is a plan and an apply; ROUNDS of them go through the engine, GRPC_ROUNDS through the gRPC service of protocol 6.
// One round of ten is refused, so that the ways out of errors are walked as well.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "bench/plan_cases.h"
#include "tfplugin6.grpc.pb.h"
#include "tfsdk/engine/resources.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/protocol/services.h"

namespace tfsdk::bench {
namespace {

constexpr char kType[] = "bench_list";
constexpr int64_t kElements = 5;
// Of what is kept by the allocator and by gRPC, some is only needed after a while.
constexpr int64_t kMaxGrowthKib = 2'048;

void Require(bool met, const char* what) {
  if (met) return;
  std::fprintf(stderr, "%s\n", what);
  std::exit(1);
}

int64_t ResidentKib() {
  int64_t total = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1024;
}

bool IsFlat(const char* name, int64_t rounds, const std::function<void(bool refused)>& round) {
  int64_t first = 0, now = 0;
  std::printf("%s: %lld rounds of plan and apply", name, static_cast<long long>(rounds));
  for (int64_t i = 1; i <= rounds; ++i) {
    round(i % 10 == 0);
    if (i != rounds / 10 && i != rounds / 2 && i != rounds) continue;
    now = ResidentKib();
    if (first == 0) first = now;
    std::printf(", %lld KiB at %lld %%", static_cast<long long>(now),
                static_cast<long long>(100 * i / rounds));
    std::fflush(stdout);
  }
  const bool flat = now - first <= kMaxGrowthKib;
  std::printf(": %s\n", flat ? "flat" : "GROWN");
  return flat;
}

// What Terraform sends, once.
struct Messages {
  Type type;
  std::string config, prior, proposed;
};

void EngineRound(Engine& engine, const Messages& messages, bool refused) {
  const AnyResource& resource = *engine.provider().resources.at(kType);
  const auto read = [&](const std::string& bytes) { return *DecodeMsgpack(bytes, messages.type); };
  ResourceContext planning;
  const Value config = refused ? Value::Null(messages.type) : read(messages.config);
  const PlanResult plan = PlanChange(engine, planning, kType, resource,
                                     {config, read(messages.prior), read(messages.proposed), std::nullopt});
  Require(plan.planned.has_value() != refused, "a plan went wrong");
  if (refused) return;
  ResourceContext applying;
  const ObjectState state = ApplyChange(engine, applying, kType, resource,
                                        {read(messages.prior), *plan.planned, config, std::nullopt});
  Require(state.state.has_value() && !applying.diagnostics().HasErrors(), "an apply went wrong");
  Require(!EncodeMsgpack(*state.state, messages.type).empty(), "no state");
}

void GrpcRound(tfplugin6::Provider::Stub& stub, const Messages& messages, bool refused) {
  tfplugin6::PlanResourceChange_Request plan;
  plan.set_type_name(kType);
  plan.mutable_config()->set_msgpack(refused ? messages.config.substr(0, messages.config.size() / 2)
                                             : messages.config);
  plan.mutable_prior_state()->set_msgpack(messages.prior);
  plan.mutable_proposed_new_state()->set_msgpack(messages.proposed);
  tfplugin6::PlanResourceChange_Response planned;
  grpc::ClientContext planning;
  Require(stub.PlanResourceChange(&planning, plan, &planned).ok(), "a plan had no answer");
  Require(planned.diagnostics().empty() != refused, "a plan went wrong");
  if (refused) return;
  tfplugin6::ApplyResourceChange_Request apply;
  apply.set_type_name(kType);
  *apply.mutable_config() = plan.config();
  *apply.mutable_prior_state() = plan.prior_state();
  *apply.mutable_planned_state() = planned.planned_state();
  apply.set_planned_private(planned.planned_private());
  tfplugin6::ApplyResourceChange_Response applied;
  grpc::ClientContext applying;
  Require(stub.ApplyResourceChange(&applying, apply, &applied).ok(), "an apply had no answer");
  Require(applied.diagnostics().empty(), "an apply went wrong");
}

int Main(int64_t rounds, int64_t grpc_rounds) {
  Engine engine(MakeProvider());
  Context context;
  engine.ConfigureProvider(context, testing::Obj(engine.provider().type, {}));
  const Type type = engine.provider().resources.at(kType)->type();
  const Change change = MakeChange(type, kElements);
  const Messages messages{type, EncodeMsgpack(change.config), EncodeMsgpack(change.prior),
                          EncodeMsgpack(change.proposed)};
  bool flat = IsFlat("engine", rounds, [&](bool refused) { EngineRound(engine, messages, refused); });

  const std::unique_ptr<grpc::Service> service = protocol::MakeServiceV6(engine);
  grpc::ServerBuilder builder;
  builder.RegisterService(service.get());
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const auto stub = tfplugin6::Provider::NewStub(server->InProcessChannel({}));
  flat &= IsFlat("gRPC", grpc_rounds, [&](bool refused) { GrpcRound(*stub, messages, refused); });
  server->Shutdown();
  return flat ? 0 : 1;
}

}  // namespace
}  // namespace tfsdk::bench

int main(int argc, char** argv) {
  int64_t rounds = 0, grpc_rounds = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[1], &rounds) || !absl::SimpleAtoi(argv[2], &grpc_rounds)) {
    std::fputs("usage: bench_flat ROUNDS GRPC_ROUNDS\n", stderr);
    return 2;
  }
  return tfsdk::bench::Main(rounds, grpc_rounds);
}
