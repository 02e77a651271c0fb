#include "tfsdk/plugin/crash_report.h"

#include <cxxabi.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <unwind.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) || \
    __has_feature(thread_sanitizer)
#define TFSDK_SANITIZED 1
#endif

extern "C" const char __executable_start;  // Set by the linker.

namespace tfsdk::plugin {
namespace {

char g_socket[200];
char g_directory[200];

// Everything down to OnFatalSignal may run inside a signal handler: no allocation, no stdio.
void Write(absl::string_view text) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
}

void WriteHex(uintptr_t number) {
  char digits[2 + 2 * sizeof(number)];
  char* start = digits + sizeof(digits);
  do {
    *--start = "0123456789abcdef"[number % 16];
    number /= 16;
  } while (number != 0);
  *--start = 'x';
  *--start = '0';
  Write(absl::string_view(start, static_cast<size_t>(digits + sizeof(digits) - start)));
}

_Unwind_Reason_Code WriteFrame(_Unwind_Context* context, void* count) {
  constexpr int kMaxFrames = 40;
  if (++*static_cast<int*>(count) > kMaxFrames) return _URC_END_OF_STACK;
  Write("  at ");
  WriteHex(_Unwind_GetIP(context) - reinterpret_cast<uintptr_t>(&__executable_start));
  Write("\n");
  return _URC_NO_REASON;
}

// The whole line: one write, so that no other thread's log gets in between.
absl::string_view ReportLine(int signal) {
  switch (signal) {
    case SIGABRT:
      return "panic: SIGABRT: the program gave up\n";
    case SIGBUS:
      return "panic: SIGBUS: bad memory access\n";
    case SIGFPE:
      return "panic: SIGFPE: bad arithmetic\n";
    case SIGILL:
      return "panic: SIGILL: bad instruction\n";
    case SIGSEGV:
      return "panic: SIGSEGV: bad memory access\n";
    case SIGSYS:
      return "panic: SIGSYS: a system call that this sandbox forbids\n";
    default:
      return "panic: a fatal signal\n";
  }
}

void OnFatalSignal(int signal) {
  // The handler was reset on entry, so a second fault ends the process. Should the unwinder wait for a lock
  // that the crashed code holds, the alarm does.
  ::signal(SIGALRM, SIG_DFL);
  alarm(2);
  if (g_socket[0] != '\0') unlink(g_socket);
  if (g_directory[0] != '\0') rmdir(g_directory);
  Write(ReportLine(signal));
  int frames = 0;
  _Unwind_Backtrace(WriteFrame, &frames);
  raise(signal);
}

void OnTerminate() {
  const std::type_info* type = abi::__cxa_current_exception_type();
  if (type == nullptr) {
    Write("panic: std::terminate without an exception\n");
  } else {
    const char* name = abi::__cxa_demangle(type->name(), nullptr, nullptr, nullptr);
    Write(absl::StrCat("panic: uncaught exception of type ", name == nullptr ? type->name() : name, "\n"));
  }
  std::abort();
}

void Copy(char (&target)[200], const std::string& text) {
  if (text.size() < sizeof(target)) std::memcpy(target, text.c_str(), text.size() + 1);
}

}  // namespace

void InstallCrashReport() {
  std::set_terminate(OnTerminate);
#ifndef TFSDK_SANITIZED  // A sanitizer's own report says more.
  struct sigaction action = {};
  action.sa_handler = OnFatalSignal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  for (const int signal : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS}) {
    sigaction(signal, &action, nullptr);
  }
#endif
}

void RemoveOnCrash(const std::string& socket, const std::string& directory) {
  Copy(g_socket, socket);
  Copy(g_directory, directory);
}

void KeepMemoryPrivate() {
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
#ifndef TFSDK_SANITIZED  // The leak checker attaches to its own process.
  prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace tfsdk::plugin
