#pragma once

// list "files_file": the files that exist already, for `terraform query`.

#include <optional>
#include <string>

#include "file_resource.h"
#include "folder.h"
#include "tfsdk/list_resource.h"
#include "tfsdk/status.h"

struct FileListConfig {
  std::optional<std::string> prefix;

  static tfsdk::ObjectBinding<FileListConfig> Describe() {
    return tfsdk::ObjectBinding<FileListConfig>("The files in the folder of the provider.")
        .Optional("prefix", &FileListConfig::prefix, "Only those whose name begins with this.");
  }
};

class FileList final : public tfsdk::ListResource<FileListConfig, Folder, FileResource> {
 public:
  absl::Status List(tfsdk::Context&, Folder& folder, FileListConfig config, const tfsdk::ListRequest& request,
                    const Sink& sink) const override {
    TFSDK_ASSIGN_OR_RETURN(const std::vector<std::string> names, folder.List(config.prefix.value_or("")));
    for (const std::string& name : names) {
      Found found{.identity = {name}, .display_name = name};
      if (request.include_object) {
        TFSDK_ASSIGN_OR_RETURN(found.object, FileResource::Find(folder, name));
      }
      if (!sink(std::move(found))) break;
    }
    return absl::OkStatus();
  }
};
