#include "tfsdk/protocol/data_files.h"

#include <fcntl.h>
#include <google/protobuf/message.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tfsdk/internal/sdk_log.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"

namespace tfsdk::protocol {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using internal::SdkProtoLog;

// "prior_state" as the file's name has it: "PriorState".
std::string CamelCase(absl::string_view name) {
  std::string camel;
  for (const absl::string_view word : absl::StrSplit(name, '_', absl::SkipEmpty())) {
    camel += static_cast<char>(word[0] >= 'a' && word[0] <= 'z' ? word[0] - 'a' + 'A' : word[0]);
    camel.append(word.substr(1).data(), word.size() - 1);
  }
  return camel;
}

std::string TextField(const Message& message, const char* name) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr || field->cpp_type() != FieldDescriptor::CPPTYPE_STRING || field->is_repeated())
    return "";
  return message.GetReflection()->GetString(message, field);
}

class DataFiles {
 public:
  DataFiles(const Provider& provider, std::string directory)
      : provider_(provider), directory_(std::move(directory)) {}

  // All values in `message`, at any depth. `thing` is what the request is about.
  void Write(const std::string& rpc, const char* direction, const std::string& thing,
             const Message& message) {
    const google::protobuf::Reflection& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
      const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        const Message& inner = field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                                    : reflection.GetMessage(message, field);
        if (inner.GetDescriptor()->name() != "DynamicValue") {
          Write(rpc, direction, thing, inner);
          continue;
        }
        std::string name = CamelCase(field->name());
        if (field->is_repeated()) absl::StrAppend(&name, i);
        WriteFile(absl::StrCat(rpc, "_", direction, "_", name),
                  Readable(inner, SchemaOf(rpc, thing, field->name())));
      }
    }
  }

 private:
  // The schema of a value, or null: then nothing of the value is shown. Whatever is added here must be sure.
  const Schema* SchemaOf(absl::string_view rpc, const std::string& thing, absl::string_view field) const {
    // The provider's own block; in calls about other things, provider_meta is not.
    if (rpc == "ConfigureProvider" || rpc == "ValidateProviderConfig" || rpc == "Configure" ||
        rpc == "PrepareProviderConfig") {
      return &provider_.schema;
    }
    // Identities, private data, functions' values and what else there is have no schema here.
    static const auto* const fields = new std::set<std::string, std::less<>>{
        "config",        "state",     "result",       "prior_state",    "proposed_new_state", "planned_state",
        "current_state", "new_state", "target_state", "upgraded_state", "resource_object"};
    if (!fields->contains(field)) return nullptr;
    if (absl::StrContains(rpc, "Data")) return SchemaOf(provider_.data_sources, thing);
    if (absl::StrContains(rpc, "Ephemeral")) return SchemaOf(provider_.ephemeral_resources, thing);
    if (absl::StrContains(rpc, "Action")) return SchemaOf(provider_.actions, thing);
    if (absl::StrContains(rpc, "ListResource") && field == "config")
      return SchemaOf(provider_.list_resources, thing);
    return SchemaOf(provider_.resources, thing);
  }

  template <class Things>
  static const Schema* SchemaOf(const Things& things, const std::string& name) {
    const auto it = things.find(name);
    return it == things.end() ? nullptr : &it->second->schema();
  }

  static std::string Readable(const Message& message, const Schema* schema) {
    const std::string msgpack = TextField(message, "msgpack");
    const std::string json = TextField(message, "json");
    if (msgpack.empty() && json.empty()) return "null\n";
    if (schema == nullptr) return "\"(masked)\"\n";
    const absl::StatusOr<Value> value =
        msgpack.empty() ? DecodeJson(json, schema->type()) : DecodeMsgpack(msgpack, schema->type());
    if (!value.ok())
      return absl::StrCat("\"(", msgpack.size() + json.size(), " bytes that do not fit the schema)\"\n");
    return ReadableJson(*value, schema);
  }

  void WriteFile(const std::string& name, const std::string& text) {
    if (failed_) return;
    int64_t millis = absl::ToUnixMillis(absl::Now());
    std::string path;
    int file = -1;
    // Calls at the same time: the next millisecond is as good.
    for (int tries = 0; tries < 1000 && file < 0; ++tries, ++millis) {
      path = absl::StrCat(directory_, "/", millis, "_", name, ".json");
      file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
      if (file < 0 && errno != EEXIST) break;
    }
    const bool written = file >= 0 && WriteAll(file, text);
    const int error = errno;
    if (file >= 0) close(file);
    if (written) {
      Log(SdkProtoLog(), LogLevel::kTrace, "Wrote protocol data file", {{"tf_proto_data_file", path}});
    } else if (!failed_.exchange(true)) {
      Log(SdkProtoLog(), LogLevel::kWarn, "Cannot write into TF_LOG_SDK_PROTO_DATA_DIR; no more is tried",
          {{"tf_proto_data_file", path}, {"error", std::strerror(error)}});
    }
  }

  static bool WriteAll(int file, absl::string_view text) {
    while (!text.empty()) {
      const ssize_t size = write(file, text.data(), text.size());
      if (size < 0 && errno == EINTR) continue;
      if (size <= 0) return false;
      text.remove_prefix(static_cast<size_t>(size));
    }
    return true;
  }

  const Provider& provider_;
  const std::string directory_;
  std::atomic<bool> failed_ = false;
};

// One per call.
class Watcher final : public grpc::experimental::Interceptor {
 public:
  Watcher(DataFiles& files, absl::string_view method)
      : files_(files), rpc_(method.substr(method.rfind('/') + 1)) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    using Point = grpc::experimental::InterceptionHookPoints;
    try {
      if (methods->QueryInterceptionHookPoint(Point::POST_RECV_MESSAGE) &&
          methods->GetRecvMessage() != nullptr) {
        const auto& request = *static_cast<const Message*>(methods->GetRecvMessage());
        for (const char* field : {"type_name", "target_type_name", "action_type"}) {
          if (thing_.empty()) thing_ = TextField(request, field);
        }
        files_.Write(rpc_, "Request", thing_, request);
      }
      if (methods->QueryInterceptionHookPoint(Point::PRE_SEND_MESSAGE) &&
          methods->GetSendMessage() != nullptr) {
        files_.Write(rpc_, "Response", thing_, *static_cast<const Message*>(methods->GetSendMessage()));
      }
    } catch (const std::exception&) {
      // Out of memory for a copy that nobody needs: the call goes on.
    }
    methods->Proceed();
  }

 private:
  DataFiles& files_;
  const std::string rpc_;
  std::string thing_;
};

class Factory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  Factory(const Provider& provider, std::string directory) : files_(provider, std::move(directory)) {}

  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    if (!absl::StartsWith(info->method(), "/tfplugin")) return nullptr;
    return new Watcher(files_, info->method());
  }

 private:
  DataFiles files_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> MakeDataFiles(const Provider& provider,
                                                                                     std::string directory) {
  return std::make_unique<Factory>(provider, std::move(directory));
}

}  // namespace tfsdk::protocol
