#include "admin.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace devcluster {

const char kVerbHelp[] =
    "  state                       keys, settings, the fault there is\n"
    "  fault NAME=VALUE…           the next answers are wrong, see below; replaces the fault before\n"
    "  clear                       no fault any more\n"
    "  rotate [kind=K] [replica=N] a new key takes the place of the oldest; with replica, only that one "
    "knows\n"
    "  add kind=K [replica=N]      one more key\n"
    "  remove kid=KID              one key less\n"
    "  set NAME=VALUE…             replica=N: replica N answers (0 writes like a real API server; others "
    "order, space and\n"
    "                              escape the same content in other ways); replicas=N: connection i is "
    "answered by\n"
    "                              replica i modulo N; anonymous=forbidden|off|allowed: 403, 401 or an "
    "answer for requests\n"
    "                              without credentials; issuer=URL; jwks_uri=URL\n"
    "  requests [forget=1]         the requests seen so far; no credential is shown\n";

AdminServer::AdminServer(Cluster& cluster) : cluster_(cluster) {
  const auto handle = [this](const httplib::Request& request, httplib::Response& response) {
    const absl::StatusOr<std::string> said = Obey(request.path.substr(1), request);
    response.status = said.ok() ? 200 : 400;
    response.set_content(absl::StrCat(said.ok() ? *said : std::string(said.status().message()), "\n"),
                         "text/plain");
  };
  server_.Get("/state", handle);
  server_.Get("/requests", handle);
  server_.Post("/.*", handle);
}

int AdminServer::Bind(int port) {
  if (port == 0) return server_.bind_to_any_port("127.0.0.1");
  return server_.bind_to_port("127.0.0.1", port) ? port : -1;
}

absl::StatusOr<std::string> AdminServer::Obey(const std::string& verb, const httplib::Request& request) {
  const auto parameter = [&request](const char* name) {
    return request.has_param(name) ? request.get_param_value(name) : std::string();
  };
  int replica = -1;
  if (verb == "rotate" || verb == "add") {
    const std::string text = parameter("replica");
    if (!text.empty() && (!absl::SimpleAtoi(text, &replica) || replica < 0 || replica > 9)) {
      return absl::InvalidArgumentError("replica is a number from 0 to 9");
    }
  }
  absl::Status status;
  if (verb == "state") return cluster_.State().dump(2);
  if (verb == "requests") return cluster_.Requests(parameter("forget") == "1").dump(1);
  if (verb == "clear") {
    cluster_.ClearFault();
  } else if (verb == "fault") {
    absl::StatusOr<Fault> fault = ParseFault(request.params);
    if (!fault.ok()) return fault.status();
    if (fault->body == "posted") {
      fault->text = request.body;
      fault->has_text = true;
    }
    cluster_.SetFault(*std::move(fault));
  } else if (verb == "rotate") {
    status = cluster_.Rotate(parameter("kind"), replica);
  } else if (verb == "add") {
    status = cluster_.Add(parameter("kind"), replica);
  } else if (verb == "remove") {
    status = cluster_.Remove(parameter("kid"));
  } else if (verb == "set") {
    for (const auto& [name, value] : request.params) {
      if (status.ok()) status = cluster_.Set(name, value);
    }
  } else {
    return absl::InvalidArgumentError(absl::StrCat("There is no verb ", verb, ". There are:\n", kVerbHelp));
  }
  if (!status.ok()) return status;
  return "done";
}

absl::StatusOr<std::string> Tell(const std::string& url, const std::string& verb,
                                 const std::multimap<std::string, std::string>& parameters) {
  httplib::Client client(url);
  const httplib::Params query(parameters.begin(), parameters.end());
  const std::string path = httplib::append_query_params(absl::StrCat("/", verb), query);
  const httplib::Result result = client.Post(path, "", "text/plain");
  if (!result)
    return absl::UnavailableError(absl::StrCat("no answer from ", url, ": is the devcluster running?"));
  if (result->status != 200) return absl::InvalidArgumentError(result->body);
  return result->body;
}

}  // namespace devcluster
