#include "tfsdk/testing/provider_harness.h"

#include <utility>

#include "tfsdk/engine/actions.h"
#include "tfsdk/engine/data_sources.h"
#include "tfsdk/engine/deprecations.h"
#include "tfsdk/engine/ephemeral_resources.h"
#include "tfsdk/engine/functions.h"
#include "tfsdk/engine/list_resources.h"
#include "tfsdk/engine/validate.h"
#include "tfsdk/status.h"
#include "tfsdk/testing/internal/harness_impl.h"

namespace tfsdk::testing {

using internal::OverTheWire;

ProviderHarness::ProviderHarness(Provider provider, HarnessOptions options)
    : impl_(std::make_unique<Impl>(std::move(provider), options)) {
  const Provider& built = impl_->engine.provider();
  if (built.meta.has_value()) impl_->meta = Value::Null(built.meta->type());
}
ProviderHarness::~ProviderHarness() = default;

const Diagnostics& ProviderHarness::diagnostics() const { return impl_->said; }
void ProviderHarness::Stop() { impl_->engine.Stop(); }

absl::Status ProviderHarness::Configure(const Arguments& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(impl_->engine.provider().schema));
  TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
    impl_->engine.ValidateProviderConfig(context, config);
    WarnOfDeprecated(impl_->engine.provider().schema, config, context.diagnostics());
  }));
  return impl_->Run([&](Context& context) { impl_->engine.ConfigureProvider(context, config); });
}

absl::Status ProviderHarness::SetProviderMeta(const Arguments& meta) {
  const std::optional<Schema>& schema = impl_->engine.provider().meta;
  if (!schema.has_value()) return absl::InvalidArgumentError("The provider has no provider_meta block.");
  TFSDK_ASSIGN_OR_RETURN(impl_->meta, meta.For(*schema));
  return absl::OkStatus();
}

absl::StatusOr<Value> ProviderHarness::ReadDataSource(const std::string& type_name,
                                                      const Arguments& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(const AnyDataSource* source,
                         impl_->Find(impl_->engine.provider().data_sources, "data source", type_name));
  TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(source->schema()));
  TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
    ValidateConfig(source->schema(), config, context.diagnostics());
    WarnOfDeprecated(source->schema(), config, context.diagnostics());
  }));
  DataSourceRead read;
  TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
    read = tfsdk::ReadDataSource(impl_->engine, context, type_name, *source, config,
                                 impl_->options.deferral_allowed);
  }));
  TFSDK_ASSIGN_OR_RETURN(Value state, OverTheWire(*read.state, source->type()));
  // What the user set must be as it was set.
  if (const std::optional<Path> broken = BrokenPromise(config, state); broken.has_value() && !read.deferred) {
    const std::optional<Value> written = ValueAt(config, *broken);
    if (written.has_value() && written->HasValue()) {
      return internal::Refused(
          "Provider produced invalid object",
          tfsdk::At(*broken, absl::FailedPreconditionError(absl::StrCat(
                                 broken->ToString(), ": is not as it is set in the configuration."))));
    }
  }
  return state;
}

absl::StatusOr<Value> ProviderHarness::CallFunction(const std::string& name,
                                                    const std::vector<Given>& given) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(const AnyFunction* function,
                         impl_->Find(impl_->engine.provider().functions, "function", name));
  TFSDK_RETURN_IF_ERROR(
      impl_->Run([&](Context& context) { TakesArguments(context, *function, given.size()); }));
  std::vector<Value> arguments;
  for (size_t i = 0; i < given.size(); ++i) {
    absl::StatusOr<Value> argument = given[i].As(function->signature().ParameterAt(i)->attribute.type);
    if (!argument.ok()) return Inside(Path().AtIndex(static_cast<int64_t>(i)), argument.status());
    arguments.push_back(*std::move(argument));
  }
  std::optional<Value> result;
  const absl::Status status =
      impl_->Run([&](Context& context) { result = tfsdk::CallFunction(context, *function, arguments); });
  if (!status.ok() && impl_->said.HasErrors()) {
    // What a user gets to see is one text, and at most one argument.
    const FunctionError error = ToFunctionError(impl_->said, arguments.size());
    return tfsdk::At(error.argument.has_value() ? Path().AtIndex(*error.argument) : Path(),
                     absl::AbortedError(error.text));
  }
  TFSDK_RETURN_IF_ERROR(status);
  return OverTheWire(*result, function->signature().result);
}

