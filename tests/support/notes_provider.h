#pragma once

// A provider with one managed resource, kept in memory, for the library's own tests. What it does wrong depends on the
// text of the note.

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tfsdk/plan_modifiers.h"
#include "tfsdk/provider.h"

namespace tfsdk::testing {

struct NotesConfig {
  Maybe<std::string> folder;

  static ObjectBinding<NotesConfig> Describe() {
    return ObjectBinding<NotesConfig>("Notes.").Optional("folder", &NotesConfig::folder, "Where.");
  }
};

struct Notes {
  std::map<std::string, std::string> texts;
  std::string last_password;
  int next_id = 1;
};

struct NoteLine {
  std::string text;
  std::string hash;

  static ObjectBinding<NoteLine> Describe() {
    return ObjectBinding<NoteLine>("A line.")
        .Required("text", &NoteLine::text, "What it says.")
        .Computed("hash", &NoteLine::hash, "Of the text.");
  }
};

struct NoteModel {
  std::string id;
  std::string name;
  std::optional<std::string> text;
  int64_t copies = 0;
  std::string hash;
  std::optional<Secret> password;
  std::optional<Secret> seal;
  std::vector<NoteLine> lines;

  static ObjectBinding<NoteModel> Describe() {
    return ObjectBinding<NoteModel>("A note.")
        .Computed("id", &NoteModel::id, "Its number.", {UseStateForUnknown()})
        .Required("name", &NoteModel::name, "What it is called.", {RequiresReplace()})
        .Optional("text", &NoteModel::text, "What it says.")
        .Defaulted("copies", &NoteModel::copies, 1, "How many.")
        .Computed("hash", &NoteModel::hash, "Of the text.")
        .Optional("password", &NoteModel::password, "Never stored.", {WriteOnly()})
        .Optional("seal", &NoteModel::seal, "Stored, but not shown.")
        .Blocks("line", &NoteModel::lines, 0, 5)
        .Version(2);
  }
};

struct NoteIdentity {
  std::string name;
  static ObjectBinding<NoteIdentity> Describe() {
    return ObjectBinding<NoteIdentity>("").Required("name", &NoteIdentity::name, "").Version(1);
  }
};

// What version 1 stored.
struct OldNote {
  std::string title;
  static ObjectBinding<OldNote> Describe() {
    return ObjectBinding<OldNote>("").Required("title", &OldNote::title, "");
  }
};

inline std::string HashOf(const std::string& text) { return absl::StrCat("hash of ", text); }

class NoteResource final : public Resource<NoteModel, Notes, NoteIdentity> {
 public:
  absl::StatusOr<NoteModel> Create(ResourceContext& context, Notes& notes, NoteModel planned) const override {
    planned.id = absl::StrCat(notes.next_id++);
    return Write(context, notes, std::move(planned));
  }
  absl::StatusOr<std::optional<NoteModel>> Read(ResourceContext&, Notes& notes,
                                                NoteModel state) const override {
    const auto it = notes.texts.find(state.name);
    if (it == notes.texts.end()) return std::optional<NoteModel>();
    state.text = it->second;
    state.hash = HashOf(it->second);
    if (it->second == "renamed") state.name = "another";
    return state;
  }
  absl::StatusOr<NoteModel> Update(ResourceContext& context, Notes& notes, NoteModel,
                                   NoteModel planned) const override {
    return Write(context, notes, std::move(planned));
  }
  absl::Status Delete(ResourceContext&, Notes& notes, NoteModel state) const override {
    if (state.text == "stuck") return absl::UnavailableError("It is held fast.");
    notes.texts.erase(state.name);
    return absl::OkStatus();
  }
  absl::Status Validate(Context&, const NoteModel& config) const override {
    if (config.name == config.text) return At("text", absl::InvalidArgumentError("Says its own name."));
    return absl::OkStatus();
  }
  absl::Status ModifyPlan(ResourceContext& context, Notes*, ResourcePlan<NoteModel>& plan) const override {
    if (plan.destroying()) {
      context.diagnostics().AddWarning("Farewell", "The note goes.");
      return absl::OkStatus();
    }
    TFSDK_ASSIGN_OR_RETURN(const Maybe<std::string> text, plan.Planned(&NoteModel::text));
    if (text.HasValue() && text.value() == "known hash") plan.Set(&NoteModel::hash, HashOf(text.value()));
    if (text.HasValue() && text.value() == "contradiction") plan.Set(&NoteModel::name, "another");
    if (text.HasValue() && text.value() == "invented seal") plan.Set(&NoteModel::seal, Secret("hush"));
    if (text.HasValue() && text.value() == "later" && context.deferral_allowed()) {
      context.Defer(DeferredReason::kAbsentPrerequisite);
    }
    return absl::OkStatus();
  }
  absl::StatusOr<NoteModel> Import(ResourceContext&, Notes&, const std::string& id) const override {
    NoteModel stub;
    stub.name = id;
    return stub;
  }
  absl::StatusOr<NoteModel> ImportIdentity(ResourceContext&, Notes&, NoteIdentity identity) const override {
    NoteModel stub;
    stub.name = identity.name;
    return stub;
  }
  NoteIdentity IdentityOf(const NoteModel& state) const override { return {state.name}; }
  tfsdk::Upgrades<NoteModel> Upgrades() const override {
    return {{0,
             [](Context&, absl::string_view json) -> absl::StatusOr<NoteModel> {
               NoteModel note;
               note.name = absl::StrCat("from ", json.size(), " bytes");
               return note;
             }},
            {1, UpgradeFrom<OldNote, NoteModel>([](Context&, OldNote old) -> absl::StatusOr<NoteModel> {
               if (old.title == "torn") return At("title", absl::DataLossError("It is torn."));
               NoteModel note;
               note.name = old.title;
               return note;
             })}};
  }
  tfsdk::Upgrades<NoteIdentity> IdentityUpgrades() const override {
    return {{0, UpgradeFrom<OldNote, NoteIdentity>([](Context&, OldNote old) -> absl::StatusOr<NoteIdentity> {
               return NoteIdentity{old.title};
             })}};
  }
  absl::StatusOr<std::optional<NoteModel>> Move(ResourceContext& context,
                                                const MoveSource& source) const override {
    if (source.type_name != "other_memo") return std::optional<NoteModel>();
    TFSDK_ASSIGN_OR_RETURN(const OldNote memo, source.As<OldNote>());
    context.private_state().Set("came_from", source.provider_address);
    NoteModel note;
    note.name = memo.title;
    return std::optional<NoteModel>(std::move(note));
  }

