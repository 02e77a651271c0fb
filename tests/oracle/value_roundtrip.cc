// Reads rows (tests/data/values/README.md) on stdin, one a line, and says what tfsdk makes of each: the half
// of the differential test that is ours. Answers have the members of the oracle's: ok, error, msgpack, json.

#include <iostream>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "support/value_rows.h"
#include "tfsdk/json.h"
#include "tfsdk/msgpack.h"
#include "tfsdk/status.h"

namespace tfsdk::testing {
namespace {

absl::StatusOr<nlohmann::json> Judge(absl::string_view line) {
  TFSDK_ASSIGN_OR_RETURN(const ValueRow row, ParseValueRow(line));
  TFSDK_ASSIGN_OR_RETURN(const Type type, DecodeTypeJson(row.type));
  const bool from_json = row.msgpack.empty() && !row.json.empty();
  TFSDK_ASSIGN_OR_RETURN(const Value value,
                         from_json ? DecodeJson(row.json, type) : DecodeMsgpack(row.msgpack, type));
  nlohmann::json answer = {{"ok", true}, {"msgpack", absl::BytesToHexString(EncodeMsgpack(value, type))}};
  if (value.IsWhollyKnown()) answer["json"] = EncodeJson(value, type);
  return answer;
}

}  // namespace
}  // namespace tfsdk::testing

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    absl::StatusOr<nlohmann::json> answer = tfsdk::testing::Judge(line);
    if (!answer.ok()) answer = {{"ok", false}, {"error", std::string(answer.status().message())}};
    std::cout << answer->dump() << std::endl;
  }
}
