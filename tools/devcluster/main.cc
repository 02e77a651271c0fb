// devcluster: a small stand-in for a Kubernetes API server, for the demo, the tests and for trying things by
// hand.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "admin.h"
#include "api.h"
#include "bodies.h"
#include "files.h"

namespace devcluster {
namespace {

struct Options {
  std::string folder;
  std::vector<std::string> keys = {"rsa2048", "p256"};
  int port = 0;
  int admin_port = 0;
  bool exit_with_parent = false;
};

std::string Help() {
  return absl::StrCat(
      "devcluster: a stand-in for a Kubernetes API server, on loopback only. It serves the OpenID Connect "
      "discovery\n"
      "document and the signing keys over TLS with an authority of its own, knows tokens, passwords and "
      "client\n"
      "certificates, and misbehaves when told to.\n\n"
      "  devcluster --dir DIR [options]            starts it; writes certificates, kubeconfigs and info.json "
      "to DIR,\n"
      "                                            prints one line that starts with `ready`, ends on SIGTERM "
      "or SIGINT\n"
      "  devcluster tell DIR VERB [NAME=VALUE…]    tells the one that was started with DIR what to do\n\n"
      "Options:\n"
      "  --keys K,K…          the signing keys to start with (default rsa2048,p256), of: ",
      kKeyKinds,
      "\n"
      "  --port N             where the API server listens (default: any free port)\n"
      "  --admin-port N       where it is told what to do: plain HTTP, POST /VERB?NAME=VALUE (default: any "
      "free port)\n"
      "  --exit-with-parent   ends when the process that started it has gone\n\n"
      "Verbs:\n",
      kVerbHelp, "\nFaults (NAME=VALUE of the verb fault; several at once if wanted):\n", kFaultHelp,
      "\nBodies for body=NAME:\n", BodyHelp(),
      "\nExample, in two terminals:\n"
      "  devcluster --dir /tmp/cluster\n"
      "  curl --cacert /tmp/cluster/ca.pem --cert /tmp/cluster/admin.crt --key /tmp/cluster/admin.key "
      "URL/openid/v1/jwks\n"
      "  devcluster tell /tmp/cluster fault body=html target=keys times=1\n");
}

int Fail(const std::string& message) {
  std::cerr << "devcluster: " << message << "\n";
  return 1;
}

absl::StatusOr<Options> ParseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--exit-with-parent") {
      options.exit_with_parent = true;
      continue;
    }
    if (i + 1 == argc)
      return absl::InvalidArgumentError(absl::StrCat(name, " is unknown or lacks its value"));
    const std::string value = argv[++i];
    if (name == "--dir") {
      options.folder = value;
    } else if (name == "--keys") {
      options.keys = absl::StrSplit(value, ',');
    } else if (name == "--port" || name == "--admin-port") {
      int& port = name == "--port" ? options.port : options.admin_port;
      if (!absl::SimpleAtoi(value, &port) || port < 0 || port > 65535) {
        return absl::InvalidArgumentError(absl::StrCat(name, " is a port number"));
      }
    } else {
      return absl::InvalidArgumentError(absl::StrCat("there is no option ", name));
    }
  }
  if (options.folder.empty()) return absl::InvalidArgumentError("--dir is missing; see devcluster --help");
  return options;
}

int TellMain(int argc, char** argv) {
  if (argc < 4) return Fail("usage: devcluster tell DIR VERB [NAME=VALUE…]");
  std::ifstream file(absl::StrCat(argv[2], "/info.json"));
  const Json info = Json::parse(file, nullptr, false);
  if (!info.is_object() || !info.contains("admin_url"))
    return Fail(absl::StrCat(argv[2], " has no info.json"));
  std::multimap<std::string, std::string> parameters;
  for (int i = 4; i < argc; ++i) {
    const std::pair<std::string, std::string> pair = absl::StrSplit(argv[i], absl::MaxSplits('=', 1));
    parameters.insert(pair);
  }
  const absl::StatusOr<std::string> said = Tell(info["admin_url"], argv[3], parameters);
  if (!said.ok()) return Fail(std::string(said.status().message()));
  std::cout << *said;
  return 0;
}

int ServeMain(const Options& options) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  // Blocked before any thread starts, so that only the sigwait below gets them.
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  if (options.exit_with_parent) prctl(PR_SET_PDEATHSIG, SIGTERM);

  absl::StatusOr<std::unique_ptr<Cluster>> cluster = Cluster::Create(options.keys);
  if (!cluster.ok()) return Fail(std::string(cluster.status().message()));
  const Authority authority("devcluster CA"), other("another CA");
  ApiServer api(**cluster, authority, other);
  AdminServer admin(**cluster);
  const int port = api.Bind(options.port);
  const int admin_port = admin.Bind(options.admin_port);
  if (port <= 0 || admin_port <= 0) return Fail("cannot listen on 127.0.0.1: is the port taken?");
  (*cluster)->SetUrl(absl::StrCat("https://127.0.0.1:", port));
  const std::string admin_url = absl::StrCat("http://127.0.0.1:", admin_port);
  if (absl::Status written = WriteFiles(options.folder, **cluster, authority, other, admin_url);
      !written.ok()) {
    return Fail(std::string(written.message()));
  }

  std::thread([&api] { api.Run(); }).detach();
  std::thread([&admin] { admin.Run(); }).detach();
  std::cout << "ready: " << (*cluster)->Url() << " admin " << admin_url << " files " << options.folder
            << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  // A connection that is being slow on purpose must not hold up the end.
  std::fflush(nullptr);
  std::_Exit(0);
}

}  // namespace
}  // namespace devcluster

int main(int argc, char** argv) {
  using namespace devcluster;
  if (argc == 2 && (std::string(argv[1]) == "--help" || std::string(argv[1]) == "-h")) {
    std::cout << Help();
    return 0;
  }
  if (argc > 1 && std::string(argv[1]) == "tell") return TellMain(argc, argv);
  const absl::StatusOr<Options> options = ParseOptions(argc, argv);
  if (!options.ok()) return Fail(std::string(options.status().message()));
  return ServeMain(*options);
}
