#pragma once

// What can be wrong with an answer, on request.

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace devcluster {

// One order to misbehave. Several members may be set at once: a slow, truncated 503, say.
struct Fault {
  std::string description;     // As it was asked for; for `state`.
  std::string target = "all";  // "discovery", "keys" or "all"
  int times = -1;              // So many requests (or connections, for TLS), then no more; -1: until cleared.
  int status = 0;              // 0: as it would have been.
  std::string body;            // A name from bodies.h; empty: as it would have been.
  std::string text;            // The body itself; used when has_text.
  bool has_text = false;
  std::string content_type;  // Empty: as it would have been.
  int delay_ms = 0;          // Before the answer starts.
  int drip_ms = 0;           // Pause after every 16 bytes of the body.
  int truncate = -1;  // The length is announced in full, so many bytes are sent, and the connection closed.
  long size = 0;      // The body is filled up with spaces to so many bytes.
  std::string redirect;  // Location of a 302.
  std::string encoding;  // Content-Encoding; the body is left as it is.
  std::string header;    // One more, "Name: value".
  bool chunked = false;  // No Content-Length.
  bool close = false;    // The connection is closed instead of an answer.
  std::string tls;       // A name from kTlsFaults; then nothing else counts.
};

inline constexpr char kTlsFaults[] = "other-ca expired not-yet-valid wrong-name cn-only fail close stall";

// One line of help per member.
extern const char kFaultHelp[];

// From "name=value" pairs, e.g. {"body": "html", "times": "1"}. InvalidArgument names what is not understood.
absl::StatusOr<Fault> ParseFault(const std::multimap<std::string, std::string>& parameters);

}  // namespace devcluster
