#include "tfsdk/protocol/call_log.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tfsdk/internal/sdk_log.h"

namespace tfsdk::protocol {
namespace {

using internal::SdkProtoLog;

// The key that says which thing of the provider a call is about.
absl::string_view TypeKey(absl::string_view rpc) {
  if (!LogAnyEnabled()) return "";
  const std::string name = absl::AsciiStrToLower(rpc);
  if (absl::StrContains(name, "data")) return "tf_data_source_type";
  if (absl::StrContains(name, "ephemeral")) return "tf_ephemeral_resource_type";
  if (absl::StrContains(name, "list")) return "tf_list_resource_type";
  if (absl::StrContains(name, "action")) return "tf_action_type";
  if (absl::StrContains(name, "function")) return "tf_function_name";
  return "tf_resource_type";
}

// Unique among the processes of one run, which is all an id is for.
std::string NewRequestId() {
  static std::atomic<uint64_t> count = 0;
  return absl::StrCat(getpid(), "-", ++count);
}

}  // namespace

CallLog::CallLog(absl::string_view rpc, absl::string_view type_name, int protocol_version)
    : request_id_(LogAnyEnabled() ? NewRequestId() : ""),
      start_(LogAnyEnabled() ? absl::Now() : absl::Time()),
      scope_({{"tf_rpc", rpc},
              {"tf_req_id", request_id_},
              {"tf_proto_version", protocol_version},
              {TypeKey(rpc), type_name.substr(0, 200)}}) {
  Log(SdkProtoLog(), LogLevel::kTrace, "Received request");
}

void CallLog::Done(const Diagnostics& diagnostics) const {
  if (!SdkProtoLog().Enabled(LogLevel::kError)) return;
  int errors = 0;
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const bool is_error = diagnostic.severity == Severity::kError;
    errors += is_error ? 1 : 0;
    Log(SdkProtoLog(), is_error ? LogLevel::kError : LogLevel::kWarn, "Response contains a diagnostic",
        {{"diagnostic_severity", is_error ? "ERROR" : "WARNING"},
         {"diagnostic_summary", diagnostic.summary},
         {"diagnostic_attribute", diagnostic.path.ToString()}});
  }
  Log(SdkProtoLog(), LogLevel::kTrace, "Served request",
      {{"tf_req_duration_ms", absl::ToInt64Milliseconds(absl::Now() - start_)},
       {"diagnostic_error_count", errors},
       {"diagnostic_warning_count", diagnostics.all().size() - static_cast<size_t>(errors)}});
}

}  // namespace tfsdk::protocol
