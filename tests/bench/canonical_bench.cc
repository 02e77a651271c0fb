// How long it takes to canonicalise a set of n keys: some hundred microseconds a key, and linear in n.
//
//   build/release/bench_canonical

#include <benchmark/benchmark.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "jose/canonical.h"
#include "json/strict_json.h"

namespace {

// A set of n keys like `kid` of tests/data/jwks/all_types.json, each under a kid of its own, in no order.
std::string SetOf(int n, const std::string& kid) {
  std::ifstream file(TEST_DATA_DIR "/jwks/all_types.canonical.json");
  const auto document = nlohmann::json::parse(file);
  nlohmann::json key;
  for (const auto& candidate : document["keys"]) {
    if (candidate.value("kid", "") == kid) key = candidate;
  }
  key["alg"] = key["kty"] == "RSA" ? "RS256" : key["kty"] == "EC" ? "ES256" : "EdDSA";
  key["use"] = "sig";
  nlohmann::json keys = nlohmann::json::array();
  for (int i = 0; i < n; ++i) {
    key["kid"] = absl::StrCat("key-", i * 7919 % 1'000'003);
    keys.push_back(key);
  }
  return nlohmann::json{{"keys", keys}}.dump();
}

void Canonicalize(benchmark::State& state, const char* kid) {
  const std::string text = SetOf(static_cast<int>(state.range(0)), kid);
  for (auto _ : state) {
    auto set = k8soidc::jose::Canonicalize(text, {});
    if (!set.ok()) return state.SkipWithError(std::string(set.status().message()).c_str());
    benchmark::DoNotOptimize(set->json);
  }
  state.SetComplexityN(state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}

void Parse(benchmark::State& state) {
  const std::string text = SetOf(static_cast<int>(state.range(0)), "rsa-2048");
  for (auto _ : state) benchmark::DoNotOptimize(k8soidc::json::Parse(text));
  state.SetComplexityN(state.range(0));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(1, 1000)->Unit(benchmark::kMicrosecond)->Complexity(benchmark::oN);
}

BENCHMARK_CAPTURE(Canonicalize, rsa_2048, "rsa-2048")->Apply(Sizes);
BENCHMARK_CAPTURE(Canonicalize, p_256, "p-256")->Apply(Sizes);
BENCHMARK_CAPTURE(Canonicalize, ed25519, "ed25519")->Apply(Sizes);
BENCHMARK(Parse)->Apply(Sizes);

}  // namespace

BENCHMARK_MAIN();
