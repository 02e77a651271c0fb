// Calls at the wrong time: before the configuration, twice, after a stop, while something else runs. A stop ends every
// phase of a read within a second, and the read after it works.

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "faults/fault_driver.h"
#include "faults/plugin_under_test.h"

namespace k8soidc::faults {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kStopBound = absl::Seconds(1);

// A plugin of its own for each test: what is tested is how it begins and ends.
class Lifecycle : public ::testing::Test {
 protected:
  void Configure(Stage& stage) {
    stage.AllowTime(absl::Seconds(30), absl::Seconds(30));
    const Diagnostics diagnostics = plugin_.Configure(ObjectOf(plugin_.provider_type(), stage.provider));
    ASSERT_EQ(diagnostics.size(), 0U) << diagnostics[0].detail();
  }
  ReadOutcome Read() { return plugin_.Read("k8soidc_jwks", ObjectOf(plugin_.read_type("k8soidc_jwks"), {})); }
  void ExpectGoodRead() {
    Stage good;
    good.Serve(AnswerAlways(OkAnswer(GoodKeys())));
    Configure(good);
    const ReadOutcome read = Read();
    EXPECT_EQ(read.diagnostics.size(), 0U);
    EXPECT_EQ(read.json, GoodJson());
  }

  PluginUnderTest plugin_;
};

// Where a read is held up when the stop comes.
struct Phase {
  const char* name;
  std::function<void(Stage&)> prepare;
};
void PrintTo(const Phase& phase, std::ostream* out) { *out << phase.name; }

class LifecycleStop : public Lifecycle, public ::testing::WithParamInterface<Phase> {};

TEST_P(LifecycleStop, EndsTheReadWithinASecond) {
  Stage stage;
  GetParam().prepare(stage);
  Configure(stage);
  ReadOutcome outcome;
  std::atomic<bool> ended = false;
  std::thread reader([&] {
    outcome = Read();
    ended = true;
  });
  absl::SleepFor(absl::Milliseconds(300));
  EXPECT_FALSE(ended) << "the read was not held up";
  const absl::Time start = absl::Now();
  plugin_.Stop();
  reader.join();
  EXPECT_LE(absl::Now() - start, kStopBound);
  ASSERT_EQ(outcome.diagnostics.size(), 1U);
  EXPECT_THAT(outcome.diagnostics[0].detail(), HasSubstr("cancelled"));
  ExpectGoodRead();
  EXPECT_EQ(plugin_.Count().children, 0);
  EXPECT_TRUE(plugin_.Shutdown());
}

RawServer::Script StallAfter(std::string bytes) {
  return [bytes](RawConnection& connection) {
    connection.ReadRequest();
    connection.Send(bytes);
    connection.Stall();
  };
}

std::vector<Phase> Phases() {
  return {
      {"InTheHandshake", [](Stage& stage) { stage.ServeWith({.silent = true}, [](RawConnection&) {}); }},
      {"BeforeTheHeader", [](Stage& stage) { stage.Serve(StallAfter("")); }},
      {"InTheHeader", [](Stage& stage) { stage.Serve(StallAfter("HTTP/1.1 200 OK\r\nX-")); }},
      {"InTheBody",
       [](Stage& stage) { stage.Serve(StallAfter("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")); }},
      {"InABodyByDrops",
       [](Stage& stage) {
         stage.Serve([](RawConnection& connection) {
           connection.ReadRequest();
           connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n");
           connection.Drip(std::string(9999, ' '), absl::Milliseconds(20));
         });
       }},
      {"InAPauseBetweenTries",
       [](Stage& stage) {
         stage.Serve(Sends(HttpAnswer("503 Busy", "", "Retry-After: 20\r\n")));
         stage.Retry(2);
       }},
      {"InAnExecPlugin",
       [](Stage& stage) {
         stage.Serve(AnswerAlways(OkAnswer(GoodKeys())));
         stage.Unset("token");
         for (const auto& [name, type] : ProviderType().attributes()) {
           if (name != "exec") continue;
           const std::string path =
               stage.directory().Write("plugin", "#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n");
           EXPECT_EQ(chmod(path.c_str(), 0755), 0);
           stage.provider.insert_or_assign(
               name, ObjectOf(type, {{"api_version", tfsdk::Value::String("client.authentication.k8s.io/v1")},
                                     {"interactive_mode", tfsdk::Value::String("Never")},
                                     {"command", tfsdk::Value::String(path)}}));
         }
       }},
      {"InTheSecondTry",
       [](Stage& stage) {
         stage.Serve([](RawConnection& connection) {
           connection.ReadRequest();
           if (connection.number() == 1) return connection.Cut();
           connection.Stall();
         });
         stage.Retry(1);
       }},
  };
}

INSTANTIATE_TEST_SUITE_P(Fault, LifecycleStop, ::testing::ValuesIn(Phases()),
                         [](const auto& phase) { return phase.param.name; });

TEST_F(Lifecycle, AReadBeforeTheConfigurationIsAnError) {
  const ReadOutcome read = Read();
  ASSERT_EQ(read.diagnostics.size(), 1U);
  EXPECT_THAT(read.diagnostics[0].detail(), HasSubstr("The provider is not configured."));
  ExpectGoodRead();
}

TEST_F(Lifecycle, TheSecondConfigurationReplacesTheFirst) {
  Stage first;
  first.Serve(Sends(HttpAnswer("404 Not Found", "")));
  Configure(first);
  EXPECT_EQ(Read().diagnostics.size(), 1U);
  ExpectGoodRead();
  EXPECT_EQ(first.server().requests().size(), 1U);
}

TEST_F(Lifecycle, AConfigurationThatFailsLeavesNoOldOneInItsPlace) {
  ExpectGoodRead();
  Stage bad;
  bad.UseKubeconfig("not a kubeconfig");
  EXPECT_EQ(plugin_.Configure(ObjectOf(plugin_.provider_type(), bad.provider)).size(), 1U);
  EXPECT_EQ(Read().diagnostics.size(), 1U) << "read with the configuration before";
}

TEST_F(Lifecycle, TwoStopsAreAsGoodAsOne) {
  Stage stage;
  stage.Serve(StallAfter(""));
  Configure(stage);
  ReadOutcome outcome;
  std::thread reader([&] { outcome = Read(); });
  absl::SleepFor(absl::Milliseconds(200));
  plugin_.Stop();
  plugin_.Stop();
  reader.join();
  ASSERT_EQ(outcome.diagnostics.size(), 1U);
  ExpectGoodRead();
}

TEST_F(Lifecycle, AStopWithNothingToStop) {
  plugin_.Stop();
  ExpectGoodRead();
  plugin_.Stop();
  ExpectGoodRead();
}

TEST_F(Lifecycle, SixtyFourReadsThatAreStoppedTogether) {
  Stage stage;
  stage.Serve(StallAfter(""));
  Configure(stage);
  const Holdings before = plugin_.Count();
  std::atomic<int> cancelled = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < 64; ++i) {
    readers.emplace_back([&] {
      const ReadOutcome outcome = Read();
      if (outcome.diagnostics.size() == 1) ++cancelled;
    });
  }
  absl::SleepFor(absl::Milliseconds(400));
  const absl::Time start = absl::Now();
  plugin_.Stop();
  for (std::thread& reader : readers) reader.join();
  EXPECT_LE(absl::Now() - start, kStopBound);
  EXPECT_EQ(cancelled, 64);
  ExpectGoodRead();
  EXPECT_LE(plugin_.Count().descriptors, before.descriptors + 10);
}

