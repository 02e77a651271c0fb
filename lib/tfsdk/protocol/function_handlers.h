#pragma once

#include <vector>

#include "tfsdk/engine/functions.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

template <class P, class Message>
void EmitParameter(const FunctionParameter& parameter, Message* out) {
  out->set_name(parameter.attribute.name);
  out->set_type(EncodeTypeJson(parameter.attribute.type));
  out->set_allow_null_value(parameter.allows_null);
  out->set_allow_unknown_values(parameter.allows_unknown);
  out->set_description(parameter.attribute.description);
  out->set_description_kind(parameter.attribute.description_kind == TextKind::kPlain ? P::kPlain
                                                                                     : P::kMarkdown);
}

// Always with a result type: the host crashes without.
template <class P, class Message>
void EmitFunction(const FunctionSignature& signature, Message* out) {
  for (const FunctionParameter& parameter : signature.parameters) {
    EmitParameter<P>(parameter, out->add_parameters());
  }
  if (signature.variadic.has_value()) {
    EmitParameter<P>(*signature.variadic, out->mutable_variadic_parameter());
  }
  out->mutable_return_()->set_type(EncodeTypeJson(signature.result));
  out->set_summary(signature.text.summary);
  out->set_description(signature.text.description);
  out->set_description_kind(P::kMarkdown);
  out->set_deprecation_message(signature.text.deprecation);
}

// Functions. Thread-safe.
template <class P>
class FunctionHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status GetFunctions(grpc::ServerContext* rpc, const Request&, Response* response) {
    return this->Guard(rpc, "GetFunctions", "", response, [&](Context&) {
      for (const auto& [name, function] : this->engine_.provider().functions) {
        EmitFunction<P>(function->signature(), &(*response->mutable_functions())[name]);
      }
    });
  }

  template <class Request, class Response>
  grpc::Status CallFunction(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Frame(rpc, "CallFunction", request.name(), [&](Context& context) {
      if (!this->Survives(context, [&] { Call(context, request, response); })) response->Clear();
      if (!context.diagnostics().HasErrors()) return;
      const FunctionError error =
          ToFunctionError(context.diagnostics(), static_cast<size_t>(request.arguments_size()));
      response->mutable_error()->set_text(error.text);
      if (error.argument.has_value()) response->mutable_error()->set_function_argument(*error.argument);
    });
  }

 private:
  template <class Request, class Response>
  void Call(Context& context, const Request& request, Response* response) {
    const AnyFunction* function =
        this->Find(context, this->engine_.provider().functions, "function", request.name());
    if (function == nullptr) return;
    const auto count = static_cast<size_t>(request.arguments_size());
    if (!TakesArguments(context, *function, count)) return;
    std::vector<Value> arguments;
    for (const auto& message : request.arguments()) {
      absl::StatusOr<Value> argument =
          ReadValue(message, function->signature().ParameterAt(arguments.size())->attribute.type);
      if (!argument.ok()) {
        const Path position = Path().AtIndex(static_cast<int64_t>(arguments.size()));
        context.diagnostics().AddStatus("Terraform sent a value that this provider cannot decode",
                                        Inside(position, argument.status()));
        return;
      }
      arguments.push_back(*std::move(argument));
    }
    const std::optional<Value> result = tfsdk::CallFunction(context, *function, arguments);
    if (result.has_value()) EmitValue(*result, function->signature().result, response->mutable_result());
  }
};

}  // namespace tfsdk::protocol
