#include "file_resource.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tfsdk/plan_modifiers.h"
#include "tfsdk/status.h"

namespace {

// Version 0 called things otherwise, and knew no mode.
struct FileModelV0 {
  std::string filename;
  std::optional<std::string> text;

  static tfsdk::ObjectBinding<FileModelV0> Describe() {
    return tfsdk::ObjectBinding<FileModelV0>("Version 0.")
        .Required("filename", &FileModelV0::filename, "")
        .Optional("text", &FileModelV0::text, "");
  }
};

// What a terraform_data resource holds that was used to remember a file.
struct TerraformData {
  tfsdk::Value input = tfsdk::Value::Null(tfsdk::Type::Dynamic());

  static tfsdk::ObjectBinding<TerraformData> Describe() {
    return tfsdk::ObjectBinding<TerraformData>("terraform_data.")
        .Required("input", &TerraformData::input, "");
  }
};

absl::Status IsMode(const tfsdk::Value& value, const tfsdk::Surroundings&) {
  const std::string& mode = value.AsString();
  const bool octal = mode.size() == 4 && mode[0] == '0' &&
                     std::all_of(mode.begin(), mode.end(), [](char c) { return c >= '0' && c <= '7'; });
  return octal ? absl::OkStatus()
               : absl::InvalidArgumentError("Must be four octal digits, such as \"0644\".");
}

const std::string& Text(const FileModel& file) {
  static const std::string nothing;
  return file.secret_content.has_value() ? file.secret_content->Reveal()
         : file.content.has_value()      ? *file.content
                                         : nothing;
}

// `file` with what only the file system knows.
absl::StatusOr<FileModel> Found(const Folder& folder, FileModel file) {
  TFSDK_ASSIGN_OR_RETURN(const Folder::File found, folder.Read(file.name));
  file.mode = found.mode;
  file.size = static_cast<int64_t>(found.content.size());
  file.modified = found.modified;
  return file;
}

}  // namespace

tfsdk::ObjectBinding<FileModel> FileModel::Describe() {
  return tfsdk::ObjectBinding<FileModel>("A text file in the folder of the provider.")
      .Version(1)
      .Required("name", &FileModel::name, "Its name. Another name is another file.",
                {tfsdk::Validator([](const tfsdk::Value& value, const tfsdk::Surroundings&) {
                   return Folder::CheckName(value.AsString());
                 }),
                 tfsdk::RequiresReplace()})
      .Optional("content", &FileModel::content, "What is in it.")
      .Optional("secret_content", &FileModel::secret_content,
                "What is in it, but kept out of plans and states. Count `secret_content_version` up to write "
                "it anew.",
                {tfsdk::WriteOnly()})
      .Optional("secret_content_version", &FileModel::secret_content_version, "Of `secret_content`.")
      .Defaulted("mode", &FileModel::mode, "0644", "Who may do what with it, in octal digits.",
                 {tfsdk::Validator(&IsMode)})
      .Computed("size", &FileModel::size, "In bytes.")
      .Computed("modified", &FileModel::modified, "When it was written last (RFC 3339).");
}

tfsdk::ObjectBinding<FileIdentity> FileIdentity::Describe() {
  return tfsdk::ObjectBinding<FileIdentity>("").Required("name", &FileIdentity::name,
                                                         "The name of the file.");
}

absl::StatusOr<FileModel> FileResource::Create(tfsdk::ResourceContext& context, Folder& folder,
                                               FileModel planned) const {
  TFSDK_RETURN_IF_ERROR(folder.Create(planned.name, Text(planned)));
  const std::string mode = planned.mode;
  TFSDK_ASSIGN_OR_RETURN(FileModel there, Found(folder, planned));
  // From here on the file is there: if the rest fails, Terraform must know.
  Save(context, there);
  // For the acceptance test: the process dies before anything of this can be stored.
  if (std::getenv("FILES_EXAMPLE_DIES_AFTER_CREATE") != nullptr) std::_Exit(1);
  TFSDK_RETURN_IF_ERROR(folder.SetMode(planned.name, mode));
  return Found(folder, std::move(planned));
}

absl::StatusOr<std::optional<FileModel>> FileResource::Read(tfsdk::ResourceContext&, Folder& folder,
                                                            FileModel state) const {
  const absl::StatusOr<Folder::File> found = folder.Read(state.name);
  if (absl::IsNotFound(found.status())) return std::optional<FileModel>();
  TFSDK_RETURN_IF_ERROR(found.status());
  // Secret content is not compared: nothing of it is stored, only its version.
  // An empty file is what no content was made of, too.
  const bool as_it_was = !state.content.has_value() && found->content.empty();
  if (!state.secret_content_version.has_value() && !as_it_was) state.content = found->content;
  TFSDK_ASSIGN_OR_RETURN(state, Found(folder, std::move(state)));
  return std::optional<FileModel>(std::move(state));
}

