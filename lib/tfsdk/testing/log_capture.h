#pragma once

// LogCapture: what a test has logged, line by line, instead of on stderr. Link tfsdk::testing.
//
//   LogCapture log;
//   ReadKeys(…);
//   EXPECT_THAT(log.lines(), Contains(LogLineIs(LogLevel::kDebug, "read keys", {{"status", "200"}})));
//   EXPECT_THAT(log.text(), Not(HasSubstr(token)));

#include <map>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tfsdk/log.h"

namespace tfsdk::testing {

struct LogLine {
  LogLevel level = LogLevel::kOff;
  std::string message;
  std::string module;
  std::map<std::string, std::string> fields;  // Numbers and truths as text.

  friend void PrintTo(const LogLine& line, std::ostream* out);
};

// While it is there, lines of all threads go into it. One at a time; thread-safe.
class LogCapture {
 public:
  // With everything logged, or what `settings` say.
  LogCapture();
  explicit LogCapture(LogSettings settings);
  ~LogCapture();
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  // So far. A line that the host could not read fails the test.
  std::vector<LogLine> lines() const;
  // The lines as they would have been on stderr.
  std::string text() const;

 private:
  mutable std::mutex mutex_;
  std::string text_;
  LogSettings settings_before_;
  LogSink sink_before_;
};

// A line of that level and message that has at least these fields.
inline ::testing::Matcher<const LogLine&> LogLineIs(LogLevel level,
                                                    const ::testing::Matcher<const std::string&>& message,
                                                    const std::map<std::string, std::string>& fields = {}) {
  std::vector<::testing::Matcher<const std::pair<const std::string, std::string>&>> wanted;
  for (const auto& [key, value] : fields) wanted.push_back(::testing::Pair(key, value));
  return ::testing::AllOf(::testing::Field("level", &LogLine::level, level),
                          ::testing::Field("message", &LogLine::message, message),
                          ::testing::Field("fields", &LogLine::fields, ::testing::IsSupersetOf(wanted)));
}

}  // namespace tfsdk::testing
