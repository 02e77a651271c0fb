#pragma once

// An ephemeral resource: something that exists only while Terraform runs and never reaches a plan or a state. A
// token, a tunnel, a lease.

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What Renew answers.
struct Renewal {
  // When it must be renewed once more. Nothing: never again.
  std::optional<absl::Time> renew_at = std::nullopt;
  // What the next Renew or Close is given. Nothing: what this Renew was given.
  std::optional<std::string> private_data = std::nullopt;
};

// What the engine holds: values in, values out. Authors derive from EphemeralResource instead.
class AnyEphemeralResource {
 public:
  struct Opened {
    Value result;
    std::optional<absl::Time> renew_at;
    std::string private_data;
  };

  virtual ~AnyEphemeralResource() = default;
  virtual const Schema& schema() const = 0;
  virtual Type type() const = 0;
  // `config` may hold unknowns.
  virtual absl::Status ValidateAny(Context& context, const Value& config) const = 0;
  // `config` is wholly known. `client` is what the provider's configure function returned.
  virtual absl::StatusOr<Opened> OpenAny(Context& context, void* client, const Value& config) const = 0;
  virtual absl::StatusOr<Renewal> RenewAny(Context& context, void* client,
                                           const std::string& private_data) const = 0;
  virtual absl::Status CloseAny(Context& context, void* client, const std::string& private_data) const = 0;
};

// Derive from it, describe Model, implement Open, and add it to the provider. Terraform opens it in every walk
// (plan and apply, each a process of its own), calls Renew when the time has come, and Close at the end.
//
//   class TokenResource final : public tfsdk::EphemeralResource<TokenModel, OidcClient> {
//    public:
//     absl::StatusOr<Lease> Open(tfsdk::Context&, OidcClient& client, TokenModel config) const override;
//     absl::Status Close(tfsdk::Context&, OidcClient& client, const std::string& private_data) const override;
//   };
//
// Renew and Close know nothing of the configuration: what they need goes into the private data, which may be any
// bytes. Terraform closes with what Open gave, OpenTofu with what the last Renew gave, so Close must work with
// either.
//
// One object serves all calls at once: the functions are const, and what they share must be thread-safe.
template <Described Model, class ClientType>
class EphemeralResource : public AnyEphemeralResource {
 public:
  using Client = ClientType;

  struct Lease {
    Model result;  // with the user's values as they were
    // Renew is called at about that time: choose one well before the real end. Nothing: never renewed.
    std::optional<absl::Time> renew_at = std::nullopt;
    std::string private_data = {};  // never shown to the user, never stored
  };

  // `config` with the user's values in place and computed members empty: fill them and return it.
  virtual absl::StatusOr<Lease> Open(Context& context, Client& client, Model config) const = 0;

  // Makes it live longer. Needed by those that give a `renew_at`.
  virtual absl::StatusOr<Renewal> Renew(Context&, Client&, const std::string& /*private_data*/) const {
    return absl::UnimplementedError(
        "It cannot be renewed, although a time for it was given. This is a mistake in the provider: report "
        "it.");
  }

  // Ends it. Also called after a stop, so take no cancelled call for a reason not to.
  virtual absl::Status Close(Context&, Client&, const std::string& /*private_data*/) const {
    return absl::OkStatus();
  }

  // The rules that the schema cannot say, looked at before anything is opened. Called with unknown values only
  // when the members that are unknown are of type Maybe. Never touches the network.
  virtual absl::Status Validate(Context&, const Model& /*config*/) const { return absl::OkStatus(); }

  const Schema& schema() const final { return BindingOf<Model>().schema(); }
  Type type() const final { return BindingOf<Model>().type(); }

 private:
  absl::Status ValidateAny(Context& context, const Value& value) const final {
    const absl::StatusOr<Model> config = BindingOf<Model>().Decode(value, Source::kConfig);
    if (!config.ok()) return value.IsWhollyKnown() ? config.status() : absl::OkStatus();
    return Validate(context, *config);
  }
  absl::StatusOr<Opened> OpenAny(Context& context, void* client, const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Model config, BindingOf<Model>().Decode(value, Source::kConfig));
    TFSDK_ASSIGN_OR_RETURN(Lease lease, Open(context, *static_cast<Client*>(client), std::move(config)));
    return Opened{BindingOf<Model>().Encode(lease.result), lease.renew_at, std::move(lease.private_data)};
  }
  absl::StatusOr<Renewal> RenewAny(Context& context, void* client,
                                   const std::string& private_data) const final {
    return Renew(context, *static_cast<Client*>(client), private_data);
  }
  absl::Status CloseAny(Context& context, void* client, const std::string& private_data) const final {
    return Close(context, *static_cast<Client*>(client), private_data);
  }
};

}  // namespace tfsdk
