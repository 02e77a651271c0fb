#pragma once

#include <atomic>
#include <cstdint>

namespace tfsdk::bench {

// How often anything was allocated so far. Counted by allocations.cc, which replaces operator new of the program that
// is linked with it.
extern std::atomic<int64_t> allocations;

}  // namespace tfsdk::bench
