#include "tfsdk/protocol/data_files.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "gmock/gmock.h"
#include "support/greeter_provider.h"
#include "support/notes_provider.h"
#include "support/temporary_directory.h"
#include "tfplugin6.grpc.pb.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/protocol/services.h"
#include "tfsdk/testing/log_capture.h"

namespace tfsdk {
namespace {

using protocol::ReadableJson;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LogCapture;
using testing::LogLine;
using testing::LogLineIs;
using ::testing::Not;
using ::testing::SizeIs;

struct Login {
  std::string user;
  Maybe<Secret> password;

  static ObjectBinding<Login> Describe() {
    return ObjectBinding<Login>("x")
        .Required("user", &Login::user, "x")
        .Optional("password", &Login::password, "x");
  }
};

// An object of `type` with these attributes, and null else.
Value ObjectOf(const Type& type, const std::map<std::string, Value>& given) {
  std::vector<Value> values;
  for (const auto& [name, inner] : type.attributes()) {
    const auto it = given.find(name);
    values.push_back(it == given.end() ? Value::Null(inner) : it->second);
  }
  return Value::Object(type, std::move(values));
}

TEST(ReadableJsonTest, SaysWhatIsUnknownAndKeepsEveryDigit) {
  const Type type = Type::Object({{"a", Type::String()},
                                  {"b", Type::Number()},
                                  {"c", Type::List(Type::Bool())},
                                  {"d", Type::Map(Type::String())},
                                  {"e", Type::String()}});
  Schema schema;
  for (const auto& [name, inner] : type.attributes())
    schema.attributes.push_back({.name = name, .type = inner});
  const Value value = ObjectOf(
      type, {{"a", Value::Unknown(Type::String())},
             {"b", Value::Number(*Number::Parse("0.1234567890123456789"))},
             {"c", Value::Sequence(Type::List(Type::Bool()), {Value::Bool(true), Value::Null(Type::Bool())})},
             {"d", Value::Map(Type::Map(Type::String()), {{"k\n", Value::String("\"v\"")}})}});
  EXPECT_EQ(ReadableJson(value, &schema), R"json({
  "a": "(unknown)",
  "b": 0.1234567890123456789,
  "c": [
    true,
    null
  ],
  "d": {
    "k\n": "\"v\""
  },
  "e": null
}
)json");
}

// MUST 39
TEST(ReadableJsonTest, MasksWhatTheSchemaCallsSecretAtAnyDepth) {
  const auto nested = std::make_shared<NestedObject>();
  const Type inner = Type::Object({{"key", Type::String()}, {"name", Type::String()}});
  nested->nesting = Nesting::kList;
  nested->attributes = {{.name = "key", .type = Type::String(), .sensitive = true},
                        {.name = "name", .type = Type::String()}};
  Schema schema;
  schema.attributes = {{.name = "pin", .type = Type::Number(), .sensitive = true},
                       {.name = "once", .type = Type::String(), .write_only = true},
                       {.name = "keys", .type = Type::List(inner), .nested = nested}};
  schema.blocks = {{.name = "login", .nesting = Nesting::kSet, .schema = BindingOf<Login>().schema()}};
  const Type login = BindingOf<Login>().type();
  const Value value = ObjectOf(
      schema.type(),
      {{"pin", Value::Number(4711)},
       {"once", Value::String("canary-1")},
       {"keys", Value::Sequence(Type::List(inner), {ObjectOf(inner, {{"key", Value::String("canary-2")},
                                                                     {"name", Value::String("n")}})})},
       {"login",
        Value::Sequence(Type::Set(login), {ObjectOf(login, {{"user", Value::String("ada")},
                                                            {"password", Value::String("canary-3")}})})}});
  const std::string text = ReadableJson(value, &schema);
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_THAT(text, Not(HasSubstr("4711")));
  for (const char* shown :
       {"\"pin\": \"(sensitive)\"", "\"once\": \"(write-only)\"", "\"key\": \"(sensitive)\"",
        "\"name\": \"n\"", "\"user\": \"ada\"", "\"password\": \"(sensitive)\""})
    EXPECT_THAT(text, HasSubstr(shown));
}

TEST(ReadableJsonTest, MasksAllOfWhatHasNoSchema) {
  EXPECT_EQ(ReadableJson(Value::String("canary"), nullptr), "\"(masked)\"\n");
  EXPECT_EQ(ReadableJson(Value::Null(Type::String()), nullptr), "null\n");
}

class DataFilesTest : public ::testing::Test {
 protected:
  void Serve(const std::string& directory) {
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
    interceptors.push_back(protocol::MakeDataFiles(engine_.provider(), directory));
    builder.experimental().SetInterceptorCreators(std::move(interceptors));
    server_ = builder.BuildAndStart();
    stub_ = tfplugin6::Provider::NewStub(server_->InProcessChannel({}));
  }

  void Configure() {
    tfplugin6::ConfigureProvider::Request request;
    request.mutable_config()->set_msgpack(
        EncodeMsgpack(ObjectOf(engine_.provider().type, {{"greeting", Value::String("Hi")},
                                                         {"password", Value::String("canary-password")}})));
    tfplugin6::ConfigureProvider::Response response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->ConfigureProvider(&context, request, &response).ok());
    EXPECT_EQ(response.diagnostics_size(), 0) << response.DebugString();
  }
  tfplugin6::ReadDataSource::Response Read(const std::string& type_name = "greeter_greeting") {
    const Type type = testing::GreetingDataSource().type();
    tfplugin6::ReadDataSource::Request request;
    request.set_type_name(type_name);
    request.mutable_config()->set_msgpack(EncodeMsgpack(ObjectOf(type, {{"name", Value::String("Ada")}})));
    request.mutable_provider_meta()->set_msgpack(
        "\xa6"
        "canary");
    tfplugin6::ReadDataSource::Response response;
    grpc::ClientContext context;
    EXPECT_TRUE(stub_->ReadDataSource(&context, request, &response).ok());
    return response;
  }

