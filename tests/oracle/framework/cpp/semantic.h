#pragma once

// twin_semantic: text in any case, on a server that answers in capitals.

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "kept.h"

namespace twin {

// Text whose case does not count.
struct Caseless {
  std::string text;

  void Shout() { text = absl::AsciiStrToUpper(text); }
};

}  // namespace twin

template <>
struct tfsdk::Codec<twin::Caseless> {
  static Type type() { return Type::String(); }
  static absl::StatusOr<twin::Caseless> Decode(const Value& value, Source source) {
    TFSDK_ASSIGN_OR_RETURN(std::string text, Codec<std::string>::Decode(value, source));
    return twin::Caseless{std::move(text)};
  }
  static Value Encode(const twin::Caseless& caseless) { return Value::String(caseless.text); }
  static bool SameMeaning(const Value& prior, const Value& now) {
    return absl::EqualsIgnoreCase(prior.AsString(), now.AsString());
  }
};

namespace twin {

struct Line {
  Caseless text;
  static ObjectBinding<Line> Describe() {
    return ObjectBinding<Line>("A line.").Required("text", &Line::text, "In any case.");
  }
};

struct SemanticModel {
  std::string name;
  std::optional<std::string> id, exact;
  std::optional<Caseless> text, free;
  std::optional<std::vector<std::optional<Caseless>>> texts;
  std::vector<Line> lines;

  static ObjectBinding<SemanticModel> Describe() {
    using Model = SemanticModel;
    return Named<Model>("Text in any case.")
        .Optional("text", &Model::text, "In any case.")
        .OptionalComputed("free", &Model::free, "Yours or ours.")
        .Optional("exact", &Model::exact, "To the letter.")
        .Optional("texts", &Model::texts, "In any case.")
        .Blocks("line", &Model::lines);
  }
};

class Semantic final : public Kept<SemanticModel> {
 public:
  absl::StatusOr<std::optional<SemanticModel>> Read(tfsdk::ResourceContext&, Client&,
                                                    SemanticModel state) const override {
    Shout(state);
    return std::optional<SemanticModel>(std::move(state));
  }

 private:
  // What the server makes of it. It chooses "ours" itself, and does not shout that.
  void Fill(SemanticModel& model) const override {
    Shout(model);
    if (!model.free.has_value()) model.free = Caseless{"ours"};
  }
  static void Shout(SemanticModel& model) {
    if (model.text.has_value()) model.text->Shout();
    if (model.free.has_value()) model.free->Shout();
    if (model.texts.has_value()) {
      for (std::optional<Caseless>& text : *model.texts) {
        if (text.has_value()) text->Shout();
      }
    }
    for (Line& line : model.lines) line.text.Shout();
  }
};

}  // namespace twin
