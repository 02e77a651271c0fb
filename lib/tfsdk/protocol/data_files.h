#pragma once

// TF_LOG_SDK_PROTO_DATA_DIR: every value of every request and response as a file that a person can read.
//
//   1732495200123_ReadDataSource_Request_Config.json
//   1732495200131_ReadDataSource_Response_State.json
//
// Sensitive and write-only attributes are masked by the schema, and a value whose schema is not known is masked as a
// whole: such a directory is what people attach to bug reports. Nothing that goes wrong here disturbs a call.

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_interceptor.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "tfsdk/provider.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk::protocol {

// `value` as indented JSON. What is unknown is the text "(unknown)", what the schema calls sensitive "(sensitive)",
// what is write-only "(write-only)"; null stays null. Without a schema: "(masked)".
std::string ReadableJson(const Value& value, const Schema* schema);

// Looks at the messages of every RPC from below the handlers, which therefore know nothing of it. `provider` must
// outlive the server. Thread-safe. The files are mode 0600; one warning when the directory cannot be written to,
// and silence after.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeDataFiles(const Provider& provider,
                                                                                     std::string directory);

}  // namespace tfsdk::protocol
