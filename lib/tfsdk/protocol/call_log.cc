#include "tfsdk/protocol/call_log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tfsdk/log.h"

namespace tfsdk::protocol {
namespace {

absl::string_view TypeKey(absl::string_view rpc) {
  if (absl::StrContains(rpc, "DataSource")) return "tf_data_source_type";
  if (absl::StrContains(rpc, "Function")) return "tf_function_name";
  if (absl::StrContains(rpc, "Ephemeral")) return "tf_ephemeral_resource_type";
  if (absl::StrContains(rpc, "Action")) return "tf_action_type";
  if (absl::StrContains(rpc, "ListResource")) return "tf_list_resource_type";
  return "tf_resource_type";
}

}  // namespace

CallLog::CallLog(absl::string_view rpc, absl::string_view type_name, int protocol_version)
    : rpc_(rpc),
      type_key_(TypeKey(rpc)),
      type_name_(type_name.substr(0, 200)),
      protocol_version_(absl::StrCat(protocol_version)) {
  if (!LogEnabled(LogLevel::kError)) return;
  // Unique among the processes of one run, which is all an id is for.
  static std::atomic<uint64_t> count = 0;
  request_id_ = absl::StrCat(getpid(), "-", ++count);
  start_ = absl::Now();
  Log(LogLevel::kTrace, "Received request",
      {{"tf_rpc", rpc_},
       {"tf_req_id", request_id_},
       {"tf_proto_version", protocol_version_},
       {type_key_, type_name_}});
}

void CallLog::Done(const Diagnostics& diagnostics) {
  if (!LogEnabled(LogLevel::kError)) return;
  const auto errors = std::count_if(diagnostics.all().begin(), diagnostics.all().end(),
                                    [](const Diagnostic& d) { return d.severity == Severity::kError; });
  const std::string duration = absl::StrCat(absl::ToInt64Milliseconds(absl::Now() - start_));
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    Log(diagnostic.severity == Severity::kError ? LogLevel::kError : LogLevel::kWarn,
        "Response contains a diagnostic",
        {{"tf_rpc", rpc_},
         {"tf_req_id", request_id_},
         {"diagnostic_summary", diagnostic.summary},
         {"diagnostic_attribute", diagnostic.path.ToString()}});
  }
  Log(LogLevel::kTrace, "Served request",
      {{"tf_rpc", rpc_},
       {"tf_req_id", request_id_},
       {"tf_proto_version", protocol_version_},
       {type_key_, type_name_},
       {"tf_req_duration_ms", duration},
       {"diagnostic_error_count", absl::StrCat(errors)},
       {"diagnostic_warning_count", absl::StrCat(static_cast<int64_t>(diagnostics.all().size()) - errors)}});
}

}  // namespace tfsdk::protocol