TEST_F(Lifecycle, AHostThatHangsUpEndsItsRead) {
  Stage stage;
  stage.Serve(StallAfter(""));
  Configure(stage);
  grpc::ClientContext context;
  std::thread reader([&] {
    tfplugin6::ReadDataSource::Request request;
    request.set_type_name("k8soidc_jwks");
    request.mutable_config()->set_msgpack("\x80");
    tfplugin6::ReadDataSource::Response response;
    (void)plugin_.stub().ReadDataSource(&context, request, &response);
  });
  absl::SleepFor(absl::Milliseconds(200));
  context.TryCancel();
  reader.join();
  ExpectGoodRead();
}

TEST_F(Lifecycle, AShutdownEndsAReadAndTheProcess) {
  Stage stage;
  stage.Serve(StallAfter(""));
  Configure(stage);
  std::thread reader([&] {
    tfplugin6::ReadDataSource::Request request;
    request.set_type_name("k8soidc_jwks");
    grpc::ClientContext context;
    tfplugin6::ReadDataSource::Response response;
    (void)plugin_.stub().ReadDataSource(&context, request, &response);
  });
  absl::SleepFor(absl::Milliseconds(200));
  const absl::Time start = absl::Now();
  EXPECT_TRUE(plugin_.host().Shutdown().ok());
  EXPECT_EQ(plugin_.host().Wait(), 0);
  EXPECT_LE(absl::Now() - start, absl::Seconds(5));
  reader.join();
}

TEST_F(Lifecycle, ATermSignalEndsAReadAndTheProcess) {
  Stage stage;
  stage.Serve(StallAfter(""));
  Configure(stage);
  ReadOutcome outcome;
  std::thread reader([&] {
    grpc::ClientContext context;
    tfplugin6::ReadDataSource::Request request;
    request.set_type_name("k8soidc_jwks");
    tfplugin6::ReadDataSource::Response response;
    (void)plugin_.stub().ReadDataSource(&context, request, &response);
  });
  absl::SleepFor(absl::Milliseconds(200));
  plugin_.host().Signal(SIGTERM);
  const std::optional<int> exit = plugin_.host().Wait(std::chrono::milliseconds(7000));
  ASSERT_TRUE(exit.has_value()) << "still there seven seconds after SIGTERM";
  reader.join();
}

TEST_F(Lifecycle, AnInterruptIsTheHostsBusiness) {
  plugin_.host().Signal(SIGINT);
  ExpectGoodRead();
  EXPECT_TRUE(plugin_.Shutdown());
}

}  // namespace
}  // namespace k8soidc::faults
