#pragma once

// twin_versioned: at its third schema, and takes over other types.

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "kept.h"

namespace twin {

struct VersionedModel {
  std::string name;
  std::optional<std::string> id;
  std::optional<std::vector<std::optional<std::string>>> tags;

  static ObjectBinding<VersionedModel> Describe() {
    return Named<VersionedModel>("Had other shapes before.")
        .Optional("tags", &VersionedModel::tags, "Words.")
        .Version(2);
  }
};

// Version 0: a title, and the tags in one text.
struct Version0 {
  std::optional<std::string> id, title, tags;
  static ObjectBinding<Version0> Describe() {
    return ObjectBinding<Version0>("")
        .Computed("id", &Version0::id, "")
        .Optional("title", &Version0::title, "")
        .Optional("tags", &Version0::tags, "");
  }
};

// Version 1: a set of tags.
struct Version1 {
  std::string name;
  std::optional<std::string> id;
  std::optional<tfsdk::SetOf<std::string>> tags;
  static ObjectBinding<Version1> Describe() {
    return ObjectBinding<Version1>("")
        .Required("name", &Version1::name, "")
        .Computed("id", &Version1::id, "")
        .Optional("tags", &Version1::tags, "");
  }
};

struct OtherThing {
  std::optional<std::string> id, label;
  static ObjectBinding<OtherThing> Describe() {
    return ObjectBinding<OtherThing>("")
        .Computed("id", &OtherThing::id, "")
        .Optional("label", &OtherThing::label, "");
  }
};

struct RawThing {
  std::optional<std::string> key;
  static ObjectBinding<RawThing> Describe() {
    return ObjectBinding<RawThing>("").Optional("key", &RawThing::key, "");
  }
};

class Versioned final : public Kept<VersionedModel> {
 public:
  tfsdk::Upgrades<VersionedModel> Upgrades() const override {
    return {{0, tfsdk::UpgradeFrom<Version0, VersionedModel>(
                    [](tfsdk::Context&, Version0 old) -> absl::StatusOr<VersionedModel> {
                      std::vector<std::optional<std::string>> tags;
                      for (absl::string_view tag : absl::StrSplit(old.tags.value_or(""), ','))
                        tags.emplace_back(std::string(tag));
                      return VersionedModel{old.title.value_or(""), old.id, std::move(tags)};
                    })},
            {1, tfsdk::UpgradeFrom<Version1, VersionedModel>(
                    [](tfsdk::Context&, Version1 old) -> absl::StatusOr<VersionedModel> {
                      VersionedModel now{old.name, old.id, std::nullopt};
                      if (old.tags.has_value())
                        now.tags.emplace(old.tags->elements.begin(), old.tags->elements.end());
                      return now;
                    })}};
  }

  absl::StatusOr<std::optional<VersionedModel>> Move(tfsdk::ResourceContext&,
                                                     const tfsdk::MoveSource& source) const override {
    if (source.type_name == "other_thing" && source.schema_version == 0) {
      TFSDK_ASSIGN_OR_RETURN(const OtherThing old, source.As<OtherThing>());
      return std::optional<VersionedModel>({old.label.value_or(""), old.id, std::nullopt});
    }
    if (source.type_name == "raw_thing" && absl::EndsWith(source.provider_address, "/example/raw")) {
      TFSDK_ASSIGN_OR_RETURN(const RawThing old, source.As<RawThing>());
      return std::optional<VersionedModel>(
          {old.key.value_or(""), absl::StrCat("id-", old.key.value_or("")), std::nullopt});
    }
    return std::optional<VersionedModel>();
  }
};

}  // namespace twin
