#pragma once

// What the tests of a plugin's process share: options for test_plugin, and a call of its functions.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "support/plugin_host.h"
#include "tfplugin6.grpc.pb.h"

namespace tfsdk::plugin {

using Variables = std::map<std::string, std::optional<std::string>>;

// TEST_PLUGIN is the path of the program, defined by the build.
inline testing::PluginHost::Options TestPlugin(Variables environment = {}) {
  testing::PluginHost::Options options;
  options.binary = TEST_PLUGIN;
  options.environment = std::move(environment);
  options.cookie = {"TEST_COOKIE", "test cookie"};
  return options;
}

struct Answer {
  grpc::Status status;
  std::string text;
};

// Calls the function `name` of test_plugin over version 6.
inline Answer CallOver(const std::shared_ptr<grpc::Channel>& channel, const std::string& name,
                       const std::string& argument = "",
                       std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + timeout);
  tfplugin6::CallFunction::Request request;
  request.set_name(name);
  request.add_arguments()->set_msgpack(argument);
  tfplugin6::CallFunction::Response response;
  Answer answer;
  answer.status = tfplugin6::Provider::NewStub(channel)->CallFunction(&context, request, &response);
  answer.text = response.result().msgpack();
  return answer;
}

inline Answer Call(const testing::PluginHost& host, const std::string& name, const std::string& argument = "",
                   std::chrono::milliseconds timeout = std::chrono::seconds(20)) {
  return CallOver(host.Connect(), name, argument, timeout);
}

}  // namespace tfsdk::plugin
