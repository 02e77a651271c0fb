#pragma once

// twin_planned: all plan modifiers, ModifyPlan, and private state.

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "kept.h"

namespace twin {

struct PlannedModel {
  std::string name;
  std::optional<std::string> id, region, zone, kept_zone, upper;
  std::optional<std::vector<std::optional<std::string>>> kinds;
  std::optional<int64_t> size, revision, kept;

  static ObjectBinding<PlannedModel> Describe() {
    using Model = PlannedModel;
    return Named<Model>("What plans are made of.")
        .Optional("region", &Model::region, "Needs a new one.", {tfsdk::RequiresReplace()})
        .OptionalComputed("zone", &Model::zone, "Needs a new one when set.",
                          {tfsdk::RequiresReplaceIfConfigured()})
        .OptionalComputed("kept_zone", &Model::kept_zone, "Kept, and needs a new one.",
                          {tfsdk::UseStateForUnknown(), tfsdk::RequiresReplace()})
        .Optional("kinds", &Model::kinds, "Need a new one.", {tfsdk::RequiresReplace()})
        .Optional("size", &Model::size, "Cannot shrink.")
        .Computed("upper", &Model::upper, "The name, louder.")
        .Computed("revision", &Model::revision, "How often it was changed.")
        .Computed("kept", &Model::kept, "Kept.", {tfsdk::UseStateForUnknown()});
  }
};

class Planned final : public Kept<PlannedModel> {
 public:
  absl::Status ModifyPlan(tfsdk::ResourceContext& context, Client*,
                          tfsdk::ResourcePlan<PlannedModel>& plan) const override {
    if (plan.destroying()) {
      TFSDK_ASSIGN_OR_RETURN(const auto name, plan.Prior(&PlannedModel::name));
      if (name.known() == "keep") context.diagnostics().AddWarning("Pity", "It was meant to be kept.");
      return absl::OkStatus();
    }
    TFSDK_ASSIGN_OR_RETURN(const auto name, plan.Planned(&PlannedModel::name));
    TFSDK_ASSIGN_OR_RETURN(const auto size, plan.Planned(&PlannedModel::size));
    if (name.known() == "forbidden")
      context.diagnostics().AddError("Forbidden", "Any other name will do.", "name");
    if (name.HasValue()) {
      plan.Set(&PlannedModel::upper, absl::AsciiStrToUpper(name.value()));
      context.private_state().Set("planned", absl::StrCat(R"({"name":")", name.value(), R"("})"));
    }
    if (plan.creating()) return absl::OkStatus();
    TFSDK_ASSIGN_OR_RETURN(const auto before, plan.Prior(&PlannedModel::size));
    if (size.HasValue() && size.value() < before.known().value_or(0))
      plan.RequireReplace(&PlannedModel::size);
    return absl::OkStatus();
  }

  absl::StatusOr<PlannedModel> Create(tfsdk::ResourceContext& context, Client&,
                                      PlannedModel planned) const override {
    return Revised(context, std::move(planned), 1);
  }
  absl::StatusOr<std::optional<PlannedModel>> Read(tfsdk::ResourceContext& context, Client&,
                                                   PlannedModel state) const override {
    context.private_state().Set("seen", "true");
    return std::optional<PlannedModel>(std::move(state));
  }
  absl::StatusOr<PlannedModel> Update(tfsdk::ResourceContext& context, Client&, PlannedModel,
                                      PlannedModel planned) const override {
    const std::string stored = context.private_state().Get("revision");
    absl::string_view text = stored;
    int64_t revision = 0;
    if (absl::ConsumePrefix(&text, R"({"n":)") && absl::ConsumeSuffix(&text, "}"))
      (void)absl::SimpleAtoi(text, &revision);
    return Revised(context, std::move(planned), revision + 1);
  }

 private:
  void Fill(PlannedModel& model) const override {
    FillIn<std::string>(model.zone, "here");
    FillIn<std::string>(model.kept_zone, "there");
    FillIn<int64_t>(model.kept, static_cast<int64_t>(model.name.size()));
    FillIn(model.upper, absl::AsciiStrToUpper(model.name));
  }
  PlannedModel Revised(tfsdk::ResourceContext& context, PlannedModel planned, int64_t revision) const {
    FillIn(planned.revision, revision);
    context.private_state().Set("revision", absl::StrCat(R"({"n":)", revision, "}"));
    return Filled(std::move(planned));
  }
};

}  // namespace twin
