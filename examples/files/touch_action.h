#pragma once

// action "files_touch": gives files a new time of change.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "folder.h"
#include "tfsdk/action.h"
#include "tfsdk/status.h"

struct TouchModel {
  std::vector<std::string> names;

  static tfsdk::ObjectBinding<TouchModel> Describe() {
    return tfsdk::ObjectBinding<TouchModel>("Gives files a new time of change.")
        .Required("names", &TouchModel::names, "The names of the files.");
  }
};

class TouchAction final : public tfsdk::Action<TouchModel, Folder> {
 public:
  absl::Status Invoke(tfsdk::Context& context, Folder& folder, TouchModel config,
                      const tfsdk::Progress& progress) const override {
    for (size_t i = 0; i < config.names.size(); ++i) {
      if (context.cancel().IsCancelled())
        return absl::CancelledError("Stopped before all files were touched.");
      const auto at = tfsdk::Path("names").AtIndex(static_cast<int64_t>(i));
      TFSDK_RETURN_IF_ERROR(tfsdk::At(at, folder.Touch(config.names[i])));
      progress(absl::StrCat("touched ", config.names[i]));
    }
    return absl::OkStatus();
  }
};
