#pragma once

// provider::files::join_names("-", "a", "b"): a file name of several parts.

#include <string>

#include "absl/strings/str_join.h"
#include "folder.h"
#include "tfsdk/function.h"

class JoinNames final : public tfsdk::Function<std::string(std::string, tfsdk::Variadic<std::string>)> {
 public:
  JoinNames()
      : Function({"A file name of several parts."}, tfsdk::Parameter{"separator", "What goes between them."},
                 tfsdk::Parameter{"parts", "The parts; none of them may have a slash."}) {}

  absl::StatusOr<std::string> Call(tfsdk::Context&, std::string separator,
                                   tfsdk::Variadic<std::string> parts) const override {
    for (size_t i = 0; i < parts.arguments.size(); ++i) {
      absl::Status status = Folder::CheckName(parts.arguments[i]);
      if (!status.ok())
        return tfsdk::At(tfsdk::Path().AtIndex(static_cast<int64_t>(i) + 1), std::move(status));
    }
    return absl::StrJoin(parts.arguments, separator);
  }
};
