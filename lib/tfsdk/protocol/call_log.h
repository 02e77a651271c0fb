#pragma once

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/diagnostics.h"

namespace tfsdk::protocol {

// Logs the begin and the end of one RPC with the keys the Go framework uses (tf_rpc, tf_req_id,
// tf_req_duration_ms …), so that the usual filters work. Costs nothing while the log is off. For one call on
// one thread.
class CallLog {
 public:
  // `type_name` is empty for what concerns the provider as a whole.
  CallLog(absl::string_view rpc, absl::string_view type_name, int protocol_version);
  // Diagnostics are logged by number and summary only: details may quote what servers said.
  void Done(const Diagnostics& diagnostics);

 private:
  const std::string rpc_;
  const absl::string_view type_key_;
  const std::string type_name_;
  const std::string protocol_version_;
  std::string request_id_;
  absl::Time start_;
};

}  // namespace tfsdk::protocol
