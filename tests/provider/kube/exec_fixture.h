#pragma once

// ExecTest: exec plugins as shell scripts in a temporary directory, and a look at what is left of them.

#include <dirent.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "kube/exec_plugin.h"
#include "support/fake_environment.h"
#include "support/temporary_directory.h"
#include "support/test_certificates.h"

namespace k8soidc::kube {

inline constexpr char kExecV1[] = "client.authentication.k8s.io/v1";
inline constexpr char kExecV1Beta1[] = "client.authentication.k8s.io/v1beta1";

// The names in a directory of /proc/self.
inline std::set<std::string> NamesIn(const char* directory) {
  std::set<std::string> names;
  DIR* const stream = opendir(directory);
  if (stream == nullptr) return names;
  while (const dirent* const entry = readdir(stream)) names.insert(entry->d_name);
  closedir(stream);
  return names;
}

inline std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Descriptors, threads and children of this process, zombies included.
struct OwnResources {
  size_t descriptors = NamesIn("/proc/self/fd").size();
  std::set<std::string> threads = NamesIn("/proc/self/task");
  std::set<std::string> children = Children();

  static std::set<std::string> Children() {
    std::set<std::string> children;
    for (const std::string& thread : NamesIn("/proc/self/task")) {
      const std::string list = ReadAll(absl::StrCat("/proc/self/task/", thread, "/children"));
      for (const absl::string_view child : absl::StrSplit(list, ' ', absl::SkipWhitespace())) {
        children.emplace(child);
      }
    }
    return children;
  }
  friend bool operator==(const OwnResources&, const OwnResources&) = default;
};

// Whether `condition` becomes true soon.
template <typename Condition>
bool Eventually(Condition condition) {
  for (int i = 0; i < 500; ++i) {
    if (condition()) return true;
    absl::SleepFor(absl::Milliseconds(10));
  }
  return false;
}

// Whether there is a process of that number, zombies not counted.
inline bool IsAlive(const std::string& pid) {
  const std::string status = ReadAll(absl::StrCat("/proc/", pid, "/status"));
  return !status.empty() && status.find("State:\tZ") == std::string::npos;
}

class ExecTest : public ::testing::Test {
 protected:
  void TearDown() override {
    const bool is_clean = Eventually([&] { return OwnResources() == before_; });
    const OwnResources now;
    EXPECT_TRUE(is_clean) << now.descriptors - before_.descriptors << " descriptors, "
                          << now.threads.size() - before_.threads.size() << " threads, "
                          << now.children.size() - before_.children.size() << " children are left";
  }

  // Writes an executable script; returns its path.
  std::string Script(const std::string& name, const std::string& text, mode_t mode = 0755) {
    const std::string path = directory_.Write(name, text);
    EXPECT_EQ(chmod(path.c_str(), mode), 0);
    return path;
  }

  // A plugin that is a shell script of these lines. They find the directory of the test in $DIR.
  ExecPlugin Plugin(const std::string& lines) {
    ExecPlugin plugin;
    plugin.description = "the exec plugin of user \"alice\"";
    plugin.api_version = kExecV1;
    plugin.interactive_mode = "IfAvailable";
    plugin.command = Script(absl::StrCat("plugin-", ++plugins_),
                            absl::StrCat("#!/bin/sh\nDIR='", directory_.path(), "'\n", lines, "\n"));
    return plugin;
  }

  // Lines of a script that answers with these members of status.
  static std::string Answer(const std::string& status, const std::string& api_version = kExecV1) {
    return absl::StrCat("cat <<'END_OF_ANSWER'\n{\"kind\":\"ExecCredential\",\"apiVersion\":\"", api_version,
                        "\",\"status\":{", status, "}}\nEND_OF_ANSWER");
  }

  // A line that counts the runs of a script.
  static constexpr char kCount[] = "echo run >> \"$DIR/count\"";
  int Runs() const {
    const std::string text = ReadAll(directory_.path() + "/count");
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  }

  absl::StatusOr<std::shared_ptr<const ExecCredential>> Get(const ExecPlugin& plugin,
                                                            const ExecCluster& cluster = {}) {
    return credentials_.Get(tfsdk::CancelToken(), plugin, cluster, absl::InfiniteFuture());
  }

  std::string InDirectory(const std::string& name) const { return directory_.path() + "/" + name; }

  // The first thread of a process makes ThreadSanitizer start one of its own, which is none of ours.
  static OwnResources AfterTheFirstThread() {
    std::thread([] {}).join();
    return OwnResources();
  }

  const OwnResources before_ = AfterTheFirstThread();
  const TemporaryDirectory directory_;
  ExecCredentials credentials_{FakeEnvironment({{"PATH", "/usr/bin:/bin"}})};

 private:
  int plugins_ = 0;
};

}  // namespace k8soidc::kube
