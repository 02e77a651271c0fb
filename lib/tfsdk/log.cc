#include "tfsdk/log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/internal/log_line.h"
#include "tfsdk/internal/sdk_log.h"

namespace tfsdk {

using internal::CompiledFilters;
using internal::OwnedField;

struct LogSubsystem::State {
  std::atomic<LogLevel> level = LogLevel::kOff;
};

// One scope of a thread. Immutable once made, because other threads may hold it.
struct LogNode {
  std::shared_ptr<const LogNode> outer;
  std::vector<OwnedField> fields;
  std::optional<CompiledFilters> filters;
};

namespace {

// What Log() of the provider itself, and LogScope, ask first.
std::atomic<LogLevel> g_level = LogLevel::kOff;
std::atomic<LogLevel> g_lowest = LogLevel::kOff;
thread_local std::shared_ptr<const LogNode> t_scope;

std::optional<LogLevel> LevelOf(const std::function<const char*(const char*)>& getenv,
                                const std::string& name) {
  const char* value = getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  const std::string level = absl::AsciiStrToUpper(value);
  if (level == "DEBUG") return LogLevel::kDebug;
  if (level == "INFO") return LogLevel::kInfo;
  if (level == "WARN") return LogLevel::kWarn;
  if (level == "ERROR") return LogLevel::kError;
  if (level == "OFF") return LogLevel::kOff;
  return LogLevel::kTrace;
}

bool IsSdk(absl::string_view name) { return name == "sdk" || name == "sdk.proto"; }

LogLevel LevelOf(const LogSettings& settings, const std::string& name) {
  if (name == "sdk") return settings.sdk;
  if (name == "sdk.proto") return settings.sdk_proto;
  const auto it = settings.subsystems.find(name);
  return it == settings.subsystems.end() ? settings.level : it->second;
}

}  // namespace

// All that lines of several threads share. Never destroyed: threads may log to the end.
struct LogRegistry {
  static LogRegistry& Get() {
    static auto* registry = new LogRegistry;
    return *registry;
  }

  void Apply() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    LogLevel lowest = settings->level;
    for (const LogSubsystem* subsystem : subsystems) {
      const LogLevel level = LevelOf(*settings, subsystem->name_);
      subsystem->state_->level = level;
      lowest = std::min(lowest, level);
    }
    g_level = settings->level;
    g_lowest = lowest;
  }

  absl::Mutex mutex;
  std::set<const LogSubsystem*> subsystems ABSL_GUARDED_BY(mutex);
  std::shared_ptr<const LogSettings> settings ABSL_GUARDED_BY(mutex) = std::make_shared<LogSettings>();
  std::shared_ptr<const CompiledFilters> filters ABSL_GUARDED_BY(mutex);
  absl::Mutex sink_mutex;
  LogSink sink ABSL_GUARDED_BY(sink_mutex);
};

