#include "support/value_rows.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "tfsdk/json.h"

namespace tfsdk::testing {

Type ValueRow::ParsedType() const { return DecodeTypeJson(type).value_or(Type::Dynamic()); }

absl::StatusOr<ValueRow> ParseValueRow(absl::string_view line) {
  const auto json = nlohmann::json::parse(line.begin(), line.end(), nullptr, false);
  if (!json.is_object() || !json.contains("type")) return absl::InvalidArgumentError("not a row");
  const auto text = [&](const char* member) {
    return json.contains(member) && json[member].is_string() ? json[member].get<std::string>() : "";
  };
  return ValueRow{.name = text("name"),
                  .type = json["type"].dump(),
                  .msgpack = absl::HexStringToBytes(text("msgpack")),
                  .canonical = absl::HexStringToBytes(text("canonical")),
                  .json = text("json"),
                  .error = text("error"),
                  .note = text("note")};
}

std::vector<ValueRow> ReadValueRows(absl::string_view file) {
  std::vector<ValueRow> rows;
  std::ifstream in(absl::StrCat(TEST_DATA_DIR "/values/", file));
  for (std::string line; std::getline(in, line);) {
    absl::StatusOr<ValueRow> row = ParseValueRow(line);
    if (!row.ok()) return {};
    rows.push_back(*std::move(row));
  }
  return rows;
}

}  // namespace tfsdk::testing
