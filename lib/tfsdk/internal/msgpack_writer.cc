#include "tfsdk/internal/msgpack_writer.h"

#include <bit>

namespace tfsdk::internal {

void MsgpackWriter::Uint(uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    Byte(static_cast<unsigned>(value >> shift) & 0xff);
}

void MsgpackWriter::Header(size_t count, unsigned fixed, size_t limit, unsigned code, int width) {
  if (count < limit) return Byte(fixed | static_cast<unsigned>(count));
  for (; width < 4 && count >> (8 * width) != 0; width *= 2) ++code;
  Byte(code);
  Uint(count, width);
}

void MsgpackWriter::Int(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  if (value >= 0) {
    if (value <= 0x7f) return Byte(static_cast<unsigned>(value));
    int width = 1;
    unsigned code = 0xcc;
    for (; width < 8 && bits >> (8 * width) != 0; width *= 2) ++code;
    Byte(code);
    return Uint(bits, width);
  }
  if (value >= -32) return Byte(static_cast<unsigned>(bits & 0xff));
  int width = 1;
  unsigned code = 0xd0;
  for (; width < 8 && value < -(int64_t{1} << (8 * width - 1)); width *= 2) ++code;
  Byte(code);
  Uint(bits, width);
}

void MsgpackWriter::Double(double value) {
  Byte(0xcb);
  Uint(std::bit_cast<uint64_t>(value), 8);
}

void MsgpackWriter::String(absl::string_view text) {
  Header(text.size(), 0xa0, 32, 0xd9, 1);
  out_.append(text.data(), text.size());
}

void MsgpackWriter::Binary(absl::string_view bytes) {
  Header(bytes.size(), 0, 0, 0xc4, 1);
  out_.append(bytes.data(), bytes.size());
}

void MsgpackWriter::Extension(int8_t type, absl::string_view bytes) {
  const size_t size = bytes.size();
  if (size != 0 && size <= 16 && std::has_single_bit(size)) {
    Byte(0xd4u + static_cast<unsigned>(std::countr_zero(size)));
  } else {
    Header(size, 0, 0, 0xc7, 1);
  }
  Byte(static_cast<unsigned char>(type));
  out_.append(bytes.data(), bytes.size());
}

}  // namespace tfsdk::internal
