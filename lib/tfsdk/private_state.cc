#include "tfsdk/private_state.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "tfsdk/internal/check.h"
#include "tfsdk/internal/utf8.h"

namespace tfsdk {
namespace {

std::string Mark(absl::string_view name) { return absl::StrCat(".", name); }

}  // namespace

absl::StatusOr<PrivateState> PrivateState::Parse(absl::string_view bytes) {
  PrivateState state;
  if (bytes.empty()) return state;
  const nlohmann::json json = nlohmann::json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object()) {
    return absl::InvalidArgumentError(
        "The private data of this object, which Terraform keeps beside its state, is not a JSON object.");
  }
  for (const auto& [name, value] : json.items()) {
    std::string text;
    // Older Go providers kept other things here, which no provider code could see: they are of no use.
    if (!value.is_string() || !absl::Base64Unescape(value.get_ref<const std::string&>(), &text)) {
      return PrivateState();
    }
    if (!internal::IsUtf8(text)) {
      return absl::InvalidArgumentError(
          "The private data of this object, which Terraform keeps beside its state, is not text.");
    }
    state.entries_.emplace(name, std::move(text));
  }
  return state;
}

std::string PrivateState::Serialize() const {
  if (entries_.empty()) return "";
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [name, text] : entries_) json[name] = absl::Base64Escape(text);
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string PrivateState::Get(absl::string_view name) const {
  const auto it = entries_.find(name);
  return it == entries_.end() ? "" : it->second;
}

void PrivateState::Set(absl::string_view name, std::string text) {
  TFSDK_CHECK(!name.empty() && name[0] != '.', "names of private data that begin with a point are reserved");
  TFSDK_CHECK(internal::IsUtf8(text), "private data is text");
  if (text.empty()) {
    entries_.erase(std::string(name));
  } else {
    entries_[std::string(name)] = std::move(text);
  }
}

bool PrivateState::HasMark(absl::string_view name) const { return entries_.count(Mark(name)) != 0; }

void PrivateState::SetMark(absl::string_view name, bool there) {
  if (there) {
    entries_[Mark(name)] = "true";
  } else {
    entries_.erase(Mark(name));
  }
}

}  // namespace tfsdk
