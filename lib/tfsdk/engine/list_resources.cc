#include "tfsdk/engine/list_resources.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tfsdk/engine/plan.h"
#include "tfsdk/engine/validate.h"

namespace tfsdk {
namespace {

constexpr char kReport[] = " This is a mistake in the provider: report it.";

// Whether `identity` tells one object from others: every part that an import needs is there, and at least one.
bool Identifies(const Schema& schema, const Value& identity) {
  bool any = false;
  for (const Attribute& attribute : schema.attributes) {
    const bool there = identity.attribute(attribute.name).HasValue();
    if (!there && attribute.mode == Mode::kRequired) return false;
    any |= there;
  }
  return any && identity.IsWhollyKnown();
}

ListEvent EventFor(const std::string& summary, const AnyResource& resource, bool include_object,
                   AnyListResource::Found found) {
  ListEvent event{std::move(found.identity), std::move(found.display_name), std::nullopt,
                  std::move(found.diagnostics)};
  if (!event.diagnostics.HasErrors() && !Identifies(*resource.identity_schema(), *event.identity)) {
    event.diagnostics.AddError(
        summary, absl::StrCat("The provider found an object without a complete identity.", kReport));
  }
  if (include_object && found.object.has_value()) {
    if (const std::optional<Path> unknown = FirstUnknown(*found.object); unknown.has_value()) {
      event.diagnostics.AddError(
          summary, absl::StrCat("The provider left ", unknown->ToString(), " unknown.", kReport));
    }
    event.object = WithoutWriteOnly(resource.schema(), *found.object);
  } else if (include_object && !event.diagnostics.HasErrors()) {
    event.diagnostics.AddWarning(
        summary, absl::StrCat("The object ", event.display_name, " itself was asked for, but not given."));
  }
  if (event.diagnostics.HasErrors()) {
    event.identity.reset();
    event.object.reset();
  }
  return event;
}

}  // namespace

void ValidateListResource(Context& context, const std::string& type_name, const AnyListResource& list,
                          const Value& config) {
  ValidateConfig(list.schema(), config, context.diagnostics());
  if (context.diagnostics().HasErrors() || !config.IsKnown()) return;
  context.diagnostics().AddStatus(absl::StrCat("Invalid ", type_name), list.ValidateAny(context, config));
}

void ListObjects(const Engine& engine, Context& context, const std::string& type_name,
                 const AnyListResource& list, const AnyResource& resource, const Value& config,
                 const ListRequest& request, const std::function<bool(const ListEvent&)>& send) {
  const std::string summary = absl::StrCat("Cannot list ", type_name);
  const std::shared_ptr<void> client = engine.RequireClient(context, summary);
  if (client == nullptr) return;
  if (const std::optional<Path> unknown = FirstUnknown(config); unknown.has_value()) {
    context.diagnostics().AddError(summary, "The value is not known yet.", *unknown);
    return;
  }
  ValidateListResource(context, type_name, list, config);
  if (context.diagnostics().HasErrors()) return;
  int64_t sent = 0;
  bool more = true;
  const auto sink = [&](AnyListResource::Found found) {
    if (!more) return false;
    const ListEvent event = EventFor(summary, resource, request.include_object, std::move(found));
    ++sent;
    more = send(event) && !event.diagnostics.HasErrors() && (request.limit <= 0 || sent < request.limit);
    return more;
  };
  context.diagnostics().AddStatus(summary, list.ListAny(context, client.get(), config, request, sink));
}

}  // namespace tfsdk
