#pragma once

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "tfsdk/engine/actions.h"
#include "tfsdk/internal/utf8.h"
#include "tfsdk/protocol/rpc.h"

namespace tfsdk::protocol {

// The events of one running action: any number of progress messages, then exactly one that ends it. Thread-safe,
// because an author may report progress from threads of their own.
template <class Event>
class ActionEvents {
 public:
  explicit ActionEvents(grpc::ServerWriter<Event>* stream) : stream_(stream) {}

  void Progress(absl::string_view message) ABSL_LOCKS_EXCLUDED(mutex_) {
    Event event;
    // One invalid byte in a protobuf string makes the host drop the whole event.
    event.mutable_progress()->set_message(internal::Printable(message.substr(0, kMaxMessage)));
    Send(event, /*last=*/false);
  }

  void Completed(const Diagnostics& diagnostics) ABSL_LOCKS_EXCLUDED(mutex_) {
    Event event;
    EmitDiagnostics(diagnostics, event.mutable_completed()->mutable_diagnostics());
    Send(event, /*last=*/true);
  }

 private:
  static constexpr size_t kMaxMessage = 16 * 1024;

  void Send(const Event& event, bool last) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    if (stream_ == nullptr) return;
    // It fails when the caller has gone, which the action learns from its cancel token.
    stream_->Write(event);
    if (last) stream_ = nullptr;
  }

  absl::Mutex mutex_;
  grpc::ServerWriter<Event>* stream_ ABSL_GUARDED_BY(mutex_);  // null: completed
};

// Actions. Thread-safe.
template <class P>
class ActionHandlers : public Rpc<P> {
 public:
  using Rpc<P>::Rpc;

  template <class Request, class Response>
  grpc::Status ValidateActionConfig(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "ValidateActionConfig", request.type_name(), response, [&](Context& context) {
      WithAction(context, request.type_name(), request, [&](const AnyAction& action, const Value& config) {
        ValidateAction(context, request.type_name(), action, config);
      });
    });
  }

  template <class Request, class Response>
  grpc::Status PlanAction(grpc::ServerContext* rpc, const Request& request, Response* response) {
    return this->Guard(rpc, "PlanAction", request.action_type(), response, [&](Context& context) {
      WithAction(context, request.action_type(), request, [&](const AnyAction& action, const Value& config) {
        const bool deferred = tfsdk::PlanAction(this->engine_, context, request.action_type(), action, config,
                                                request.client_capabilities().deferral_allowed());
        if (deferred)
          response->mutable_deferred()->set_reason(P::Reason(DeferredReason::kProviderConfigUnknown));
      });
    });
  }

  template <class Request, class Event>
  grpc::Status InvokeAction(grpc::ServerContext* rpc, const Request& request,
                            grpc::ServerWriter<Event>* stream) {
    return this->Frame(rpc, "InvokeAction", request.action_type(), [&](Context& context) {
      // Shared with the progress callback, which an author might keep for too long.
      const auto events = std::make_shared<ActionEvents<Event>>(stream);
      this->Survives(context, [&] {
        WithAction(context, request.action_type(), request,
                   [&](const AnyAction& action, const Value& config) {
                     tfsdk::InvokeAction(this->engine_, context, request.action_type(), action, config,
                                         [events](absl::string_view message) { events->Progress(message); });
                   });
      });
      events->Completed(context.diagnostics());
    });
  }

 private:
  template <class Request, class Body>
  void WithAction(Context& context, const std::string& name, const Request& request, Body body) {
    const AnyAction* action = this->Find(context, this->engine_.provider().actions, "action", name);
    if (action == nullptr) return;
    const auto config = this->Read(context, request.config(), action->type());
    if (config.has_value()) body(*action, *config);
  }
};

}  // namespace tfsdk::protocol
