#include "tfsdk/path.h"

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace tfsdk {
namespace {

constexpr absl::string_view kPayload = "tfsdk.path";

// A step in the payload: its kind, the length of its text, a colon, the text. Only At() writes it and only
// PathOf() reads it.
std::string Serialize(const Path& path) {
  std::string out;
  const auto add = [&](char kind, absl::string_view text) {
    absl::StrAppend(&out, std::string(1, kind), text.size(), ":", text);
  };
  for (const Path::Step& step : path.steps()) {
    if (const auto* attribute = std::get_if<Path::Attribute>(&step)) add('a', attribute->name);
    if (const auto* index = std::get_if<Path::Index>(&step)) add('i', absl::StrCat(index->index));
    if (const auto* key = std::get_if<Path::Key>(&step)) add('k', key->key);
  }
  return out;
}

Path Deserialize(absl::string_view text) {
  Path path;
  while (!text.empty()) {
    const char kind = text.front();
    const size_t colon = text.find(':');
    size_t length = 0;
    if (colon == absl::string_view::npos || !absl::SimpleAtoi(text.substr(1, colon - 1), &length))
      return path;
    const absl::string_view name = text.substr(colon + 1, length);
    int64_t index = 0;
    if (kind == 'a') path = path.At(name);
    if (kind == 'k') path = path.AtKey(name);
    if (kind == 'i' && absl::SimpleAtoi(name, &index)) path = path.AtIndex(index);
    text.remove_prefix(colon + 1 + name.size());
  }
  return path;
}

}  // namespace

std::string Path::ToString() const {
  std::string out;
  for (const Step& step : steps_) {
    if (const auto* attribute = std::get_if<Attribute>(&step)) {
      absl::StrAppend(&out, out.empty() ? "" : ".", attribute->name);
    } else if (const auto* index = std::get_if<Index>(&step)) {
      absl::StrAppend(&out, "[", index->index, "]");
    } else {
      absl::StrAppend(&out, "[\"", std::get<Key>(step).key, "\"]");
    }
  }
  return out;
}

absl::Status At(const Path& path, absl::Status status) {
  if (!status.ok() && !path.empty() && !status.GetPayload(kPayload).has_value()) {
    status.SetPayload(kPayload, absl::Cord(Serialize(path)));
  }
  return status;
}

absl::Status Inside(const Path& outer, const absl::Status& status) {
  return At(outer.Then(PathOf(status)), WithoutPath(status));
}

absl::Status WithoutPath(absl::Status status) {
  status.ErasePayload(kPayload);
  return status;
}

Path PathOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  return payload.has_value() ? Deserialize(std::string(*payload)) : Path();
}

}  // namespace tfsdk
