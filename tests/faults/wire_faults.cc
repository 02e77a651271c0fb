// What a host may send that no Terraform sends: values that are none, in msgpack and protobuf (T-66 to T-68). The
// answer is a diagnostic, never a gRPC status and never a crash, and the next call works.

#include <gmock/gmock.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "faults/fault_driver.h"
#include "faults/plugin_under_test.h"
#include "tfplugin5.grpc.pb.h"
#include "tfsdk/msgpack.h"

namespace k8soidc::faults {
namespace {

using ::testing::HasSubstr;

// The msgpack of a configuration of k8soidc_jwks, changed or replaced, and what the one error says of it.
struct Row {
  const char* name;
  std::string msgpack;
  std::string expect;
};

std::string GoodConfig() {
  return tfsdk::EncodeMsgpack(ObjectOf(PluginUnderTest::Get().read_type("k8soidc_jwks"), {}));
}

std::string Text(absl::string_view text) {
  return absl::StrCat(std::string(1, static_cast<char>(0xa0 + text.size())), text);
}

std::string Repeated(absl::string_view text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) absl::StrAppend(&all, text);
  return all;
}

// The good configuration with `value` for `consistency_reads`, a number that is null there.
std::string WithNumber(absl::string_view value) {
  const std::string member = Text("consistency_reads");
  return absl::StrReplaceAll(GoodConfig(), {{absl::StrCat(member, "\xc0"), absl::StrCat(member, value)}});
}

const std::vector<Row>& Rows() {
  static const auto* const rows = [] {
    const std::string good = GoodConfig();
    return new std::vector<Row>{
        {"Nothing", "", ""},
        {"Garbage", std::string(200, '\xc1'), ""},
        {"ANumber", "\x07", ""},
        {"AList", "\x91\xc0", ""},
        {"NoMembers", "\x80", ""},
        {"CutOff", good.substr(0, good.size() / 2), ""},
        {"TrailingBytes", absl::StrCat(good, "\xc0"), ""},
        {"TrailingCopy", absl::StrCat(good, good), ""},
        {"MapOf4Gib", std::string("\xdf\xff\xff\xff\xff", 5), ""},
        {"ListOf4Gib", std::string("\xdd\xff\xff\xff\xff", 5), ""},
        {"TextOf4Gib", std::string("\xdb\xff\xff\xff\xff", 5), ""},
        {"DeepLists", Repeated("\x91", 1 << 20), ""},
        {"DeepMaps", Repeated(std::string("\x81\xa1x", 3), 300000), ""},
        {"UnknownExtension", WithNumber(std::string("\xd4\x63\x00", 3)), ""},
        {"HugeRefinements",
         WithNumber(absl::StrCat(std::string("\xc8\xff\xff\x0c", 4), std::string(65535, '\xc0'))), ""},
        {"TextForANumber", WithNumber(Text("many")), ""},
        {"ListForANumber", WithNumber("\x90"), ""},
        {"NotANumber", WithNumber(std::string("\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00", 9)), ""},
        {"Infinity", WithNumber(std::string("\xcb\x7f\xf0\x00\x00\x00\x00\x00\x00", 9)), ""},
        {"NumberOutOfRange", WithNumber("\x0b"), "consistency_reads"},
        {"AFraction", WithNumber(Text("1.5")), "consistency_reads"},
        {"MemberMissing", absl::StrReplaceAll(good, {{absl::StrCat(Text("consistency_reads"), "\xc0"), ""}}),
         ""},
        {"MemberUnknown", absl::StrReplaceAll(good, {{Text("consistency_reads"), Text("consistency_tears")}}),
         ""},
        {"MemberTwice", absl::StrReplaceAll(good, {{Text("on_disagreement"), Text("config_context")}}), ""},
        {"MemberNameNotUtf8",
         absl::StrReplaceAll(good, {{Text("on_disagreement"), Text("on_disagreemen\xff")}}), ""},
        {"TextNotUtf8",
         absl::StrReplaceAll(good, {{absl::StrCat(Text("config_context"), "\xc0"),
                                     absl::StrCat(Text("config_context"), Text("a\xff"))}}),
         ""},
        {"MemberNameANumber", absl::StrReplaceAll(good, {{Text("on_disagreement"), "\x07"}}), ""},
        {"ComputedValueSet",
         absl::StrReplaceAll(good,
                             {{absl::StrCat(Text("json"), "\xc0"), absl::StrCat(Text("json"), Text("{}"))}}),
         "json is decided by the provider"},
        {"TextWithControls",
         absl::StrReplaceAll(good, {{absl::StrCat(Text("on_disagreement"), "\xc0"),
                                     absl::StrCat(Text("on_disagreement"), Text("\x1b[31m\nError"))}}),
         "on_disagreement"},
    };
  }();
  return *rows;
}

void ExpectOneProperError(const Diagnostics& diagnostics, const std::string& expect) {
  ASSERT_EQ(diagnostics.size(), 1U);
  const std::string text = absl::StrCat(diagnostics[0].summary(), ": ", diagnostics[0].detail());
  EXPECT_EQ(diagnostics[0].severity(), Diagnostic::ERROR);
  EXPECT_LE(text.size(), 1500U);
  for (const char c : text) ASSERT_GE(static_cast<unsigned char>(c), 0x20U) << text;
  EXPECT_THAT(text, HasSubstr(expect));
  if (std::getenv("FAULT_TABLE_PRINT") != nullptr) std::printf("%s\n", text.c_str());
}

class WireCall : public ::testing::Test {
 protected:
  // Something to read: the message must not depend on the server.
  void SetUp() override {
    const Diagnostics diagnostics = plugin_.Configure(ObjectOf(plugin_.provider_type(), stage_.provider));
    ASSERT_EQ(diagnostics.size(), 0U);
  }
  void TearDown() override {
    ASSERT_TRUE(plugin_.IsAlive());
    // Again, because a test may have spoilt the configuration.
    EXPECT_EQ(plugin_.Configure(ObjectOf(plugin_.provider_type(), stage_.provider)).size(), 0U);
    const ReadOutcome read = plugin_.Read("k8soidc_jwks", ObjectOf(plugin_.read_type("k8soidc_jwks"), {}));
    EXPECT_EQ(read.diagnostics.size(), 0U);
    EXPECT_EQ(read.json, GoodJson());
  }

