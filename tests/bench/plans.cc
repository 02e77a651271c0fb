// What decoding, encoding and planning cost; tests/bench/plans.py runs it beside the same over go-cty and HashiCorp's
// framework (tests/bench/plans/main.go), which read the inputs that this program writes.
//
//   bench_plans FOLDER LARGEST MILLISECONDS [PLAN…]
//
// Writes inputs, and answers, to FOLDER; sizes up to LARGEST; each case takes at least MILLISECONDS. PLAN names those that
// are planned, instead of all. Prints a line of JSON for each case: nanoseconds of CPU of one call, the mean and the least,
// bytes of input, and allocations.

#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/allocations.h"
#include "bench/plan_cases.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"

namespace tfsdk::bench {
namespace {

class Bench {
 public:
  Bench(std::string folder, int64_t largest, int64_t milliseconds)
      : folder_(std::move(folder)), largest_(largest), budget_(milliseconds * 1'000'000) {}

  void Codec(const std::string& name, const Value& value, int64_t times) {
    const Type type = value.type();
    const std::string bytes = EncodeMsgpack(value);
    Write(absl::StrCat(name, ".msgpack"), bytes);
    Write(absl::StrCat(name, ".type"), EncodeTypeJson(type));
    const int64_t values = Count(value);
    Report(absl::StrCat("decode ", name), times, bytes.size(), values, [&] {
      for (int64_t i = 0; i < times; ++i) Require(DecodeMsgpack(bytes, type).ok());
    });
    Report(absl::StrCat("encode ", name), times, bytes.size(), values, [&] {
      for (int64_t i = 0; i < times; ++i) Require(EncodeMsgpack(value, type).size() == bytes.size());
    });
  }

  void Plan(const std::string& name) {
    const std::string type_name = absl::StrCat("bench_", name);
    const AnyResource& resource = *engine_.provider().resources.at(type_name);
    const Type type = resource.type();
    for (const int64_t size : {100, 300, 1'000, 3'000, 10'000, 30'000, 100'000}) {
      if (size > largest_) break;
      const Change change = MakeChange(type, size);
      const std::string config = EncodeMsgpack(change.config), prior = EncodeMsgpack(change.prior),
                        proposed = EncodeMsgpack(change.proposed);
      const std::string file = absl::StrCat(name, ".", size);
      Write(absl::StrCat(file, ".config"), config);
      Write(absl::StrCat(file, ".prior"), prior);
      Write(absl::StrCat(file, ".proposed"), proposed);
      std::string answer;
      Report(absl::StrCat("plan ", name), size, config.size() + prior.size() + proposed.size(), size, [&] {
        const auto read = [&](const std::string& bytes) { return *DecodeMsgpack(bytes, type); };
        ResourceContext context;
        const PlanResult result = PlanChange(engine_, context, type_name, resource,
                                             {read(config), read(prior), read(proposed), std::nullopt});
        Require(result.planned.has_value() && context.diagnostics().all().empty());
        answer = EncodeMsgpack(*result.planned, type);
      });
      Write(absl::StrCat(file, ".planned"), answer);
    }
  }

 private:
  static void Require(bool met) {
    if (met) return;
    std::fputs("a case failed\n", stderr);
    std::exit(1);
  }
  static int64_t Now() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec;
  }
  static int64_t Count(const Value& value) {
    if (!value.HasValue()) return 1;
    int64_t count = 1;
    switch (value.type().kind()) {
      case Type::Kind::kMap:
        for (const auto& [key, inner] : value.entries()) count += Count(inner);
        break;
      case Type::Kind::kList:
      case Type::Kind::kSet:
      case Type::Kind::kTuple:
      case Type::Kind::kObject:
        for (const Value& inner : value.elements()) count += Count(inner);
        break;
      default:
        break;
    }
    return count;
  }

  void Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(absl::StrCat(folder_, "/", name), std::ios::binary) << bytes;
  }

  // The mean of as many calls as the budget allows, but at least one after a first one that does not count.
  void Report(const std::string& name, int64_t size, size_t bytes, int64_t values,
              const std::function<void()>& call) const {
    call();
    int64_t calls = 0, taken = 0, best = std::numeric_limits<int64_t>::max();
    const int64_t before = allocations, start = Now();
    do {
      call();
      ++calls;
      const int64_t now = Now() - start;
      best = std::min(best, now - taken);
      taken = now;
    } while (taken < budget_);
    std::printf(
        "{\"case\": \"%s\", \"size\": %lld, \"bytes\": %zu, \"values\": %lld, \"ns\": %lld, \"best_ns\": "
        "%lld, \"allocations\": %lld}\n",
        name.c_str(), static_cast<long long>(size), bytes, static_cast<long long>(values),
        static_cast<long long>(taken / calls), static_cast<long long>(best),
        static_cast<long long>((allocations - before) / calls));
    std::fflush(stdout);
  }

  const std::string folder_;
  const int64_t largest_, budget_;
  Engine engine_{MakeProvider()};
};

}  // namespace
}  // namespace tfsdk::bench

int main(int argc, char** argv) {
  int64_t largest = 0, milliseconds = 0;
  if (argc < 4 || !absl::SimpleAtoi(argv[2], &largest) || !absl::SimpleAtoi(argv[3], &milliseconds)) {
    std::fputs("usage: bench_plans FOLDER LARGEST MILLISECONDS [PLAN...]\n", stderr);
    return 2;
  }
  tfsdk::bench::Bench bench(argv[1], largest, milliseconds);
  bench.Codec("object", tfsdk::bench::LargeObject(), 1);
  bench.Codec("small", tfsdk::bench::SmallObject(), std::min<int64_t>(10'000, largest));
  std::vector<std::string> plans(argv + 4, argv + argc);
  if (plans.empty()) plans = {"list", "names", "set", "computed_set"};
  for (const std::string& plan : plans) bench.Plan(plan);
  return 0;
}
