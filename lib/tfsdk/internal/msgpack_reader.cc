#include "tfsdk/internal/msgpack_reader.h"

#include <bit>

#include "tfsdk/status.h"

namespace tfsdk::internal {
namespace {

constexpr int kMaxDepth = 64;

absl::Status CutShort() { return absl::InvalidArgumentError("the msgpack data ends too early"); }

}  // namespace

bool MsgpackReader::TakeUint(size_t size, uint64_t* out) {
  absl::string_view bytes;
  if (!Take(size, &bytes)) return false;
  *out = 0;
  for (const char c : bytes) *out = *out << 8 | static_cast<unsigned char>(c);
  return true;
}

absl::Status MsgpackReader::Next(MsgpackToken* token) {
  using Kind = MsgpackToken::Kind;
  if (rest_.empty()) return CutShort();
  const auto code = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  uint64_t number = 0;

  const auto unsigned_integer = [&](uint64_t value) {
    token->kind = Kind::kUint;
    token->unsigned_integer = value;
    return absl::OkStatus();
  };
  const auto signed_integer = [&](int64_t value) {
    if (value >= 0) return unsigned_integer(static_cast<uint64_t>(value));
    token->kind = Kind::kInt;
    token->integer = value;
    return absl::OkStatus();
  };
  const auto bytes = [&](Kind kind, uint64_t size) -> absl::Status {
    token->kind = kind;
    if (!Take(size, &token->bytes)) return CutShort();
    return absl::OkStatus();
  };
  const auto container = [&](Kind kind, uint64_t count) -> absl::Status {
    token->kind = kind;
    token->count = static_cast<uint32_t>(count);
    if (count * (kind == Kind::kMap ? 2 : 1) > rest_.size()) return CutShort();
    return absl::OkStatus();
  };
  const auto extension = [&](uint64_t size) -> absl::Status {
    uint64_t type = 0;
    if (!TakeUint(1, &type)) return CutShort();
    token->extension = static_cast<int8_t>(type);
    return bytes(Kind::kExtension, size);
  };

  if (code <= 0x7f) return unsigned_integer(code);
  if (code <= 0x8f) return container(Kind::kMap, code & 0x0f);
  if (code <= 0x9f) return container(Kind::kArray, code & 0x0f);
  if (code <= 0xbf) return bytes(Kind::kString, code & 0x1f);
  if (code >= 0xe0) return signed_integer(static_cast<int8_t>(code));
  switch (code) {
    case 0xc0:
      return absl::OkStatus();
    case 0xc2:
    case 0xc3:
      token->kind = Kind::kBool;
      token->boolean = code == 0xc3;
      return absl::OkStatus();
    case 0xc4:
    case 0xc5:
    case 0xc6:
      if (!TakeUint(size_t{1} << (code - 0xc4), &number)) return CutShort();
      return bytes(Kind::kBinary, number);
    case 0xc7:
    case 0xc8:
    case 0xc9:
      if (!TakeUint(size_t{1} << (code - 0xc7), &number)) return CutShort();
      return extension(number);
    case 0xca:
      if (!TakeUint(4, &number)) return CutShort();
      token->kind = Kind::kFloat;
      token->number = std::bit_cast<float>(static_cast<uint32_t>(number));
      return absl::OkStatus();
    case 0xcb:
      if (!TakeUint(8, &number)) return CutShort();
      token->kind = Kind::kFloat;
      token->number = std::bit_cast<double>(number);
      return absl::OkStatus();
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
      if (!TakeUint(size_t{1} << (code - 0xcc), &number)) return CutShort();
      return unsigned_integer(number);
    case 0xd0:
      if (!TakeUint(1, &number)) return CutShort();
      return signed_integer(static_cast<int8_t>(number));
    case 0xd1:
      if (!TakeUint(2, &number)) return CutShort();
      return signed_integer(static_cast<int16_t>(number));
    case 0xd2:
      if (!TakeUint(4, &number)) return CutShort();
      return signed_integer(static_cast<int32_t>(number));
    case 0xd3:
      if (!TakeUint(8, &number)) return CutShort();
      return signed_integer(static_cast<int64_t>(number));
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return extension(uint64_t{1} << (code - 0xd4));
    case 0xd9:
    case 0xda:
    case 0xdb:
      if (!TakeUint(size_t{1} << (code - 0xd9), &number)) return CutShort();
      return bytes(Kind::kString, number);
    case 0xdc:
    case 0xdd:
      if (!TakeUint(size_t{2} << (code - 0xdc), &number)) return CutShort();
      return container(Kind::kArray, number);
    case 0xde:
    case 0xdf:
      if (!TakeUint(size_t{2} << (code - 0xde), &number)) return CutShort();
      return container(Kind::kMap, number);
    default:
      return absl::InvalidArgumentError("the msgpack data has a code that means nothing");
  }
}

absl::Status MsgpackReader::Skip(int depth) {
  if (depth > kMaxDepth) return absl::InvalidArgumentError("the msgpack data is nested too deeply");
  TFSDK_ASSIGN_OR_RETURN(const MsgpackToken token, Next());
  const bool map = token.kind == MsgpackToken::Kind::kMap;
  for (uint64_t i = 0; i < uint64_t{token.count} * (map ? 2 : 1); ++i) TFSDK_RETURN_IF_ERROR(Skip(depth + 1));
  return absl::OkStatus();
}

}  // namespace tfsdk::internal
