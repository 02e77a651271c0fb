#pragma once

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/diagnostics.h"
#include "tfsdk/log.h"

namespace tfsdk::protocol {

// Logs the begin and the end of one RPC with the keys the Go framework uses (tf_rpc, tf_req_id,
// tf_req_duration_ms …), so that the usual filters work; and as long as it is there, all lines of this thread have
// the first of these keys, the author's as well. Costs nothing while the log is off. For one call on one thread.
class CallLog {
 public:
  // `type_name` is empty for what concerns the provider as a whole.
  CallLog(absl::string_view rpc, absl::string_view type_name, int protocol_version);
  // Diagnostics are logged by summary only: details may quote what servers said.
  void Done(const Diagnostics& diagnostics) const;

 private:
  const std::string request_id_;
  const absl::Time start_;
  const LogScope scope_;
};

}  // namespace tfsdk::protocol
