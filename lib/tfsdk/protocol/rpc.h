#pragma once

// What every RPC does besides its own work: it makes a context, catches exceptions, sends diagnostics and logs.

#include <grpcpp/grpcpp.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tfsdk/engine/engine.h"
#include "tfsdk/protocol/call_log.h"
#include "tfsdk/protocol/convert.h"

namespace tfsdk::protocol {

// The base of the handler classes, each of which serves one kind of thing (data sources, resources, …) over both
// protocol versions. Thread-safe, as the engine is. `P` is the traits type of the protocol version.
template <class P>
class Rpc {
 public:
  explicit Rpc(Engine& engine) : engine_(engine) {}

 protected:
  // A value of a request; nothing, with an error in the diagnostics, when it cannot be decoded.
  template <class DynamicValue>
  static std::optional<Value> Read(Context& context, const DynamicValue& message, const Type& type) {
    absl::StatusOr<Value> value = ReadValue(message, type);
    context.diagnostics().AddStatus("Terraform sent a value that this provider cannot decode",
                                    value.status());
    if (!value.ok()) return std::nullopt;
    return *std::move(value);
  }

  // Of a thing that the provider does not have: `kind` "resource", `name` as the request has it.
  Diagnostic NoneOf(absl::string_view kind, const std::string& name) const {
    Diagnostics clean;
    clean.AddError(absl::StrCat("Unknown ", kind),
                   absl::StrCat("Not offered by this provider: ", engine_.provider().name, " has no ", kind,
                                " ", absl::CHexEscape(name.substr(0, 200)), "."));
    return clean.all().front();
  }
  // `things.find(name)`; null, with an error in the diagnostics, when there is none of that name.
  template <class Things>
  auto Find(Context& context, const Things& things, absl::string_view kind, const std::string& name) const
      -> decltype(things.begin()->second.get()) {
    const auto it = things.find(name);
    if (it != things.end()) return it->second.get();
    context.diagnostics().Add(NoneOf(kind, name));
    return nullptr;
  }

  // Runs `body` with a Context, then sends its diagnostics. An exception out of provider code or a library
  // ends the call with a diagnostic, not the process.
  template <class Response, class Body>
  grpc::Status Guard(grpc::ServerContext* rpc, absl::string_view name, const std::string& type_name,
                     Response* response, Body body) {
    return Frame(rpc, name, type_name, [&](Context& context) {
      if (!Survives(context, [&] { body(context); })) response->Clear();
      EmitDiagnostics(context.diagnostics(), response->mutable_diagnostics());
    });
  }

  // Runs `answer` with a Context and logs the call. `answer` catches exceptions (Survives) and sends the
  // diagnostics itself, for responses that have another place for them.
  template <class Answer>
  grpc::Status Frame(grpc::ServerContext* rpc, absl::string_view name, const std::string& type_name,
                     Answer answer) {
    CallLog log(name, type_name, P::kVersion);
    Context context(engine_.NewCancelToken([rpc] { return rpc->IsCancelled(); }));
    answer(context);
    log.Done(context.diagnostics());
    return rpc->IsCancelled() ? grpc::Status::CANCELLED : grpc::Status::OK;
  }

  // Whether `body` ended without an exception; otherwise the diagnostics say so, and whatever it was about to
  // answer must not be sent.
  template <class Body>
  static bool Survives(Context& context, Body body) {
    try {
      body();
      return true;
    } catch (...) {
      // what() may hold anything, also a secret.
      context.diagnostics().AddError(
          "Internal error in the provider",
          "The provider failed in a way it did not foresee. Run with TF_LOG=debug and report "
          "what it says.");
      return false;
    }
  }

  Engine& engine_;
};

}  // namespace tfsdk::protocol
