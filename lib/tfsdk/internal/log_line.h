#pragma once

// From fields and filters to one line: the pure half of the log.

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tfsdk/log.h"

namespace re2 {
class RE2;
}

namespace tfsdk::internal {

// LogFilters, ready to use. Immutable, so any thread may use it.
class CompiledFilters {
 public:
  // A pattern that is none aborts.
  explicit CompiledFilters(const LogFilters& filters);

  bool OmitsKey(absl::string_view key) const;
  bool OmitsMessage(absl::string_view message) const;
  bool MasksKey(absl::string_view key) const;
  // `text` without what it must not say.
  void Mask(std::string& text) const;
  // Whether Mask() could change anything.
  bool masks_text() const { return !filters_.mask_texts.empty() || !mask_regexes_.empty(); }

 private:
  LogFilters filters_;
  std::vector<std::shared_ptr<const re2::RE2>> omit_regexes_, mask_regexes_;
};

// A field that owns its text.
struct OwnedField {
  std::string key;
  std::variant<std::string, int64_t, double, bool> value;
};
OwnedField Own(const LogField& field);

// The line with its newline, or nothing when a filter omits it. Invalid UTF-8 is replaced; long texts are cut and
// fields beyond the first 24 left out, so that the line stays below 60,000 bytes. Of two fields with one key the
// later counts.
std::string FormatLogLine(LogLevel level, absl::string_view module, absl::string_view message,
                          std::vector<OwnedField> fields, const std::vector<const CompiledFilters*>& filters,
                          absl::Time time);

}  // namespace tfsdk::internal
