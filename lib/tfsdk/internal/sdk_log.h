#pragma once

// The library's own subsystems of the log, with levels and names of their own.

#include "tfsdk/log.h"

namespace tfsdk::internal {

const LogSubsystem& SdkLog();       // "sdk": the process. TF_LOG_SDK.
const LogSubsystem& SdkProtoLog();  // "sdk.proto": the calls. TF_LOG_SDK_PROTO.

}  // namespace tfsdk::internal
