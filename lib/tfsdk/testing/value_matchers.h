#pragma once

// Printing values and types in failed tests: what Terraform would show, not bytes. Include it where EXPECT_EQ compares
// them.

#include <ostream>

#include "absl/strings/str_join.h"
#include "tfsdk/path.h"
#include "tfsdk/type.h"
#include "tfsdk/value.h"

namespace tfsdk {

inline void PrintTo(const Type& type, std::ostream* out) { *out << type.ToString(); }
inline void PrintTo(const Number& number, std::ostream* out) { *out << number.ToString(); }
inline void PrintTo(const Path& path, std::ostream* out) {
  *out << (path.empty() ? "(root)" : path.ToString());
}

inline void PrintTo(const Value& value, std::ostream* out) {
  if (value.IsNull()) {
    *out << "null";
  } else if (!value.IsKnown()) {
    *out << "unknown";
  } else if (value.type().kind() == Type::Kind::kMap) {
    for (const auto& [key, element] : value.entries()) {
      *out << " " << key << "=";
      PrintTo(element, out);
    }
  } else if (value.type() == Type::Bool()) {
    *out << (value.AsBool() ? "true" : "false");
  } else if (value.type() == Type::Number()) {
    PrintTo(value.AsNumber(), out);
  } else if (value.type() == Type::String()) {
    *out << '"' << value.AsString() << '"';
  } else {
    for (const Value& element : value.elements()) {
      *out << ' ';
      PrintTo(element, out);
    }
  }
  *out << " (" << value.type().ToString() << ")";
}

}  // namespace tfsdk
