#pragma once

// twin_dynamic: attributes of any type.

#include "kept.h"

namespace twin {

struct DynamicModel {
  std::string name;
  std::optional<std::string> id;
  std::optional<tfsdk::Value> any;
  tfsdk::Value must = tfsdk::Value::Null(tfsdk::Type::Dynamic());
  std::optional<tfsdk::Value> free;

  static ObjectBinding<DynamicModel> Describe() {
    using Model = DynamicModel;
    return Named<Model>("Of any type.")
        .Optional("any", &Model::any, "Anything.")
        .Required("must", &Model::must, "Anything but null.")
        .OptionalComputed("free", &Model::free, "Yours or ours.");
  }
};

class Dynamic final : public Kept<DynamicModel> {
 protected:
  void Fill(DynamicModel& model) const override { FillIn(model.free, tfsdk::Value::String("ours")); }
};

}  // namespace twin
