#include "tfsdk/testing/log_capture.h"

#include <array>
#include <utility>

#include "absl/strings/str_split.h"
#include "nlohmann/json.hpp"

namespace tfsdk::testing {
namespace {

constexpr std::array<const char*, 5> kLevels = {"trace", "debug", "info", "warn", "error"};

LogSettings Everything() {
  LogSettings settings;
  settings.level = settings.sdk = settings.sdk_proto = LogLevel::kTrace;
  return settings;
}

}  // namespace

LogCapture::LogCapture() : LogCapture(Everything()) {}

LogCapture::LogCapture(LogSettings settings) : settings_before_(SetLog(std::move(settings))) {
  sink_before_ = SetLogSink([this](absl::string_view line) {
    const std::lock_guard<std::mutex> lock(mutex_);
    text_.append(line.data(), line.size());
  });
}

LogCapture::~LogCapture() {
  SetLogSink(std::move(sink_before_));
  SetLog(std::move(settings_before_));
}

std::string LogCapture::text() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return text_;
}

std::vector<LogLine> LogCapture::lines() const {
  std::vector<LogLine> lines;
  const std::string text = this->text();
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const nlohmann::json json = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
    LogLine found;
    if (line.size() > 65535 || !json.is_object()) {
      ADD_FAILURE() << "no line that the host can read: " << line.substr(0, 1000);
      continue;
    }
    for (const auto& [key, value] : json.items()) {
      const std::string as_text = value.is_string() ? value.get<std::string>() : value.dump();
      if (key == "@message") {
        found.message = as_text;
      } else if (key == "@module") {
        found.module = as_text;
      } else if (key == "@level") {
        for (size_t i = 0; i < kLevels.size(); ++i)
          if (as_text == kLevels[i]) found.level = static_cast<LogLevel>(i);
      } else if (key != "@timestamp") {
        found.fields.emplace(key, as_text);
      }
      if (key[0] == '@' && !value.is_string()) ADD_FAILURE() << key << " is no text: the host would crash";
    }
    lines.push_back(std::move(found));
  }
  return lines;
}

void PrintTo(const LogLine& line, std::ostream* out) {
  const auto level = static_cast<size_t>(line.level);
  *out << "[" << (level < kLevels.size() ? kLevels[level] : "?") << "] " << line.module << ": "
       << line.message;
  for (const auto& [key, value] : line.fields) *out << " " << key << "=" << value;
}

}  // namespace tfsdk::testing