absl::StatusOr<OpenEphemeral> ProviderHarness::Open(const std::string& type_name,
                                                    const Arguments& arguments) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(
      const AnyEphemeralResource* resource,
      impl_->Find(impl_->engine.provider().ephemeral_resources, "ephemeral resource", type_name));
  TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(resource->schema()));
  TFSDK_RETURN_IF_ERROR(impl_->Run(
      [&](Context& context) { ValidateEphemeralResource(context, type_name, *resource, config); }));
  EphemeralOpening opening;
  TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
    opening = OpenEphemeralResource(impl_->engine, context, type_name, *resource, config,
                                    impl_->options.deferral_allowed);
  }));
  TFSDK_ASSIGN_OR_RETURN(Value result, OverTheWire(*opening.result, resource->type()));
  return OpenEphemeral{type_name, std::move(result), opening.renew_at, opening.private_data,
                       opening.private_data};
}

absl::Status ProviderHarness::Renew(OpenEphemeral& open) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(
      const AnyEphemeralResource* resource,
      impl_->Find(impl_->engine.provider().ephemeral_resources, "ephemeral resource", open.type_name));
  std::optional<Renewal> renewal;
  TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
    renewal = RenewEphemeralResource(impl_->engine, context, open.type_name, *resource, open.now_with);
  }));
  open.renew_at = renewal->renew_at;
  open.now_with = renewal->private_data.value_or("");
  return absl::OkStatus();
}

absl::Status ProviderHarness::Close(const OpenEphemeral& open, bool as_opentofu) {
  impl_->Begin();
  TFSDK_ASSIGN_OR_RETURN(
      const AnyEphemeralResource* resource,
      impl_->Find(impl_->engine.provider().ephemeral_resources, "ephemeral resource", open.type_name));
  return impl_->Run([&](Context& context) {
    CloseEphemeralResource(impl_->engine, context, open.type_name, *resource,
                           as_opentofu ? open.now_with : open.opened_with);
  });
}

absl::StatusOr<std::vector<ListedObject>> ProviderHarness::List(const std::string& type_name,
                                                                const Arguments& arguments,
                                                                const ListRequest& request) {
  impl_->Begin();
  const Provider& provider = impl_->engine.provider();
  TFSDK_ASSIGN_OR_RETURN(const AnyListResource* list,
                         impl_->Find(provider.list_resources, "list resource", type_name));
  TFSDK_ASSIGN_OR_RETURN(const AnyResource* resource, impl_->Find(provider.resources, "resource", type_name));
  TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(list->schema()));
  TFSDK_RETURN_IF_ERROR(
      impl_->Run([&](Context& context) { ValidateListResource(context, type_name, *list, config); }));
  std::vector<ListedObject> objects;
  TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
    ListObjects(impl_->engine, context, type_name, *list, *resource, config, request,
                [&](const ListEvent& event) {
                  objects.push_back({event.identity.value_or(Value::Null(list->identity_type())),
                                     event.display_name, event.object, event.diagnostics});
                  return true;
                });
  }));
  return objects;
}

ActionRun ProviderHarness::Invoke(const std::string& type_name, const Arguments& arguments) {
  impl_->Begin();
  ActionRun run;
  run.status = [&]() -> absl::Status {
    TFSDK_ASSIGN_OR_RETURN(const AnyAction* action,
                           impl_->Find(impl_->engine.provider().actions, "action", type_name));
    TFSDK_ASSIGN_OR_RETURN(const Value config, arguments.For(action->schema()));
    TFSDK_RETURN_IF_ERROR(
        impl_->Run([&](Context& context) { ValidateAction(context, type_name, *action, config); }));
    TFSDK_RETURN_IF_ERROR(impl_->Run([&](Context& context) {
      tfsdk::PlanAction(impl_->engine, context, type_name, *action, config, impl_->options.deferral_allowed);
    }));
    return impl_->Run([&](Context& context) {
      InvokeAction(impl_->engine, context, type_name, *action, config, [&](absl::string_view message) {
        absl::MutexLock lock(&impl_->progress_mutex);
        run.progress.emplace_back(message);
      });
    });
  }();
  return run;
}

}  // namespace tfsdk::testing
