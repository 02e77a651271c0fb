#pragma once

// ephemeral "files_scratch": a file that is there only while Terraform runs.

#include <string>

#include "absl/strings/str_cat.h"
#include "folder.h"
#include "tfsdk/ephemeral_resource.h"
#include "tfsdk/status.h"

struct ScratchModel {
  std::string name;
  std::optional<std::string> content;
  std::string path;

  static tfsdk::ObjectBinding<ScratchModel> Describe() {
    return tfsdk::ObjectBinding<ScratchModel>("A file that is gone when Terraform is.")
        .Required("name", &ScratchModel::name, "Its name.")
        .Optional("content", &ScratchModel::content, "What is in it.")
        .Computed("path", &ScratchModel::path, "Where it is.");
  }
};

class ScratchFile final : public tfsdk::EphemeralResource<ScratchModel, Folder> {
 public:
  absl::StatusOr<Lease> Open(tfsdk::Context&, Folder& folder, ScratchModel config) const override {
    TFSDK_RETURN_IF_ERROR(folder.Create(config.name, config.content.value_or("")));
    config.path = absl::StrCat(folder.path(), "/", config.name);
    return Lease{.result = config, .renew_at = std::nullopt, .private_data = config.name};
  }
  absl::Status Close(tfsdk::Context&, Folder& folder, const std::string& name) const override {
    return folder.Remove(name);
  }
};
