#pragma once

// A data source: something Terraform reads and never changes.

#include <utility>

#include "absl/status/statusor.h"
#include "tfsdk/binding.h"
#include "tfsdk/context.h"
#include "tfsdk/schema.h"
#include "tfsdk/value.h"

namespace tfsdk {

// What the engine holds: values in, values out. Authors derive from DataSource instead.
class AnyDataSource {
 public:
  virtual ~AnyDataSource() = default;
  virtual const Schema& schema() const = 0;
  virtual Type type() const = 0;
  // The state for `config`, which is wholly known. `client` is what the provider's configure function
  // returned.
  virtual absl::StatusOr<Value> ReadAny(Context& context, void* client, const Value& config) const = 0;
};

// Derive from it, describe Model, implement Read, and add it to the provider:
//
//   class JwksDataSource final : public tfsdk::DataSource<JwksModel, OidcClient> {
//    public:
//     absl::StatusOr<JwksModel> Read(tfsdk::Context&, OidcClient& client, JwksModel config) const override;
//   };
//
// One object serves all calls at once: Read is const, and what it shares must be thread-safe.
template <Described Model, class ClientType>
class DataSource : public AnyDataSource {
 public:
  using Client = ClientType;

  // `config` with the user's values in place and computed members empty: fill them and return it. An error
  // At("attribute", …) underlines that line for the user. Everything is known here; give context.cancel() to
  // whatever blocks.
  virtual absl::StatusOr<Model> Read(Context& context, Client& client, Model config) const = 0;

  const Schema& schema() const final { return BindingOf<Model>().schema(); }
  Type type() const final { return BindingOf<Model>().type(); }

 private:
  absl::StatusOr<Value> ReadAny(Context& context, void* client, const Value& value) const final {
    TFSDK_ASSIGN_OR_RETURN(Model config, BindingOf<Model>().Decode(value, Source::kConfig));
    TFSDK_ASSIGN_OR_RETURN(const Model state,
                           Read(context, *static_cast<Client*>(client), std::move(config)));
    return BindingOf<Model>().Encode(state);
  }
};

}  // namespace tfsdk
