#include "files_provider.h"

#include <sys/stat.h>

#include <memory>
#include <string>
#include <utility>

#include "file_list.h"
#include "file_resource.h"
#include "folder.h"
#include "join_names.h"
#include "scratch_file.h"
#include "touch_action.h"

namespace {

struct Config {
  std::string folder;

  static tfsdk::ObjectBinding<Config> Describe() {
    return tfsdk::ObjectBinding<Config>("Text files in a folder.")
        .Required("folder", &Config::folder, "The folder that all files lie in. It must be there already.");
  }
};

absl::StatusOr<std::shared_ptr<Folder>> Configure(tfsdk::Context&, Config config) {
  struct stat about;
  if (stat(config.folder.c_str(), &about) != 0 || !S_ISDIR(about.st_mode)) {
    return tfsdk::At("folder", absl::NotFoundError("There is no such folder."));
  }
  return std::make_shared<Folder>(std::move(config.folder));
}

}  // namespace

tfsdk::Provider MakeFilesProvider() {
  return tfsdk::ProviderBuilder<Config, Folder>("files", &Configure)
      .Add<FileResource>("file")     // resource "files_file"
      .Add<FileList>("file")         // list "files_file"
      .Add<ScratchFile>("scratch")   // ephemeral "files_scratch"
      .Add<TouchAction>("touch")     // action "files_touch"
      .Add<JoinNames>("join_names")  // provider::files::join_names
      .Build();
}
