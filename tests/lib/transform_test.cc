// How a plan looks into sets, whose elements have no name.

#include "tfsdk/engine/transform.h"

#include "gmock/gmock.h"
#include "support/objects.h"
#include "tfsdk/binding.h"
#include "tfsdk/engine/attribute_plans.h"
#include "tfsdk/plan_modifiers.h"

namespace tfsdk {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using testing::Obj;

struct Port {
  int64_t number = 0;
  std::optional<std::string> protocol;
  std::string id;

  static ObjectBinding<Port> Describe() {
    return ObjectBinding<Port>("")
        .Required("number", &Port::number, "", {RequiresReplace()})
        .OptionalComputed("protocol", &Port::protocol, "")
        .Computed("id", &Port::id, "");
  }
};

struct Server {
  SetOf<Port> ports;

  static ObjectBinding<Server> Describe() {
    return ObjectBinding<Server>("").Required("ports", &Server::ports, "");
  }
};

class TransformTest : public ::testing::Test {
 protected:
  static const Schema& schema() { return BindingOf<Server>().schema(); }
  static const std::vector<Attribute>& port() { return schema().attributes[0].nested->attributes; }
  static Value Port(int64_t number, Value protocol, Value id) {
    return Obj(BindingOf<tfsdk::Port>().type(),
               {{"number", Value::Number(number)}, {"protocol", std::move(protocol)}, {"id", std::move(id)}});
  }
  static Value Ports(std::vector<Value> ports) {
    return Value::Sequence(Type::Set(BindingOf<tfsdk::Port>().type()), std::move(ports));
  }
  static Value Text(const char* text) { return Value::String(text); }
  const Value null_ = Value::Null(Type::String());
};

// TRAP 41
TEST_F(TransformTest, ElementsOfASetAreFoundByWhatTheUserWrote) {
  const Value planned = Ports({Port(80, Text("tcp"), Text("a")), Port(53, Text("udp"), Text("b"))});
  const Value config = Ports({Port(53, Text("udp"), null_), Port(80, null_, null_)});
  EXPECT_THAT(Counterparts(port(), planned, config), ElementsAre(1, 0));
  EXPECT_THAT(Counterparts(port(), planned, Ports({Port(81, null_, null_)})), Each(-1));

  std::vector<std::string> unwritten;
  TransformAttributes(schema(), Obj(BindingOf<Server>().type(), {{"ports", planned}}),
                      Obj(BindingOf<Server>().type(), {{"ports", config}}),
                      [&](const Attribute& attribute, const Value& value, const Value& written) {
                        if (attribute.name == "protocol" && written.IsNull())
                          unwritten.push_back(value.AsString());
                        return value;
                      });
  EXPECT_THAT(unwritten, ElementsAre("tcp"));
}

// TRAP 31
TEST_F(TransformTest, APathIntoASetEndsAtTheSet) {
  const Value before =
      Obj(BindingOf<Server>().type(), {{"ports", Ports({Port(80, Text("tcp"), Text("a"))})}});
  const Value after = Obj(BindingOf<Server>().type(), {{"ports", Ports({Port(81, Text("tcp"), Text("a"))})}});
  Diagnostics diagnostics;
  AnyResourcePlan plan{after, before, after};
  PlanAttributes(schema(), plan, diagnostics);
  EXPECT_THAT(plan.requires_replace, ElementsAre(Path("ports")));

  const Value nothing = Value::Null(before.type());
  AnyResourcePlan creation{after, nothing, after};
  PlanAttributes(schema(), creation, diagnostics);
  EXPECT_THAT(creation.requires_replace, ::testing::IsEmpty());
}

}  // namespace
}  // namespace tfsdk
