#pragma once

// Logging: one JSON line per event on stderr, in the form Terraform's plugin host reads (hclog).
//
//   tfsdk::Log(tfsdk::LogLevel::kDebug, "read keys", {{"url", url}, {"status", "200"}});
//
// The host decides what is shown (TF_LOG, TF_LOG_PROVIDER); under Atlantis that may be a pull request, so a
// line must be fit to be published: no body, no token, no key, and only valid UTF-8 on one line below 64 KiB.
// The three keys that start with @ are always JSON strings, because Terraform itself crashes on anything
// else.

#include <functional>
#include <initializer_list>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tfsdk {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

struct LogField {
  absl::string_view key;
  std::string value;
};

// The level named by TF_LOG_PROVIDER_<NAME>, TF_LOG_PROVIDER or TF_LOG, in that order; kOff when none is set.
// "JSON" and words that are no level mean kTrace, as they do to Terraform. `getenv` may return null.
LogLevel LogLevelFromEnvironment(absl::string_view provider_name,
                                 const std::function<const char*(const char*)>& getenv);

// Drops events below `level` from now on, and names the logger. Call once, before threads start. Until then
// all is dropped.
void SetLog(LogLevel level, absl::string_view module);

// Whether an event of this level would be written: ask before building costly fields.
bool LogEnabled(LogLevel level);

// Writes one event with a single write(2). Safe from any thread.
void Log(LogLevel level, absl::string_view message, std::initializer_list<LogField> fields = {});

// The line Log writes, newline included. Empty fields are left out, keys that start with '@' are renamed,
// invalid UTF-8 is replaced, and long texts are cut, so that the line stays below 60,000 bytes.
std::string FormatLogLine(LogLevel level, absl::string_view module, absl::string_view message,
                          std::initializer_list<LogField> fields, absl::Time time);

}  // namespace tfsdk
