#pragma once

// Managed resources through the engine, as Terraform would drive them.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "support/notes_provider.h"
#include "support/objects.h"
#include "tfsdk/engine/plan.h"
#include "tfsdk/engine/resources.h"

namespace tfsdk::testing {

inline constexpr char kNote[] = "notes_note";

class NotesFixture : public ::testing::Test {
 protected:
  NotesFixture() {
    Context context;
    engine_.ConfigureProvider(context, Obj(engine_.provider().type, {}));
  }

  const AnyResource& note() const { return *engine_.provider().resources.at(kNote); }
  Value Nothing() const { return Value::Null(note().type()); }
  Value Config(const std::map<std::string, Value>& attributes) const {
    return Obj(note().type(), attributes, {"line"});
  }
  static Value Text(std::string text) { return Value::String(std::move(text)); }
  Value Line(Value text) const {
    return Obj(
        note().type().attributes()[static_cast<size_t>(note().type().IndexOf("line"))].second.element(),
        {{"text", std::move(text)}});
  }
  Value Lines(std::vector<Value> lines) const {
    return Value::Sequence(Type::List(Line(Text("")).type()), std::move(lines));
  }

  PlanResult Plan(ResourceContext& context, const Value& config, const Value& prior, const Value& proposed) {
    std::optional<Value> identity;
    if (prior.HasValue())
      identity = Obj(note().identity_schema()->type(), {{"name", prior.attribute("name")}});
    return PlanChange(engine_, context, kNote, note(), {config, prior, proposed, identity});
  }
  // Plans and applies a creation.
  ObjectState Create(ResourceContext& context, const Value& config) {
    ResourceContext planning;
    PlanResult plan = Plan(planning, config, Nothing(), config);
    EXPECT_THAT(planning.diagnostics().all(), ::testing::IsEmpty());
    return ApplyChange(engine_, context, kNote, note(), {Nothing(), *plan.planned, config, plan.identity});
  }
  static const Diagnostic& Only(const Context& context) {
    EXPECT_THAT(const_cast<Context&>(context).diagnostics().all(), ::testing::SizeIs(1));
    return const_cast<Context&>(context).diagnostics().all().front();
  }

  std::shared_ptr<Notes> notes_ = std::make_shared<Notes>();
  Engine engine_{MakeNotesProvider(notes_)};
};

}  // namespace tfsdk::testing