namespace {

void Write(absl::string_view subsystem, LogLevel level, absl::string_view message, LogFields fields) {
  LogRegistry& registry = LogRegistry::Get();
  std::shared_ptr<const LogSettings> settings;
  std::shared_ptr<const CompiledFilters> everywhere;
  {
    absl::MutexLock lock(&registry.mutex);
    settings = registry.settings;
    everywhere = registry.filters;
  }
  std::vector<const LogNode*> scopes;
  for (const LogNode* node = t_scope.get(); node != nullptr; node = node->outer.get()) scopes.push_back(node);
  std::reverse(scopes.begin(), scopes.end());
  std::vector<const CompiledFilters*> filters;
  std::vector<OwnedField> all = {{"tf_provider_addr", settings->address}};
  if (everywhere != nullptr) filters.push_back(everywhere.get());
  for (const LogNode* node : scopes) {
    all.insert(all.end(), node->fields.begin(), node->fields.end());
    if (node->filters.has_value()) filters.push_back(&*node->filters);
  }
  for (const LogField& field : fields) all.push_back(internal::Own(field));

  const std::string module = subsystem.empty()  ? settings->module
                             : IsSdk(subsystem) ? std::string(subsystem)
                                                : absl::StrCat(settings->module, ".", subsystem);
  const std::string line =
      internal::FormatLogLine(level, module, message, std::move(all), filters, absl::Now());
  if (line.empty()) return;
  {
    absl::MutexLock lock(&registry.sink_mutex);
    if (registry.sink) {
      registry.sink(line);
      return;
    }
  }
  // One write: lines of several threads must not mix. A reader that has gone is no reason to fail.
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

LogSubsystem::LogSubsystem(absl::string_view name) : name_(name), state_(std::make_unique<State>()) {
  TFSDK_CHECK(
      !name.empty() && (IsSdk(name) || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
                                           absl::string_view::npos),
      "the name of a LogSubsystem is made of a-z, 0-9 and _");
  LogRegistry& registry = LogRegistry::Get();
  absl::MutexLock lock(&registry.mutex);
  registry.subsystems.insert(this);
  registry.Apply();
}

LogSubsystem::~LogSubsystem() {
  LogRegistry& registry = LogRegistry::Get();
  absl::MutexLock lock(&registry.mutex);
  registry.subsystems.erase(this);
}

bool LogSubsystem::Enabled(LogLevel level) const {
  return level >= state_->level.load(std::memory_order_relaxed) && level != LogLevel::kOff;
}

bool LogEnabled(LogLevel level) {
  return level >= g_level.load(std::memory_order_relaxed) && level != LogLevel::kOff;
}

bool LogAnyEnabled() { return g_lowest.load(std::memory_order_relaxed) != LogLevel::kOff; }

void Log(LogLevel level, absl::string_view message, LogFields fields) {
  if (LogEnabled(level)) Write("", level, message, fields);
}

void Log(const LogSubsystem& subsystem, LogLevel level, absl::string_view message, LogFields fields) {
  if (subsystem.Enabled(level)) Write(subsystem.name(), level, message, fields);
}

void SetLogFilters(const LogFilters& filters) {
  auto compiled = std::make_shared<const CompiledFilters>(filters);
  LogRegistry& registry = LogRegistry::Get();
  absl::MutexLock lock(&registry.mutex);
  registry.filters = std::move(compiled);
}

LogScope::LogScope(LogFields fields, const LogFilters& filters) : outer_(t_scope) {
  if (!LogAnyEnabled()) return;
  auto node = std::make_shared<LogNode>();
  node->outer = outer_;
  for (const LogField& field : fields) node->fields.push_back(internal::Own(field));
  node->filters.emplace(filters);
  t_scope = std::move(node);
}

LogScope::LogScope(const Context& context) : outer_(std::exchange(t_scope, context.node_)) {}

LogScope::~LogScope() { t_scope = std::move(outer_); }

LogScope::Context LogScope::Context::Current() {
  Context context;
  context.node_ = t_scope;
  return context;
}

LogSettings LogSettingsFromEnvironment(absl::string_view provider_name,
                                       const std::function<const char*(const char*)>& getenv) {
  const std::string own = absl::StrCat(
      "TF_LOG_PROVIDER_", absl::AsciiStrToUpper(absl::StrReplaceAll(provider_name, {{"-", "_"}})));
  LogSettings settings;
  settings.module = absl::StrCat("provider.", provider_name);
  const std::optional<LogLevel> all = LevelOf(getenv, "TF_LOG");
  const LogLevel providers = LevelOf(getenv, "TF_LOG_PROVIDER").value_or(all.value_or(LogLevel::kOff));
  settings.level = LevelOf(getenv, own).value_or(providers);
  settings.sdk = LevelOf(getenv, "TF_LOG_SDK").value_or(providers);
  settings.sdk_proto = LevelOf(getenv, "TF_LOG_SDK_PROTO").value_or(settings.sdk);
  LogRegistry& registry = LogRegistry::Get();
  absl::MutexLock lock(&registry.mutex);
  for (const LogSubsystem* subsystem : registry.subsystems) {
    if (IsSdk(subsystem->name())) continue;
    const auto level = LevelOf(getenv, absl::StrCat(own, "_", absl::AsciiStrToUpper(subsystem->name())));
    if (level.has_value()) settings.subsystems[subsystem->name()] = *level;
  }
  return settings;
}

LogSettings SetLog(LogSettings settings) {
  internal::SdkLog();
  internal::SdkProtoLog();
  LogRegistry& registry = LogRegistry::Get();
  absl::MutexLock lock(&registry.mutex);
  LogSettings before = *registry.settings;
  registry.settings = std::make_shared<const LogSettings>(std::move(settings));
  registry.Apply();
  return before;
}

LogSink SetLogSink(LogSink sink) {
  LogRegistry& registry = LogRegistry::Get();
  absl::MutexLock lock(&registry.sink_mutex);
  return std::exchange(registry.sink, std::move(sink));
}

namespace internal {

const LogSubsystem& SdkLog() {
  static const auto* subsystem = new LogSubsystem("sdk");
  return *subsystem;
}

const LogSubsystem& SdkProtoLog() {
  static const auto* subsystem = new LogSubsystem("sdk.proto");
  return *subsystem;
}

}  // namespace internal
}  // namespace tfsdk
