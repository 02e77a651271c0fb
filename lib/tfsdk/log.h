#pragma once

// Logging: one JSON line per event on stderr, in the form Terraform's plugin host reads (hclog).
//
//   tfsdk::Log(tfsdk::LogLevel::kDebug, "read keys", {{"url", url}, {"status", 200}});
//
//   const tfsdk::LogSubsystem kHttp("http");             // a level of its own
//   tfsdk::Log(kHttp, tfsdk::LogLevel::kTrace, "connected", {{"address", address}});
//
//   tfsdk::LogScope scope({{"cluster", name}});          // on every line until the end of the block
//
// A line written while a call is served says which: tf_rpc, tf_req_id and what else is known of it. The host
// decides what is shown (TF_LOG, TF_LOG_PROVIDER); under Atlantis that may be a pull request, so a line must be
// fit to be published: no body, no token, no key, and only valid UTF-8 on one line below 64 KiB. LogFilters are
// the second line of defence. The three keys that start with @ are always JSON strings, because Terraform itself
// crashes on anything else.
//
// All of this may be used from any thread, and costs one comparison while it is off.

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace tfsdk {

enum class LogLevel { kTrace, kDebug, kInfo, kWarn, kError, kOff };

// What a field may be: text, a number or a truth. Text is not copied, so it must live as long as the expression
// it stands in; that of an argument to Log() does.
class LogValue {
 public:
  using Rep = std::variant<absl::string_view, int64_t, double, bool>;
  // NOLINTBEGIN(google-explicit-constructor): fields are written as lists
  LogValue(absl::string_view text) : rep_(text) {}
  LogValue(const char* text) : rep_(absl::string_view(text)) {}
  LogValue(const std::string& text) : rep_(absl::string_view(text)) {}
  LogValue(bool truth) : rep_(truth) {}
  template <std::integral N>
  LogValue(N number) : rep_(static_cast<int64_t>(number)) {}
  template <std::floating_point N>
  LogValue(N number) : rep_(static_cast<double>(number)) {}
  // NOLINTEND(google-explicit-constructor)

  const Rep& rep() const { return rep_; }

 private:
  Rep rep_;
};

// Empty text is left out of the line, keys that start with '@' are renamed.
struct LogField {
  absl::string_view key;
  LogValue value;
};
using LogFields = std::initializer_list<LogField>;

// A part of a provider whose log has a level of its own: TF_LOG_PROVIDER_<PROVIDER>_<NAME>, else the provider's.
// Make it a constant of the program, before Serve: later ones have the provider's level.
class LogSubsystem {
 public:
  // `name` is lower-case, as in "http".
  explicit LogSubsystem(absl::string_view name);
  ~LogSubsystem();
  LogSubsystem(const LogSubsystem&) = delete;
  LogSubsystem& operator=(const LogSubsystem&) = delete;

  const std::string& name() const { return name_; }
  bool Enabled(LogLevel level) const;

 private:
  struct State;
  friend struct LogRegistry;  // in log.cc
  const std::string name_;
  const std::unique_ptr<State> state_;
};

// Whether an event of this level would be written: ask before building costly fields.
bool LogEnabled(LogLevel level);
// Whether any event of anything would be.
bool LogAnyEnabled();
inline bool LogEnabled(const LogSubsystem& subsystem, LogLevel level) { return subsystem.Enabled(level); }

// Writes one event with a single write(2).
void Log(LogLevel level, absl::string_view message, LogFields fields = {});
void Log(const LogSubsystem& subsystem, LogLevel level, absl::string_view message, LogFields fields = {});

// What must not be in the log. A line that is omitted is not written at all; what is masked becomes "***".
// Patterns are RE2's; one that is none aborts, because it protects nothing. Masks are applied before long texts
// are cut, so that no part of a secret is left at the end.
struct LogFilters {
  std::vector<std::string> omit_keys = {};      // lines that have such a field
  std::vector<std::string> omit_messages = {};  // lines whose message has this text in it
  std::vector<std::string> omit_message_regexes = {};
  std::vector<std::string> mask_keys = {};     // the whole value of such a field
  std::vector<std::string> mask_texts = {};    // wherever it stands, in messages and in values
  std::vector<std::string> mask_regexes = {};  // likewise
};

// For all lines of the process, in place of what an earlier call said.
void SetLogFilters(const LogFilters& filters);

// Fields and filters for all lines of this thread until the end of the block; scopes nest. Field text is copied.
class LogScope {
 public:
  // What the lines of a thread have in common, to be handed to another thread: LogScope there(context).
  class Context {
   public:
    // Of the thread that asks.
    static Context Current();

   private:
    friend class LogScope;
    std::shared_ptr<const struct LogNode> node_;
  };

  explicit LogScope(LogFields fields, const LogFilters& filters = {});
  explicit LogScope(const LogFilters& filters) : LogScope(LogFields{}, filters) {}
  explicit LogScope(const Context& context);
  ~LogScope();
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  std::shared_ptr<const struct LogNode> outer_;
};

// ---- For whoever runs the process: Serve, and tests (tfsdk/testing/log_capture.h). ----

struct LogSettings {
  std::string module = "provider";                  // "provider.k8soidc"
  std::string address = {};                         // tf_provider_addr on every line; may be empty
  LogLevel level = LogLevel::kOff;                  // the provider's own lines
  LogLevel sdk = LogLevel::kOff;                    // the library's: the process
  LogLevel sdk_proto = LogLevel::kOff;              // the library's: the calls
  std::map<std::string, LogLevel> subsystems = {};  // those that differ from `level`
};

// As the environment has it:
//   provider    TF_LOG_PROVIDER_<NAME>, else TF_LOG_PROVIDER, else TF_LOG
//   subsystem   TF_LOG_PROVIDER_<NAME>_<SUBSYSTEM>, else as the provider
//   sdk         TF_LOG_SDK, else TF_LOG_PROVIDER, else TF_LOG
//   sdk.proto   TF_LOG_SDK_PROTO, else as sdk
// "JSON" and words that are no level mean kTrace, as they do to Terraform. `getenv` may return null.
LogSettings LogSettingsFromEnvironment(absl::string_view provider_name,
                                       const std::function<const char*(const char*)>& getenv);

// From now on. Until the first call all is dropped. Returns what was set before.
LogSettings SetLog(LogSettings settings);

// Where lines go instead of stderr; null: stderr. Called by one thread at a time. Returns what was set before.
using LogSink = std::function<void(absl::string_view line)>;
LogSink SetLogSink(LogSink sink);

}  // namespace tfsdk
