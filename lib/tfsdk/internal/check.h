#pragma once

// TFSDK_CHECK(condition) << nothing: aborts with a message when the program itself is wrong.
//
// For bugs of the programmer only. Bad data from outside is an absl::Status, never a CHECK. The message
// starts with "panic: " because that is how a plugin's host recognises a crash report and shows it to the
// user.

#include <cstdio>
#include <cstdlib>

#define TFSDK_CHECK(condition, message)                                                           \
  do {                                                                                            \
    if (!(condition)) [[unlikely]] {                                                              \
      std::fprintf(stderr, "panic: %s:%d: %s (%s)\n", __FILE__, __LINE__, (message), #condition); \
      std::abort();                                                                               \
    }                                                                                             \
  } while (false)
