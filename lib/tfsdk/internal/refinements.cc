#include "tfsdk/internal/refinements.h"

#include <limits>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "tfsdk/internal/utf8.h"
#include "tfsdk/status.h"

namespace tfsdk::internal {
namespace {

using Kind = MsgpackToken::Kind;

constexpr size_t kMaxPayload = 1024;  // go-cty refuses more

enum Key : uint64_t { kNullness = 1, kPrefix = 2, kLower = 3, kUpper = 4, kMinLength = 5, kMaxLength = 6 };

absl::Status Malformed() { return absl::InvalidArgumentError("an unknown value has malformed refinements"); }

absl::StatusOr<Refinements::Bound> ReadBound(MsgpackReader& reader) {
  TFSDK_ASSIGN_OR_RETURN(const MsgpackToken pair, reader.Next());
  if (pair.kind != Kind::kArray || pair.count != 2) return Malformed();
  TFSDK_ASSIGN_OR_RETURN(const MsgpackToken number, reader.Next());
  TFSDK_ASSIGN_OR_RETURN(Number value, NumberFromToken(number));
  TFSDK_ASSIGN_OR_RETURN(const MsgpackToken inclusive, reader.Next());
  if (inclusive.kind != Kind::kBool) return Malformed();
  return Refinements::Bound{std::move(value), inclusive.boolean};
}

absl::StatusOr<int64_t> ReadLength(MsgpackReader& reader) {
  TFSDK_ASSIGN_OR_RETURN(const MsgpackToken token, reader.Next());
  if (token.kind != Kind::kUint || token.unsigned_integer > std::numeric_limits<int64_t>::max())
    return Malformed();
  return static_cast<int64_t>(token.unsigned_integer);
}

// Whether `a` <= `b`, both finite. Doubles decide unless they are equal, and then the digits do.
bool InOrder(const Number& a, const Number& b) {
  const double x = a.ToDouble();
  const double y = b.ToDouble();
  return x < y || (x == y && (a == b || a.ToString().size() <= b.ToString().size()));
}

absl::Status CheckRefinements(const Refinements& refinements, const Type& type) {
  const bool any_type = type.kind() == Type::Kind::kDynamic;
  const bool collection =
      type.kind() == Type::Kind::kList || type.kind() == Type::Kind::kSet || type.kind() == Type::Kind::kMap;
  const bool bounded = refinements.lower.has_value() || refinements.upper.has_value();
  const bool sized = refinements.min_length.has_value() || refinements.max_length.has_value();
  if (any_type && !refinements.empty()) return Malformed();
  if (refinements.prefix.has_value() && type.kind() != Type::Kind::kString) return Malformed();
  if (bounded && type.kind() != Type::Kind::kNumber) return Malformed();
  if (sized && !collection) return Malformed();
  if (refinements.is_null == true && (bounded || sized || refinements.prefix.has_value())) return Malformed();
  if (refinements.min_length.has_value() && refinements.max_length.has_value() &&
      *refinements.min_length > *refinements.max_length) {
    return Malformed();
  }
  if (refinements.lower.has_value() && refinements.upper.has_value() &&
      !InOrder(refinements.lower->value, refinements.upper->value)) {
    return Malformed();
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Number> NumberFromToken(const MsgpackToken& token) {
  switch (token.kind) {
    case Kind::kInt:
      return Number(token.integer);
    case Kind::kUint:
      if (token.unsigned_integer > std::numeric_limits<int64_t>::max()) {
        return Number::Parse(std::to_string(token.unsigned_integer));
      }
      return Number(static_cast<int64_t>(token.unsigned_integer));
    case Kind::kFloat:
      return Number::FromDouble(token.number);
    case Kind::kString:
    case Kind::kBinary:
      return Number::Parse(token.bytes);
    default:
      return absl::InvalidArgumentError("a number is required");
  }
}

void WriteNumber(MsgpackWriter& writer, const Number& number) {
  if (const absl::StatusOr<int64_t> whole = number.ToInt64(); whole.ok()) return writer.Int(*whole);
  std::string text = number.ToString();
  double exact = 0;
  // Whole numbers beyond 64 bits travel as text even where a double would hold them: older hosts lose digits
  // otherwise.
  if (text.find('.') != std::string::npos && number.IsExactDouble(&exact)) return writer.Double(exact);
  writer.String(text);
}

absl::StatusOr<Refinements> DecodeRefinements(absl::string_view payload, const Type& type) {
  if (payload.size() > kMaxPayload) return Malformed();
  MsgpackReader reader(payload);
  TFSDK_ASSIGN_OR_RETURN(const MsgpackToken map, reader.Next());
  if (map.kind != Kind::kMap) return Malformed();
  Refinements refinements;
  std::set<uint64_t> seen;
  for (uint32_t i = 0; i < map.count; ++i) {
    TFSDK_ASSIGN_OR_RETURN(const MsgpackToken key, reader.Next());
    if (key.kind != Kind::kUint && key.kind != Kind::kInt) return Malformed();
    if (key.kind == Kind::kUint && !seen.insert(key.unsigned_integer).second) return Malformed();
    switch (key.kind == Kind::kUint ? key.unsigned_integer : 0) {
      case kNullness: {
        TFSDK_ASSIGN_OR_RETURN(const MsgpackToken token, reader.Next());
        if (token.kind != Kind::kBool) return Malformed();
        refinements.is_null = token.boolean;
        break;
      }
      case kPrefix: {
        TFSDK_ASSIGN_OR_RETURN(const MsgpackToken token, reader.Next());
        if (token.kind != Kind::kString || !IsUtf8(token.bytes)) return Malformed();
        refinements.prefix = std::string(token.bytes);
        break;
      }
      case kLower: {
        TFSDK_ASSIGN_OR_RETURN(refinements.lower, ReadBound(reader));
        break;
      }
      case kUpper: {
        TFSDK_ASSIGN_OR_RETURN(refinements.upper, ReadBound(reader));
        break;
      }
      case kMinLength: {
        TFSDK_ASSIGN_OR_RETURN(refinements.min_length, ReadLength(reader));
        break;
      }
      case kMaxLength: {
        TFSDK_ASSIGN_OR_RETURN(refinements.max_length, ReadLength(reader));
        break;
      }
      default:
        TFSDK_RETURN_IF_ERROR(reader.Skip());
    }
  }
  TFSDK_RETURN_IF_ERROR(CheckRefinements(refinements, type));
  return refinements;
}

std::string EncodeRefinements(const Refinements& refinements) {
  MsgpackWriter writer;
  const auto count = static_cast<size_t>(refinements.is_null.has_value()) + refinements.prefix.has_value() +
                     refinements.lower.has_value() + refinements.upper.has_value() +
                     refinements.min_length.has_value() + refinements.max_length.has_value();
  writer.Map(count);
  const auto bound = [&](Key key, const std::optional<Refinements::Bound>& limit) {
    if (!limit.has_value()) return;
    writer.Int(key);
    writer.Array(2);
    WriteNumber(writer, limit->value);
    writer.Bool(limit->inclusive);
  };
  const auto length = [&](Key key, const std::optional<int64_t>& limit) {
    if (!limit.has_value()) return;
    writer.Int(key);
    writer.Int(*limit);
  };
  if (refinements.is_null.has_value()) {
    writer.Int(kNullness);
    writer.Bool(*refinements.is_null);
  }
  if (refinements.prefix.has_value()) {
    writer.Int(kPrefix);
    writer.String(*refinements.prefix);
  }
  bound(kLower, refinements.lower);
  bound(kUpper, refinements.upper);
  length(kMinLength, refinements.min_length);
  length(kMaxLength, refinements.max_length);
  return std::move(writer).Take();
}

}  // namespace tfsdk::internal
