#pragma once

// AdminServer: plain HTTP on another loopback port, where tests and scripts tell the cluster how to behave.
//
// Every verb is a POST to /VERB?name=value&…; `state` and `requests` may be a GET. Anything wrong is answered
// 400 with a sentence. Tell() is the client for it.

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "cluster.h"
#include "httplib.h"

namespace devcluster {

class AdminServer {
 public:
  explicit AdminServer(Cluster& cluster);

  // As in ApiServer.
  int Bind(int port);
  void Run() { server_.listen_after_bind(); }
  void Stop() { server_.stop(); }

 private:
  absl::StatusOr<std::string> Obey(const std::string& verb, const httplib::Request& request);

  Cluster& cluster_;
  httplib::Server server_;
};

// One line of help per verb.
extern const char kVerbHelp[];

// Sends `verb` to the admin server at `url` and returns what it says.
absl::StatusOr<std::string> Tell(const std::string& url, const std::string& verb,
                                 const std::multimap<std::string, std::string>& parameters);

}  // namespace devcluster
