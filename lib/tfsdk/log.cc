#include "tfsdk/log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"

namespace tfsdk {
namespace {

// The host reads lines of up to 64 KiB; escaping can make six bytes of one.
constexpr size_t kMaxText = 4 * 1024;
constexpr size_t kMaxFields = 24;

std::atomic<LogLevel> g_level = LogLevel::kOff;
std::string& Module() {
  static auto* module = new std::string;
  return *module;
}

absl::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace:
      return "trace";
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    default:
      return "error";
  }
}

LogLevel ParseLevel(const std::string& text) {
  const std::string level = absl::AsciiStrToUpper(text);
  if (level == "DEBUG") return LogLevel::kDebug;
  if (level == "INFO") return LogLevel::kInfo;
  if (level == "WARN") return LogLevel::kWarn;
  if (level == "ERROR") return LogLevel::kError;
  if (level == "OFF") return LogLevel::kOff;
  return LogLevel::kTrace;
}

std::string Cut(absl::string_view text) { return std::string(text.substr(0, kMaxText)); }

}  // namespace

LogLevel LogLevelFromEnvironment(absl::string_view provider_name,
                                 const std::function<const char*(const char*)>& getenv) {
  const std::string own = absl::StrCat(
      "TF_LOG_PROVIDER_", absl::AsciiStrToUpper(absl::StrReplaceAll(provider_name, {{"-", "_"}})));
  for (const std::string& name : {own, std::string("TF_LOG_PROVIDER"), std::string("TF_LOG")}) {
    const char* value = getenv(name.c_str());
    if (value != nullptr && *value != '\0') return ParseLevel(value);
  }
  return LogLevel::kOff;
}

void SetLog(LogLevel level, absl::string_view module) {
  Module() = std::string(module);
  g_level = level;
}

bool LogEnabled(LogLevel level) {
  return level >= g_level.load(std::memory_order_relaxed) && level != LogLevel::kOff;
}

std::string FormatLogLine(LogLevel level, absl::string_view module, absl::string_view message,
                          std::initializer_list<LogField> fields, absl::Time time) {
  nlohmann::ordered_json line;
  line["@level"] = std::string(LevelName(level));
  line["@message"] = Cut(message);
  line["@module"] = std::string(module.substr(0, 256));
  line["@timestamp"] = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", time, absl::UTCTimeZone());
  size_t count = 0;
  size_t budget = kMaxText;
  for (const LogField& field : fields) {
    if (field.value.empty()) continue;
    if (++count > kMaxFields) break;
    std::string key = field.key.empty() || field.key.front() == '@' ? absl::StrCat("field_", field.key)
                                                                    : std::string(field.key);
    std::string value = field.value.substr(0, std::min(field.value.size(), budget / 2));
    key.resize(std::min<size_t>(key.size(), 64));
    budget -= std::min(budget, value.size());
    line[std::move(key)] = std::move(value);
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

void Log(LogLevel level, absl::string_view message, std::initializer_list<LogField> fields) {
  if (!LogEnabled(level)) return;
  const std::string line = FormatLogLine(level, Module(), message, fields, absl::Now());
  // One write: lines of several threads must not mix. A reader that has gone is no reason to fail.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace tfsdk
