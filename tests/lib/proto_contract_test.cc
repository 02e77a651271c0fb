// Holds the compiled descriptors of proto/*.proto against the wire contract, in both directions: the contract
// is written out once more, from the descriptors, and must come out the same.

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "grpc_broker.pb.h"
#include "grpc_controller.pb.h"
#include "grpc_stdio.pb.h"
#include "tfplugin5.pb.h"
#include "tfplugin6.pb.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;
using Json = nlohmann::json;

// The contract's name of something: one message has another name in proto/, for a reason given there.
std::string Name(const std::string& full_name) {
  return absl::StrReplaceAll(full_name, {{".GetMetadataRpc", ".GetMetadata"}});
}

Json FieldContract(const FieldDescriptor& field) {
  Json result = {{"number", field.number()}};
  if (field.message_type() != nullptr) {
    result["type"] = Name(field.message_type()->full_name());
  } else if (field.enum_type() != nullptr) {
    result["type"] = Name(field.enum_type()->full_name());
  } else {
    result["type"] = field.type_name();
  }
  if (field.is_repeated()) result["repeated"] = true;
  if (field.is_required()) result["required"] = true;
  if (field.has_optional_keyword()) result["optional"] = true;
  if (field.real_containing_oneof() != nullptr) result["oneof"] = field.real_containing_oneof()->name();
  return result;
}

void AddEnum(const EnumDescriptor& type, Json& contract) {
  Json& values = contract["enums"][Name(type.full_name())];
  for (int i = 0; i < type.value_count(); ++i) values[type.value(i)->name()] = type.value(i)->number();
}

void AddMessage(const Descriptor& message, Json& contract) {
  Json result = {{"fields", Json::object()}};
  for (int i = 0; i < message.field_count(); ++i) {
    result["fields"][message.field(i)->name()] = FieldContract(*message.field(i));
  }
  if (message.options().map_entry()) result["map_entry"] = true;
  for (int i = 0; i < message.reserved_range_count(); ++i) {
    const Descriptor::ReservedRange& range = *message.reserved_range(i);
    result["reserved"].push_back(Json::array({range.start, range.end - 1}));
  }
  contract["messages"][Name(message.full_name())] = std::move(result);
  for (int i = 0; i < message.enum_type_count(); ++i) AddEnum(*message.enum_type(i), contract);
  for (int i = 0; i < message.nested_type_count(); ++i) AddMessage(*message.nested_type(i), contract);
}

Json MethodContract(const MethodDescriptor& method) {
  Json result = {{"request", Name(method.input_type()->full_name())},
                 {"response", Name(method.output_type()->full_name())}};
  if (method.client_streaming()) result["client_streaming"] = true;
  if (method.server_streaming()) result["server_streaming"] = true;
  return result;
}

Json ContractOf(const std::vector<const FileDescriptor*>& files) {
  Json contract = {{"services", Json::object()}, {"messages", Json::object()}, {"enums", Json::object()}};
  for (const FileDescriptor* file : files) {
    contract["package"] = file->package();
    for (int i = 0; i < file->service_count(); ++i) {
      Json& methods = contract["services"][file->service(i)->full_name()];
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        const MethodDescriptor& method = *file->service(i)->method(j);
        methods[method.name()] = MethodContract(method);
      }
    }
    for (int i = 0; i < file->enum_type_count(); ++i) AddEnum(*file->enum_type(i), contract);
    for (int i = 0; i < file->message_type_count(); ++i) AddMessage(*file->message_type(i), contract);
  }
  return contract;
}

Json ReadContract(const std::string& name) {
  std::ifstream file(absl::StrCat(TEST_DATA_DIR, "/contract/", name, ".contract.json"));
  return Json::parse(file, nullptr, /*allow_exceptions=*/false);
}

// Each difference is a line that names what differs: far shorter than two contracts side by side.
std::string Differences(const Json& contract, const Json& compiled) {
  std::string lines;
  for (const Json& change : Json::diff(contract, compiled)) absl::StrAppend(&lines, change.dump(), "\n");
  return lines;
}

// TRAP 4
TEST(ProtoContractTest, Protocol5IsTheContract) {
  const Json contract = ReadContract("tfplugin5");
  ASSERT_GT(contract["messages"].size(), 100u);
  EXPECT_EQ(Differences(contract, ContractOf({tfplugin5::DynamicValue::descriptor()->file()})), "");
}

// TRAP 4
TEST(ProtoContractTest, Protocol6IsTheContract) {
  const Json contract = ReadContract("tfplugin6");
  ASSERT_GT(contract["messages"].size(), 100u);
  EXPECT_EQ(Differences(contract, ContractOf({tfplugin6::DynamicValue::descriptor()->file()})), "");
}

TEST(ProtoContractTest, ProcessServicesAreTheContract) {
  const Json contract = ReadContract("go-plugin");
  ASSERT_EQ(contract["services"].size(), 3u);
  const Json compiled =
      ContractOf({plugin::ConnInfo::descriptor()->file(), plugin::Empty::descriptor()->file(),
                  plugin::StdioData::descriptor()->file()});
  EXPECT_EQ(Differences(contract, compiled), "");
}

// The comparison itself must be able to fail.
TEST(ProtoContractTest, SeesAMissingFieldAnExtraFieldAndAnotherNumber) {
  const Json compiled = ContractOf({plugin::ConnInfo::descriptor()->file()});
  Json contract = compiled;
  contract["messages"]["plugin.ConnInfo"]["fields"].erase("network");
  EXPECT_NE(Differences(contract, compiled), "");
  contract = compiled;
  contract["messages"]["plugin.ConnInfo"]["fields"]["more"] = {{"number", 9}, {"type", "bool"}};
  EXPECT_NE(Differences(contract, compiled), "");
  contract = compiled;
  contract["messages"]["plugin.ConnInfo"]["fields"]["address"]["number"] = 4;
  EXPECT_NE(Differences(contract, compiled), "");
}

}  // namespace
