// Reads the discovery document and the signing keys of every context of a kubeconfig, and prints what that cost: the
// same work as tests/bench/reads/main.go does over client-go. tests/bench/reads.py runs the two side by side.
//
//   bench_reads KUBECONFIG WORKERS

#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "http/curl_transport.h"
#include "json/strict_json.h"
#include "kube/client.h"
#include "kube/kubeconfig.h"
#include "kube/kubeconfig_files.h"

namespace k8soidc {
namespace {

double Milliseconds(const timeval& time) { return time.tv_sec * 1e3 + time.tv_usec / 1e3; }

int Main(const std::string& file, int workers) {
  const auto start = std::chrono::steady_clock::now();
  const kube::Environment environment;
  const auto config =
      kube::LoadKubeconfigs({file}, kube::MissingFiles::kAreAnError, "KUBECONFIG", environment);
  if (!config.ok()) return std::fprintf(stderr, "%s\n", config.status().ToString().c_str()), 1;
  std::vector<std::string> contexts;
  for (const auto& [name, context] : config->contexts) contexts.push_back(name);

  kube::ConnectionOptions options;
  options.config_path = file;
  kube::Client client(http::MakeCurlTransport({}), options, environment);
  std::atomic<size_t> next = 0;
  std::atomic<bool> failed = false;
  const size_t reads = 2 * contexts.size();
  const auto work = [&] {
    for (size_t i = next++; i < reads && !failed; i = next++) {
      const std::string& context = contexts[i / 2];
      const auto body = i % 2 == 0 ? client.ReadDiscovery({}, context) : client.ReadKeys({}, context, false);
      if (body.ok() && json::Parse(*body).ok()) continue;
      std::fprintf(stderr, "%s: %s\n", context.c_str(), body.status().ToString().c_str());
      failed = true;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < workers; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
  if (failed) return 1;

  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - start;
  std::printf("{\"reads\": %zu, \"cpu_ms\": %.3f, \"wall_ms\": %.3f, \"max_rss_kib\": %ld}\n", reads,
              Milliseconds(usage.ru_utime) + Milliseconds(usage.ru_stime), wall.count(), usage.ru_maxrss);
  return 0;
}

}  // namespace
}  // namespace k8soidc

int main(int argc, char** argv) {
  int workers = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[2], &workers)) {
    std::fputs("usage: bench_reads KUBECONFIG WORKERS\n", stderr);
    return 2;
  }
  return k8soidc::Main(argv[1], workers);
}
