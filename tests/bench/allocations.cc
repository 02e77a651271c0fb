#include "bench/allocations.h"

#include <cstdlib>
#include <new>

namespace tfsdk::bench {

std::atomic<int64_t> allocations = 0;

}  // namespace tfsdk::bench

void* operator new(size_t size) {
  tfsdk::bench::allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(size);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