  PluginUnderTest& plugin_ = PluginUnderTest::Get();
  Stage stage_;
  RawServer& server_ = stage_.Serve(AnswerAlways(OkAnswer(GoodKeys())));
};

class Wire : public WireCall, public ::testing::WithParamInterface<size_t> {};

TEST_P(Wire, IsToldAndSurvived) {
  const Row& row = Rows()[GetParam()];
  SCOPED_TRACE(row.name);
  plugin_.ForgetPeak();
  const long resident = plugin_.ResidentKib();
  tfplugin6::ReadDataSource::Request request;
  request.set_type_name("k8soidc_jwks");
  request.mutable_config()->set_msgpack(row.msgpack);
  tfplugin6::ReadDataSource::Response response;
  grpc::ClientContext context;
  const grpc::Status status = plugin_.stub().ReadDataSource(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(response.has_state());
  ExpectOneProperError({response.diagnostics().begin(), response.diagnostics().end()}, row.expect);
  if (!HasSanitizer()) {
    EXPECT_LE(plugin_.PeakKib() - resident, 32 * 1024);
  }
}

// As many as there are rows; what is in them needs the plugin's schema.
INSTANTIATE_TEST_SUITE_P(Fault, Wire, ::testing::Range<size_t>(0, 29));

TEST_F(WireCall, TheTableIsWhole) { EXPECT_EQ(Rows().size(), 29U); }

TEST_F(WireCall, ADataSourceNobodyOffers) {
  for (const std::string& name : {std::string("k8soidc_nothing"), std::string(),
                                  std::string("k8soidc_jwks\n\x1b[31m"), std::string(100000, 'x')}) {
    tfplugin6::ReadDataSource::Request request;
    request.set_type_name(name);
    request.mutable_config()->set_msgpack(GoodConfig());
    tfplugin6::ReadDataSource::Response response;
    grpc::ClientContext context;
    ASSERT_TRUE(plugin_.stub().ReadDataSource(&context, request, &response).ok());
    ExpectOneProperError({response.diagnostics().begin(), response.diagnostics().end()},
                         "k8soidc has no data source");
  }
}

TEST_F(WireCall, NeitherMsgpackNorJson) {
  tfplugin6::ReadDataSource::Request request;
  request.set_type_name("k8soidc_jwks");
  tfplugin6::ReadDataSource::Response response;
  grpc::ClientContext context;
  ASSERT_TRUE(plugin_.stub().ReadDataSource(&context, request, &response).ok());
  ExpectOneProperError({response.diagnostics().begin(), response.diagnostics().end()}, "");
}

TEST_F(WireCall, JsonThatIsNone) {
  for (const std::string& json : {std::string("{"), std::string("[]"), std::string("{\"url\":{}}"),
                                  std::string(100000, '['), std::string("{\"a\":1,\"a\":2}")}) {
    tfplugin6::ReadDataSource::Request request;
    request.set_type_name("k8soidc_jwks");
    request.mutable_config()->set_json(json);
    tfplugin6::ReadDataSource::Response response;
    grpc::ClientContext context;
    ASSERT_TRUE(plugin_.stub().ReadDataSource(&context, request, &response).ok());
    ExpectOneProperError({response.diagnostics().begin(), response.diagnostics().end()}, "");
  }
}

TEST_F(WireCall, AProviderBlockThatIsNone) {
  for (const std::string& msgpack :
       {std::string(), std::string("\xc0"), std::string("\x80"), std::string(100, '\xc1')}) {
    tfplugin6::ConfigureProvider::Request request;
    request.mutable_config()->set_msgpack(msgpack);
    tfplugin6::ConfigureProvider::Response response;
    grpc::ClientContext context;
    ASSERT_TRUE(plugin_.stub().ConfigureProvider(&context, request, &response).ok());
    ExpectOneProperError({response.diagnostics().begin(), response.diagnostics().end()}, "");
  }
}

// What is wrong with a value is said the same way over the older protocol.
TEST(WireProtocol5, SaysTheSame) {
  auto options = PluginOptions();
  options.environment["PLUGIN_PROTOCOL_VERSIONS"] = "5";
  tfsdk::testing::PluginHost host(options);
  ASSERT_TRUE(host.Start().ok()) << host.Stderr();
  const auto stub = tfplugin5::Provider::NewStub(host.Connect());
  for (const std::string& msgpack :
       {std::string("\x80"), std::string(200, '\xc1'), GoodConfig().substr(0, 40)}) {
    tfplugin5::ReadDataSource::Request request;
    request.set_type_name("k8soidc_jwks");
    request.mutable_config()->set_msgpack(msgpack);
    tfplugin5::ReadDataSource::Response response;
    grpc::ClientContext context;
    ASSERT_TRUE(stub->ReadDataSource(&context, request, &response).ok());
    ASSERT_EQ(response.diagnostics_size(), 1);
    EXPECT_EQ(response.diagnostics(0).severity(), tfplugin5::Diagnostic::ERROR);
  }
  EXPECT_TRUE(host.Shutdown().ok());
  EXPECT_EQ(host.Wait(), 0);
}

}  // namespace
}  // namespace k8soidc::faults
