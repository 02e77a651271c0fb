#pragma once

// The rows that go-cty wrote (tests/data/values, tests/oracle/cty).

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "tfsdk/type.h"

namespace tfsdk::testing {

// One value of one type. Members that a row does not have are empty; tests/data/values/README.md says what
// each means.
struct ValueRow {
  std::string name;
  std::string type;  // JSON, compact
  std::string msgpack;
  std::string canonical;
  std::string json;
  std::string error;
  std::string note;

  // Type::Dynamic() when the text is none, which a test should have noticed.
  Type ParsedType() const;
};

// One line. InvalidArgument when it is no row.
absl::StatusOr<ValueRow> ParseValueRow(absl::string_view line);

// All rows of a file in tests/data/values; empty when it cannot be read.
std::vector<ValueRow> ReadValueRows(absl::string_view file);

}  // namespace tfsdk::testing