  // The text of each file, by its name without the time.
  std::map<std::string, std::string> Files(const std::string& directory) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(directory)) {
      std::smatch match;
      const std::string name = entry.path().filename();
      EXPECT_TRUE(std::regex_match(name, match, std::regex("[0-9]{13}_(.*)"))) << name;
      struct stat status {};
      stat(entry.path().c_str(), &status);
      EXPECT_EQ(status.st_mode & 0777, 0600U) << name;
      std::ifstream in(entry.path());
      std::stringstream text;
      text << in.rdbuf();
      files[match[1]] = text.str();
    }
    return files;
  }

  Engine engine_{testing::MakeGreeterProvider()};
  std::unique_ptr<grpc::Service> service_ = protocol::MakeServiceV6(engine_);
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<tfplugin6::Provider::Stub> stub_;
};

// MUST 39
TEST_F(DataFilesTest, WritesEveryValueOfACallWithoutItsSecrets) {
  const k8soidc::TemporaryDirectory directory;
  Serve(directory.path());
  Configure();
  EXPECT_TRUE(Read().has_state());
  const std::map<std::string, std::string> files = Files(directory.path());
  std::vector<std::string> names;
  for (const auto& [name, text] : files) {
    names.push_back(name);
    EXPECT_THAT(text, Not(HasSubstr("canary"))) << name;
  }
  EXPECT_THAT(names,
              ElementsAre("ConfigureProvider_Request_Config.json", "ReadDataSource_Request_Config.json",
                          "ReadDataSource_Request_ProviderMeta.json", "ReadDataSource_Response_State.json"));
  EXPECT_EQ(files.at("ConfigureProvider_Request_Config.json"),
            "{\n  \"greeting\": \"Hi\",\n  \"password\": \"(sensitive)\"\n}\n");
  EXPECT_THAT(files.at("ReadDataSource_Response_State.json"), HasSubstr("\"text\": \"Hi, Ada\""));
  EXPECT_EQ(files.at("ReadDataSource_Request_ProviderMeta.json"), "\"(masked)\"\n");
}

TEST_F(DataFilesTest, MasksWhatIsOfferedByNobodyAndWhatDoesNotFit) {
  const k8soidc::TemporaryDirectory directory;
  Serve(directory.path());
  EXPECT_FALSE(Read("greeter_nothing").has_state());
  EXPECT_EQ(Files(directory.path()).at("ReadDataSource_Request_Config.json"), "\"(masked)\"\n");
  tfplugin6::ConfigureProvider::Request request;
  request.mutable_config()->set_msgpack(
      "\xa6"
      "canary");
  tfplugin6::ConfigureProvider::Response response;
  grpc::ClientContext context;
  EXPECT_TRUE(stub_->ConfigureProvider(&context, request, &response).ok());
  EXPECT_EQ(Files(directory.path()).at("ConfigureProvider_Request_Config.json"),
            "\"(7 bytes that do not fit the schema)\"\n");
}

// MUST 39
TEST(DataFilesOfResourcesTest, MaskByTheSchemaOfTheResource) {
  const k8soidc::TemporaryDirectory directory;
  Engine engine(testing::MakeNotesProvider());
  const auto service = protocol::MakeServiceV6(engine);
  grpc::ServerBuilder builder;
  builder.RegisterService(service.get());
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> interceptors;
  interceptors.push_back(protocol::MakeDataFiles(engine.provider(), directory.path()));
  builder.experimental().SetInterceptorCreators(std::move(interceptors));
  const auto server = builder.BuildAndStart();
  const auto stub = tfplugin6::Provider::NewStub(server->InProcessChannel({}));

  const auto& [name, resource] = *engine.provider().resources.begin();
  const Type type = resource->type();
  tfplugin6::ValidateResourceConfig::Request request;
  request.set_type_name(name);
  request.mutable_client_capabilities()->set_write_only_attributes_allowed(true);
  request.mutable_config()->set_msgpack(EncodeMsgpack(ObjectOf(
      type, {{"name", Value::String("shown")},
             {"password", Value::String("canary")},
             {"seal", Value::String("canary")},
             {"line",
              Value::Sequence(type.attributes()[static_cast<size_t>(type.IndexOf("line"))].second, {})}})));
  tfplugin6::ValidateResourceConfig::Response response;
  grpc::ClientContext context;
  ASSERT_TRUE(stub->ValidateResourceConfig(&context, request, &response).ok());
  std::string text;
  for (const auto& entry : std::filesystem::directory_iterator(directory.path())) {
    std::stringstream read;
    read << std::ifstream(entry.path()).rdbuf();
    text += read.str();
  }
  EXPECT_THAT(text, HasSubstr("\"name\": \"shown\""));
  EXPECT_THAT(text, Not(HasSubstr("canary")));
}

TEST_F(DataFilesTest, ADirectoryThatIsNotThereIsOneWarning) {
  LogCapture log;
  const k8soidc::TemporaryDirectory directory;
  Serve(directory.path() + "/missing");
  Configure();
  EXPECT_TRUE(Read().has_state());
  std::vector<LogLine> warnings;
  for (const LogLine& line : log.lines()) {
    if (line.level == LogLevel::kWarn) warnings.push_back(line);
  }
  EXPECT_THAT(warnings, ElementsAre(LogLineIs(LogLevel::kWarn, HasSubstr("TF_LOG_SDK_PROTO_DATA_DIR"),
                                              {{"error", "No such file or directory"}})));
}

}  // namespace
}  // namespace tfsdk
