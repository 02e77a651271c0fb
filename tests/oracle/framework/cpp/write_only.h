#pragma once

// twin_write_only: measures a password that is never stored.

#include "kept.h"

namespace twin {

struct Login {
  std::string user;
  std::optional<std::string> pin;
  static ObjectBinding<Login> Describe() {
    return ObjectBinding<Login>("A login.")
        .Required("user", &Login::user, "Who.")
        .Optional("pin", &Login::pin, "Never stored.", {tfsdk::WriteOnly()});
  }
};

struct WriteOnlyModel {
  std::string name;
  std::optional<std::string> id;
  std::optional<tfsdk::Secret> password;
  std::optional<int64_t> version;
  std::optional<std::string> measured;
  std::vector<Login> logins;

  static ObjectBinding<WriteOnlyModel> Describe() {
    using Model = WriteOnlyModel;
    return Named<Model>("Has what is never stored.")
        .Optional("password", &Model::password, "Never stored.", {tfsdk::WriteOnly()})
        .Optional("version", &Model::version, "Of the password.")
        .Computed("measured", &Model::measured, "Of the password.")
        .Blocks("login", &Model::logins);
  }
};

class WriteOnlyResource final : public Kept<WriteOnlyModel> {
 protected:
  void Fill(WriteOnlyModel& model) const override {
    const size_t letters = model.password.has_value() ? model.password->Reveal().size() : 0;
    FillIn(model.measured, absl::StrCat(letters, " letters"));
  }
};

}  // namespace twin
