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
  int count = 1;
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
      "  --count N            N clusters in one process, each with its own authority, keys and users, in the "
      "folders\n"
      "                       DIR/cluster-0, cluster-1 …; DIR/kubeconfig has a context of that name for "
      "each\n"
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
    } else if (name == "--count") {
      if (!absl::SimpleAtoi(value, &options.count) || options.count < 1 || options.count > 200) {
        return absl::InvalidArgumentError("--count is a number from 1 to 200");
      }
    } else {
      return absl::InvalidArgumentError(absl::StrCat("there is no option ", name));
    }
  }
  if (options.count > 1 && (options.port != 0 || options.admin_port != 0)) {
    return absl::InvalidArgumentError("with --count, the ports cannot be chosen");
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

// One cluster and what serves it. Not movable: the servers hold references to the rest.
struct Server {
  Server(std::unique_ptr<Cluster> its_cluster, int workers)
      : cluster(std::move(its_cluster)), api(*cluster, authority, other, workers), admin(*cluster) {}

  std::unique_ptr<Cluster> cluster;
  Authority authority{"devcluster CA"};
  Authority other{"another CA"};
  ApiServer api;
  AdminServer admin;
  std::string admin_url;
};

// Listens, and writes the files of one cluster; nothing is served yet.
absl::StatusOr<std::unique_ptr<Server>> Start(const Options& options, const std::string& folder) {
  absl::StatusOr<std::unique_ptr<Cluster>> cluster = Cluster::Create(options.keys);
  if (!cluster.ok()) return cluster.status();
  // A connection that is kept alive keeps its worker.
  auto server = std::make_unique<Server>(*std::move(cluster), options.count == 1 ? 48 : 16);
  const int port = server->api.Bind(options.port);
  const int admin_port = server->admin.Bind(options.admin_port);
  if (port <= 0 || admin_port <= 0) {
    return absl::UnavailableError("cannot listen on 127.0.0.1: is the port taken?");
  }
  server->cluster->SetUrl(absl::StrCat("https://127.0.0.1:", port));
  server->admin_url = absl::StrCat("http://127.0.0.1:", admin_port);
  if (absl::Status written =
          WriteFiles(folder, *server->cluster, server->authority, server->other, server->admin_url);
      !written.ok()) {
    return written;
  }
  return server;
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

  std::vector<std::unique_ptr<Server>> servers;
  std::vector<std::string> folders;
  for (int i = 0; i < options.count; ++i) {
    folders.push_back(options.count == 1 ? options.folder : absl::StrCat(options.folder, "/cluster-", i));
    absl::StatusOr<std::unique_ptr<Server>> server = Start(options, folders.back());
    if (!server.ok()) return Fail(std::string(server.status().message()));
    servers.push_back(*std::move(server));
  }
  if (options.count > 1) {
    std::vector<const Cluster*> clusters;
    for (const auto& server : servers) clusters.push_back(server->cluster.get());
    if (absl::Status written = WriteFleet(options.folder, clusters); !written.ok()) {
      return Fail(std::string(written.message()));
    }
  }
  for (const auto& server : servers) {
    std::thread([&api = server->api] { api.Run(); }).detach();
    std::thread([&admin = server->admin] { admin.Run(); }).detach();
  }
  std::cout << "ready: " << servers.front()->cluster->Url() << " admin " << servers.front()->admin_url
            << " files " << options.folder << std::endl;
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
