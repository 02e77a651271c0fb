#include "tfsdk/binding.h"

#include "gtest/gtest.h"
#include "tfsdk/testing/status_matchers.h"
#include "tfsdk/testing/value_matchers.h"

namespace tfsdk {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

struct Key {
  std::string kid;
  std::optional<int64_t> bits;

  static ObjectBinding<Key> Describe() {
    return ObjectBinding<Key>("A key.").Computed("kid", &Key::kid, "").Computed("bits", &Key::bits, "");
  }
};

struct Rule {
  std::string name;

  static ObjectBinding<Rule> Describe() {
    return ObjectBinding<Rule>("A rule.").Required("name", &Rule::name, "");
  }
};

struct Model {
  std::string url;
  std::optional<bool> strict;
  Maybe<std::string> note;
  std::optional<Secret> token;
  std::optional<std::map<std::string, std::string>> headers;
  std::optional<Rule> exec;
  std::vector<Rule> rule;
  std::vector<Key> keys;
  Value anything = Value::Null(Type::Dynamic());

  static ObjectBinding<Model> Describe() {
    return ObjectBinding<Model>("Everything.")
        .Required("url", &Model::url, "Where.")
        .Optional("strict", &Model::strict, "")
        .Optional("note", &Model::note, "")
        .Optional("token", &Model::token, "")
        .Optional("headers", &Model::headers, "")
        .Block("exec", &Model::exec)
        .Blocks("rule", &Model::rule, 0, 3)
        .Computed("keys", &Model::keys, "")
        .Computed("anything", &Model::anything, "");
  }
};

// What does not fit must not compile.
template <class Member>
concept CanBeBound = Bindable<Member>;
static_assert(!CanBeBound<void*>);
static_assert(!CanBeBound<std::vector<void*>>);
static_assert(CanBeBound<std::vector<std::optional<std::string>>>);

Value Config() {
  const Model model{.url = "https://x",
                    .strict = true,
                    .token = Secret("t"),
                    .headers = {{{"a", "b"}}},
                    .exec = Rule{"e"},
                    .rule = {{"one"}, {"two"}}};
  return BindingOf<Model>().Encode(model);
}

Value With(const Value& object, absl::string_view name, Value value) {
  std::vector<Value> values(object.elements().begin(), object.elements().end());
  values[static_cast<size_t>(object.type().IndexOf(name))] = std::move(value);
  return Value::Object(object.type(), std::move(values));
}

TEST(BindingTest, OneDeclarationIsTheSchema) {
  const Schema& schema = BindingOf<Model>().schema();
  ASSERT_EQ(schema.attributes.size(), 7U);
  EXPECT_EQ(schema.attributes[0].name, "url");
  EXPECT_EQ(schema.attributes[0].mode, Mode::kRequired);
  EXPECT_EQ(schema.attributes[3].name, "token");
  EXPECT_TRUE(schema.attributes[3].sensitive);
  EXPECT_FALSE(schema.attributes[0].sensitive);
  ASSERT_EQ(schema.blocks.size(), 2U);
  EXPECT_EQ(schema.blocks[1].max_items, 3);
  const Attribute& keys = schema.attributes[5];
  ASSERT_NE(keys.nested, nullptr);
  EXPECT_EQ(keys.nested->nesting, Nesting::kList);
  EXPECT_EQ(keys.type.ToString(), "list(object({bits=number, kid=string}))");
  EXPECT_EQ(BindingOf<Model>().type(), schema.type());
}

TEST(BindingTest, DecodesAConfiguration) {
  const absl::StatusOr<Model> model = BindingOf<Model>().Decode(Config(), Source::kConfig);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->url, "https://x");
  EXPECT_EQ(model->strict, true);
  EXPECT_TRUE(model->note.IsNull());
  EXPECT_EQ(model->token->Reveal(), "t");
  EXPECT_EQ(model->headers->at("a"), "b");
  EXPECT_EQ(model->exec->name, "e");
  ASSERT_EQ(model->rule.size(), 2U);
  EXPECT_EQ(model->rule[1].name, "two");
}

TEST(BindingTest, DoesNotReadComputedMembersFromAConfiguration) {
  const Value config = With(Config(), "keys", Value::Null(BindingOf<Model>().schema().attributes[5].type));
  EXPECT_TRUE(BindingOf<Model>().Decode(config, Source::kConfig).ok());
}

TEST(BindingTest, LeavesAloneWhatAStateDoesNotHave) {
  const Value state = With(Config(), "keys", Value::Null(BindingOf<Model>().schema().attributes[5].type));
  const absl::StatusOr<Model> model = BindingOf<Model>().Decode(state, Source::kState);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_TRUE(model->keys.empty());
}

TEST(BindingTest, NamesThePathOfWhatAMemberCannotHold) {
  const auto unknown =
      BindingOf<Model>().Decode(With(Config(), "url", Value::Unknown(Type::String())), Source::kConfig);
  EXPECT_THAT(unknown, StatusIs(absl::StatusCode::kFailedPrecondition, "The value is not known yet."));
  EXPECT_EQ(PathOf(unknown.status()).ToString(), "url");
  const Value rule = Value::Object(BindingOf<Rule>().type(), {Value::Null(Type::String())});
  const auto inner = BindingOf<Model>().Decode(
      With(Config(), "rule", Value::Sequence(Type::List(rule.type()), {rule})), Source::kConfig);
  EXPECT_EQ(PathOf(inner.status()).ToString(), "rule[0].name");
}

TEST(BindingTest, MaybeHoldsTheUnknown) {
  const auto model =
      BindingOf<Model>().Decode(With(Config(), "note", Value::Unknown(Type::String())), Source::kConfig);
  ASSERT_TRUE(model.ok());
  EXPECT_FALSE(model->note.IsKnown());
  EXPECT_FALSE(model->note.HasValue());
}

TEST(BindingTest, IntegersMustFit) {
  const Value big = Value::Number(*Number::Parse("1e30"));
  EXPECT_THAT(Codec<int64_t>::Decode(big, Source::kConfig),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("64 bits")));
  EXPECT_EQ(Codec<Number>::Decode(big, Source::kConfig)->ToString(), "1000000000000000000000000000000");
}

TEST(BindingTest, EncodesEveryMemberAndTheTypeOfDynamicOnes) {
  Model model{.url = "u", .keys = {{"a", 2048}, {"b", std::nullopt}}};
  model.anything = Value::Number(1);
  const Value state = BindingOf<Model>().Encode(model);
  EXPECT_EQ(state.attribute("keys").elements()[0].attribute("bits"), Value::Number(2048));
  EXPECT_EQ(state.attribute("keys").elements()[1].attribute("bits"), Value::Null(Type::Number()));
  EXPECT_EQ(state.attribute("anything"), Value::Number(1));
  EXPECT_TRUE(state.attribute("exec").IsNull());
  EXPECT_EQ(state.attribute("rule").elements().size(), 0U);
}

}  // namespace
}  // namespace tfsdk