absl::StatusOr<FileModel> FileResource::Update(tfsdk::ResourceContext&, Folder& folder, FileModel,
                                               FileModel planned) const {
  TFSDK_RETURN_IF_ERROR(folder.Replace(planned.name, Text(planned)));
  TFSDK_RETURN_IF_ERROR(folder.SetMode(planned.name, planned.mode));
  return Found(folder, std::move(planned));
}

absl::Status FileResource::Delete(tfsdk::ResourceContext&, Folder& folder, FileModel state) const {
  return folder.Remove(state.name);
}

absl::Status FileResource::Validate(tfsdk::Context&, const FileModel& config) const {
  if (config.content.has_value() && config.secret_content.has_value()) {
    return tfsdk::At("content", absl::InvalidArgumentError("Cannot be set together with secret_content."));
  }
  if (config.secret_content.has_value() != config.secret_content_version.has_value()) {
    return tfsdk::At(
        "secret_content_version",
        absl::InvalidArgumentError("secret_content and secret_content_version belong together."));
  }
  return absl::OkStatus();
}

absl::Status FileResource::ModifyPlan(tfsdk::ResourceContext&, Folder*,
                                      tfsdk::ResourcePlan<FileModel>& plan) const {
  if (plan.destroying() || !plan.Changes(&FileModel::size)) return absl::OkStatus();
  TFSDK_ASSIGN_OR_RETURN(const tfsdk::Maybe<std::string> content, plan.Planned(&FileModel::content));
  if (content.HasValue()) plan.Set(&FileModel::size, static_cast<int64_t>(content.value().size()));
  return absl::OkStatus();
}

absl::StatusOr<FileModel> FileResource::Import(tfsdk::ResourceContext& context, Folder& folder,
                                               const std::string& id) const {
  return ImportIdentity(context, folder, {id});
}

absl::StatusOr<FileModel> FileResource::ImportIdentity(tfsdk::ResourceContext&, Folder& folder,
                                                       FileIdentity identity) const {
  return Find(folder, identity.name);
}

absl::StatusOr<FileModel> FileResource::Find(const Folder& folder, const std::string& name) {
  FileModel file;
  file.name = name;
  TFSDK_ASSIGN_OR_RETURN(const Folder::File found, folder.Read(name));
  file.content = found.content;
  return Found(folder, std::move(file));
}

tfsdk::Upgrades<FileModel> FileResource::Upgrades() const {
  return {{0, tfsdk::UpgradeFrom<FileModelV0, FileModel>(
                  [](tfsdk::Context&, FileModelV0 before) -> absl::StatusOr<FileModel> {
                    FileModel now;
                    now.name = std::move(before.filename);
                    now.content = std::move(before.text);
                    now.mode = "0644";
                    now.size = now.content.has_value() ? static_cast<int64_t>(now.content->size()) : 0;
                    return now;
                  })}};
}

// A `moved` block from a terraform_data whose input is { name = …, content = … }.
absl::StatusOr<std::optional<FileModel>> FileResource::Move(tfsdk::ResourceContext&,
                                                            const tfsdk::MoveSource& source) const {
  if (source.provider_address != "terraform.io/builtin/terraform" || source.type_name != "terraform_data") {
    return std::optional<FileModel>();
  }
  TFSDK_ASSIGN_OR_RETURN(const TerraformData data, source.As<TerraformData>());
  const tfsdk::Type& type = data.input.type();
  if (!data.input.HasValue() || type.kind() != tfsdk::Type::Kind::kObject || type.IndexOf("name") < 0 ||
      type.IndexOf("content") < 0) {
    return absl::InvalidArgumentError("Its input must be an object with a name and a content.");
  }
  FileModel file;
  TFSDK_ASSIGN_OR_RETURN(
      file.name, tfsdk::Codec<std::string>::Decode(data.input.attribute("name"), tfsdk::Source::kState));
  TFSDK_ASSIGN_OR_RETURN(file.content, tfsdk::Codec<std::optional<std::string>>::Decode(
                                           data.input.attribute("content"), tfsdk::Source::kState));
  file.mode = "0644";
  return std::optional<FileModel>(std::move(file));
}