 private:
  static absl::StatusOr<NoteModel> Write(ResourceContext& context, Notes& notes, NoteModel planned) {
    const std::string text = planned.text.value_or("");
    if (text == "refused") return At("text", absl::PermissionDeniedError("Not this text."));
    notes.texts[planned.name] = text;
    if (planned.password.has_value()) notes.last_password = planned.password->Reveal();
    planned.hash = HashOf(text);
    for (NoteLine& line : planned.lines) line.hash = HashOf(line.text);
    context.private_state().Set("revision", "7");
    Save(context, planned);
    if (text == "half") return absl::UnavailableError("The second half is missing.");
    if (text == "throws") throw std::runtime_error("a secret that must not be shown");
    if (text == "altered") planned.text = "something else";
    if (text == "breaks its seal") planned.seal = Secret("other hush");
    return planned;
  }
};

inline Provider MakeNotesProvider(std::shared_ptr<Notes> notes = std::make_shared<Notes>()) {
  static std::shared_ptr<Notes> shared;
  shared = std::move(notes);
  return ProviderBuilder<NotesConfig, Notes>(
             "notes", +[](Context&, NotesConfig) -> absl::StatusOr<std::shared_ptr<Notes>> { return shared; })
      .Add<NoteResource>("note")
      .Build();
}

}  // namespace tfsdk::testing
