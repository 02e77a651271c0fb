#pragma once

// twin_failing: goes wrong in the way that `how` says.

#include "kept.h"

namespace twin {

struct FailingModel {
  std::string name;
  std::optional<std::string> id, how;
  tfsdk::Maybe<std::string> made;

  static ObjectBinding<FailingModel> Describe() {
    return Named<FailingModel>("Goes wrong.")
        .Optional("how", &FailingModel::how, "In which way.")
        .Computed("made", &FailingModel::made, "Ours.")
        .Deprecated("Use one that works.");
  }
};

class Failing final : public Kept<FailingModel> {
 public:
  absl::Status Validate(tfsdk::Context& context, const FailingModel& config) const override {
    if (config.how == "invalid") {
      context.diagnostics().AddError("Not so", "Any other way will do.", "how");
      context.diagnostics().AddWarning("Take care", "Something else is wrong as well.");
    }
    if (config.how == "doubtful") return tfsdk::At("how", tfsdk::Warning("That may be wrong."));
    return absl::OkStatus();
  }

  absl::Status ModifyPlan(tfsdk::ResourceContext& context, Client*,
                          tfsdk::ResourcePlan<FailingModel>& plan) const override {
    if (plan.destroying()) {
      TFSDK_ASSIGN_OR_RETURN(const auto how, plan.Prior(&FailingModel::how));
      return how.known() == "keep" ? absl::FailedPreconditionError("It is to be kept.") : absl::OkStatus();
    }
    TFSDK_ASSIGN_OR_RETURN(const auto how, plan.Planned(&FailingModel::how));
    if (how.known() == "plan") return tfsdk::At("how", absl::InvalidArgumentError("Any other way will do."));
    if (how.known() == "plan_warn") context.diagnostics().AddWarning("Take care", "That may be wrong.");
    return absl::OkStatus();
  }

  absl::StatusOr<FailingModel> Create(tfsdk::ResourceContext& context, Client&,
                                      FailingModel planned) const override {
    const std::string how = planned.how.value_or("");
    if (how == "create") return tfsdk::At("name", absl::InternalError("That went wrong."));
    FailingModel made = Filled(std::move(planned));
    if (how == "create_partly") {
      Save(context, made);
      return tfsdk::At("name", absl::InternalError("That went wrong."));
    }
    if (how == "warn") context.diagnostics().AddWarning("Take care", "That may be wrong.");
    return made;
  }

  absl::StatusOr<std::optional<FailingModel>> Read(tfsdk::ResourceContext&, Client&,
                                                   FailingModel state) const override {
    if (state.how == "gone") return std::optional<FailingModel>();
    if (state.how == "read") return absl::InternalError("That went wrong.");
    if (state.how == "drift") state.made = std::string("drifted");
    return std::optional<FailingModel>(std::move(state));
  }

  absl::StatusOr<FailingModel> Update(tfsdk::ResourceContext& context, Client&, FailingModel,
                                      FailingModel planned) const override {
    const std::string how = planned.how.value_or("");
    if (how == "update") return tfsdk::At("how", absl::InternalError("That went wrong."));
    FailingModel changed = Filled(std::move(planned));
    if (how == "update_partly") {
      Save(context, changed);
      return tfsdk::At("how", absl::InternalError("That went wrong."));
    }
    return changed;
  }

  absl::Status Delete(tfsdk::ResourceContext&, Client&, FailingModel state) const override {
    return state.how == "delete" ? absl::InternalError("That went wrong.") : absl::OkStatus();
  }

 private:
  void Fill(FailingModel& model) const override {
    if (!model.made.IsKnown() && model.how != "unknown") model.made = std::string("made");
  }
};

}  // namespace twin
