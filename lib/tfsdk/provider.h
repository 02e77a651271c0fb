#pragma once

// Provider: everything a provider offers, as plain data, and the builder that assembles it.
//
//   tfsdk::Provider MakeProvider() {
//     return tfsdk::ProviderBuilder<ProviderConfig, OidcClient>("oidc", &Configure)
//         .Add<JwksDataSource>("jwks")  // data "oidc_jwks"
//         .Build();
//   }

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tfsdk/action.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/data_source.h"
#include "tfsdk/ephemeral_resource.h"
#include "tfsdk/function.h"
#include "tfsdk/list_resource.h"
#include "tfsdk/resource.h"

namespace tfsdk {

// Built once in main() and immutable after; the engine keeps what changes (the configured client).
struct Provider {
  std::string name;  // Prefix of every type name: "k8soidc".
  Schema schema;
  Type type = Type::Object({});
  // The rules of the provider block that its schema cannot say. The values may be unknown. May be empty.
  std::function<absl::Status(Context&, const Value&)> validate;
  // The client all calls share. Called with a wholly known configuration.
  std::function<absl::StatusOr<std::shared_ptr<void>>(Context&, const Value&)> configure;
  // The provider_meta block that modules may have; nothing: none.
  std::optional<Schema> meta;
  std::map<std::string, std::unique_ptr<AnyDataSource>, std::less<>> data_sources;
  std::map<std::string, std::unique_ptr<AnyResource>, std::less<>> resources;
  std::map<std::string, std::unique_ptr<AnyEphemeralResource>, std::less<>> ephemeral_resources;
  std::map<std::string, std::unique_ptr<AnyListResource>, std::less<>> list_resources;
  std::map<std::string, std::unique_ptr<AnyAction>, std::less<>> actions;
  std::map<std::string, std::unique_ptr<AnyFunction>, std::less<>> functions;  // by name, without prefix

  // What Terraform would refuse in any of the schemas. FailedPrecondition with a line for each mistake, naming
  // the schema and the attribute. Unit tests ask with testing/schema_check.h.
  absl::Status Check() const;
  // Whether protocol 5 can express all of it; otherwise only 6 is offered.
  bool FitsProtocol5() const;
};

// Assembles a Provider whose data sources all speak to the same Client, and refuses at compile time one that
// wants another. Config is the provider block; use Maybe<T> members where Validate should see what is not
// known yet.
template <Described Config, class Client>
class ProviderBuilder {
 public:
  using Configure = absl::StatusOr<std::shared_ptr<Client>> (*)(Context&, Config);
  using Validator = absl::Status (*)(Context&, const Config&);

  // `configure` makes the client from the provider block, when all of it is known. It should not talk to
  // anything yet: Terraform configures a provider also for runs that read nothing.
  ProviderBuilder(absl::string_view name, Configure configure) {
    provider_.name = std::string(name);
    provider_.schema = BindingOf<Config>().schema();
    provider_.type = BindingOf<Config>().type();
    provider_.configure = [configure](Context& context,
                                      const Value& value) -> absl::StatusOr<std::shared_ptr<void>> {
      TFSDK_ASSIGN_OR_RETURN(Config config, BindingOf<Config>().Decode(value, Source::kConfig));
      TFSDK_ASSIGN_OR_RETURN(std::shared_ptr<Client> client, configure(context, std::move(config)));
      return std::shared_ptr<void>(std::move(client));
    };
  }

  // Looks at the provider block before anything is read: contradictions, text that cannot be right. Add
  // several problems to the context's diagnostics, or return one. Never touches the network.
  ProviderBuilder&& Validate(Validator validate) && {
    provider_.validate = [validate](Context& context, const Value& value) -> absl::Status {
      const absl::StatusOr<Config> config = BindingOf<Config>().Decode(value, Source::kConfig);
      // A member that cannot hold what is unknown: the rules are looked at again when all of it is known.
      if (!config.ok()) return value.IsWhollyKnown() ? config.status() : absl::OkStatus();
      return validate(context, *config);
    };
    return std::move(*this);
  }

  // Adds the data source `<provider>_<name>`.
  template <std::derived_from<AnyDataSource> D>
  requires std::same_as<typename D::Client, Client> ProviderBuilder && Add(absl::string_view name) && {
    Insert(provider_.data_sources, absl::StrCat(provider_.name, "_", name), std::make_unique<D>());
    return std::move(*this);
  }

  // Adds the managed resource `<provider>_<name>`.
  template <std::derived_from<AnyResource> R>
  requires std::same_as<typename R::Client, Client> ProviderBuilder && Add(absl::string_view name) && {
    Insert(provider_.resources, absl::StrCat(provider_.name, "_", name), std::make_unique<R>());
    return std::move(*this);
  }

  // Lets modules carry a provider_meta block, which ResourceContext::ProviderMeta<M>() reads.
  template <Described M>
  ProviderBuilder&& Meta() && {
    provider_.meta = BindingOf<M>().schema();
    return std::move(*this);
  }

  // Adds the ephemeral resource `<provider>_<name>`.
  template <std::derived_from<AnyEphemeralResource> E>
  requires std::same_as<typename E::Client, Client> ProviderBuilder && Add(absl::string_view name) && {
    Insert(provider_.ephemeral_resources, absl::StrCat(provider_.name, "_", name), std::make_unique<E>());
    return std::move(*this);
  }

  // Adds the listing of the managed resource `<provider>_<name>`, which must be added as well.
  template <std::derived_from<AnyListResource> L>
  requires std::same_as<typename L::Client, Client> ProviderBuilder && Add(absl::string_view name) && {
    Insert(provider_.list_resources, absl::StrCat(provider_.name, "_", name), std::make_unique<L>());
    return std::move(*this);
  }

  // Adds the action `<provider>_<name>`.
  template <std::derived_from<AnyAction> A>
  requires std::same_as<typename A::Client, Client> ProviderBuilder && Add(absl::string_view name) && {
    Insert(provider_.actions, absl::StrCat(provider_.name, "_", name), std::make_unique<A>());
    return std::move(*this);
  }

  // Adds the function `provider::<provider>::<name>`.
  template <std::derived_from<AnyFunction> F>
  ProviderBuilder&& Add(absl::string_view name) && {
    Insert(provider_.functions, std::string(name), std::make_unique<F>());
    return std::move(*this);
  }

  // Aborts when Check() finds a mistake of the author's.
  Provider Build() && {
    const absl::Status status = provider_.Check();
    TFSDK_CHECK(status.ok(), std::string(status.message()).c_str());
    return std::move(provider_);
  }

 private:
  template <class Things, class Thing>
  static void Insert(Things& things, const std::string& name, std::unique_ptr<Thing> thing) {
    const bool inserted = things.emplace(name, std::move(thing)).second;
    TFSDK_CHECK(inserted, absl::StrCat("two things of the same kind are called ", name).c_str());
  }

  Provider provider_;
};

}  // namespace tfsdk
