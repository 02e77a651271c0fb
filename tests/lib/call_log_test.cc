#include "tfsdk/protocol/call_log.h"

#include "gmock/gmock.h"
#include "tfsdk/testing/log_capture.h"

namespace tfsdk {
namespace {

using protocol::CallLog;
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

TEST(CallLogTest, SaysOnTheAuthorsLinesWhichCallTheyBelongTo) {
  LogCapture log;
  {
    const CallLog call("ReadDataSource", "x_y", 6);
    Log(LogLevel::kInfo, "the author's");
    call.Done({});
  }
  Log(LogLevel::kInfo, "after it");
  const std::vector<LogLine> lines = log.lines();
  ASSERT_EQ(lines.size(), 4U);
  const std::string id = lines[0].fields.at("tf_req_id");
  const std::map<std::string, std::string> keys = {{"tf_rpc", "ReadDataSource"},
                                                   {"tf_req_id", id},
                                                   {"tf_data_source_type", "x_y"},
                                                   {"tf_proto_version", "6"}};
  EXPECT_THAT(lines[0], AllOf(LogLineIs(LogLevel::kTrace, "Received request", keys),
                              Field(&LogLine::module, "sdk.proto")));
  EXPECT_THAT(lines[1],
              AllOf(LogLineIs(LogLevel::kInfo, "the author's", keys), Field(&LogLine::module, "provider")));
  EXPECT_THAT(lines[2], AllOf(LogLineIs(LogLevel::kTrace, "Served request", keys),
                              Field(&LogLine::fields, Contains(Key("tf_req_duration_ms")))));
  EXPECT_THAT(lines[3].fields, IsEmpty());
}

TEST(CallLogTest, NamesTheKindOfThing) {
  for (const auto& [rpc, key] :
       std::map<std::string, std::string>{{"PlanResourceChange", "tf_resource_type"},
                                          {"ValidateDataSourceConfig", "tf_data_source_type"},
                                          {"OpenEphemeralResource", "tf_ephemeral_resource_type"},
                                          {"ListResource", "tf_list_resource_type"},
                                          {"InvokeAction", "tf_action_type"}}) {
    LogCapture log;
    const CallLog call(rpc, "x", 5);
    EXPECT_THAT(log.lines(), ElementsAre(LogLineIs(LogLevel::kTrace, "Received request", {{key, "x"}})));
  }
}

// MUST 39
TEST(CallLogTest, CountsDiagnosticsAndLeavesOutTheirDetails) {
  LogCapture log;
  const CallLog call("ReadDataSource", "x_y", 6);
  Diagnostics diagnostics;
  diagnostics.AddError("Cannot read", "canary", "name");
  diagnostics.AddWarning("Careful", "canary");
  call.Done(diagnostics);
  EXPECT_THAT(log.lines(), Contains(LogLineIs(LogLevel::kError, "Response contains a diagnostic",
                                              {{"diagnostic_severity", "ERROR"},
                                               {"diagnostic_summary", "Cannot read"},
                                               {"diagnostic_attribute", "name"}})));
  EXPECT_THAT(log.lines(), Contains(LogLineIs(LogLevel::kWarn, "Response contains a diagnostic",
                                              {{"diagnostic_severity", "WARNING"}})));
  EXPECT_THAT(log.lines(),
              Contains(LogLineIs(LogLevel::kTrace, "Served request",
                                 {{"diagnostic_error_count", "1"}, {"diagnostic_warning_count", "1"}})));
  EXPECT_THAT(log.text(), Not(HasSubstr("canary")));
}

TEST(CallLogTest, IsSilentWhenOnlyTheProviderLogs) {
  LogSettings settings;
  settings.level = LogLevel::kTrace;
  LogCapture log(settings);
  const CallLog call("ReadDataSource", "x_y", 6);
  Log(LogLevel::kTrace, "the author's");
  call.Done({});
  EXPECT_THAT(log.lines(),
              ElementsAre(LogLineIs(LogLevel::kTrace, "the author's", {{"tf_rpc", "ReadDataSource"}})));
}

}  // namespace
}  // namespace tfsdk
