#include "tfsdk/log.h"

#include <atomic>
#include <map>
#include <thread>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tfsdk/internal/log_line.h"
#include "tfsdk/internal/sdk_log.h"
#include "tfsdk/testing/log_capture.h"

namespace tfsdk {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Key;
using testing::LogCapture;
using testing::LogLine;
using testing::LogLineIs;
using ::testing::Not;
using ::testing::Pair;
using ::testing::SizeIs;

const LogSubsystem kHttp("http");

LogSettings SettingsFrom(const std::map<std::string, std::string>& environment) {
  return LogSettingsFromEnvironment("my-cloud", [&](const char* name) -> const char* {
    const auto it = environment.find(name);
    return it == environment.end() ? nullptr : it->second.c_str();
  });
}
LogLevel LevelFrom(const std::map<std::string, std::string>& environment) {
  return SettingsFrom(environment).level;
}

TEST(LogSettingsTest, ObeysTheVariablesInOrder) {
  EXPECT_EQ(LevelFrom({}), LogLevel::kOff);
  EXPECT_EQ(LevelFrom({{"TF_LOG", "warn"}}), LogLevel::kWarn);
  EXPECT_EQ(LevelFrom({{"TF_LOG", "warn"}, {"TF_LOG_PROVIDER", "ERROR"}}), LogLevel::kError);
  EXPECT_EQ(LevelFrom({{"TF_LOG_PROVIDER", "ERROR"}, {"TF_LOG_PROVIDER_MY_CLOUD", "DEBUG"}}),
            LogLevel::kDebug);
  EXPECT_EQ(LevelFrom({{"TF_LOG", "JSON"}}), LogLevel::kTrace);
  EXPECT_EQ(LevelFrom({{"TF_LOG", "nonsense"}}), LogLevel::kTrace);
  EXPECT_EQ(LevelFrom({{"TF_LOG", "off"}}), LogLevel::kOff);
  EXPECT_EQ(LevelFrom({{"TF_LOG_CORE", "trace"}}), LogLevel::kOff);
}

TEST(LogSettingsTest, TheLibraryHasVariablesOfItsOwn) {
  LogSettings settings = SettingsFrom({{"TF_LOG", "info"}, {"TF_LOG_PROVIDER_MY_CLOUD", "error"}});
  EXPECT_EQ(settings.sdk, LogLevel::kInfo) << "the variable of the provider is not the library's";
  EXPECT_EQ(settings.sdk_proto, LogLevel::kInfo);
  settings = SettingsFrom({{"TF_LOG", "info"}, {"TF_LOG_SDK", "debug"}});
  EXPECT_EQ(settings.sdk, LogLevel::kDebug);
  EXPECT_EQ(settings.sdk_proto, LogLevel::kDebug);
  EXPECT_EQ(settings.level, LogLevel::kInfo);
  settings = SettingsFrom({{"TF_LOG_SDK", "debug"}, {"TF_LOG_SDK_PROTO", "off"}});
  EXPECT_EQ(settings.sdk, LogLevel::kDebug);
  EXPECT_EQ(settings.sdk_proto, LogLevel::kOff);
}

TEST(LogSettingsTest, ASubsystemHasALevelOfItsOwn) {
  LogCapture log(SettingsFrom({{"TF_LOG", "info"}, {"TF_LOG_PROVIDER_MY_CLOUD_HTTP", "trace"}}));
  EXPECT_TRUE(LogEnabled(kHttp, LogLevel::kTrace));
  EXPECT_FALSE(LogEnabled(LogLevel::kDebug));
  Log(kHttp, LogLevel::kTrace, "connected");
  Log(LogLevel::kTrace, "not written");
  EXPECT_THAT(log.lines(), ElementsAre(AllOf(LogLineIs(LogLevel::kTrace, "connected"),
                                             Field(&LogLine::module, "provider.my-cloud.http"))));
}

TEST(LogSettingsTest, ASubsystemHasTheProvidersLevelOtherwise) {
  LogCapture log(SettingsFrom({{"TF_LOG", "info"}}));
  EXPECT_TRUE(LogEnabled(kHttp, LogLevel::kInfo));
  EXPECT_FALSE(LogEnabled(kHttp, LogLevel::kDebug));
  const LogSubsystem late("late");
  EXPECT_TRUE(LogEnabled(late, LogLevel::kInfo));
}

TEST(LogSettingsTest, AProviderThatIsOffLeavesTheLibrarysLog) {
  LogCapture log(SettingsFrom({{"TF_LOG_SDK_PROTO", "trace"}}));
  Log(LogLevel::kError, "not written");
  EXPECT_TRUE(LogAnyEnabled());
  Log(internal::SdkProtoLog(), LogLevel::kTrace, "written");
  Log(internal::SdkLog(), LogLevel::kError, "not written");
  EXPECT_THAT(log.lines(), ElementsAre(Field(&LogLine::module, "sdk.proto")));
}

TEST(LogDeathTest, ASubsystemHasANameThatAVariableCanHave) {
  EXPECT_DEATH(LogSubsystem("a.b"), "LogSubsystem");
  EXPECT_DEATH(LogSubsystem(""), "LogSubsystem");
}

std::string Line(absl::string_view module, absl::string_view message, LogFields fields,
                 absl::Time time = absl::Now()) {
  std::vector<internal::OwnedField> owned;
  for (const LogField& field : fields) owned.push_back(internal::Own(field));
  return internal::FormatLogLine(LogLevel::kInfo, module, message, std::move(owned), {}, time);
}

// MUST 35, MUST 36, MUST 37, TRAP 10
TEST(LogTest, WritesOneJsonLineWhoseAtKeysAreStrings) {
  const std::string line = Line("provider.x", "two\nlines\x01 and \xff bad bytes",
                                {{"@level", 5}, {"", "empty key"}, {"url", "https://x"}, {"gone", ""}},
                                absl::FromUnixMicros(1'700'000'000'123'456));
  ASSERT_EQ(line.find('\n'), line.size() - 1);
  const nlohmann::json json = nlohmann::json::parse(line, nullptr, false);
  ASSERT_TRUE(json.is_object());
  for (const char* key : {"@level", "@message", "@timestamp", "@module"})
    EXPECT_TRUE(json.at(key).is_string()) << key;
  EXPECT_EQ(json.at("@level"), "info");
  EXPECT_EQ(json.at("@timestamp"), "2023-11-14T22:13:20.123456Z");
  EXPECT_EQ(json.at("field_@level"), 5);
  EXPECT_EQ(json.at("url"), "https://x");
  EXPECT_FALSE(json.contains("gone"));
}

// MUST 36
TEST(LogTest, NeverWritesALineTheHostWouldCut) {
  const std::string hostile(1 << 20, '\x01');
  std::string line = Line(hostile, hostile, {{"a", hostile}, {"b", hostile}, {"c", hostile}});
  EXPECT_LT(line.size(), 65535U);
  EXPECT_TRUE(nlohmann::json::accept(line));
  std::vector<internal::OwnedField> many;
  for (int i = 0; i < 1000; ++i)
    many.push_back({std::to_string(i) + hostile.substr(0, 100), hostile.substr(0, 500)});
  line = internal::FormatLogLine(LogLevel::kInfo, "m", hostile, many, {}, absl::Now());
  EXPECT_LT(line.size(), 65535U);
  EXPECT_TRUE(nlohmann::json::accept(line));
}

TEST(LogTest, NeverLooksLikeACrash) { EXPECT_NE(Line("m", "panic: not really", {}).rfind("panic:", 0), 0U); }

TEST(LogTest, FieldsAreTextNumbersAndTruths) {
  const nlohmann::json json = nlohmann::json::parse(Line(
      "m", "x", {{"text", "a"}, {"int", 1}, {"big", uint32_t{4'000'000'000}}, {"half", 0.5}, {"yes", true}}));
  EXPECT_EQ(json.at("text"), "a");
  EXPECT_EQ(json.at("int"), 1);
  EXPECT_EQ(json.at("big"), 4'000'000'000);
  EXPECT_EQ(json.at("half"), 0.5);
  EXPECT_EQ(json.at("yes"), true);
}

TEST(LogScopeTest, ItsFieldsAreOnEveryLineUntilItEnds) {
  LogCapture log;
  {
    const LogScope call({{"tf_rpc", "Read"}, {"part", "outer"}});
    const LogScope inner({{"part", "inner"}});
    Log(LogLevel::kInfo, "in", {{"own", 1}});
  }
  Log(LogLevel::kInfo, "out");
  EXPECT_THAT(
      log.lines(),
      ElementsAre(LogLineIs(LogLevel::kInfo, "in", {{"tf_rpc", "Read"}, {"part", "inner"}, {"own", "1"}}),
                  AllOf(LogLineIs(LogLevel::kInfo, "out"), Field(&LogLine::fields, IsEmpty()))));
}

TEST(LogScopeTest, BelongsToItsThreadUnlessItIsHandedOver) {
  LogCapture log;
  const LogScope call({{"tf_rpc", "Read"}});
  std::thread([] { Log(LogLevel::kInfo, "stranger"); }).join();
  std::thread([context = LogScope::Context::Current()] {
    const LogScope there(context);
    Log(LogLevel::kInfo, "helper");
  }).join();
  EXPECT_THAT(log.lines(),
              ElementsAre(AllOf(LogLineIs(LogLevel::kInfo, "stranger"), Field(&LogLine::fields, IsEmpty())),
                          LogLineIs(LogLevel::kInfo, "helper", {{"tf_rpc", "Read"}})));
}

TEST(LogFiltersTest, OmitLinesByKeyTextAndPattern) {
  LogCapture log;
  const LogScope filters(LogFilters{
      .omit_keys = {"body"}, .omit_messages = {"noise"}, .omit_message_regexes = {"^GET .*/healthz$"}});
  Log(LogLevel::kInfo, "with a body", {{"body", "x"}});
  Log(LogLevel::kInfo, "much noise here");
  Log(LogLevel::kInfo, "GET https://x/healthz");
  Log(LogLevel::kInfo, "GET https://x/healthz?really");
  EXPECT_THAT(log.lines(), ElementsAre(LogLineIs(LogLevel::kInfo, "GET https://x/healthz?really")));
}

TEST(LogFiltersTest, AKeyOfAScopeOmitsAsWell) {
  LogCapture log;
  const LogScope filters(LogFilters{.omit_keys = {"internal"}});
  const LogScope fields({{"internal", true}});
  Log(LogLevel::kInfo, "x");
  EXPECT_EQ(log.text(), "");
}

// MUST 39
TEST(LogFiltersTest, MaskKeysTextsAndPatternsInMessagesAndValues) {
  LogCapture log;
  const LogScope filters(LogFilters{.mask_keys = {"token", "pin"},
                                    .mask_texts = {"hunter2", "hunter2-long"},
                                    .mask_regexes = {"ey[A-Za-z0-9_-]+\\.[A-Za-z0-9_.-]+"}});
  Log(LogLevel::kInfo, "login hunter2-long with eyJh.eyJz.sig!",
      {{"token", "abc"},
       {"pin", 1234},
       {"url", "https://u:hunter2@x"},
       {"jwt", "Bearer eyJh.eyJz.sig"},
       {"n", 5}});
  EXPECT_THAT(log.lines(), ElementsAre(LogLineIs(LogLevel::kInfo, "login *** with ***!",
                                                 {{"token", "***"},
                                                  {"pin", "***"},
                                                  {"url", "https://u:***@x"},
                                                  {"jwt", "Bearer ***"},
                                                  {"n", "5"}})));
  EXPECT_THAT(log.text(), AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("eyJh")), Not(HasSubstr("1234"))));
}

TEST(LogFiltersTest, MaskANumberThatIsASecret) {
  LogCapture log;
  const LogScope filters(LogFilters{.mask_texts = {"4711"}});
  Log(LogLevel::kInfo, "x", {{"pin", 4711}});
  EXPECT_THAT(log.lines(), ElementsAre(LogLineIs(LogLevel::kInfo, "x", {{"pin", "***"}})));
}

TEST(LogFiltersTest, MaskBeforeTheyCut) {
  LogCapture log;
  const LogScope filters(LogFilters{.mask_texts = {"secret-secret"}});
  const std::string text = std::string(4096 - 6, 'x') + "secret-secret";
  Log(LogLevel::kInfo, text, {{"value", std::string(2048 - 6, 'x') + "secret-secret"}});
  EXPECT_THAT(log.text(), Not(HasSubstr("secret")));
}

TEST(LogFiltersTest, OfTheProcessHoldForAllThreads) {
  LogCapture log;
  SetLogFilters({.mask_texts = {"hunter2", ""}});
  std::thread([] { Log(LogLevel::kInfo, "is hunter2"); }).join();
  SetLogFilters({});
  Log(LogLevel::kInfo, "is hunter2");
  EXPECT_THAT(log.lines(),
              ElementsAre(LogLineIs(LogLevel::kInfo, "is ***"), LogLineIs(LogLevel::kInfo, "is hunter2")));
}

TEST(LogFiltersTest, SurviveHostileText) {
  LogCapture log;
  const LogScope filters(LogFilters{.mask_regexes = {"(a|a?)+b", "\\xff"}});
  Log(LogLevel::kInfo, std::string(1 << 20, 'a') + "\xff");
  EXPECT_THAT(log.lines(), SizeIs(1));
}

TEST(LogFiltersDeathTest, APatternThatIsNoneProtectsNothing) {
  EXPECT_DEATH(SetLogFilters({.mask_regexes = {"("}}), "no regular expression");
}

TEST(LogTest, ServesManyThreadsAtOnce) {
  LogCapture log;
  std::atomic<bool> stop = false;
  std::thread changer([&] {
    while (!stop) SetLogFilters({.mask_texts = {"x1"}});
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([i] {
      for (int n = 0; n < 200; ++n) {
        const LogScope scope({{"thread", i}});
        Log(kHttp, LogLevel::kInfo, "line", {{"n", n}});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  stop = true;
  changer.join();
  SetLogFilters({});
  const std::vector<LogLine> lines = log.lines();
  EXPECT_THAT(lines, SizeIs(1600));
  EXPECT_THAT(lines, Contains(LogLineIs(LogLevel::kInfo, "line", {{"thread", "7"}, {"n", "199"}})));
}

}  // namespace
}  // namespace tfsdk
