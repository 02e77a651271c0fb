#pragma once

// A fixture that serves a provider over either protocol version, through a real gRPC channel inside the process, so that
// one list of tests covers both.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "tfplugin5.grpc.pb.h"
#include "tfplugin6.grpc.pb.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/protocol/services.h"

namespace tfsdk::testing {

struct V5 {
  using Stub = tfplugin5::Provider::Stub;
  static auto NewStub(const std::shared_ptr<grpc::Channel>& channel) {
    return tfplugin5::Provider::NewStub(channel);
  }
  static constexpr auto MakeService = &protocol::MakeServiceV5;
  static constexpr auto kSchema = &Stub::GetSchema;
  static constexpr auto kValidateProvider = &Stub::PrepareProviderConfig;
  static constexpr auto kConfigure = &Stub::Configure;
  static constexpr auto kValidateData = &Stub::ValidateDataSourceConfig;
  static constexpr auto kValidateResource = &Stub::ValidateResourceTypeConfig;
  static constexpr auto kStop = &Stub::Stop;
  static constexpr auto kError = tfplugin5::Diagnostic::ERROR;
  static constexpr auto kPlain = tfplugin5::PLAIN;
  static constexpr auto kProviderConfigUnknown = tfplugin5::Deferred::PROVIDER_CONFIG_UNKNOWN;
  static constexpr auto kMarkdown = tfplugin5::MARKDOWN;
  static constexpr bool kNested = false;
};

struct V6 {
  using Stub = tfplugin6::Provider::Stub;
  static auto NewStub(const std::shared_ptr<grpc::Channel>& channel) {
    return tfplugin6::Provider::NewStub(channel);
  }
  static constexpr auto MakeService = &protocol::MakeServiceV6;
  static constexpr auto kSchema = &Stub::GetProviderSchema;
  static constexpr auto kValidateProvider = &Stub::ValidateProviderConfig;
  static constexpr auto kConfigure = &Stub::ConfigureProvider;
  static constexpr auto kValidateData = &Stub::ValidateDataResourceConfig;
  static constexpr auto kValidateResource = &Stub::ValidateResourceConfig;
  static constexpr auto kStop = &Stub::StopProvider;
  static constexpr auto kError = tfplugin6::Diagnostic::ERROR;
  static constexpr auto kPlain = tfplugin6::PLAIN;
  static constexpr auto kProviderConfigUnknown = tfplugin6::Deferred::PROVIDER_CONFIG_UNKNOWN;
  static constexpr auto kMarkdown = tfplugin6::MARKDOWN;
  static constexpr bool kNested = true;
};

template <class P>
class ServiceFixture : public ::testing::Test {
 protected:
  explicit ServiceFixture(Provider provider) : engine_(std::move(provider)) {}

  using Stub = typename P::Stub;
  template <class Request, class Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  void SetUp() override {
    grpc::ServerBuilder builder;
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    stub_ = P::NewStub(server_->InProcessChannel({}));
  }

  // The response; the gRPC status must be OK, as everything a person should read is a diagnostic.
  template <class Request, class Response>
  Response Call(Method<Request, Response> method, const Request& request = {}) {
    grpc::ClientContext context;
    Response response;
    const grpc::Status status = (stub_.get()->*method)(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  template <class Request, class Event>
  using StreamMethod = std::unique_ptr<grpc::ClientReader<Event>> (Stub::*)(grpc::ClientContext*,
                                                                            const Request&);
  // All events of a call that answers with a stream; its gRPC status must be OK.
  template <class Request, class Event>
  std::vector<Event> Events(StreamMethod<Request, Event> method, const Request& request) {
    grpc::ClientContext context;
    const auto reader = (stub_.get()->*method)(&context, request);
    std::vector<Event> events;
    for (Event event; reader->Read(&event);) events.push_back(std::move(event));
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return events;
  }
  template <class Request, class Event>
  static Request RequestOf(StreamMethod<Request, Event>) {
    return {};
  }

  // An empty request of `method`.
  template <class Request, class Response>
  static Request RequestOf(Method<Request, Response>) {
    return {};
  }
  template <class Request, class Response>
  Request WithConfig(Method<Request, Response>, const std::string& msgpack, const std::string& type_name) {
    Request request;
    request.mutable_config()->set_msgpack(msgpack);
    if constexpr (requires { request.set_type_name(type_name); }) request.set_type_name(type_name);
    return request;
  }

  Engine engine_;
  std::unique_ptr<grpc::Service> service_ = P::MakeService(engine_);
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Stub> stub_;
};

using Protocols = ::testing::Types<V5, V6>;

}  // namespace tfsdk::testing
