#include "faults.h"

#include <algorithm>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "bodies.h"

namespace devcluster {

const char kFaultHelp[] =
    "  target=keys|discovery|all   which answers (default all)\n"
    "  times=N              only the next N answers (default: until `clear`)\n"
    "  status=N             HTTP status\n"
    "  body=NAME            one of the bodies below, or `posted`: the body of this very admin request\n"
    "  text=TEXT            the body itself\n"
    "  type=TYPE            Content-Type\n"
    "  delay=MS             wait before answering\n"
    "  drip=MS              pause after every 16 bytes of the body\n"
    "  truncate=N           announce the whole length, send N bytes, close\n"
    "  size=N               fill the body up with spaces to N bytes\n"
    "  redirect=URL         302 to there\n"
    "  encoding=NAME        Content-Encoding\n"
    "  header=\"Name: value\" one more header, e.g. Retry-After\n"
    "  chunked=1            no Content-Length\n"
    "  close=1              close the connection without an answer\n"
    "  tls=NAME             for new connections: other-ca, expired, not-yet-valid, wrong-name (only "
    "other.example),\n"
    "                       cn-only (localhost as common name, no alternative name), fail, close, stall\n";

absl::StatusOr<Fault> ParseFault(const std::multimap<std::string, std::string>& parameters) {
  Fault fault;
  const auto number = [](const std::string& name, const std::string& value, auto& target) {
    if (absl::SimpleAtoi(value, &target) && target >= 0) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(name, " is a number, not ", value));
  };
  for (const auto& [name, value] : parameters) {
    absl::StrAppend(&fault.description, fault.description.empty() ? "" : " ", name, "=", value);
    absl::Status status;
    if (name == "target") {
      fault.target = value;
      if (value != "all" && value != "keys" && value != "discovery") {
        status = absl::InvalidArgumentError("target is keys, discovery or all");
      }
    } else if (name == "times") {
      status = number(name, value, fault.times);
    } else if (name == "status") {
      status = number(name, value, fault.status);
    } else if (name == "body") {
      fault.body = value;
      if (value != "posted" && !IsBody(value)) {
        status = absl::InvalidArgumentError(absl::StrCat("no body is called ", value));
      }
    } else if (name == "text") {
      fault.text = value;
      fault.has_text = true;
    } else if (name == "type") {
      fault.content_type = value;
    } else if (name == "delay") {
      status = number(name, value, fault.delay_ms);
    } else if (name == "drip") {
      status = number(name, value, fault.drip_ms);
    } else if (name == "truncate") {
      status = number(name, value, fault.truncate);
    } else if (name == "size") {
      status = number(name, value, fault.size);
    } else if (name == "redirect") {
      fault.redirect = value;
    } else if (name == "encoding") {
      fault.encoding = value;
    } else if (name == "header") {
      fault.header = value;
    } else if (name == "chunked") {
      fault.chunked = value == "1";
    } else if (name == "close") {
      fault.close = value == "1";
    } else if (name == "tls") {
      fault.tls = value;
      const std::vector<std::string> known = absl::StrSplit(kTlsFaults, ' ');
      if (std::find(known.begin(), known.end(), value) == known.end()) {
        status = absl::InvalidArgumentError(absl::StrCat("tls is one of: ", kTlsFaults));
      }
    } else {
      status = absl::InvalidArgumentError(absl::StrCat("no fault is called ", name));
    }
    if (!status.ok()) return status;
  }
  return fault;
}

}  // namespace devcluster
