#include "tfsdk/internal/log_line.h"

#include <re2/re2.h>

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "nlohmann/json.hpp"
#include "tfsdk/internal/check.h"

namespace tfsdk::internal {
namespace {

// The host reads lines of up to 64 KiB; escaping can make six bytes of one.
constexpr size_t kMaxText = 4 * 1024;
constexpr size_t kMaxFields = 24;
constexpr char kMasked[] = "***";

absl::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace:
      return "trace";
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarn:
      return "warn";
    default:
      return "error";
  }
}

std::vector<std::shared_ptr<const re2::RE2>> Compile(const std::vector<std::string>& patterns) {
  std::vector<std::shared_ptr<const re2::RE2>> compiled;
  for (const std::string& pattern : patterns) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);  // Texts may be no UTF-8.
    compiled.push_back(std::make_shared<const re2::RE2>(pattern, options));
    TFSDK_CHECK(compiled.back()->ok(), "a pattern of LogFilters is no regular expression");
  }
  return compiled;
}

bool Contains(const std::vector<std::string>& list, absl::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// `value` without what the filters mask, as JSON; no longer than `budget`, which it lowers.
nlohmann::json ToJson(OwnedField& field, const std::vector<const CompiledFilters*>& filters, size_t& budget) {
  for (const CompiledFilters* filter : filters) {
    if (filter->MasksKey(field.key)) return kMasked;
  }
  if (auto* text = std::get_if<std::string>(&field.value)) {
    for (const CompiledFilters* filter : filters) filter->Mask(*text);
    text->resize(std::min(text->size(), budget / 2));
    budget -= text->size();
    return std::move(*text);
  }
  nlohmann::json json;
  if (const auto* number = std::get_if<int64_t>(&field.value)) json = *number;
  if (const auto* number = std::get_if<double>(&field.value)) json = *number;
  if (const auto* truth = std::get_if<bool>(&field.value)) json = *truth;
  // A number can be a secret as well.
  const std::string text = json.dump();
  std::string masked = text;
  for (const CompiledFilters* filter : filters) filter->Mask(masked);
  if (masked != text) return masked;
  return json;
}

}  // namespace

CompiledFilters::CompiledFilters(const LogFilters& filters)
    : filters_(filters),
      omit_regexes_(Compile(filters.omit_message_regexes)),
      mask_regexes_(Compile(filters.mask_regexes)) {
  // Empty text is everywhere; and the longest secret first, because it may contain another.
  std::erase(filters_.mask_texts, "");
  std::erase(filters_.omit_messages, "");
  std::stable_sort(filters_.mask_texts.begin(), filters_.mask_texts.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

bool CompiledFilters::OmitsKey(absl::string_view key) const { return Contains(filters_.omit_keys, key); }

bool CompiledFilters::MasksKey(absl::string_view key) const { return Contains(filters_.mask_keys, key); }

bool CompiledFilters::OmitsMessage(absl::string_view message) const {
  const re2::StringPiece text(message.data(), message.size());
  return std::any_of(filters_.omit_messages.begin(), filters_.omit_messages.end(),
                     [&](const std::string& part) { return absl::StrContains(message, part); }) ||
         std::any_of(omit_regexes_.begin(), omit_regexes_.end(),
                     [&](const auto& regex) { return re2::RE2::PartialMatch(text, *regex); });
}

void CompiledFilters::Mask(std::string& text) const {
  for (const std::string& secret : filters_.mask_texts) absl::StrReplaceAll({{secret, kMasked}}, &text);
  for (const auto& regex : mask_regexes_) re2::RE2::GlobalReplace(&text, *regex, kMasked);
}

OwnedField Own(const LogField& field) {
  OwnedField owned{std::string(field.key), false};
  std::visit(
      [&](const auto& value) {
        if constexpr (std::is_same_v<std::decay_t<decltype(value)>, absl::string_view>) {
          owned.value = std::string(value);
        } else {
          owned.value = value;
        }
      },
      field.value.rep());
  return owned;
}

std::string FormatLogLine(LogLevel level, absl::string_view module, absl::string_view message,
                          std::vector<OwnedField> fields, const std::vector<const CompiledFilters*>& filters,
                          absl::Time time) {
  std::string text(message);
  for (const CompiledFilters* filter : filters) {
    if (filter->OmitsMessage(text)) return "";
    for (const OwnedField& field : fields) {
      if (filter->OmitsKey(field.key)) return "";
    }
  }
  for (const CompiledFilters* filter : filters) filter->Mask(text);
  nlohmann::ordered_json line;
  line["@level"] = std::string(LevelName(level));
  line["@message"] = text.substr(0, kMaxText);
  line["@module"] = std::string(module.substr(0, 256));
  line["@timestamp"] = absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", time, absl::UTCTimeZone());
  size_t count = 0;
  size_t budget = kMaxText;
  for (OwnedField& field : fields) {
    const auto* string = std::get_if<std::string>(&field.value);
    if (string != nullptr && string->empty()) continue;
    if (++count > kMaxFields) break;
    nlohmann::json value = ToJson(field, filters, budget);
    std::string key = std::move(field.key);
    if (key.empty() || key.front() == '@') key.insert(0, "field_");
    key.resize(std::min<size_t>(key.size(), 64));
    line[std::move(key)] = std::move(value);
  }
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace tfsdk::internal
