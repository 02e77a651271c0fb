#pragma once

// The handshake of go-plugin, as pure functions: what the host put into the environment, and the one line the
// plugin answers with on stdout. Which host sends what, and why, is in the comments of each field.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tfsdk::plugin {

// Reads one environment variable; null when it is not set.
using GetEnv = std::function<const char*(const char*)>;

enum class Network { kUnix, kTcp };

// Proof that a host, not a person, started the program. No security: every host knows the value.
struct MagicCookie {
  std::string name;
  std::string value;
};

bool HasCookie(const MagicCookie& cookie, const GetEnv& getenv);

// What the host asked for. Everything is optional.
struct HostEnvironment {
  // PLUGIN_PROTOCOL_VERSIONS, in the host's (random) order. Entries that are no number are left out.
  std::vector<int> versions;

  // PLUGIN_CLIENT_CERT: the host's certificate, PEM. When it is set the plugin must serve TLS and trust
  // nothing else; when not, it serves plaintext.
  std::string client_certificate;

  // PLUGIN_UNIX_SOCKET_DIR: where the socket must be. Empty: anywhere.
  std::string socket_directory;

  // PLUGIN_UNIX_SOCKET_GROUP: a name or a number; the group that may use the socket. Empty: only this user.
  std::string socket_group;

  // PLUGIN_MULTIPLEX_GRPC: the host understands a seventh field.
  bool multiplexing_offered = false;
};

HostEnvironment ReadHostEnvironment(const GetEnv& getenv);

// PLUGIN_MIN_PORT and PLUGIN_MAX_PORT, both ends included: where a TCP server may listen. Hosts always set
// them, and they mean nothing to a Unix socket. 0 and 0 (any port) when neither is set; InvalidArgument when
// one is no port or the range is empty.
absl::StatusOr<std::pair<int, int>> ReadPortRange(const GetEnv& getenv);

// The highest version both sides have. When there is none, ours with the lowest number: the host then reports
// the mismatch in words of its own. `ours` must not be empty.
int ChooseVersion(const std::vector<int>& host, const std::vector<int>& ours);

// The handshake line, newline included:
//
//   1|<version>|unix|<path>|grpc|<certificate>
//
// `certificate` is the server's certificate as DER, empty without TLS; it is written as base64 without
// padding, which Go insists on. A seventh field, "false" (no multiplexing here), follows only where the host
// announced that it knows it: older ones would read it as part of the certificate.
std::string HandshakeLine(int version, Network network, absl::string_view address,
                          absl::string_view certificate, bool multiplexing_offered);

}  // namespace tfsdk::plugin
