#pragma once

// What all resources of the twin have in common: they are what their plan says, and nothing is kept anywhere.

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tfsdk/plan_modifiers.h"
#include "tfsdk/resource.h"
#include "tfsdk/validators.h"

namespace twin {

using tfsdk::ObjectBinding;

// Made from the provider block.
struct Client {
  std::string where;  // "from " and the endpoint
};

// A description that begins with the attributes that all resources have.
template <class Model>
ObjectBinding<Model> Named(std::string description) {
  return ObjectBinding<Model>(std::move(description))
      .Required("name", &Model::name, "Its name.")
      .Computed("id", &Model::id, "Its id.", {tfsdk::UseStateForUnknown()});
}

// Creates and changes by filling in what is not known yet.
template <class Model, class Identity = tfsdk::NoIdentity>
class Kept : public tfsdk::Resource<Model, Client, Identity> {
 public:
  absl::StatusOr<Model> Create(tfsdk::ResourceContext&, Client&, Model planned) const override {
    return Filled(std::move(planned));
  }
  absl::StatusOr<std::optional<Model>> Read(tfsdk::ResourceContext&, Client&, Model state) const override {
    return std::optional<Model>(std::move(state));
  }
  absl::StatusOr<Model> Update(tfsdk::ResourceContext&, Client&, Model, Model planned) const override {
    return Filled(std::move(planned));
  }
  absl::Status Delete(tfsdk::ResourceContext&, Client&, Model) const override { return absl::OkStatus(); }

 protected:
  // What the plan left open.
  virtual void Fill(Model&) const {}

  Model Filled(Model planned) const {
    if (!planned.id.has_value()) planned.id = absl::StrCat("id-", planned.name);
    Fill(planned);
    return planned;
  }
};

// The same, imported by its name.
template <class Model>
class Importable : public Kept<Model> {
 public:
  absl::StatusOr<Model> Import(tfsdk::ResourceContext&, Client&, const std::string& id) const override {
    if (id.empty() || id == "none") return absl::NotFoundError("There is nothing of that id.");
    Model found;
    found.id = absl::StrCat("id-", id);
    found.name = id;
    return found;
  }
};

// A member of a base of Model as one of Model.
template <class Model, class Base, class M>
M Model::*Bound(M Base::*member) {
  return member;
}

template <class T>
void FillIn(std::optional<T>& member, T value) {
  if (!member.has_value()) member = std::move(value);
}

}  // namespace twin
