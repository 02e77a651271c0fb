#include "tfsdk/provider.h"

#include <algorithm>

#include "tfsdk/internal/identifier.h"
#include "tfsdk/status.h"

namespace tfsdk {

absl::Status Provider::Check() const {
  TFSDK_RETURN_IF_ERROR(Annotate(schema.Check(ReservedInProviders()), absl::StrCat("provider ", name)));
  for (const auto& [type_name, data_source] : data_sources) {
    TFSDK_RETURN_IF_ERROR(Annotate(data_source->schema().Check(ReservedInResources()),
                                   absl::StrCat("data source ", type_name)));
  }
  for (const auto& [function_name, function] : functions) {
    const std::string what = absl::StrCat("function ", function_name);
    if (!internal::IsIdentifier(function_name)) {
      return absl::FailedPreconditionError(absl::StrCat(what, ": ", internal::kIdentifierRule));
    }
    TFSDK_RETURN_IF_ERROR(Annotate(function->signature().Check(), what));
  }
  return absl::OkStatus();
}

bool Provider::FitsProtocol5() const {
  return schema.FitsProtocol5() &&
         std::all_of(data_sources.begin(), data_sources.end(),
                     [](const auto& entry) { return entry.second->schema().FitsProtocol5(); });
}

}  // namespace tfsdk
