#include "faults/fault_driver.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "faults/leak.h"
#include "faults/plugin_under_test.h"

namespace k8soidc::faults {
namespace {

using tfsdk::Type;
using tfsdk::Value;

// A case may take this much longer than its deadline (G10).
constexpr absl::Duration kGrace = absl::Seconds(1);
// Connections, threads and children may take this long to go away when the read is over.
constexpr absl::Duration kSettling = absl::Seconds(3);
// gRPC's own: a poller comes and goes, and so does its event descriptor.
constexpr int kGrpcSlack = 2;
constexpr size_t kLongestMessage = 1500;
constexpr int kBodyCapMib = 1;

std::string FileText(const std::string& name) {
  std::ifstream in(absl::StrCat(TEST_DATA_DIR, "/jwks/", name));
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::vector<std::string>& Secrets() {
  static const auto* const secrets = [] {
    auto* const made = new std::vector<std::string>{kToken, kPassword, kBodySecret, kProxySecret};
    // A line from the middle of the key: its first bytes are the same for all keys.
    made->push_back(ClientIdentity().key.substr(100, 40));
    return made;
  }();
  return *secrets;
}

std::string TextOf(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& one : diagnostics) absl::StrAppend(&text, one.summary(), ": ", one.detail(), "\n");
  return text;
}

Diagnostics ErrorsIn(const Diagnostics& diagnostics) {
  Diagnostics errors;
  for (const Diagnostic& one : diagnostics) {
    if (one.severity() == Diagnostic::ERROR) errors.push_back(one);
  }
  return errors;
}

// What every message promises, whatever it says (reliability.md 5.5).
void ExpectProperMessage(const Diagnostic& diagnostic) {
  for (const std::string& text : {diagnostic.summary(), diagnostic.detail()}) {
    EXPECT_FALSE(text.empty());
    EXPECT_LE(text.size(), kLongestMessage) << text;
    for (const char c : text) {
      if (absl::ascii_isprint(static_cast<unsigned char>(c))) continue;
      ADD_FAILURE() << "byte " << static_cast<int>(static_cast<unsigned char>(c)) << " in: " << text;
      break;
    }
  }
  EXPECT_FALSE(absl::EndsWith(diagnostic.summary(), ".")) << diagnostic.summary();
}

// Waits for the plugin to hold no more than `before`.
void ExpectBackTo(const Holdings& before, const PluginUnderTest& plugin) {
  const absl::Time end = absl::Now() + kSettling;
  Holdings now;
  while (true) {
    now = plugin.Count();
    const bool settled = now.descriptors <= before.descriptors + kGrpcSlack &&
                         now.threads <= before.threads + kGrpcSlack && now.children <= before.children;
    if (settled) return;
    if (absl::Now() > end) break;
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_LE(now.descriptors, before.descriptors + kGrpcSlack) << "descriptors are left";
  EXPECT_LE(now.threads, before.threads + kGrpcSlack) << "threads are left";
  EXPECT_LE(now.children, before.children) << "children are left";
}

// The healthy cluster that all cases end with, and what the plugin holds after a read of it.
class Healthy {
 public:
  static Healthy& Get() {
    static auto* const healthy = new Healthy;
    return *healthy;
  }

  void ExpectRead(PluginUnderTest& plugin) {
    Settings settings = Stage().provider;
    settings.insert_or_assign("host", Value::String(server_.url("")));
    const Diagnostics configured = plugin.Configure(ObjectOf(plugin.provider_type(), settings));
    EXPECT_EQ(configured.size(), 0U) << TextOf(configured);
    const ReadOutcome read = plugin.Read("k8soidc_jwks", ObjectOf(plugin.read_type("k8soidc_jwks"), {}));
    EXPECT_EQ(read.diagnostics.size(), 0U) << TextOf(read.diagnostics);
    EXPECT_EQ(read.json, GoodJson()) << "the read after the fault has other keys";
  }

  // After a few reads, so that what is made once is there.
  const Holdings& HoldingsOf(PluginUnderTest& plugin) {
    if (plugin.host().pid() == pid_) return holdings_;
    for (int i = 0; i < 3; ++i) ExpectRead(plugin);
    pid_ = plugin.host().pid();
    holdings_ = plugin.Count();
    return holdings_;
  }

 private:
  RawServer server_{GoodServer(), AnswerAlways(OkAnswer(GoodKeys()))};
  pid_t pid_ = -1;
  Holdings holdings_;
};

// Configures and reads as the stage says: what comes of it, from whichever of the two calls failed.
ReadOutcome Play(const FaultCase& fault, const Stage& stage, PluginUnderTest& plugin) {
  ReadOutcome outcome;
  outcome.diagnostics = plugin.Configure(ObjectOf(plugin.provider_type(), stage.provider));
  if (!ErrorsIn(outcome.diagnostics).empty()) return outcome;
  ReadOutcome read =
      plugin.Read(fault.data_source, ObjectOf(plugin.read_type(fault.data_source), stage.read));
  read.diagnostics.insert(read.diagnostics.begin(), outcome.diagnostics.begin(), outcome.diagnostics.end());
  return read;
}

void ExpectOutcome(const FaultCase& fault, const ReadOutcome& outcome) {
  const Diagnostics errors = ErrorsIn(outcome.diagnostics);
  if (fault.expect.empty()) {
    EXPECT_EQ(errors.size(), 0U) << TextOf(errors);
    if (fault.data_source == "k8soidc_jwks" && !fault.other_keys) {
      EXPECT_EQ(outcome.json, GoodJson());
    }
    return;
  }
  ASSERT_EQ(errors.size(), 1U) << TextOf(outcome.diagnostics);
  for (const std::string& words : fault.expect) EXPECT_THAT(errors[0].detail(), ::testing::HasSubstr(words));
  EXPECT_THAT(errors[0].summary(),
              ::testing::AnyOf("Cannot configure provider k8soidc", "Cannot read " + fault.data_source,
                               ::testing::StartsWith("Invalid ")));
  EXPECT_EQ(outcome.json, "") << "an error, and yet a result";
}

}  // namespace

const TestAuthority& Authority() {
  static const auto* const authority = new TestAuthority("cluster CA");
  return *authority;
}

RawServerOptions GoodServer() {
  static const auto* const identity = new TestCertificate(
      Authority().Issue({.common_name = "good", .names = "IP:127.0.0.1,IP:::1,DNS:localhost"}));
  return {.identity = *identity};
}

const TestCertificate& ClientIdentity() {
  static const auto* const identity = new TestCertificate(Authority().Issue({.common_name = "client"}));
  return *identity;
}

const std::string& GoodKeys() {
  static const auto* const keys = new std::string(FileText("kube_apiserver_rsa.json"));
  return *keys;
}

const std::string& GoodJson() {
  static const auto* const json =
      new std::string(absl::StripTrailingAsciiWhitespace(FileText("kube_apiserver_rsa.canonical.json")));
  return *json;
}

Value ObjectOf(const Type& type, const Settings& set) {
  std::vector<Value> values;
  for (const auto& [name, inner] : type.attributes()) {
    const auto found = set.find(name);
    values.push_back(found != set.end() ? found->second : Value::Null(inner));
  }
  for (const auto& [name, value] : set) {
    bool known = false;
    for (const auto& [attribute, inner] : type.attributes()) known = known || attribute == name;
    EXPECT_TRUE(known) << "the schema has no " << name;
  }
  return Value::Object(type, std::move(values));
}

const Type& ProviderType() { return PluginUnderTest::Get().provider_type(); }

Stage::Stage() {
  Set("token", kToken);
  Set("cluster_ca_certificate", Authority().certificate());
  AllowTime(absl::Seconds(4), absl::Seconds(3));
  Retry(0);
}

void Stage::AllowTime(absl::Duration all, absl::Duration connect) {
  time_allowed_ = all;
  Set("request_timeout", absl::FormatDuration(all));
  Set("connect_timeout", absl::FormatDuration(connect));
}

RawServer& Stage::Serve(RawServer::Script script) {
  RawServer& served = ServeWith(GoodServer(), std::move(script));
  can_heal_ = servers_.size() == 1;
  return served;
}

RawServer& Stage::ServeWith(RawServerOptions options, RawServer::Script script) {
  if (!servers_.empty()) return ServeAside(std::move(options), std::move(script));
  servers_.emplace_back(std::move(options), [healed = healed_, script = std::move(script)](RawConnection& c) {
    if (*healed) return AnswerAlways(OkAnswer(GoodKeys()))(c);
    script(c);
  });
  PointAt(server().url(""));
  return server();
}

RawServer& Stage::ServeAside(RawServerOptions options, RawServer::Script script) {
  return servers_.emplace_back(std::move(options), std::move(script));
}

void Stage::UseKubeconfig(const std::string& text) {
  for (const char* name : {"host", "token", "cluster_ca_certificate"}) provider.erase(name);
  Set("kubeconfig", text);
}

RawServer::Script Sends(std::string bytes, bool then_close) {
  return [bytes = std::move(bytes), then_close](RawConnection& connection) {
    while (!connection.ReadRequest().empty()) {
      if (!connection.Send(bytes) || then_close) return;
    }
  };
}

RawServer::Script ServesBody(std::string body, absl::string_view headers) {
  return Sends(OkAnswer(body, headers), /*then_close=*/false);
}

void FaultFamily::Check(const FaultCase& fault) {
  PluginUnderTest& plugin = PluginUnderTest::Get();
  const Holdings before = Healthy::Get().HoldingsOf(plugin);
  const size_t log_start = plugin.host().Stderr().size();
  Stage stage;
  fault.prepare(stage);

  plugin.ForgetPeak();
  const long resident = plugin.ResidentKib();
  const absl::Time start = absl::Now();
  const ReadOutcome outcome = Play(fault, stage, plugin);
  const absl::Duration took = absl::Now() - start;
  ASSERT_TRUE(plugin.IsAlive()) << plugin.host().Stderr().substr(log_start);

  ExpectOutcome(fault, outcome);
  for (const Diagnostic& diagnostic : outcome.diagnostics) ExpectProperMessage(diagnostic);
  EXPECT_LE(took, stage.time_allowed() + kGrace);
  if (fault.is_timeout) {
    EXPECT_GE(took, stage.time_allowed() / 4) << "it did not wait at all";
  }
  if (!HasSanitizer()) {
    EXPECT_LE(plugin.PeakKib() - resident, (fault.megabytes + kBodyCapMib) * 1024);
  }
  if (fault.requests.has_value()) {
    EXPECT_EQ(stage.server().requests().size(), static_cast<size_t>(*fault.requests));
  }
  stage.RunChecks();

  if (stage.can_heal() && !fault.answer_is_whole) {
    stage.Heal();
    const ReadOutcome again = plugin.Read("k8soidc_jwks", ObjectOf(plugin.read_type("k8soidc_jwks"), {}));
    EXPECT_EQ(again.diagnostics.size(), 0U) << "the healed server: " << TextOf(again.diagnostics);
    EXPECT_EQ(again.json, GoodJson());
  }
  Healthy::Get().ExpectRead(plugin);
  ExpectBackTo(before, plugin);

  const std::string log = plugin.host().Stderr().substr(log_start);
  EXPECT_EQ(FindLeak(log, Secrets()), "") << log;
  EXPECT_EQ(FindLeak(TextOf(outcome.diagnostics), Secrets()), "") << TextOf(outcome.diagnostics);
  EXPECT_EQ(plugin.host().Stdout(), "");
  if (std::getenv("FAULT_TABLE_PRINT") != nullptr) {
    std::printf("%s\t%s\t%s", fault.name.c_str(),
                absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(1))).c_str(),
                outcome.diagnostics.empty() ? "(success)\n" : TextOf(outcome.diagnostics).c_str());
  }
}

std::string NameOf(const ::testing::TestParamInfo<FaultCase>& info) { return info.param.name; }

}  // namespace k8soidc::faults
