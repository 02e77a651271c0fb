#include "tfsdk/plugin/handshake.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tfsdk/internal/check.h"
#include "tfsdk/status.h"

namespace tfsdk::plugin {
namespace {

absl::string_view Get(const GetEnv& getenv, const char* name) {
  const char* value = getenv(name);
  return value == nullptr ? absl::string_view() : absl::string_view(value);
}

absl::StatusOr<int> Port(const GetEnv& getenv, const char* name) {
  const absl::string_view text = Get(getenv, name);
  int port = 0;
  if (!text.empty() && (!absl::SimpleAtoi(text, &port) || port < 0 || port > 65535)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, " must be a port number between 0 and 65535; unset it to use any port"));
  }
  return port;
}

}  // namespace

bool HasCookie(const MagicCookie& cookie, const GetEnv& getenv) {
  return Get(getenv, cookie.name.c_str()) == cookie.value;
}

HostEnvironment ReadHostEnvironment(const GetEnv& getenv) {
  HostEnvironment host;
  for (absl::string_view entry : absl::StrSplit(Get(getenv, "PLUGIN_PROTOCOL_VERSIONS"), ',')) {
    int version = 0;
    if (absl::SimpleAtoi(entry, &version)) host.versions.push_back(version);
  }
  host.client_certificate = std::string(Get(getenv, "PLUGIN_CLIENT_CERT"));
  host.socket_directory = std::string(Get(getenv, "PLUGIN_UNIX_SOCKET_DIR"));
  host.socket_group = std::string(Get(getenv, "PLUGIN_UNIX_SOCKET_GROUP"));
  host.multiplexing_offered = !Get(getenv, "PLUGIN_MULTIPLEX_GRPC").empty();
  return host;
}

absl::StatusOr<std::pair<int, int>> ReadPortRange(const GetEnv& getenv) {
  TFSDK_ASSIGN_OR_RETURN(const int first, Port(getenv, "PLUGIN_MIN_PORT"));
  TFSDK_ASSIGN_OR_RETURN(const int last, Port(getenv, "PLUGIN_MAX_PORT"));
  if (last < first) return absl::InvalidArgumentError("PLUGIN_MAX_PORT must not be below PLUGIN_MIN_PORT");
  return std::pair(first, last);
}

int ChooseVersion(const std::vector<int>& host, const std::vector<int>& ours) {
  TFSDK_CHECK(!ours.empty(), "a plugin must speak at least one protocol version");
  int best = 0;
  bool found = false;
  for (const int version : ours) {
    if (std::find(host.begin(), host.end(), version) == host.end()) continue;
    best = found ? std::max(best, version) : version;
    found = true;
  }
  return found ? best : *std::min_element(ours.begin(), ours.end());
}

std::string HandshakeLine(int version, Network network, absl::string_view address,
                          absl::string_view certificate, bool multiplexing_offered) {
  const std::string padded = absl::Base64Escape(certificate);
  absl::string_view encoded = padded;
  while (absl::ConsumeSuffix(&encoded, "=")) {
  }
  return absl::StrCat("1|", version, "|", network == Network::kUnix ? "unix" : "tcp", "|", address, "|grpc|",
                      encoded, multiplexing_offered ? "|false" : "", "\n");
}

}  // namespace tfsdk::plugin
