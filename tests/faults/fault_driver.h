#pragma once

// The fault table's driver: the provider as a process, spoken to as Terraform speaks to it, one case after the
// other. README.md in this folder says what is checked of each case.

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "support/raw_server.h"
#include "support/temporary_directory.h"
#include "support/test_certificates.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace k8soidc::faults {

// What must never show in a message or in the log, in whatever spelling.
inline constexpr char kToken[] = "canary-token-4f1e9c77d0a85b26";
inline constexpr char kPassword[] = "canary-password-91c2e7b3d6f04a58";
inline constexpr char kBodySecret[] = "canary-body-2d7b60e1f9c3a854";
inline constexpr char kProxySecret[] = "canary-proxy-c08f3a61e5d29b74";
// In PEM a key is recognized by its text. Made once.
const TestCertificate& ClientIdentity();

using Settings = std::map<std::string, tfsdk::Value>;

// A key set as a real API server serves it, and the `json` that must come of it.
const std::string& GoodKeys();
const std::string& GoodJson();
// The authority of all servers that are no TLS fault. Made once.
const TestAuthority& Authority();
// A good server's certificate for 127.0.0.1, ::1 and localhost.
RawServerOptions GoodServer();

// An object of `type`, null but where `set` says; blocks that are lists or sets are empty.
tfsdk::Value ObjectOf(const tfsdk::Type& type, const Settings& set);
// The provider block's type, as the plugin's schema has it.
const tfsdk::Type& ProviderType();

// What one case sets up: servers and files, alive until the case is over, and what is configured.
class Stage {
 public:
  // A server that misbehaves by `script`, until Heal(): then it answers with the good keys. The first one is
  // what the provider is pointed at.
  RawServer& Serve(RawServer::Script script);
  // With another identity or protocol, or a script that answers for another server, it cannot heal.
  RawServer& ServeWith(RawServerOptions options, RawServer::Script script);
  // A further server with the good identity; the provider is not pointed at it.
  RawServer& ServeAside(RawServerOptions options, RawServer::Script script);

  void PointAt(const std::string& host) { provider.insert_or_assign("host", tfsdk::Value::String(host)); }
  void Set(const std::string& name, const std::string& text) {
    provider.insert_or_assign(name, tfsdk::Value::String(text));
  }
  void Unset(const std::string& name) { provider.erase(name); }
  // Every credential and the host go, and the text of a kubeconfig comes.
  void UseKubeconfig(const std::string& text);
  void AllowTime(absl::Duration all, absl::Duration connect);
  void Retry(int times) { provider.insert_or_assign("max_retries", tfsdk::Value::Number(times)); }

  RawServer& server() { return servers_.front(); }
  const TemporaryDirectory& directory() const { return directory_; }
  bool can_heal() const { return can_heal_; }
  void Heal() { *healed_ = true; }
  absl::Duration time_allowed() const { return time_allowed_; }
  // Called when the case is over, for what only the case knows.
  void AtEnd(std::function<void()> check) { checks_.push_back(std::move(check)); }
  void RunChecks() const {
    for (const auto& check : checks_) check();
  }
  // Keeps something until the case is over.
  void Keep(std::shared_ptr<void> thing) { kept_.push_back(std::move(thing)); }

  Stage();
  Settings provider;
  Settings read;

 private:
  TemporaryDirectory directory_;
  std::shared_ptr<std::atomic<bool>> healed_ = std::make_shared<std::atomic<bool>>(false);
  bool can_heal_ = false;
  absl::Duration time_allowed_;
  std::vector<std::function<void()>> checks_;
  std::vector<std::shared_ptr<void>> kept_;
  std::list<RawServer> servers_;
};

struct FaultCase {
  // Letters, digits and underscores; unique in its family.
  std::string name;
  std::function<void(Stage&)> prepare;
  // What the one error says, in parts. None: the read succeeds, with the good keys from k8soidc_jwks.
  std::vector<std::string> expect = {};
  // It takes all the time it was given.
  bool is_timeout = false;
  std::string data_source = "k8soidc_jwks";
  // How many requests the first server has seen at the end of the faulty read.
  std::optional<int> requests = {};
  // What the process may need for the case, on top of the 1 MiB body.
  int megabytes = 8;
  // The server's answer comes whole, whatever it holds: all reads of one configuration share it, and asking again
  // would change nothing.
  bool answer_is_whole = false;
  // The good keys do not come out of a success: the case says itself what does.
  bool other_keys = false;

  // For GoogleTest's own messages.
  friend void PrintTo(const FaultCase& fault, std::ostream* out) { *out << fault.name; }
};

// A suite of cases against one plugin process, which all suites of a run share.
class FaultFamily : public ::testing::TestWithParam<FaultCase> {
 protected:
  void Check(const FaultCase& fault);
};

std::string NameOf(const ::testing::TestParamInfo<FaultCase>& info);

// One suite. `cases` is evaluated once, when the program starts: nothing in it may listen or write.
#define FAULT_FAMILY(family, cases)                        \
  class family : public FaultFamily {};                    \
  TEST_P(family, IsToldAndSurvived) { Check(GetParam()); } \
  INSTANTIATE_TEST_SUITE_P(Fault, family, ::testing::ValuesIn(cases), NameOf)

// A script: reads one request, sends `bytes`, and closes when `then_close`; else waits for the next.
RawServer::Script Sends(std::string bytes, bool then_close = true);
// The same for a body in a proper answer.
RawServer::Script ServesBody(std::string body, absl::string_view headers = {});

}  // namespace k8soidc::faults
