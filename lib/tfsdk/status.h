#pragma once

// What absl::Status lacks: early return, and adding context on the way up.
//
//   absl::StatusOr<Kubeconfig> Load(const std::string& file) {
//     TFSDK_ASSIGN_OR_RETURN(const std::string text, ReadFile(file));
//     absl::StatusOr<Kubeconfig> config = Parse(text);
//     if (!config.ok()) return Annotate(config.status(), absl::StrCat("reading ", file));
//     return config;
//   }

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tfsdk {

// `status` with "context: " before its message; code and payloads stay. An OK status is returned as it is.
// Name the file, URL or attribute; never its content.
absl::Status Annotate(const absl::Status& status, absl::string_view context);

}  // namespace tfsdk

#define TFSDK_STATUS_CONCAT_INNER_(a, b) a##b
#define TFSDK_STATUS_CONCAT_(a, b) TFSDK_STATUS_CONCAT_INNER_(a, b)

// Returns from the enclosing function when `expression` is an absl::Status that is not OK.
#define TFSDK_RETURN_IF_ERROR(expression)                                            \
  do {                                                                               \
    if (absl::Status tfsdk_status_ = (expression); !tfsdk_status_.ok()) [[unlikely]] \
      return tfsdk_status_;                                                          \
  } while (false)

// Assigns the value of an absl::StatusOr to `target` (which may declare a variable), or returns its status.
#define TFSDK_ASSIGN_OR_RETURN(target, expression) \
  TFSDK_ASSIGN_OR_RETURN_INNER_(TFSDK_STATUS_CONCAT_(tfsdk_status_or_, __LINE__), target, expression)
#define TFSDK_ASSIGN_OR_RETURN_INNER_(temporary, target, expression) \
  auto temporary = (expression);                                     \
  if (!temporary.ok()) [[unlikely]]                                  \
    return std::move(temporary).status();                            \
  target = *std::move(temporary)
