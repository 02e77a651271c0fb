// What a value costs on the wire: a list of objects, as a data source with that many keys returns it.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk {
namespace {

// One element: about 450 bytes, most of them in one string, as in a JSON Web Key.
Type ElementType() {
  return Type::Object({{"kid", Type::String()},
                       {"n", Type::String()},
                       {"bits", Type::Number()},
                       {"use", Type::String()},
                       {"tags", Type::Map(Type::String())}});
}

Value ListOf(int64_t count, const Type& list) {
  const Type& element = list.element();
  std::vector<Value> elements;
  for (int64_t i = 0; i < count; ++i) {
    std::vector<Value> attributes;
    for (const auto& [name, type] : element.attributes()) {
      if (name == "bits") {
        attributes.push_back(Value::Number(2048 + i));
      } else if (name == "use") {
        attributes.push_back(Value::Null(type));
      } else if (name == "tags") {
        attributes.push_back(Value::Map(type, {{"index", Value::String(absl::StrCat(i))}}));
      } else {
        attributes.push_back(Value::String(name == "n" ? std::string(342, 'A') : absl::StrCat("kid-", i)));
      }
    }
    elements.push_back(Value::Object(element, std::move(attributes)));
  }
  return Value::Sequence(list, std::move(elements));
}

void Report(benchmark::State& state, size_t bytes) {
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(bytes));
  state.SetComplexityN(state.range(0));
}

void DecodeList(benchmark::State& state) {
  const Type list = Type::List(ElementType());
  const std::string bytes = EncodeMsgpack(ListOf(state.range(0), list));
  for (auto _ : state) benchmark::DoNotOptimize(DecodeMsgpack(bytes, list));
  Report(state, bytes.size());
}

// Sets look for duplicates as well.
void DecodeSet(benchmark::State& state) {
  const std::string bytes = EncodeMsgpack(ListOf(state.range(0), Type::List(ElementType())));
  const Type set = Type::Set(ElementType());
  for (auto _ : state) benchmark::DoNotOptimize(DecodeMsgpack(bytes, set));
  Report(state, bytes.size());
}

// The type goes along with the value, and is read again for each.
void DecodeDynamic(benchmark::State& state) {
  const std::string bytes = EncodeMsgpack(ListOf(state.range(0), Type::List(ElementType())), Type::Dynamic());
  for (auto _ : state) benchmark::DoNotOptimize(DecodeMsgpack(bytes, Type::Dynamic()));
  Report(state, bytes.size());
}

void EncodeList(benchmark::State& state) {
  const Type list = Type::List(ElementType());
  const Value value = ListOf(state.range(0), list);
  size_t size = 0;
  for (auto _ : state) {
    const std::string bytes = EncodeMsgpack(value);
    size = bytes.size();
    benchmark::DoNotOptimize(bytes.data());
  }
  Report(state, size);
}

void DecodeListFromJson(benchmark::State& state) {
  const Type list = Type::List(ElementType());
  const std::string json = EncodeJson(ListOf(state.range(0), list), list);
  for (auto _ : state) benchmark::DoNotOptimize(DecodeJson(json, list));
  Report(state, json.size());
}

void Sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->RangeMultiplier(10)->Range(10, 10'000)->Unit(benchmark::kMicrosecond)->Complexity(benchmark::oN);
}

BENCHMARK(DecodeList)->Apply(Sizes);
BENCHMARK(DecodeSet)->Apply(Sizes);
BENCHMARK(DecodeDynamic)->Apply(Sizes);
BENCHMARK(EncodeList)->Apply(Sizes);
BENCHMARK(DecodeListFromJson)->Apply(Sizes);

}  // namespace
}  // namespace tfsdk

BENCHMARK_MAIN();
