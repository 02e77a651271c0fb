#pragma once

// Path: where a value sits inside a configuration, and how an error finds its line.

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tfsdk {

// keys[2].kid: steps from the root of one resource, data source or provider block. Immutable; share freely.
class Path {
 public:
  struct Attribute {
    std::string name;
    friend bool operator==(const Attribute&, const Attribute&) = default;
  };
  struct Index {
    int64_t index;
    friend bool operator==(const Index&, const Index&) = default;
  };
  struct Key {
    std::string key;
    friend bool operator==(const Key&, const Key&) = default;
  };
  using Step = std::variant<Attribute, Index, Key>;

  // The whole configuration.
  Path() = default;
  // Implicit, because Path("issuer") is the common case.
  Path(absl::string_view attribute)
      : steps_{Attribute{std::string(attribute)}} {}                   // NOLINT(google-explicit-constructor)
  Path(const char* attribute) : Path(absl::string_view(attribute)) {}  // NOLINT(google-explicit-constructor)

  Path At(absl::string_view attribute) const { return With(Attribute{std::string(attribute)}); }
  Path AtIndex(int64_t index) const { return With(Index{index}); }
  Path AtKey(absl::string_view key) const { return With(Key{std::string(key)}); }
  // `inner`, seen from the root of this path.
  Path Then(const Path& inner) const {
    Path path = *this;
    path.steps_.insert(path.steps_.end(), inner.steps_.begin(), inner.steps_.end());
    return path;
  }

  bool empty() const { return steps_.empty(); }
  const std::vector<Step>& steps() const { return steps_; }
  // As a user would write it: keys[2].kid. Empty for the whole configuration.
  std::string ToString() const;

  friend bool operator==(const Path&, const Path&) = default;

 private:
  Path With(Step step) const {
    Path path = *this;
    path.steps_.push_back(std::move(step));
    return path;
  }

  std::vector<Step> steps_;
};

// `status`, said about the value at `path`: Terraform then underlines that line of the user's configuration.
// A status that already names a path keeps it, so the innermost wins. OK stays OK.
absl::Status At(const Path& path, absl::Status status);

// `status`, which says something about the inside of the value at `outer`: its path is put behind `outer`.
absl::Status Inside(const Path& outer, const absl::Status& status);

// `status` without its path, which may then be given another.
absl::Status WithoutPath(absl::Status status);

// The path At() gave `status`, or the whole configuration.
Path PathOf(const absl::Status& status);

}  // namespace tfsdk
