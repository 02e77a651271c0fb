#pragma once

// Reads msgpack tokens from bytes that nobody has checked.

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tfsdk::internal {

struct MsgpackToken {
  enum class Kind { kNil, kBool, kInt, kUint, kFloat, kString, kBinary, kArray, kMap, kExtension };
  Kind kind = Kind::kNil;
  bool boolean = false;
  int8_t extension = 0;
  uint32_t count = 0;  // kArray: elements; kMap: pairs
  union {
    int64_t integer = 0;        // kInt: negative numbers
    uint64_t unsigned_integer;  // kUint
    double number;              // kFloat
  };
  absl::string_view bytes;  // kString, kBinary, kExtension: a view into the input
};

// A cursor over `bytes`, which must outlive it. Every length is checked against what is left before it is
// believed, so a token costs no more memory than its own bytes. Not thread-safe.
class MsgpackReader {
 public:
  explicit MsgpackReader(absl::string_view bytes) : rest_(bytes) {}

  // The next token; an array or map is followed by its elements. InvalidArgument when the input is cut short,
  // uses the one code msgpack never assigned, or promises more elements than there are bytes left.
  absl::StatusOr<MsgpackToken> Next() {
    MsgpackToken token;
    if (absl::Status status = Next(&token); !status.ok()) return status;
    return token;
  }
  // The same, into a token as it was made: for values, of which there are many.
  absl::Status Next(MsgpackToken* token);
  // Skips one whole value, however nested (at most 64 levels).
  absl::Status Skip(int depth = 0);

  bool AtEnd() const { return rest_.empty(); }
  size_t remaining() const { return rest_.size(); }
  // Whether the next value is nil, without reading it.
  bool NextIsNil() const { return !rest_.empty() && static_cast<unsigned char>(rest_.front()) == 0xc0; }

 private:
  bool Take(size_t size, absl::string_view* out) {
    if (size > rest_.size()) return false;
    *out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }
  bool TakeUint(size_t size, uint64_t* out);

  absl::string_view rest_;
};

}  // namespace tfsdk::internal
