#pragma once

// files_file: a text file.

#include <cstdint>
#include <optional>
#include <string>

#include "folder.h"
#include "tfsdk/resource.h"

struct FileModel {
  std::string name;
  std::optional<std::string> content;
  std::optional<tfsdk::Secret> secret_content;
  std::optional<int64_t> secret_content_version;
  std::string mode;
  std::optional<int64_t> size;
  std::string modified;

  static tfsdk::ObjectBinding<FileModel> Describe();
};

struct FileIdentity {
  std::string name;
  static tfsdk::ObjectBinding<FileIdentity> Describe();
};

class FileResource final : public tfsdk::Resource<FileModel, Folder, FileIdentity> {
 public:
  // The file called `name`, as it is.
  static absl::StatusOr<FileModel> Find(const Folder& folder, const std::string& name);

  absl::StatusOr<FileModel> Create(tfsdk::ResourceContext&, Folder&, FileModel planned) const override;
  absl::StatusOr<std::optional<FileModel>> Read(tfsdk::ResourceContext&, Folder&,
                                                FileModel state) const override;
  absl::StatusOr<FileModel> Update(tfsdk::ResourceContext&, Folder&, FileModel prior,
                                   FileModel planned) const override;
  absl::Status Delete(tfsdk::ResourceContext&, Folder&, FileModel state) const override;
  absl::Status Validate(tfsdk::Context&, const FileModel& config) const override;
  absl::Status ModifyPlan(tfsdk::ResourceContext&, Folder*,
                          tfsdk::ResourcePlan<FileModel>& plan) const override;
  absl::StatusOr<FileModel> Import(tfsdk::ResourceContext&, Folder&, const std::string& id) const override;
  absl::StatusOr<FileModel> ImportIdentity(tfsdk::ResourceContext&, Folder&,
                                           FileIdentity identity) const override;
  FileIdentity IdentityOf(const FileModel& state) const override { return {state.name}; }
  tfsdk::Upgrades<FileModel> Upgrades() const override;
  absl::StatusOr<std::optional<FileModel>> Move(tfsdk::ResourceContext&,
                                                const tfsdk::MoveSource&) const override;
};
