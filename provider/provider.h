#pragma once

#include "tfsdk/provider.h"

namespace k8soidc {

// The one list of what this provider offers.
tfsdk::Provider MakeProvider();

}  // namespace k8soidc
