#pragma once

// Writes msgpack tokens, each in its shortest form, as go-cty's encoder does.

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace tfsdk::internal {

// Appends to a string of its own. Not thread-safe.
class MsgpackWriter {
 public:
  void Nil() { Byte(0xc0); }
  void Bool(bool value) { Byte(value ? 0xc3 : 0xc2); }
  void Int(int64_t value);
  void Double(double value);
  void String(absl::string_view text);
  void Binary(absl::string_view bytes);
  // The next `count` values are the elements.
  void Array(size_t count) { Header(count, 0x90, 16, 0xdc, 2); }
  // The next `count` pairs of values are the entries.
  void Map(size_t count) { Header(count, 0x80, 16, 0xde, 2); }
  void Extension(int8_t type, absl::string_view bytes);

  std::string Take() && { return std::move(out_); }
  const std::string& bytes() const { return out_; }

 private:
  void Byte(unsigned value) { out_.push_back(static_cast<char>(value)); }
  void Uint(uint64_t value, int bytes);
  // A length below `limit` rides in `fixed`; else one code for each width from `width` bytes up.
  void Header(size_t count, unsigned fixed, size_t limit, unsigned code, int width);

  std::string out_;
};

}  // namespace tfsdk::internal
