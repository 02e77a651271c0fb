#pragma once

// twin_scalars: attributes of all simple types, defaults, flags and rules.

#include "kept.h"

namespace twin {

struct ScalarsModel {
  std::string name;
  std::optional<std::string> id;
  std::optional<bool> a_bool;
  std::optional<std::string> string;
  std::optional<tfsdk::Number> number;
  std::optional<int32_t> int32;
  std::optional<int64_t> int64;
  std::optional<float> float32;
  std::optional<double> float64;
  std::optional<std::string> plain, deprecated, choice, partner;
  std::optional<tfsdk::Secret> secret;
  std::optional<int64_t> bounded;
  std::optional<double> fraction;
  std::optional<std::string> free;
  std::optional<int64_t> computed;
  std::optional<std::string> string_default;
  std::optional<bool> bool_default;
  std::optional<int64_t> int_default;
  std::optional<double> float_default;
  std::optional<tfsdk::Number> number_default;

  static ObjectBinding<ScalarsModel> Describe() {
    using Model = ScalarsModel;
    return Named<Model>("All *scalars*.")
        .Optional("bool", &Model::a_bool, "A bool.")
        .Optional("string", &Model::string, "A string.")
        .Optional("number", &Model::number, "A number.")
        .Optional("int32", &Model::int32, "32 bits.")
        .Optional("int64", &Model::int64, "64 bits.")
        .Optional("float32", &Model::float32, "A short float.")
        .Optional("float64", &Model::float64, "A long float.")
        .Optional("plain", &Model::plain, "Plain *text*.", {tfsdk::PlainDescription()})
        .Optional("secret", &Model::secret, "Not shown.")
        .Optional("deprecated", &Model::deprecated, "Old.", {tfsdk::Deprecated("Use `string`.")})
        .Optional("choice", &Model::choice, "One of two.",
                  {tfsdk::OneOf({"a", "b"}), tfsdk::ConflictsWith("bounded")})
        .Optional("bounded", &Model::bounded, "1 to 5.", {tfsdk::Between(1, 5)})
        .Optional("fraction", &Model::fraction, "At most 1.", {tfsdk::AtMost(1)})
        .Optional("partner", &Model::partner, "Only with choice.", {tfsdk::AlsoRequires("choice")})
        .OptionalComputed("free", &Model::free, "Yours or ours.")
        .Computed("computed", &Model::computed, "Ours.")
        .Defaulted("string_default", &Model::string_default, "text", "Has a default.")
        .Defaulted("bool_default", &Model::bool_default, true, "Has a default.")
        .Defaulted("int_default", &Model::int_default, 7, "Has a default.")
        .Defaulted("float_default", &Model::float_default, 0.5, "Has a default.")
        .Defaulted("number_default", &Model::number_default, *tfsdk::Number::FromDouble(1.25),
                   "Has a default.")
        .Version(3);
  }
};

class Scalars final : public Importable<ScalarsModel> {
 protected:
  void Fill(ScalarsModel& model) const override {
    FillIn<std::string>(model.free, "ours");
    FillIn<int64_t>(model.computed, static_cast<int64_t>(model.name.size()));
  }
};

}  // namespace twin
