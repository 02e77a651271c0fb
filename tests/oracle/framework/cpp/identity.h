#pragma once

// twin_identity: a resource with an identity, and imported by it or by "region/name".

#include "absl/strings/str_split.h"
#include "kept.h"

namespace twin {

struct IdentityModel {
  std::string name;
  std::optional<std::string> id;
  std::string region;
  std::optional<std::string> note;

  static ObjectBinding<IdentityModel> Describe() {
    return Named<IdentityModel>("Known by more than an id.")
        .Required("region", &IdentityModel::region, "Where.", {tfsdk::RequiresReplace()})
        .Optional("note", &IdentityModel::note, "A note.");
  }
};

struct Identity {
  std::string region, name;
  std::optional<int64_t> shard;

  static ObjectBinding<Identity> Describe() {
    return ObjectBinding<Identity>("")
        .Required("region", &Identity::region, "Where.")
        .Required("name", &Identity::name, "Its name.")
        .Optional("shard", &Identity::shard, "Which part.")
        .Version(1);
  }
};

// Version 0 of the identity.
struct PathIdentity {
  std::string path;
  static ObjectBinding<PathIdentity> Describe() {
    return ObjectBinding<PathIdentity>("").Required("path", &PathIdentity::path, "");
  }
};

class Identified final : public Kept<IdentityModel, Identity> {
 public:
  Identity IdentityOf(const IdentityModel& state) const override {
    return {state.region, state.name, std::nullopt};
  }

  absl::StatusOr<IdentityModel> Import(tfsdk::ResourceContext&, Client&,
                                       const std::string& id) const override {
    const std::vector<std::string> parts = absl::StrSplit(id, absl::MaxSplits('/', 1));
    if (parts.size() != 2) return absl::InvalidArgumentError("The id must be region/name.");
    return Found(parts[0], parts[1]);
  }
  absl::StatusOr<IdentityModel> ImportIdentity(tfsdk::ResourceContext&, Client&,
                                               Identity identity) const override {
    return Found(identity.region, identity.name);
  }
  tfsdk::Upgrades<Identity> IdentityUpgrades() const override {
    return {{0, tfsdk::UpgradeFrom<PathIdentity, Identity>(
                    [](tfsdk::Context&, PathIdentity old) -> absl::StatusOr<Identity> {
                      const std::pair<std::string, std::string> parts =
                          absl::StrSplit(old.path, absl::MaxSplits('/', 1));
                      return Identity{parts.first, parts.second, std::nullopt};
                    })}};
  }

 private:
  static IdentityModel Found(const std::string& region, const std::string& name) {
    return {name, absl::StrCat("id-", name), region, std::nullopt};
  }
};

}  // namespace twin
